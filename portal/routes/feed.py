"""News of releases for a program that reads news: a secret address for each person."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from contracts.roles import Right
from portal.atom import TYPE, feed
from portal.house import House, house_of
from portal.pages import page
from portal.people import Person, address_of, anyone, needs
from portal.refusals import NotFound
from warehouse import feeds

router = APIRouter()
READER = Annotated[Person, Depends(needs(Right.READ_PUBLISHED))]


@router.get("/bao-cao/tin")
def about_feed(request: Request, person: READER) -> Response:
    return _page(request, person, "")


@router.post("/bao-cao/tin")
def change_feed(request: Request, person: READER, viec: Annotated[Literal["cap", "bo"], Form()] = "cap") -> Response:
    """viec: cap, a new address in place of the one before, shown this once; bo, none."""
    house = house_of(request)
    if viec == "bo":
        feeds.drop(house.engine, person.account.id, person.deed("feed", about={"feed": "bỏ"}))
        return _page(request, person, "")
    secret = feeds.renew(house.engine, person.account.id, person.deed("feed", about={"feed": "cấp mới"}))
    return _page(request, person, f"{_base(request, house)}/tin/{secret}.atom")


def _page(request: Request, person: Person, address: str) -> Response:
    has_feed = feeds.has_feed(house_of(request).engine, person.account.id)
    answer = page(request, "feed.html", address=address, has_feed=has_feed)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/tin/{token}.atom", dependencies=[Depends(anyone)])
def read_feed(request: Request, token: str) -> Response:
    """What the person may see now, whatever it was when the address was made."""
    house = house_of(request)
    account = feeds.account_of(house.engine, token) if len(token) == 43 else None
    if account is None or account.disabled or not account.may(Right.READ_PUBLISHED):
        raise NotFound
    body = feed(house, Person(account, "", address_of(request)), base=_base(request, house))
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()}"', "Cache-Control": "private, no-cache"}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=TYPE, headers=headers)


def _base(request: Request, house: House) -> str:
    """The portal's address as the office says it; before that is set, as this request came."""
    return (house.settings.portal_url or str(request.base_url)).rstrip("/")
