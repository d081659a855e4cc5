"""What a province says of its portal: [portal.oidc], its single sign-on (đăng nhập một lần) by OpenID Connect."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator

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


class PortalSettings(Strict):
    """oidc: None where people sign in with passwords of the portal alone."""

    oidc: SingleSignOn | None = None


def secure(address: str) -> bool:
    """Whether nobody on the way can read or change what goes there: https, or this very machine."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        )
    except ValueError:
        return False
