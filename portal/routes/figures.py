"""The figures of a quarter: those of a unit, and one of them opened."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from contracts.roles import Right
from flows.seen import Seen
from portal import figures
from portal.asked import Asked, Field, Whose, asked, fields_of, whose_of
from portal.explained import explained
from portal.figures import codes_address, lines_of, rows_by, unit_address
from portal.looks import looked
from portal.pages import page
from portal.people import Person, needs
from portal.printed import printed_in
from portal.refusals import NotFound
from portal.shelf import on_shelf
from reporting.kept import OWN, TREE
from reporting.scope import code_of

router = APIRouter()
Viewer = Annotated[Person, Depends(needs(Right.SEE_QUARTER))]


@router.get("/ky/{period}/so-lieu")
def of_unit(
    request: Request,
    *,
    person: Viewer,
    period: str,
    unit: Annotated[str, Query(alias="don-vi", max_length=50)] = "",
    linh_vuc: Field = "",
    pham_vi: Whose = "tree",
    sort: Annotated[str, Query(alias="sap", max_length=40)] = "",
    by: Annotated[str, Query(alias="theo", max_length=10)] = "don-vi",
) -> Response:
    one = asked(request, period, unit)
    if linh_vuc and linh_vuc not in fields_of(one.seen):
        raise NotFound
    has_units = bool(one.seen.scope(one.unit).children(one.unit))
    whose = whose_of(pham_vi) if has_units else TREE
    shown: figures.By = "linh-vuc" if by == "linh-vuc" else "don-vi"
    looked(request, person, period_id=period, unit_code=one.code, about={"page": "Số liệu của đơn vị"})
    return page(
        request,
        "figures.html",
        period=one.quarter.place.period,
        unit=one.unit,
        code=one.code,
        units=units_of(one.seen),
        fields=fields_of(one.seen),
        field=linh_vuc,
        whose=whose,
        has_units=has_units,
        above=above(one),
        missing=figures.missing(figures.opened(one.seen, one.unit, figures.known(one.seen)["column_3"], whose=whose)),
        groups=lines_of(one.seen, one.unit, whose=whose, field=linh_vuc),
        by=shown,
        sort=sort,
        heads=figures.SHORT,
        rows=[] if whose == OWN or linh_vuc else rows_by(one.seen, one.unit, shown, sort=sort),
        address=lambda **said: unit_address(period, one.code, **said),
    )


def above(one: Asked) -> list[tuple[str, str]]:
    """Name and address of the units above, the province first."""
    tree, found, code = one.seen.province.units, [], one.unit.parent
    while code:
        unit = tree.by_agency(code)
        found.append((unit.name, unit_address(one.period, code_of(unit, tree))))
        code = unit.parent
    return found[::-1]


def units_of(seen: Seen) -> list[tuple[str, str]]:
    """Code and name of every unit of the period, a unit that stands below another set in."""
    tree = seen.province.units
    depth: dict[str, int] = {}
    for unit in tree:  # a parent stands before its children
        depth[unit.agency_code] = depth.get(unit.parent, -1) + 1
    scope = seen.scope(tree.root)
    codes = {unit.agency_code: code for code, unit in seen.units.items()}
    shown = [u for u in tree.subtree(tree.root.agency_code) if u.agency_code in scope.codes]
    return [(codes[u.agency_code], "\N{NO-BREAK SPACE}" * 3 * depth[u.agency_code] + u.name) for u in shown]


@router.get("/ky/{period}/so-lieu/{unit}/{indicator}")
def opened_figure(
    request: Request,
    *,
    person: Viewer,
    period: str,
    unit: str,
    indicator: str,
    linh_vuc: Field = "",
    pham_vi: Whose = "tree",
) -> Response:
    one = asked(request, period, unit)
    found = one.figure(indicator, whose=whose_of(pham_vi), field=linh_vuc)
    shelf = list(on_shelf(one.house, person, period))
    looked(
        request, person, period_id=period, unit_code=one.code,
        about={"page": "Cách tính một số liệu", "chỉ tiêu": indicator, "lĩnh vực": linh_vuc},
    )  # fmt: skip
    return page(
        request,
        "figure.html",
        period=one.quarter.place.period,
        unit=one.unit,
        code=one.code,
        one=found,
        said=explained(one.seen, one.quarter.partitions, found),
        printed=list(printed_in(one.house.engine, one.seen, shelf, found.cell, one.unit)),
        back=unit_address(period, one.code, whose=found.whose, field=linh_vuc),
        codes=codes_address(period, one.code, found) if person.may(Right.SEE_CODES) else "",
    )
