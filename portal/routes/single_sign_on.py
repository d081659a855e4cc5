"""Coming in by the province's single sign-on: off to the provider, and back."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from portal.entrance import let_in
from portal.house import house_of
from portal.oidc_provider import NotAccepted, ProviderSilent
from portal.pages import page
from portal.people import address_of, anyone
from portal.refusals import Refusal
from portal.single_sign_on import BACK, LEFT, SIGN_IN, START, Closed, NoAccount, account_of, door_of
from portal.wanted import local_path
from warehouse import audit, sign_ins
from warehouse.audit import Deed

router = APIRouter()


@router.get(START, dependencies=[Depends(anyone)])
def go_off(request: Request, den: str = "/") -> Response:
    door = door_of(request)
    begun = door.provider.begin()
    answer = RedirectResponse(begun.address, status_code=303)
    door.begun.keep(answer, request, begun, local_path(den))
    return answer


@router.get(BACK, dependencies=[Depends(anyone)])
def come_back(request: Request) -> Response:
    door = door_of(request)
    try:
        answer = _let_in(request)
    except ProviderSilent:  # the sign-in may still be finished: the page can be loaded again
        raise
    except Refusal as refusal:
        answer = page(request, "refusal.html", status=refusal.status, title=refusal.title, advice=refusal.advice)
    door.begun.forget(answer, request)
    return answer


def _let_in(request: Request) -> Response:
    """Raises NotAccepted, NoAccount, Closed, each entered in the audit trail; ProviderSilent."""
    door, house, address = door_of(request), house_of(request), address_of(request)
    subject = ""
    try:
        begun = door.begun.read(request)
        comer = door.provider.finish(begun, request.query_params)
        subject = comer.subject
        account = account_of(house.engine, comer, address=address)
    except (NotAccepted, NoAccount) as refusal:
        why = refusal.why if isinstance(refusal, NotAccepted) else sign_ins.UNKNOWN
        about = {"via": "oidc"} | ({"subject": subject} if subject else {})
        audit.enter(house.engine, Deed("login", result=why, about=about, address=address))
        raise
    opened = let_in(request, account, via="oidc", wanted=begun["wanted"])
    if opened is None:
        raise Closed
    return opened


@router.get(LEFT, dependencies=[Depends(anyone)])
def left(request: Request) -> Response:
    """After our session has ended: on to the provider, to end its own. A page and no redirect, as browsers that keep a
    form's answer within this site would not follow."""
    farewell = door_of(request).provider.farewell()
    if farewell is None:
        return RedirectResponse(SIGN_IN, status_code=303)
    return page(request, "signed_out.html", farewell=farewell)
