"""How much may be sent to the portal: counted while it comes in, whatever its head says."""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.pages import bare
from portal.refusals import TooLarge

MEGABYTE = 1_000_000
FORM = 1 * MEGABYTE
SIGNED_COPY = 70 * MEGABYTE
"""A little more than the largest signed copy that is read at all (reporting.signed.identity)."""
LARGER = re.compile(r"/bao-cao/[^/]+/[^/]+/[0-9]+/ban-ky-moi")
"""Path of the form that hands in a signed copy."""
DRAINED = 200 * MEGABYTE
"""Read and dropped at most, so that the browser, which sends first and listens then, hears why it was refused, also
where nobody wanted to read it."""


class Bodies:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = most_of(scope)
        if _declared(scope) > most:
            await _drain(receive)
            await bare(Request(scope), TooLarge(most=most))(scope, receive, send)
            return
        came, more = 0, _has_body(scope)

        async def counted() -> Message:
            nonlocal came, more
            message = await receive()
            came += len(message.get("body", b""))
            more = message["type"] == "http.request" and bool(message.get("more_body"))
            if came > most:
                raise HTTPException(413)  # any other kind FastAPI would take for a form that it cannot read
            return message

        async def heard_out(message: Message) -> None:
            nonlocal more
            if more:  # whoever is to sign in first, say; a reverse proxy takes a closed ear for a portal that is down
                more = False
                await _drain(receive)
            await send(message)

        await self.app(scope, counted, heard_out)


def most_of(scope: Scope) -> int:
    """Bytes that a request to that path may have."""
    return SIGNED_COPY if LARGER.fullmatch(scope["path"]) else FORM


def _declared(scope: Scope) -> int:
    said = Headers(scope=scope).get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else 0


def _has_body(scope: Scope) -> bool:
    return _declared(scope) > 0 or "transfer-encoding" in Headers(scope=scope)


async def _drain(receive: Receive) -> None:
    came = 0
    while came <= DRAINED:
        message = await receive()
        came += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return
