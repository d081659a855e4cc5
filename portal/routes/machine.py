"""For whoever watches the portal by machine: is it well, and what does it count. Asked from this machine, or with the
token of the secret «portal-metrics»; for everybody else there is no such page."""

from __future__ import annotations

import hmac
from typing import cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from contracts.errors import SecretError
from contracts.portal_settings import LOOPBACK
from contracts.secrets import secret
from portal.house import house_of
from portal.metrics import Metrics
from portal.people import address_of, anyone
from portal.refusals import NotFound
from portal.state import checks

SECRET = "portal-metrics"  # noqa: S105  its name
PASSED_ON = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "via")
"""What a reverse proxy adds: such a request comes from somewhere else, whatever its address says."""


def machines(request: Request) -> None:
    """Raises NotFound."""
    here = address_of(request) in LOOPBACK and not any(name in request.headers for name in PASSED_ON)
    if not here and not _has_token(request):
        raise NotFound


def _has_token(request: Request) -> bool:
    kind, _, said = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not said:
        return False
    try:
        expected = secret(SECRET).text("token")
    except SecretError:
        return False
    return bool(expected) and hmac.compare_digest(said.strip().encode(), expected.encode())


router = APIRouter(dependencies=[Depends(anyone), Depends(machines)])


@router.get("/healthz")
def healthz(request: Request) -> Response:
    """200 where all is well, 503 otherwise; which it is that is not stands in the body."""
    found = checks(house_of(request))
    well = all(found.values())
    said = {"status": "ok" if well else "failing"} | {name: "ok" if one else "failing" for name, one in found.items()}
    return JSONResponse(said, status_code=200 if well else 503)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    kept = cast(Metrics, request.app.state.metrics)
    return Response(kept.text(), headers={"content-type": CONTENT_TYPE_LATEST})
