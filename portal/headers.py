"""What every answer tells the browser that it may not do; also on errors and redirects."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""Nothing from elsewhere, nothing within the page itself. Single sign-on needs no more: one goes there by a link."""
OF_A_PDF = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'"
)
"""A browser lays its own viewer around the file, which has styles of its own; there is no script that could run."""
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}
"""referrer-policy: no-referrer would make browsers send our own forms as if from nowhere."""
ONE_YEAR = 365 * 24 * 3600


class Headers:
    """The outermost but one: whatever answers, passes here."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _lay(MutableHeaders(scope=message), scope)
            await send(message)

        await self.app(scope, receive, with_headers)


def _lay(headers: MutableHeaders, scope: Scope) -> None:
    for name, value in ALWAYS.items():
        headers[name] = value
    is_pdf = headers.get("content-type", "").startswith("application/pdf")
    headers["content-security-policy"] = OF_A_PDF if is_pdf else CONTENT_SECURITY
    if scope["scheme"] == "https":
        headers["strict-transport-security"] = f"max-age={ONE_YEAR}"
    headers.setdefault("cache-control", "no-store")  # style sheets, and files with an ETag of their own, say otherwise
