"""By which name the portal may be asked for: its own, or this very machine's. What a request says of its host ends up
in links and in redirects, and a page of elsewhere that has its name point here must not be answered."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from contracts.portal_settings import LOOPBACK
from portal.pages import bare
from portal.refusals import Refusal

_HOST = re.compile(r"(?P<name>[a-z0-9._-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")


class UnknownHost(Refusal):
    status = 421
    title = "Địa chỉ này không phải của cổng báo cáo"
    advice = "Mở cổng bằng đúng địa chỉ được cấp. Người vận hành: đặt CCHC_PORTAL_URL là địa chỉ mà cán bộ gõ."


class Hosts:
    """own: address of the portal (CCHC_PORTAL_URL), None where it is used on this machine alone."""

    def __init__(self, app: ASGIApp, own: str | None) -> None:
        self.app = app
        named = urlsplit(own).hostname if own else None
        self.known = LOOPBACK | ({named} if named else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _named(scope) in self.known:
            await self.app(scope, receive, send)
            return
        await bare(Request(scope), UnknownHost())(scope, receive, send)


def _named(scope: Scope) -> str:
    """In lower case, without port; "" where none is said, several are, or what is said is no name."""
    said = Headers(scope=scope).getlist("host")
    found = _HOST.fullmatch(said[0].lower()) if len(said) == 1 else None
    return found["name"].strip("[]") if found else ""
