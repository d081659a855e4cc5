"""The reports: find them, and one of them with all its versions."""

from __future__ import annotations

import difflib
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from contracts import clock
from contracts.codes import Level
from contracts.period_kinds import KIND_LABELS, PeriodKind
from contracts.roles import Right
from contracts.unit_names import unaccented
from flows.before_approval import missing_sources, preview_sentence, preview_until
from portal.approving import approval_of
from portal.catalogue import PAGE, Line, Wanted, current_of, lines_of, periods_in
from portal.files import mark_of, offers
from portal.house import House, house_of
from portal.looks import looked
from portal.pages import page
from portal.people import Person, needs
from portal.refusals import NotFound
from portal.search import LONGEST, meant
from portal.shelf import Shelved, on_shelf
from portal.versions import SHOWN, as_of, compare, steps
from warehouse.stages import STAGE_LABELS, Stage

router = APIRouter()
READER = Annotated[Person, Depends(needs(Right.READ_PUBLISHED))]
LEVEL_LABELS = {
    Level.PROVINCE: "Toàn tỉnh",
    Level.DEPARTMENT: "Sở, ban, ngành",
    Level.DISTRICT: "Cấp huyện",
    Level.COMMUNE: "Cấp xã",
}
LOOKS = {
    Stage.DRAFT: "warn",
    Stage.CHECKED: "warn",
    Stage.APPROVED: "good",
    Stage.PUBLISHED: "good",
    Stage.SUPERSEDED: "",
    Stage.WITHDRAWN: "bad",
}
"""Stage → how its words are coloured."""
_ZIPS = 4
Choice = TypeVar("Choice", bound=StrEnum)


@router.get("/bao-cao")
def reports(
    request: Request,
    person: READER,
    *,
    ky: Annotated[str, Query()] = "",
    don_vi: Annotated[str, Query(alias="don-vi")] = "",
    loai: Annotated[str, Query()] = "",
    cap: Annotated[str, Query()] = "",
    trang_thai: Annotated[str, Query(alias="trang-thai")] = "",
    moi: Annotated[str, Query()] = "",
    trang: Annotated[str, Query()] = "1",
) -> Response:
    """ky: period; don_vi: of a unit; loai: kind; cap: level; trang_thai: stage; moi: only what is new; trang: page.
    What is not one of the choices chooses nothing."""
    house = house_of(request)
    everything = lines_of(house, person)
    text = don_vi.strip()[:LONGEST]
    units = meant(house, text, today=clock.today()) if text else None
    wanted = Wanted(
        period=ky,
        kind=_chosen(PeriodKind, loai),
        level=_chosen(Level, cap),
        stage=_chosen(Stage, trang_thai),
        only_new=moi == "1",
        codes=units.codes if units else None,
    )
    found = [line for line in everything if wanted.fits(line)]
    asked = {"ky": ky, "don-vi": text, "loai": loai, "cap": cap, "trang-thai": trang_thai, "moi": moi}
    return page(
        request,
        "reports.html",
        late=house.schedule.late() if person.may(Right.SEE_QUARTER) else (),
        asked=asked,
        is_asked=any(asked.values()),
        said=units.said if units else (),
        everything=everything,
        found=found,
        near=_near(house, everything, text) if text and not found else (),
        periods=periods_in(everything),
        zips=periods_in(found)[:_ZIPS],
        kinds=KIND_LABELS,
        levels={
            level: words for level, words in LEVEL_LABELS.items() if level in {one.unit.level for one in everything}
        },
        stages={
            stage: words for stage, words in STAGE_LABELS.items() if any(stage in one.stages for one in everything)
        },
        new=sum(line.is_new for line in everything),
        since=person.account.visited_before_at,
        own=_own_unit(house, person),
        looks=LOOKS,
        missing=lambda version: missing_sources(house.engine, version),
        is_preview=lambda line, version: preview_until(house.engine, version, line.period.cut_off) is not None,
        **_paged(found, trang, asked),
    )


def _preview(house: House, line: Line, shelved: Shelved) -> str:
    """What is said of a version whose figures end before the period does; "" of any other."""
    until = preview_until(house.engine, shelved.version, line.period.cut_off)
    return preview_sentence(until, line.period.cut_off) if until else ""


def _paged(found: list[Line], asked_page: str, asked: dict[str, str]) -> dict[str, Any]:
    """The lines of one page, and where the pages before and after are."""
    last = max(1, -(-len(found) // PAGE))
    number = int(asked_page) if asked_page.isascii() and asked_page.isdecimal() and len(asked_page) < 6 else 1
    number = min(max(number, 1), last)

    def href(at: int) -> str:
        kept = {name: value for name, value in asked.items() if value} | ({"trang": str(at)} if at > 1 else {})
        return f"/bao-cao?{urlencode(kept)}" if kept else "/bao-cao"

    return {
        "lines": found[(number - 1) * PAGE : number * PAGE],
        "number": number,
        "last": last,
        "before": href(number - 1) if number > 1 else "",
        "after": href(number + 1) if number < last else "",
    }


def _chosen(choices: type[Choice], said: str) -> Choice | None:
    return choices(said) if said in set(choices) else None


def _near(house: House, everything: list[Line], text: str) -> list[str]:
    """Names of units with reports that are written nearly so."""
    names = {unaccented(line.unit.name): line.unit.name for line in everything}
    return [names[close] for close in difflib.get_close_matches(unaccented(text), names, n=3, cutoff=0.55)]


def _own_unit(house: House, person: Person) -> str:
    """Name of the unit whose reports a person sees who sees no others."""
    if person.may(Right.READ_DRAFTS):
        return ""
    units = house.province.units
    code = person.account.unit_code
    return units.by_agency(code).name if units.has_agency(code) else "–"


@router.get("/bao-cao/{period}/{unit}")
def report(
    request: Request,
    person: READER,
    *,
    period: str,
    unit: str,
    ban: Annotated[str, Query()] = "",
    vua: Annotated[str, Query()] = "",
) -> Response:
    """One report. ban: the version to look at; without it the newest that was approved or published. vua: the step that
    was just taken."""
    house = house_of(request)
    versions = _versions(house, person, period, unit)
    shelved = _version(versions, ban) if ban else current_of(versions)
    line = lines_of(house, person, versions)[0]
    about = {"page": "báo cáo"}
    looked(request, person, period_id=period, unit_code=unit, version=shelved.version.version, about=about)
    return page(
        request,
        "report.html",
        line=line,
        shelved=shelved,
        versions=versions,
        steps=steps(house, versions),
        offers=offers(house, shelved),
        mark=None if shelved.is_frozen else mark_of(shelved),
        as_of=as_of(house, shelved.version),
        preview=_preview(house, line, shelved),
        approval=approval_of(house, person, shelved, just_done=vua),
        stages=STAGE_LABELS,
        looks=LOOKS,
    )


@router.get("/bao-cao/{period}/{unit}/thay-doi")
def what_moved(
    request: Request,
    person: READER,
    *,
    period: str,
    unit: str,
    tu: Annotated[str, Query()] = "",
    den: Annotated[str, Query()] = "",
) -> Response:
    """The figures that differ between two versions. tu, den: their numbers."""
    house = house_of(request)
    versions = _versions(house, person, period, unit)
    old, new = (_version(versions, number) for number in (tu, den))
    looked(
        request,
        person,
        period_id=period,
        unit_code=unit,
        version=new.version.version,
        about={"page": "số liệu thay đổi"},
    )
    return page(
        request,
        "moved.html",
        line=lines_of(house, person, versions)[0],
        old=old,
        new=new,
        found=compare(house, old, new),
        shown=SHOWN,
    )


def _versions(house: House, person: Person, period: str, unit: str) -> list[Shelved]:
    """Of one report, the newest first. Raises NotFound where the person may see none."""
    found = [one for one in on_shelf(house, person, period) if one.version.unit_code == unit]
    if not found:
        raise NotFound
    return sorted(found, key=lambda one: -one.version.version)


def _version(versions: list[Shelved], number: str) -> Shelved:
    for one in versions:
        if str(one.version.version) == number:
            return one
    raise NotFound
