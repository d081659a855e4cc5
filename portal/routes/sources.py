"""One source of a quarter: how it stands, why it fails, whom to call, what was tried."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from contracts.roles import Right
from portal.house import house_of
from portal.looks import looked
from portal.operated import busy, operated
from portal.pages import page
from portal.people import Person, needs
from portal.source_view import source_view
from reporting.quality.words import SEVERITIES

router = APIRouter()


@router.get("/ky/{period}/nguon/{source}")
def source_page(
    request: Request, person: Annotated[Person, Depends(needs(Right.SEE_QUARTER))], period: str, source: str
) -> Response:
    house = house_of(request)
    of = operated(house, period)
    view = source_view(house.engine, of, source)
    looked(request, person, period_id=period, about={"page": "Nguồn số liệu", "source": source})
    return page(
        request,
        "source.html",
        period=of.place.period,
        view=view,
        severities=SEVERITIES,
        busy=busy(house, period),
        may_operate=person.may(Right.OPERATE),
        may_see_codes=person.may(Right.SEE_CODES),
    )
