"""Read sources again: what would be done, doing it, how far it is, what came of it, and who did so before."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from contracts.errors import UsageError
from contracts.roles import Right
from flows.plan import not_loaded
from flows.requests import looked_after, stand_of, start
from portal.house import House, house_of
from portal.operated import Operated, busy, operated
from portal.pages import page
from portal.people import Person, needs
from portal.refusals import NotFound
from portal.rerun_preview import preview
from portal.rerun_view import rerun_view
from portal.shelf import on_shelf
from warehouse import requests
from warehouse.stages import STAGE_LABELS

router = APIRouter()
Operator = Annotated[Person, Depends(needs(Right.OPERATE))]
Viewer = Annotated[Person, Depends(needs(Right.SEE_QUARTER))]
LISTED = 50
MOST_SOURCES = 500


@router.get("/ky/{period}/chay-lai")
def preview_page(
    request: Request,
    person: Operator,
    period: str,
    nguon: Annotated[list[str], Query(max_length=MOST_SOURCES)] = [],  # noqa: B006  FastAPI copies it
    loi: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """nguon: sources to read again; loi=1: those whose figures do not stand."""
    house = house_of(request)
    of = operated(house, period)
    chosen = _chosen(of, nguon, failed=loi == "1")
    in_the_way = busy(house, period)
    shelf = on_shelf(house, person, period)
    found = preview(house, of, chosen, fresh=loi != "1", shelf=shelf) if chosen and not in_the_way else None
    return page(
        request,
        "rerun_preview.html",
        period=of.place.period,
        chosen=chosen,
        names=[of.name(one) for one in chosen],
        failed=loi == "1",
        preview=found,
        busy=in_the_way,
    )


@router.post("/ky/{period}/chay-lai")
def ask(
    request: Request,
    person: Operator,
    period: str,
    nguon: Annotated[list[str], Form(max_length=MOST_SOURCES)] = [],  # noqa: B006  FastAPI copies it
    loi: Annotated[str, Form(max_length=1)] = "",
) -> Response:
    """Raises UsageError where a run of the period goes on, and where there is nothing to do."""
    house = house_of(request)
    of = operated(house, period)
    chosen = _chosen(of, nguon, failed=loi == "1")
    if not chosen:
        raise UsageError(
            f"kỳ {period} không có nguồn nào để chạy lại", advice="mở trang của kỳ, chọn nguồn cần đọc lại"
        )
    if in_the_way := busy(house, period):
        raise UsageError(in_the_way.words, advice="chờ xong rồi, nếu vẫn cần, bấm chạy lại")
    deed = person.deed("rerun", period_id=period, about={"page": "Chạy lại", "sources": chosen, "failed": loi == "1"})
    asked = requests.ask(house.engine, period, sources=chosen, fresh=loi != "1", deed=deed)
    start(of.place, asked)
    return RedirectResponse(f"/chay-lai/{asked.id}", status_code=303)


@router.get("/chay-lai")
def reruns(request: Request, person: Viewer, ky: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The newest first; ky: of that period alone."""
    house = house_of(request)
    found = [looked_after(house.engine, one) for one in requests.recent(house.engine, ky or None, at_most=LISTED)]
    periods = {name: operated(house, name) for name in sorted({one.period_id for one in found})}
    rows = [(one, [periods[one.period_id].name(source) for source in one.sources]) for one in found]
    return page(request, "reruns.html", rows=rows, period_id=ky, at_most=LISTED)


@router.get("/chay-lai/{number}")
def rerun(request: Request, person: Viewer, number: int) -> Response:
    house = house_of(request)
    return page(request, "rerun.html", **_given(house, number), may_operate=person.may(Right.OPERATE))


@router.get("/chay-lai/{number}/tien-do")
def progress(request: Request, person: Viewer, number: int) -> Response:
    """What changes of that page while it runs: for portal.js."""
    house = house_of(request)
    return page(request, "rerun_state.html", **_given(house, number), may_operate=person.may(Right.OPERATE))


def _given(house: House, number: int) -> dict[str, Any]:
    found = requests.request(house.engine, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound
    asked = looked_after(house.engine, found)
    of = operated(house, asked.period_id)
    view = rerun_view(house, of, asked, stand_of(house.engine, asked.period_id))
    return {"period": of.place.period, "view": view, "stage_labels": STAGE_LABELS}


def _chosen(of: Operated, named: list[str], *, failed: bool) -> list[str]:
    """Each once; all that failed where none is named. Raises UsageError for a source that does not answer for the
    period."""
    wanted = list(dict.fromkeys(named))
    for source_id in wanted:
        of.place.source(source_id)
    return wanted or (not_loaded(of.place) if failed else [])
