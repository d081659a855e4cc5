"""Every form that changes something carries the session's token, and comes from our own pages."""

from __future__ import annotations

import hmac

from fastapi import Request

from portal import cookies
from portal.cookies import BEFORE, COOKIE
from portal.people import form_token
from portal.refusals import NotUnderstood, StaleForm

SAFE = {"GET", "HEAD", "OPTIONS"}


async def refuse_foreign_forms(request: Request) -> None:
    """A dependency of the whole application. Raises StaleForm, NotUnderstood."""
    if request.method in SAFE:
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise StaleForm
    secret = cookies.read(request, COOKIE) or cookies.read(request, BEFORE)
    form = await request.form()
    if any(isinstance(value, str) and not _is_text(value) for _, value in form.multi_items()):
        raise NotUnderstood
    said = form.get("form_token")
    if not secret or not isinstance(said, str) or not hmac.compare_digest(said.encode(), form_token(secret).encode()):
        raise StaleForm


def _is_text(value: str) -> bool:
    """Whoever sends a form names its encoding, and some have half letters, which can be neither hashed nor kept; nor is
    the letter NUL kept by every database."""
    return not any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in value)
