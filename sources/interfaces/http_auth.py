"""How an interface lets us in: heads of a request, made of a secret and never shown."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Protocol

from contracts.errors import SecretError
from contracts.rest_spec import RestConnection
from contracts.secrets import Secret

_SECONDS_BEFORE = 30.0
"""A token that ends so soon is renewed before it is used."""

_SECONDS_UNSAID = 300.0
Fetch = Callable[[dict[str, str], dict[str, str]], bytes]
"""Sends a form, with these heads, to where tokens are given."""


class Refusal(Exception):
    """Who asks is not let in; in Vietnamese, without any of the secret."""


class Auth(Protocol):
    def heads(self) -> dict[str, str]: ...

    def forget(self) -> bool:
        """The server took the heads no longer. Whether others can be had."""


class FixedHeads:
    """A password or token that stays."""

    def __init__(self, heads: dict[str, str]) -> None:
        self._heads = heads

    def heads(self) -> dict[str, str]:
        return self._heads

    def forget(self) -> bool:
        return False


class ClientCredentials:
    """OAuth 2.0 client credentials (RFC 6749, 4.4): a token for a time, renewed before its end."""

    def __init__(self, connection: RestConnection, secret: Secret, fetch: Fetch) -> None:
        self._connection, self._fetch = connection, fetch
        self._id, self._secret = _part(secret, "client_id"), _part(secret, "client_secret")
        self._heads: dict[str, str] = {}
        self._ends = 0.0

    def heads(self) -> dict[str, str]:
        if not self._heads or time.monotonic() > self._ends - _SECONDS_BEFORE:
            self._renew()
        return self._heads

    def forget(self) -> bool:
        self._heads = {}
        return True

    def _renew(self) -> None:
        form = {"grant_type": "client_credentials"}
        if self._connection.scope:
            form["scope"] = self._connection.scope
        in_body = self._connection.client_auth == "body"
        if in_body:
            form |= {"client_id": self._id, "client_secret": self._secret}
        given = self._fetch(form, {} if in_body else _basic(self._id, self._secret))
        token, seconds = _read_token(given)
        self._heads = _token_head(self._connection, token)
        self._ends = time.monotonic() + max(seconds, 2 * _SECONDS_BEFORE)  # a shorter life ends by a 401


def auth_of(connection: RestConnection, secret: Secret, fetch: Fetch) -> Auth:
    """Raises SecretError where the secret lacks a part, or one cannot stand in a head."""
    match connection.auth:
        case "none":
            return FixedHeads({})
        case "basic":
            return FixedHeads(_basic(_part(secret, "user"), _part(secret, "password")))
        case "token":
            return FixedHeads(_token_head(connection, _part(secret, "token")))
        case "oauth2":
            return ClientCredentials(connection, secret, fetch)


def _part(secret: Secret, name: str) -> str:
    if not (text := secret.text(name)):
        raise SecretError(f"bí mật chưa có mục «{name}» mà hệ thống này cần", advice=f"thêm mục {name} vào bí mật")
    return text


def _basic(user: str, password: str) -> dict[str, str]:
    said = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {said}"}


def _token_head(connection: RestConnection, token: str) -> dict[str, str]:
    if not _can_be_sent(token):
        raise SecretError("mã truy cập có ký tự không gửi được (xuống dòng, chữ có dấu …)", advice="chép lại mã")
    return {connection.header: f"{connection.scheme} {token}".strip()}


def _read_token(answer: bytes) -> tuple[str, float]:
    """The token and for how many seconds it holds."""
    try:
        said = json.loads(answer)
        token, seconds = said["access_token"], float(said.get("expires_in", _SECONDS_UNSAID))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refusal("máy chủ cấp mã truy cập trả lời không đúng dạng") from None
    if not isinstance(token, str) or not token or not _can_be_sent(token):
        raise Refusal("máy chủ cấp mã truy cập không cấp mã dùng được")
    return token, seconds


def _can_be_sent(token: str) -> bool:
    return token.isascii() and token.isprintable()
