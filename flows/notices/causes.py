"""What there is to tell of a period, read from what the warehouse holds, never from what a run remembers: whoever looks
after a run that died tells the same as the run itself would have told."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine

from contracts import clock
from contracts.codes import PartitionState
from contracts.notices import NoticeKind
from contracts.source_config import SourceConfig
from flows.notices import words
from flows.notices.reasons import LOST
from flows.place import Place
from flows.restated import standings
from reporting.scope import report_key
from reporting.wording import inline
from warehouse import at_a_glance, ledger, notices, publications, register, runs
from warehouse.approval_rule import approved
from warehouse.ledger import Partition
from warehouse.notices import Cause
from warehouse.register import ReportVersion, Scope

OF_A_RUN = (NoticeKind.SOURCE_FAILED, NoticeKind.QUARTER_DONE, NoticeKind.NEW_VERSION)


def of_period(engine: Engine, place: Place) -> list[Cause]:
    """All that stands of these kinds; nobody may be running the period. Raises ConfigError, WarehouseError."""
    known = {p.source_id: p for p in ledger.partitions(engine, place.period.id)}
    sources = [(source, known[source.id]) for source in place.sources() if source.id in known]
    newest = {v.key: v for v in register.versions(engine, place.period.id)}
    return [
        *_done(engine, place, sources, reports=len(newest)),
        *_failed(engine, place, sources),
        *_moved(engine, place, newest),
    ]


def _failed(engine: Engine, place: Place, sources: list[tuple[SourceConfig, Partition]]) -> Iterator[Cause]:
    """A file that nobody has sent yet is no failure: the quarter's letter names it, and from the due day on the
    watchdog does."""
    since = at_a_glance.failing_since(engine, place.period.id)
    for source, p in sources:
        if kind := _trouble(p):
            begun = since.get(source.id, p.updated_at)
            yield words.source_failed(place.period, source, error_kind=kind, since=begun)


def _trouble(p: Partition) -> str:
    """The kind of error; "" where there is none, or the source was never tried."""
    match p.state:
        case PartitionState.FAILED:
            return p.error_kind or "bug"
        case PartitionState.LOADED | PartitionState.NOT_RECEIVED:
            return ""
        case _:
            return LOST if p.attempt else ""


def _done(
    engine: Engine, place: Place, sources: list[tuple[SourceConfig, Partition]], *, reports: int
) -> Iterator[Cause]:
    """After the first run up to the cut-off that came to its reports, and once more when nothing is missing any more. A
    preview tells nothing. A run that came to none, stopped say, undid nothing: what was told stands."""
    period, entered = place.period, runs.runs(engine, place.period.id)
    last = next((run for run in reversed(entered) if run.made), None)
    if last is None or not reports or not period.cut_off < clock.today():
        return
    if last.as_of < period.cut_off or any(p.attempt == 0 for _, p in sources):
        return
    missing = [source for source, p in sources if p.state is not PartitionState.LOADED]
    before = notices.known(engine, period.id, NoticeKind.QUARTER_DONE)
    if missing and any(one.over_at or not one.cause.endswith(words.LACKING) for one in before):
        return
    if missing and not before and last is not entered[-1]:  # the reports may be of before it went missing
        return
    yield words.quarter_done(
        period,
        reports=reports,
        as_of=min(last.as_of, period.cut_off),
        sources=len(sources),
        missing=missing,
        again=any(one.over_at or one.cause.endswith(words.LACKING) for one in before),
    )


def _moved(engine: Engine, place: Place, newest: dict[tuple[Scope, str], ReportVersion]) -> Iterator[Cause]:
    """Reports whose published figures are others now, and those with a version newer than an approved one."""
    stands = standings(engine, place.period.id, newest.values())
    waiting = approved(publications.events(engine, place.period.id))
    tree = place.province.units
    for unit in tree:
        scope, code = report_key(unit, tree)
        version = newest.get((scope, code))
        if version is None:
            continue
        report = words.Report(place.period, inline(unit), code, unit.agency_code, scope == "province", version.version)
        published, moved = stands[version.key].published, stands[version.key].restated
        if published and published.version < version.version and moved != 0:
            yield words.published_moved(report, published=published.version, moved=moved)
        for older in waiting.get(version.key, ()):
            if older < version.version:
                yield words.newer_than_approved(report, approved=older)
