"""The quality page of a period, from what stands in the warehouse; no source is asked."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.errors import UsageError
from flows import figures
from flows.place import Place, as_settled
from flows.rates import rates
from reporting.quality.build import build_page
from reporting.quality.gather import gather
from reporting.quality.inputs import Reporting
from reporting.quality.page import QualityPage
from transforms.reconciliation import reconcile
from warehouse import ledger, published
from warehouse.locks import run_lock


def quality_page(place: Place, *, with_codes: bool) -> QualityPage:
    """with_codes: whether the reader may see codes of dossiers. Raises UsageError where the period was never run, or is
    being run."""
    engine = place.open_warehouse()
    if not ledger.partitions(engine, place.period.id):
        raise UsageError(f"kỳ {place.period.id} chưa có số liệu nào", advice=f"cchc run {place.period.id}")
    with run_lock(engine, place.period.id):
        here = as_settled(place)
        reported = rates(engine, here)
        given = gather(
            engine,
            province=here.province,
            period=here.period,
            as_of=here.as_of,
            sources=here.sources(),
            counted_root=here.home / "counted",
            rates=Reporting(reported.units, reported.rates),
            reconciled=_reconciled(engine, here),
        )
    return build_page(given, with_codes=with_codes)


def _reconciled(engine: Engine, place: Place) -> pd.DataFrame | None:
    """Ours beside what the portal published; None where it was not fetched, or nothing of ours stands."""
    theirs = published.newest(engine, place.period.id)
    states = {p.state for p in ledger.partitions(engine, place.period.id)}
    if theirs.empty or PartitionState.LOADED not in states:
        return None
    return reconcile(figures.indicators(engine, place), theirs, points=place.province.file.policy.published_points)
