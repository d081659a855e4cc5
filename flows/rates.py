"""Reporting rates of a period, gathered from the ledger, the quarantine and the dossiers behind the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import Level
from contracts.periods import Period
from contracts.source_config import SourceConfig
from contracts.units import Unit
from flows.place import Place
from transforms.deadlines import WorkingCalendar
from transforms.reporting_rates import Delivery, Due, Rates, UnitReport, dues, rolled_up, unit_reports
from warehouse import counted, ledger, read
from warehouse.ledger import Partition


@dataclass(frozen=True)
class ReportingRates:
    """units: one a unit that existed in the period. rates: by agency code, with all below. due: by level; the
    province's is that of its own report. unit_level: whose units get a report of their own; None: no level's."""

    period: Period
    root: Unit
    units: tuple[UnitReport, ...]
    rates: Mapping[str, Rates]
    due: Mapping[Level, Due]
    unit_level: Level | None

    @property
    def total(self) -> Rates:
        return self.rates[self.root.agency_code]


def rates(engine: Engine, place: Place) -> ReportingRates:
    """Who was to report for the period, who did, in time and whole. Raises ConfigError."""
    province, period = place.province, place.period
    due = dues(province.file.due, WorkingCalendar(province.rest_days), cut_off=period.cut_off)
    share = province.file.policy.quarantine_share
    units = unit_reports(province.units, deliveries(engine, place), span=period.forms, due=due, share=share)
    below = rolled_up(units, province.units)
    level = province.file.report.unit_level(period.cut_off)
    return ReportingRates(period, province.units.root, units, below, due, level)


def deliveries(engine: Engine, place: Place) -> list[Delivery]:
    """What each source that answers for the period gave."""
    known = {p.source_id: p for p in ledger.partitions(engine, place.period.id)}
    came = ledger.first_good_landings(engine, place.period.id, after=place.period.cut_off)
    rejected = read.rejected(engine, place.period.id)[["source_id", "agency_code"]].dropna()
    return [_delivery(place, source, known.get(source.id), came.get(source.id), rejected) for source in place.sources()]


def _delivery(
    place: Place, source: SourceConfig, stands: Partition | None, came_at: datetime | None, rejected: pd.DataFrame
) -> Delivery:
    delivery = Delivery(source.id, source.units, source.responsibility, elsewhere=source.elsewhere, came_at=came_at)
    if stands is None:
        return delivery
    here, left = _counted(place, stands)
    lost = _by_agency(rejected["agency_code"][rejected["source_id"] == source.id])
    return replace(
        delivery,
        state=stands.state,
        as_of=stands.as_of,
        read_at=stands.extracted_at,
        counted=here,
        lost={code: number - left.get(code, 0) for code, number in lost.items()},
    )


def _counted(place: Place, stands: Partition) -> tuple[dict[str, int], dict[str, int]]:
    """Rows by agency that count, and that are in quarantine because another source counts them."""
    found = counted.read(place.home / "counted", stands, ("agency_code", "elsewhere"))
    if found is None:
        return {}, {}
    is_here = found["elsewhere"] == ""
    return _by_agency(found["agency_code"][is_here]), _by_agency(found["agency_code"][~is_here])


def _by_agency(codes: pd.Series) -> dict[str, int]:
    return {str(code): int(number) for code, number in codes.value_counts().items()}
