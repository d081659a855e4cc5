"""The reports: find them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from portal.people import Someone

router = APIRouter()


@router.get("/")
def home(request: Request, person: Someone) -> Response:
    return RedirectResponse("/bao-cao", status_code=303)
