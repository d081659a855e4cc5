"""The quality page of a period, from what stands in the warehouse; no source is asked."""

from __future__ import annotations

from contracts.errors import UsageError
from flows.place import Place, stored_as_of
from flows.rates import rates
from reporting.quality.build import build_page
from reporting.quality.gather import gather
from reporting.quality.inputs import Reporting
from reporting.quality.page import QualityPage
from warehouse import ledger
from warehouse.locks import run_lock


def quality_page(place: Place, *, with_codes: bool) -> QualityPage:
    """with_codes: whether the reader may see codes of dossiers. Raises UsageError where the period was never run."""
    engine = place.open_warehouse()
    if not ledger.partitions(engine, place.period.id):
        raise UsageError(f"kỳ {place.period.id} chưa có số liệu nào", advice=f"cchc run {place.period.id}")
    with run_lock(engine, place.period.id):
        reported = rates(engine, place)
        given = gather(
            engine,
            province=place.province,
            period=place.period,
            as_of=stored_as_of(place),
            sources=place.sources(),
            counted_root=place.home / "counted",
            rates=Reporting(reported.units, reported.rates),
        )
    return build_page(given, with_codes=with_codes)
