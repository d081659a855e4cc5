"""The person's own account: another password, and the sessions that are open."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from portal import cookies, passwords
from portal.cookies import COOKIE
from portal.house import House, house_of
from portal.limits import Limit, limits_of
from portal.pages import page
from portal.people import Person, Someone
from warehouse import account_changes, audit, sessions

router = APIRouter()
DONE = {"mat-khau": "Đã đổi mật khẩu. Các phiên khác đã kết thúc.", "phien": "Các phiên khác đã kết thúc."}
"""What the page says after something was done, by what its address carries."""


@router.get("/mat-khau")
def own_account(request: Request, person: Someone, xong: str = "") -> Response:
    return _page(request, person, done=DONE.get(xong, ""))


@router.post("/mat-khau")
def change_password(
    request: Request,
    person: Someone,
    current: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Raises TooMany: a session that somebody left open must not do for guessing its password."""
    house = house_of(request)
    said = _objection(request, person, current, new, again)
    if said:
        return _page(request, person, said=said, status=422)
    secret = account_changes.change_own_password(
        house.engine,
        person.account,
        passwords.hashed(new),
        lasts=house.policy.lasts,
        by=person.deed("password"),
    )
    answer = RedirectResponse("/" if person.must_change else "/mat-khau?xong=mat-khau", status_code=303)
    cookies.lay(answer, request, COOKIE, secret)
    return answer


@router.post("/mat-khau/phien-khac")
def end_other_sessions(request: Request, person: Someone) -> Response:
    engine = house_of(request).engine
    account_changes.end_other_sessions(engine, person.account, person.secret, by=person.deed("account"))
    return RedirectResponse("/mat-khau?xong=phien", status_code=303)


def _objection(request: Request, person: Person, current: str, new: str, again: str) -> str:
    """Why the password stays as it is, in Vietnamese; "" where nothing is in the way."""
    house, account = house_of(request), person.account
    if account.password is None:
        return "Tài khoản này vào bằng đăng nhập một lần, không có mật khẩu ở cổng này."
    limit, key = _guesses(house), str(account.id)
    limits_of(request).look(limit, key)
    if not passwords.is_right(account.password, current[: passwords.LONGEST + 1]):
        limits_of(request).count(limit, key)
        audit.enter(house.engine, replace(person.deed("password"), result="sai mật khẩu hiện tại"))
        return "Mật khẩu hiện tại không đúng."
    if new != again:
        return "Hai lần gõ mật khẩu mới không giống nhau."
    return passwords.objection(
        new, login=account.login, length=house.policy.password_length, before=account.password
    )  # fmt: skip


def _guesses(house: House) -> Limit:
    return Limit(house.policy.failures, house.policy.locked_minutes * 60, "own password")


def _page(request: Request, person: Person, *, done: str = "", said: str = "", status: int = 200) -> Response:
    house, account = house_of(request), person.account
    going_on = sessions.of_account(house.engine, account.id, idle=house.policy.idle)
    units = house.province.units
    return page(
        request,
        "own_account.html",
        status=status,
        account=account,
        unit=units.by_agency(account.unit_code) if units.has_agency(account.unit_code) else None,
        sessions=[(one, sessions.is_of(one, person.secret)) for one in going_on],
        policy=house.policy,
        must_change=person.must_change,
        done=done,
        said=said,
    )
