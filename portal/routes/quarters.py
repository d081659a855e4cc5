"""The quarters: which there are, and one of them on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from contracts.codes import PartitionState
from contracts.errors import UsageError
from contracts.periods import Period, parse_period
from contracts.roles import Right
from portal.catalogue import current_of
from portal.house import House, house_of
from portal.looks import looked
from portal.operated import busy
from portal.pages import page
from portal.people import Person, needs
from portal.printed import moved_since
from portal.received import received_sentence, source_rows
from portal.shelf import Shelved, all_shelves, on_shelf
from reporting.scope import code_of
from warehouse import at_a_glance
from warehouse.stages import STAGE_LABELS, Stage

router = APIRouter()
Viewer = Annotated[Person, Depends(needs(Right.SEE_QUARTER))]


@dataclass(frozen=True)
class QuarterLine:
    """One period of the list. received, expected: sources; stages: words and number of reports, newest versions."""

    period: Period
    received: int
    expected: int
    stages: tuple[tuple[str, int], ...]


@router.get("/ky")
def quarters(request: Request, person: Viewer) -> Response:
    house = house_of(request)
    shelves: dict[str, list[Shelved]] = {}
    for one in all_shelves(house, person):
        shelves.setdefault(one.version.period_id, []).append(one)
    lines = [
        _line(house, period, states, shelves.get(period.id, []))
        for name, states in at_a_glance.states(house.engine).items()
        if (period := _parsed(name, house.province.file.period_rule)) is not None
    ]
    lines.sort(key=lambda line: (line.period.cut_off, line.period.forms.first_day, line.period.id), reverse=True)
    late = house.schedule.late()
    return page(request, "quarters.html", lines=lines, late=late)


@router.get("/ky/{period}")
def quarter(request: Request, person: Viewer, period: str) -> Response:
    house = house_of(request)
    known = house.quarters.of(period)
    shelf = list(on_shelf(house, person, period))
    rows = source_rows(known.sources, known.since)
    looked(request, person, period_id=period, about={"page": "Tình hình kỳ báo cáo"})
    return page(
        request,
        "quarter.html",
        period=known.place.period,
        as_of=known.seen.place.as_of if known.seen else None,
        rows=rows,
        missing=[row for row in rows if not row.received],
        received=received_sentence(rows),
        trouble=known.trouble,
        overview=known.overview if known.seen else None,
        root=code_of(known.place.province.units.root, known.place.province.units),
        stages=stages_of(shelf),
        printed=_printed(house, shelf, period),
        stage_labels=STAGE_LABELS,
        busy=busy(house, period),
        may_see_codes=person.may(Right.SEE_CODES),
    )


def stages_of(shelf: Iterable[Shelved]) -> tuple[tuple[Stage, str, int], ...]:
    """How many reports have come how far: of each the newest version."""
    newest = {one.version.key: one.stage for one in shelf}
    counted = Counter(newest.values())
    return tuple((stage, STAGE_LABELS[stage], counted[stage]) for stage in Stage if counted[stage])


def _line(house: House, period: Period, states: dict[str, PartitionState], shelf: list[Shelved]) -> QuarterLine:
    configured = house.province.source_ids_for(period)
    received = sum(states.get(name) is PartitionState.LOADED for name in configured)
    stages = tuple((words, many) for _, words, many in stages_of(shelf))
    return QuarterLine(period, received, len(configured), stages)


def _parsed(name: str, rule: str) -> Period | None:
    try:
        return parse_period(name, rule=rule)
    except UsageError:  # of another rule's time
        return None


def _printed(house: House, shelf: list[Shelved], period: str) -> list[tuple[Shelved, int | None]]:
    """Of the province's report the version that counts, and the newest where that is another one; how many of the
    figures of each are otherwise now. Nothing where there are no figures, or no report."""
    known = house.quarters.of(period)
    of_province = [one for one in reversed(shelf) if one.version.scope == "province"]
    if known.seen is None or not of_province:
        return []
    both = dict.fromkeys([current_of(of_province), of_province[0]])
    return [(one, moved_since(house.engine, known.seen, one)) for one in both]
