"""What a province says of its portal: [portal], how people come in and how long they stay; [portal.oidc], its single
sign-on (đăng nhập một lần) by OpenID Connect."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator

from contracts.configfile import Strict

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class SingleSignOn(Strict):
    """issuer: as the provider calls itself, letter by letter. client_id: the portal's name there; secret: the name of
    the secret that has its client_secret. label: on the button. scope: what is asked for.

    login_claim: the claim that holds the login of a person who comes for the first time; later on issuer and subject
    tell who that is. trusted_claim: the claim that must be true for that, since at many providers people may change
    what they are called; "" where the province's provider lets none do so.
    """

    issuer: str
    client_id: Annotated[str, Field(min_length=1)]
    secret: Annotated[str, Field(min_length=1)]
    label: str = "Đăng nhập bằng tài khoản dùng chung của tỉnh"
    login_claim: str = "email"
    trusted_claim: str = "email_verified"
    scope: str = "openid profile email"

    @field_validator("issuer")
    @classmethod
    def _over_tls(cls, issuer: str) -> str:
        if not secure(issuer) or urlsplit(issuer).query or urlsplit(issuer).fragment:
            raise ValueError("phải là địa chỉ https://… đúng như máy chủ đăng nhập tự xưng")
        return issuer

    @field_validator("scope")
    @classmethod
    def _of_openid(cls, scope: str) -> str:
        if "openid" not in scope.split():
            raise ValueError("phải có openid")
        return scope


_BETWEEN = {
    "idle_minutes": (5, 240),
    "session_hours": (1, 24),
    "failures": (3, 20),
    "locked_minutes": (5, 240),
    "address_failures": (5, 1000),
    "password_length": (10, 64),
}
"""Setting → the least and the most that may stand there: what is outside lets anybody in, or nobody."""


class PortalSettings(Strict):
    """idle_minutes: a session that nobody used for so long has ended; session_hours: so has one that is older.
    failures: so many wrong passwords one after the other lock an account for locked_minutes. address_failures: so many
    from one address within locked_minutes, whatever the accounts, and that address has to wait. password_length: the
    fewest characters of a password. oidc: None where people sign in with passwords of the portal alone."""

    idle_minutes: int = 30
    session_hours: int = 10
    failures: int = 5
    locked_minutes: int = 15
    address_failures: int = 30
    password_length: int = 12
    oidc: SingleSignOn | None = None

    @field_validator(*_BETWEEN)
    @classmethod
    def _within(cls, value: int, given: ValidationInfo) -> int:
        least, most = _BETWEEN[given.field_name or ""]
        if not least <= value <= most:
            raise ValueError(f"phải từ {least} đến {most}")
        return value

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.idle_minutes)

    @property
    def lasts(self) -> timedelta:
        return timedelta(hours=self.session_hours)

    @property
    def locked(self) -> timedelta:
        return timedelta(minutes=self.locked_minutes)


def secure(address: str) -> bool:
    """Whether nobody on the way can read or change what goes there: https, or this very machine."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        )
    except ValueError:
        return False
