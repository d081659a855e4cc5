"""Check, approve, publish, and back: one version with its confirmation, or many at once; the signed copy handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Path, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from contracts.errors import UsageError
from contracts.roles import Right
from portal.approving import SLUGS, WHAT_HAPPENS, approval_of, told
from portal.catalogue import period_with
from portal.house import house_of
from portal.pages import page
from portal.people import Person, needs
from portal.shelf import Shelved, taken
from portal.signed_upload import hand_in
from portal.taking import refusal_of, take_many, take_one
from portal.waiting import periods_waiting, waiting_for
from warehouse.approval_rule import NEEDS_REASON, STEP_LABELS, Step

router = APIRouter()
Approver = Annotated[Person, Depends(needs(Right.APPROVE))]
Number = Annotated[int, Path(ge=1, lt=2**31)]
NOTE = 2000
"""Characters of a remark."""


@router.get("/phe-duyet")
def waiting(request: Request, person: Approver, ky: Annotated[str, Query(max_length=100)] = "") -> Response:
    """ky: period; without it the newest in which something waits."""
    house = house_of(request)
    periods = periods_waiting(house, person)
    chosen = next((one for one in periods if one.id == ky), periods[0] if periods else None)
    found = waiting_for(house, person, chosen.id) if chosen else {}
    return page(
        request, "approvals.html", periods=periods, chosen=chosen, found=found, results=(), slugs=SLUGS, note=""
    )


@router.post("/phe-duyet")
def take_selected(
    request: Request,
    person: Approver,
    *,
    ky: Annotated[str, Form(max_length=100)],
    buoc: Annotated[str, Form(max_length=20)],
    chon: Annotated[list[str], Form(max_length=500)] = [],  # noqa: B006  FastAPI copies it
    y_kien: Annotated[str, Form(alias="y-kien", max_length=NOTE)] = "",
    da_doc: Annotated[str, Form(alias="da-doc", max_length=1)] = "",
) -> Response:
    """ky: period; buoc: the step; chon: unit and version of each, as in 570/1."""
    house = house_of(request)
    results = take_many(house, person, ky, buoc, chon, note=y_kien, has_read=da_doc == "1")
    periods = periods_waiting(house, person)
    chosen = next((one for one in periods if one.id == ky), periods[0] if periods else None)
    found = waiting_for(house, person, chosen.id) if chosen else {}
    return page(
        request,
        "approvals.html",
        status=200 if all(one.is_done for one in results) else 409,
        periods=periods,
        chosen=chosen,
        found=found,
        results=results,
        slugs=SLUGS,
        note=y_kien if not any(one.is_done for one in results) else "",
    )


def _confirm(step: Step) -> Callable[..., Response]:
    def confirm(request: Request, person: Approver, period: str, unit: str, version: Number) -> Response:
        house = house_of(request)
        return _asked(request, person, taken(house, person, period, unit, version), step)

    return confirm


def _take(step: Step) -> Callable[..., Response]:
    def take(
        request: Request,
        person: Approver,
        *,
        period: str,
        unit: str,
        version: Number,
        y_kien: Annotated[str, Form(alias="y-kien", max_length=NOTE)] = "",
        da_doc: Annotated[str, Form(alias="da-doc", max_length=1)] = "",
    ) -> Response:
        house = house_of(request)
        one = taken(house, person, period, unit, version)
        try:
            take_one(house, person, one, step, note=y_kien, has_read=da_doc == "1")
        except UsageError as error:
            return _asked(request, person, one, step, said=error, note=y_kien)
        here = f"/bao-cao/{one.version.period_id}/{one.version.unit_code}?ban={version}&vua={SLUGS[step]}"
        return RedirectResponse(here, status_code=303)

    return take


for _step, _slug in SLUGS.items():
    _path = f"/bao-cao/{{period}}/{{unit}}/{{version}}/{_slug}"
    router.add_api_route(_path, _confirm(_step), methods=["GET"], name=f"{_slug} page")
    router.add_api_route(_path, _take(_step), methods=["POST"], name=_slug)


def _asked(
    request: Request, person: Person, one: Shelved, step: Step, *, said: UsageError | None = None, note: str = ""
) -> Response:
    """The confirmation page. said: why the step was just refused; a step that does not follow, or is not this person's,
    is told so from the beginning."""
    house = house_of(request)
    approval = approval_of(house, person, one)
    assert approval is not None
    offer = next((offer for offer in approval.offered if offer.step is step), None)
    refusal = said or (offer.why_not if offer else refusal_of(house, person, one, step))
    return page(
        request,
        "approval_step.html",
        status=409 if refusal else 200,
        one=one,
        period=period_with(one.version.period_id, house.province.file.period_rule),
        step=step,
        slug=SLUGS[step],
        label=STEP_LABELS[step],
        what_happens=WHAT_HAPPENS[step],
        approval=approval,
        said=told(refusal) if refusal else "",
        is_open=offer is not None and offer.why_not is None,
        needs_note=step in NEEDS_REASON or approval.newest > one.version.version,
        note=note,
    )


@router.post("/bao-cao/{period}/{unit}/{version}/ban-ky-moi")
def signed(
    request: Request,
    person: Approver,
    *,
    period: str,
    unit: str,
    version: Number,
    tep: Annotated[UploadFile, File()],
) -> Response:
    """tep: the PDF as it came back from signing."""
    house = house_of(request)
    one = taken(house, person, period, unit, version)
    outcome = hand_in(house, person, one, tep)
    return page(
        request,
        "signed_result.html",
        status=200 if outcome.added else 409,
        one=one,
        period=period_with(one.version.period_id, house.province.file.period_rule),
        outcome=outcome,
    )
