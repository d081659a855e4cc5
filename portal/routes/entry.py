"""In and out: sign in with a password, sign out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from portal import passwords
from portal.entrance import let_in, let_out
from portal.house import House, house_of
from portal.limits import Limit, limits_of, network_of
from portal.menu import links
from portal.pages import page
from portal.people import Someone, address_of, anyone, find_person
from portal.single_sign_on import LEFT
from portal.wanted import local_path
from warehouse import accounts, sign_ins
from warehouse.accounts import Account
from warehouse.sign_ins import Lock

router = APIRouter()


@router.get("/")
def home(person: Someone) -> Response:
    """The first page of what the person may do."""
    return RedirectResponse(links(person)[0].href, status_code=303)


@router.get("/dang-nhap", dependencies=[Depends(anyone)])
def sign_in_page(request: Request, den: str = "/") -> Response:
    if find_person(request):
        return RedirectResponse(local_path(den), status_code=303)
    return page(
        request, "sign_in.html", wanted=local_path(den), refused=False, login="", policy=house_of(request).policy
    )


@router.post("/dang-nhap", dependencies=[Depends(anyone)])
def sign_in(
    request: Request,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    den: Annotated[str, Form()] = "/",
) -> Response:
    """In, or one sentence, the same for a wrong password, a locked account, a closed one and none (docs/decisions.md).
    Raises TooMany where that address failed too often."""
    house = house_of(request)
    limit = _of_address(house)
    limits_of(request).look(limit, network_of(request))
    account = accounts.with_login(house.engine, login.strip()[:200])
    opened = _opened(request, account, password[: passwords.LONGEST + 1], den)
    if opened is not None:
        return opened
    limits_of(request).count(limit, network_of(request))
    policy = house.policy
    return page(
        request,
        "sign_in.html",
        status=401,
        wanted=local_path(den),
        refused=True,
        login=login.strip()[:200],
        policy=policy,
    )


def _opened(request: Request, account: Account | None, password: str, wanted: str) -> Response | None:
    """None where nobody comes in; that is entered and counted."""
    house = house_of(request)
    stored = account.password if account else None
    is_right = passwords.is_right(stored, password)  # asked of nobody's too: it must take as long
    if account is not None and is_right:
        rehashed = passwords.rehashed(stored, password)
        return let_in(request, account, via="password", wanted=wanted, rehashed=rehashed)
    lock = Lock(house.policy.failures, house.policy.locked)
    sign_ins.refuse(house.engine, account, lock=lock, address=address_of(request))
    return None


def _of_address(house: House) -> Limit:
    return Limit(house.policy.address_failures, house.policy.locked_minutes * 60, "wrong passwords")


@router.post("/dang-xuat")
def sign_out(request: Request, person: Someone) -> Response:
    return let_out(request, person, to=LEFT if person.via == "oidc" else "/dang-nhap")
