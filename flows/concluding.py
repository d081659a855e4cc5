"""What is of the whole period, made when its sources are counted: dossiers that several hold settled, indicators,
comparisons, reports; all of one and the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from prefect import task
from prefect.cache_policies import NO_CACHE

from contracts.errors import WarehouseError
from contracts.province import mark_of_files
from flows import across, comparisons, figures, reconciliation
from flows.carried_out import carry_out
from flows.job import Action
from flows.place import Place, find_place
from flows.plan import Step, plan
from reporting.refresh import ReportOutcome, refresh
from warehouse import ledger, store
from warehouse.ledger import Partition
from warehouse.stand import StandMoved, enter_settled, stand_of

_ROUNDS = 4
"""Of settling, beside one a source that fails: what was counted otherwise counted, lost dossiers counted, what is
shared counted, nothing left."""
_TRIES = 4
"""Each costs another process a source that it loads just then; those of a run that died come to their end."""


@dataclass(frozen=True)
class Concluded:
    """partitions: the sources as they stood when the reports were made, which is what these say of them."""

    partitions: tuple[Partition, ...]
    reports: tuple[ReportOutcome, ...]


def settle_and_conclude(place: Place, alone: Callable[[], None], *, units: Sequence[str] = ()) -> Concluded:
    """Where a source comes further meanwhile, by a process that was thought dead or while this one stood still, nothing
    of the moment before is entered any more, and all is made again of what stands then.

    alone: raises where another run has begun meanwhile. units: as of `conclude`. Raises StandMoved where there is no
    end to it."""
    for tried in range(1, _TRIES + 1):
        try:
            files = mark_of_files(place.province.folder)
            stand = settle(place, alone)
            alone()
            return conclude(**place.words, stand=stand, files=files, units=units)
        except StandMoved:
            if tried == _TRIES:
                raise
    raise AssertionError("the last try returns or raises")


@task(name="reports", cache_policy=NO_CACHE)
def conclude(province: str, period: str, as_of: str, *, stand: str, files: str, units: Sequence[str] = ()) -> Concluded:
    """Indicators from the facts of all loaded sources and what these are compared with, then the reports whose content
    changed. units: codes of further units that want a report of their own.

    stand: of the sources when they were settled (warehouse.stand). Raises StandMoved, and enters nothing, where they
    stand otherwise by the time that anything would be entered. files: mark of the province's own before they were
    settled; where one has changed since, nothing is printed: a report says by which it counts."""
    place = find_place(period, province=province, as_of=as_of)
    engine = place.open_warehouse()
    known = ledger.partitions(engine, place.period.id)
    made = figures.indicators(engine, place)
    store.replace_indicators(engine, period_id=place.period.id, indicators=made, stand=stand)
    comparisons.compare(engine, place, stand=stand)
    reconciliation.renew(engine, place, stand=stand)
    day = place.period.forms.until(place.as_of).last_day
    wanted = [place.province.units.find(code, on=day) for code in units]
    sources = place.sources()
    if mark_of_files(place.province.folder) != files:
        raise StandMoved(
            f"kỳ {period}: cấu hình của tỉnh vừa được sửa trong khi đang lập báo cáo",
            advice=f"sửa xong thì chạy lại: cchc run {period}",
        )
    reports = refresh(
        engine,
        province=place.province,
        period=place.period,
        as_of=place.as_of,
        sources=sources,
        output=place.reports,
        units=wanted,
        stand=stand,
    )
    return Concluded(tuple(known), tuple(reports))


def settle(place: Place, alone: Callable[[], None]) -> str:
    """Count again what was counted by other rules or maps than are in force now, for somebody may have changed them
    while the sources were read; then the sources that left other dossiers to each other than they shall. Where one of
    them fails, those that left it dossiers count them again. Returns how the sources stood when nothing was left of
    that. Raises WarehouseError where there is no end to it: a count that cannot even note that it failed leaves figures
    that hold a dossier twice; StandMoved where another process came in between."""
    for _ in range(len(place.province.source_ids()) + _ROUNDS):
        configured = find_place(**place.words)
        if not (steps := plan(configured, only=())):
            stand = stand_of(ledger.partitions(place.open_warehouse(), place.period.id))
            alone()
            if not (steps := _shared(configured, stand)):
                enter_settled(place.open_warehouse(), place.period.id, stand)
                return stand
        carry_out(configured, steps, alone)
    raise WarehouseError(
        f"kỳ {place.period.id}: chưa tính xong hồ sơ chung của các nguồn, số liệu chưa dùng được",
        advice=f"kiểm tra ổ đĩa và kho dữ liệu rồi chạy lại: cchc run {place.period.id}",
    )


def _shared(place: Place, stand: str) -> list[Step]:
    engine = place.open_warehouse()
    jobs = [place.job(engine, place.source(one)) for one in across.settle(engine, place, stand=stand)]
    return [Step(job, ledger.partition(engine, **job.key), Action.COUNT, "shared") for job in jobs]
