"""The portal as an application: its routes, and the one place where errors become pages."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Depends, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from contracts.errors import CchcError
from contracts.settings import Settings
from portal import passwords
from portal.forms import refuse_foreign_forms
from portal.house import House
from portal.limits import Limits
from portal.pages import page
from portal.refusals import NotFound, NotSignedIn, Refusal
from portal.routes import ROUTERS
from portal.single_sign_on import open_door
from portal.static_files import AT, KeptFiles
from portal.wanted import local_path


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application of one province. Raises ConfigError or WarehouseError where it cannot start."""
    app = FastAPI(
        title="cchc", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(refuse_foreign_forms)]
    )
    app.state.house = House.of(settings or Settings())
    app.state.limits = Limits()
    app.state.door = open_door(app.state.house.settings, app.state.house.province)
    passwords.warm_up()
    for router in ROUTERS:
        app.include_router(router)
    app.mount(AT, KeptFiles(), name="static")
    app.add_exception_handler(NotSignedIn, _to_sign_in)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(CchcError, _told)
    app.add_exception_handler(HTTPException, _http)
    return app


def _to_sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotSignedIn)
    if error.must_change:
        return RedirectResponse("/mat-khau", status_code=303)
    asked = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    wanted = local_path(asked) if request.method == "GET" else "/"
    return RedirectResponse(f"/dang-nhap?den={quote(wanted, safe='/')}", status_code=303)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    answer = page(request, "refusal.html", status=error.status, title=error.title, advice=error.advice)
    answer.headers.update(error.headers)
    return answer


def _told(request: Request, error: Exception) -> Response:
    """A mistake of whoever asked, or of the configuration: in the words that commands use."""
    assert isinstance(error, CchcError)
    return page(request, "refusal.html", status=409, title=error.cause, advice=error.advice)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _refused(request, NotFound())
    return page(request, "refusal.html", status=error.status_code, title=Refusal.title, advice=Refusal.advice)
