"""Who asks: the session's account, and what a route demands of it. Every route names what it demands (`needs`,
`signed_in`, `anyone`); a test finds one that does not."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from contracts.roles import Right
from portal import cookies
from portal.cookies import COOKIE
from portal.house import house_of
from portal.refusals import Forbidden, NotSignedIn
from warehouse import accounts, audit, sessions
from warehouse.accounts import Account
from warehouse.sessions import Via


@dataclass(frozen=True)
class Person:
    """account: who; secret: of the session; address: from where; via: what proved who it is."""

    account: Account
    secret: str
    address: str
    via: Via = "password"

    @property
    def must_change(self) -> bool:
        """Whether the password that let the person in is one that somebody else has read."""
        return self.account.must_change and self.via == "password"

    def may(self, right: Right) -> bool:
        return self.account.may(right)

    def deed(self, action: str, **said: Any) -> audit.Deed:
        """What this person does, for the audit trail."""
        return audit.Deed(
            action=action, who=self.account.login, role=self.account.role, address=self.address, **said
        )  # fmt: skip


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def find_person(request: Request) -> Person | None:
    """Whoever is signed in, None where nobody is. Asked once a request."""
    if not hasattr(request.state, "person"):
        request.state.person = _find(request)
    found: Person | None = request.state.person
    return found


def _find(request: Request) -> Person | None:
    secret = cookies.read(request, COOKIE)
    if not secret:
        return None
    house = house_of(request)
    session = sessions.find(house.engine, secret, idle=house.policy.idle)
    account = accounts.with_id(house.engine, session.account_id) if session else None
    if session is None or account is None or account.disabled:
        return None
    return Person(account, secret, address_of(request), session.via)


def anyone() -> None:
    """Of a route that asks nothing of who comes."""


def signed_in(request: Request) -> Person:
    """Raises NotSignedIn. Whoever must change the password gets no further than that page."""
    person = find_person(request)
    if person is None or (person.must_change and request.url.path not in {"/mat-khau", "/dang-xuat"}):
        raise NotSignedIn(must_change=person is not None)
    return person


Someone = Annotated[Person, Depends(signed_in)]


def needs(right: Right) -> Callable[..., Person]:
    """A dependency: the person who asks, if that right is his."""

    def whoever_may(person: Someone) -> Person:
        if not person.may(right):
            raise Forbidden(right)
        return person

    whoever_may.right = right  # type: ignore[attr-defined]  # the table of routes reads it
    return whoever_may


def form_token(secret: str) -> str:
    """What every form of a session carries: whoever makes a browser send a form from elsewhere does not know it."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()
