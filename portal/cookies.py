"""The two cookies: of whoever is signed in, and of whoever is about to."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

COOKIE = "cchc"
"""Holds the secret of the session."""
BEFORE = "cchc-truoc"
"""Of whoever is not signed in yet: the form to sign in is bound to it."""


def called(name: str, request: Request) -> str:
    """What the browser knows the cookie by. Over a secure connection the browser itself sees to it that no other host
    of the domain, and no page of this host without encryption, can lay one under that name (`__Host-`)."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def read(request: Request, name: str) -> str | None:
    return request.cookies.get(called(name, request)) or None


def lay(answer: Response, request: Request, name: str, secret: str) -> None:
    """Until the browser is closed; the session's own end is the server's to tell."""
    answer.set_cookie(called(name, request), secret, **rules(request))


def take_away(answer: Response, request: Request, name: str) -> None:
    answer.delete_cookie(called(name, request), **rules(request))


def rules(request: Request) -> dict[str, Any]:
    """Never read by a script, never sent from another site, and over a secure connection only where there is one."""
    return {"httponly": True, "samesite": "lax", "secure": request.url.scheme == "https", "path": "/"}
