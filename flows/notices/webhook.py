"""Calls of programs: JSON over HTTPS, signed so that the other side knows it is ours and whole."""

from __future__ import annotations

import hashlib
import hmac
import logging
from pathlib import Path

import httpx

from contracts.errors import SecretError
from contracts.notices import Webhook
from contracts.secrets import place_of, secret
from flows.notices.refused import NotSent, of_http
from flows.notices.trust import trust

SIGNATURE = "X-Cchc-Signature"
"""sha256=<HMAC-SHA256 of the body, hexadecimal, with the secret's token as its key>"""

for _name in ("httpx", "httpcore"):  # they would log the address, which may hold a key
    logging.getLogger(_name).setLevel(logging.ERROR)


def call(hook: Webhook, text: str, *, folder: Path) -> None:
    """The answer's body is not read, and no redirect followed. Raises NotSent, SecretError, ConfigError."""
    content = text.encode()
    heads = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "cchc", SIGNATURE: signed(hook, content)}
    try:
        with (
            httpx.Client(
                verify=trust(folder, hook.ca), timeout=hook.timeout_seconds, follow_redirects=False, trust_env=False
            ) as client,
            client.stream("POST", hook.url, content=content, headers=heads) as answer,
        ):
            status = answer.status_code
    except httpx.HTTPError as error:
        raise NotSent(of_http(error), is_down=True) from None
    if not 200 <= status < 300:
        raise NotSent(f"chương trình nhận không nhận (mã {status})")


def signed(hook: Webhook, content: bytes) -> str:
    key = secret(hook.secret).text("token")
    if not key:
        raise SecretError(f"bí mật «{hook.secret}» chưa có mục token", advice=f"thêm token vào {place_of(hook.secret)}")
    return "sha256=" + hmac.new(key.encode(), content, hashlib.sha256).hexdigest()
