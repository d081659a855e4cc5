"""Counts for Prometheus, in a registry of the portal's own: of this process, and of the warehouse when it is asked."""

from __future__ import annotations

import threading
from collections import Counter as Tally
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from contracts.codes import PartitionState
from flows.overdue import OF_THE_CALENDAR
from portal.house import House
from portal.state import newest_period
from warehouse import health, ledger

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)


class Metrics:
    def __init__(self, house: House) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "cchc_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "cchc_request_seconds", "Time to the end of an answer", ["route"], buckets=BUCKETS, registry=self.registry
        )
        self.registry.register(_OfTheWarehouse(house))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _OfTheWarehouse(Collector):
    """Read when asked. Deeds are those of the whole audit trail, of which each is read once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._known = 0
        self._deeds: Tally[tuple[str, bool]] = Tally()
        self._alone = threading.Lock()

    def describe(self) -> list[Metric]:
        return []  # so that registering asks nothing of the warehouse

    def collect(self) -> Iterator[Metric]:
        yield from self._of_deeds()
        engine = self._house.engine
        open_sessions = health.open_sessions(engine, idle=self._house.policy.idle)
        yield GaugeMetricFamily("cchc_sessions", "Sessions that go on", value=open_sessions)
        yield from self._of_sources()
        yield from self._of_schedule()

    def _of_deeds(self) -> Iterator[Metric]:
        with self._alone:
            self._known, new = health.deeds_since(self._house.engine, self._known)
            self._deeds.update(new)
            deeds = dict(self._deeds)
        told = CounterMetricFamily("cchc_deeds", "Entries of the audit trail", labels=["action", "done"])
        for (action, done), times in sorted(deeds.items()):
            told.add_metric([action, "yes" if done else "no"], times)
        yield told
        downloads = deeds.get(("download", True), 0)
        yield CounterMetricFamily("cchc_downloads", "Downloads", value=downloads)
        failures = deeds.get(("login", False), 0)
        yield CounterMetricFamily("cchc_sign_in_failures", "Sign-ins that were refused", value=failures)

    def _of_sources(self) -> Iterator[Metric]:
        period = newest_period(self._house)
        if period is None:
            return
        known = {one.source_id: one for one in ledger.partitions(self._house.engine, period.id)}
        configured = self._house.province.source_ids_for(period)
        states = Tally(known[name].state.value if name in known else "unread" for name in configured)
        told = GaugeMetricFamily("cchc_sources", "Sources of the newest period, by state", labels=["period", "state"])
        for state in (*(one.value for one in PartitionState), "unread"):
            told.add_metric([period.id, state], states[state])
        yield told
        last = max((one.updated_at.timestamp() for one in known.values()), default=0.0)
        yield GaugeMetricFamily(
            "cchc_last_run_timestamp_seconds", "When a source of the newest period was last dealt with", value=last
        )

    def _of_schedule(self) -> Iterator[Metric]:
        late = Tally(one.kind for one in self._house.schedule.late())
        told = GaugeMetricFamily("cchc_overdue", "What should have run and did not, by kind", labels=["kind"])
        for kind in OF_THE_CALENDAR:
            told.add_metric([kind.value], late[kind])
        yield told
