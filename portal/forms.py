"""Every form that changes something carries the session's token, and comes from our own pages."""

from __future__ import annotations

import hmac

from fastapi import Request

from portal.people import COOKIE, form_token
from portal.refusals import StaleForm

BEFORE = "cchc-truoc"
"""Cookie of whoever is not signed in yet: the form to sign in is bound to it."""
SAFE = {"GET", "HEAD", "OPTIONS"}


async def refuse_foreign_forms(request: Request) -> None:
    """A dependency of the whole application. Raises StaleForm."""
    if request.method in SAFE:
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise StaleForm
    secret = request.cookies.get(COOKIE) or request.cookies.get(BEFORE)
    said = (await request.form()).get("form_token")
    if not secret or not isinstance(said, str) or not hmac.compare_digest(said.encode(), form_token(secret).encode()):
        raise StaleForm
