"""Dossiers that count nowhere yet: how many, why, which, and a file of them. Each look is entered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from contracts.roles import Right
from flows.place import latest_period
from flows.quarantine import per_rule, why_not_all
from portal.house import House, house_of
from portal.looks import looked
from portal.operated import Operated, operated
from portal.pages import page
from portal.people import Person, needs
from portal.safe_csv import lines
from reporting.quality.words import Named, rules
from warehouse import audit
from warehouse.quarantine import Chosen, Entry, Number, all_entries, entries, numbers

router = APIRouter()
Reader = Annotated[Person, Depends(needs(Right.SEE_CODES))]
Source = Annotated[str, Query(alias="nguon", max_length=100)]
Rule = Annotated[str, Query(alias="loi", max_length=100)]
Unit = Annotated[str, Query(alias="don-vi", max_length=100)]
PAGE = 50
NO_UNIT = "-"
"""In the address: rows whose unit is not known."""
HEAD = ("Nguồn", "Mã hồ sơ", "Đơn vị", "Mã đơn vị", "Vị trí tại nguồn", "Ô cần xem", "Mã lỗi", "Lỗi")


@dataclass(frozen=True)
class Asked:
    """What of a period's quarantine is asked for."""

    house: House
    of: Operated
    source: str
    rule: str
    unit: str

    @property
    def all(self) -> Chosen:
        return Chosen(self.of.period_id, self.of.source_ids)

    @property
    def chosen(self) -> Chosen:
        sources = tuple(one for one in self.of.source_ids if self.source in {"", one})
        return Chosen(self.of.period_id, sources, self.rule, self._agencies)

    @property
    def _agencies(self) -> frozenset[str] | None:
        if not self.unit:
            return None
        return frozenset({""}) if self.unit == NO_UNIT else self.house.agencies_below(self.unit) | {self.unit}

    @cached_property
    def rules(self) -> dict[str, Named]:
        return rules(self.of.place.period.cut_off)

    @cached_property
    def names(self) -> dict[str, str]:
        return {one: self.of.name(one) for one in self.of.source_ids}

    def unit_name(self, agency_code: str) -> str:
        """ "" where the row has none; the code where the catalogue does not know it."""
        units = self.house.province.units
        return units.by_agency(agency_code).name if units.has_agency(agency_code) else agency_code

    def gist(self, rule_id: str) -> str:
        return self.rules[rule_id].gist if rule_id in self.rules else rule_id

    def address(self, *, file: bool = False, **more: str) -> str:
        given = {"nguon": self.source, "loi": self.rule, "don-vi": self.unit} | more
        query = urlencode({name: value for name, value in given.items() if value})
        path = f"/ky/{self.of.period_id}/cach-ly{'.csv' if file else ''}"
        return f"{path}?{query}" if query else path

    def about(self, **more: object) -> dict[str, object]:
        """For the audit trail."""
        filtered = {"source": self.source, "rule": self.rule, "unit": self.unit}
        return {"page": "Hồ sơ cách ly", **{k: v for k, v in filtered.items() if v}, **more}


@router.get("/cach-ly")
def newest(request: Request, person: Reader) -> Response:
    """Where there is no period yet, to the page that says so."""
    period = latest_period()
    return RedirectResponse(f"/ky/{period}/cach-ly" if period else "/ky", status_code=303)


@router.get("/ky/{period}/cach-ly")
def quarantine(
    request: Request,
    *,
    person: Reader,
    period: str,
    source: Source = "",
    rule: Rule = "",
    unit: Unit = "",
    number: Annotated[int, Query(alias="trang", ge=1, le=1_000_000)] = 1,
) -> Response:
    asked = _asked(request, period, source, rule, unit)
    engine = asked.house.engine
    whole = numbers(engine, asked.all)
    many = sum(one.rows for one in numbers(engine, asked.chosen))
    listed = entries(engine, asked.chosen, skip=(number - 1) * PAGE, at_most=PAGE)
    about = asked.about(number=number, rows=len(listed))
    looked(request, person, action="codes", period_id=period, about=about)
    return page(
        request,
        "quarantine.html",
        period=asked.of.place.period,
        asked=asked,
        sources=_sources(asked, whole),
        per_rule=per_rule(whole),
        units=_units(asked, whole),
        broken=sorted({rule_id for one in whole for rule_id in one.rules}, key=asked.gist),
        listed=listed,
        many=many,
        number=number,
        pages=-(-many // PAGE),
        size=PAGE,
        no_unit=NO_UNIT,
    )


@router.get("/ky/{period}/cach-ly.csv")
def file(
    request: Request, *, person: Reader, period: str, source: Source = "", rule: Rule = "", unit: Unit = ""
) -> Response:
    asked = _asked(request, period, source, rule, unit)
    many = sum(one.rows for one in numbers(asked.house.engine, asked.chosen))
    about = asked.about(file="Hồ sơ cách ly (CSV)", rows=many)
    audit.enter(asked.house.engine, person.deed("download", period_id=period, about=about))
    name = "-".join(filter(None, ("cach-ly", period.replace("..", "-den-"), source if source in asked.names else "")))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "private, no-store"}
    return StreamingResponse(lines(_rows(asked)), media_type="text/csv; charset=utf-8", headers=headers)


def _asked(request: Request, period: str, source: str, rule: str, unit: str) -> Asked:
    house = house_of(request)
    return Asked(house, operated(house, period), source, rule, unit)


def _sources(asked: Asked, whole: list[Number]) -> list[tuple[str, str, int, str]]:
    """Those with quarantined rows: id, name, how many, and why these are not all that its figures lack."""
    counted: Counter[str] = Counter()
    for one in whole:
        counted[one.source_id] += one.rows
    known = asked.of.partitions
    return [
        (name, asked.names[name], counted[name], why_not_all(known[name]) if name in known else "")
        for name in asked.of.source_ids
        if counted[name]
    ]


def _units(asked: Asked, whole: list[Number]) -> list[tuple[str, str]]:
    """Those that have rows, in the order of the catalogue: agency code and name."""
    found = {one.agency_code for one in whole}
    known = [(u.agency_code, u.name) for u in asked.house.province.units if u.agency_code in found]
    codes = {code for code, _ in known}
    unknown = [(code, code) for code in sorted(found - codes - {""})]
    return known + unknown


def _rows(asked: Asked) -> Iterator[tuple[str, ...]]:
    yield HEAD
    names, units, gists = asked.names, dict[str, str](), dict[str, str]()
    for one in all_entries(asked.house.engine, asked.chosen):
        if one.agency_code not in units:
            units[one.agency_code] = asked.unit_name(one.agency_code)
        for rule_id in one.rules:
            gists.setdefault(rule_id, asked.gist(rule_id))
        yield _cells(one, names, units, gists)


def _cells(one: Entry, names: dict[str, str], units: dict[str, str], gists: dict[str, str]) -> tuple[str, ...]:
    said = "; ".join(gists[rule_id] for rule_id in one.rules)
    place = (one.address, one.cells, " ".join(one.rules), said)
    return (names[one.source_id], one.dossier_code, units[one.agency_code], one.agency_code, *place)
