"""Where a Prefect server is said to be, and how it is asked."""

from __future__ import annotations

import os
import urllib.request
from urllib.parse import urlsplit

from contracts.portal_settings import LOOPBACK
from contracts.settings import Settings

_NEAR = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Never by a proxy of the office."""


def given() -> str:
    """Of a server elsewhere, or of another address than that of `cchc up`; "" where none is set."""
    return os.environ.get("PREFECT_API_URL", "")


def near() -> str:
    """Of the server of `cchc up` on this machine."""
    return f"{Settings().prefect_address}/api"


def answer_of(address: str, *, within: float) -> bytes | None:
    """What is answered with 200; None for any other answer, and for none."""
    if not address.startswith(("http://", "https://")):
        return None
    ask = _NEAR.open if urlsplit(address).hostname in LOOPBACK else urllib.request.urlopen
    try:
        with ask(address, timeout=within) as answer:
            body = bytes(answer.read())
            return body if answer.status == 200 else None
    except (OSError, ValueError):
        return None
