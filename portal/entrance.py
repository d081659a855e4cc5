"""The door: a session for whoever proved who that is, and the way out of one."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from portal import cookies
from portal.cookies import BEFORE, COOKIE
from portal.house import house_of
from portal.people import Person, address_of, find_person
from portal.wanted import local_path
from warehouse import sessions, sign_ins
from warehouse.accounts import Account
from warehouse.sessions import Via


def let_in(
    request: Request, account: Account, *, via: Via, wanted: str = "/", rehashed: str | None = None
) -> Response | None:
    """The answer that signs that person in and leads to the wanted page; the visit and the audit trail are entered.
    None, which is entered too, where the account is closed or locked.

    The secret is new, whatever the browser came with, and a session that it came with ends: nobody can have laid one
    there beforehand. rehashed: see warehouse.sign_ins.admit."""
    house = house_of(request)
    secret = sign_ins.admit(
        house.engine, account, via=via, lasts=house.policy.lasts, address=address_of(request), rehashed=rehashed
    )
    if secret is None:
        return None
    if before := find_person(request):
        sessions.end(house.engine, before.secret)
    answer = RedirectResponse(local_path(wanted), status_code=303)
    cookies.lay(answer, request, COOKIE, secret)
    cookies.take_away(answer, request, BEFORE)
    return answer


def let_out(request: Request, person: Person, *, to: str = "/dang-nhap") -> Response:
    """Ends the session, in the warehouse and in the browser, and enters it."""
    sign_ins.leave(house_of(request).engine, person.secret, person.deed("logout"))
    answer = RedirectResponse(to, status_code=303)
    cookies.take_away(answer, request, COOKIE)
    return answer
