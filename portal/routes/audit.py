"""The audit trail: searched, and taken away as a file, which is itself entered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from contracts import clock
from contracts.deeds import DEEDS
from contracts.roles import Right
from portal.house import House, house_of
from portal.looks import looked
from portal.pages import page
from portal.people import Person, needs
from reporting.audit_list import about_text, action_text, csv_lines, result_text, role_text, short
from warehouse import audit, audit_search, read
from warehouse.audit import Entry
from warehouse.audit_search import Wanted

router = APIRouter(prefix="/nhat-ky")
Reader = Annotated[Person, Depends(needs(Right.READ_AUDIT))]
A_PAGE = 50
_LARGEST = 10**18


@dataclass(frozen=True)
class Asked:
    """What the form of the page says, as it was typed. wrong: days that are none, which are not searched by."""

    ai: str = ""
    viec: str = ""
    don_vi: str = ""
    ky: str = ""
    tu: str = ""
    den: str = ""

    @property
    def wanted(self) -> Wanted:
        action = self.viec if self.viec in DEEDS else ""
        who, period, unit = self.ai.strip().lower(), self.ky.strip(), self.don_vi.strip()
        return Wanted(who, action, period, unit, _day(self.tu), _day(self.den))

    @property
    def wrong(self) -> list[str]:
        return [text for text in (self.tu, self.den) if text.strip() and _day(text) is None]

    @property
    def query(self) -> dict[str, str]:
        names = {"ai": self.ai, "viec": self.viec, "don-vi": self.don_vi, "ky": self.ky, "tu": self.tu, "den": self.den}
        return {name: value for name, value in names.items() if value.strip()}


def asked(
    *,
    ai: str = "",
    viec: str = "",
    don_vi: Annotated[str, Query(alias="don-vi")] = "",
    ky: str = "",
    tu: str = "",
    den: str = "",
) -> Asked:
    return Asked(ai, viec, don_vi, ky, tu, den)


@dataclass(frozen=True)
class Line:
    """An entry as the page shows it."""

    entry: Entry
    action: str
    result: str
    done: bool
    role: str
    unit: str
    about: str
    at: str


@router.get("")
def trail(
    request: Request,
    person: Reader,
    asked: Annotated[Asked, Depends(asked)],
    *,
    truoc: str = "",
    sau: str = "",
) -> Response:
    """truoc, sau: number of the entry behind which the page begins, so that it stays as it is while entries come."""
    house = house_of(request)
    found, newer, older = _slice(house, asked.wanted, before=_number(truoc), after=_number(sau))
    looked(request, person, about={"page": "Nhật ký", "filter": asked.wanted.said()})
    return page(
        request,
        "audit.html",
        lines=[_line(house, entry) for entry in found],
        asked=asked,
        people=audit_search.logins(house.engine),
        deeds=DEEDS,
        periods=read.period_ids(house.engine),
        newer=_link(asked, "sau", found[0].number) if newer and found else None,
        older=_link(asked, "truoc", found[-1].number) if older and found else None,
        export=f"/nhat-ky/tep?{urlencode(asked.query)}",
    )


@router.get("/tep")
def export(request: Request, person: Reader, asked: Annotated[Asked, Depends(asked)]) -> Response:
    """All that is asked for, in the order in which it was entered, as it stood before this entry of the export."""
    house, wanted = house_of(request), asked.wanted
    entered = audit.enter(house.engine, person.deed("audit", about={"filter": wanted.said()}))
    lines = csv_lines(one for one in audit_search.every(house.engine, wanted) if one.number < entered.number)
    name = f"nhat-ky-{clock.now():%Y%m%d-%H%M%S}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def _slice(house: House, wanted: Wanted, *, before: int | None, after: int | None) -> tuple[list[Entry], bool, bool]:
    """Entries of one page, the newest first, and whether there are newer and older ones."""
    if after is not None:
        found = audit_search.next_newer(house.engine, wanted, most=A_PAGE + 1, newer_than=after)
        return found[-A_PAGE:], len(found) > A_PAGE, True
    found = audit_search.newest(house.engine, wanted, most=A_PAGE + 1, older_than=before)
    return found[:A_PAGE], before is not None, len(found) > A_PAGE


def _line(house: House, entry: Entry) -> Line:
    unit = house.unit_with(entry.unit_code)
    return Line(
        entry,
        action_text(entry.action),
        result_text(entry.result),
        entry.result == "ok",
        role_text(entry.role),
        unit.name if unit else entry.unit_code,
        short(about_text(entry.about)),
        f"{entry.at:%H:%M:%S %d/%m/%Y}",
    )


def _link(asked: Asked, name: str, number: int) -> str:
    return f"/nhat-ky?{urlencode({**asked.query, name: str(number)})}"


def _number(text: str) -> int | None:
    return min(int(text), _LARGEST) if re.fullmatch("[0-9]{1,18}", text) else None


def _day(text: str) -> date | None:
    """2024-12-16, as browsers send it, or 16/12/2024, as one types it."""
    typed = re.fullmatch(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*", text, re.ASCII)
    try:
        return date(int(typed[3]), int(typed[2]), int(typed[1])) if typed else date.fromisoformat(text.strip())
    except ValueError:
        return None
