"""The portal as an application: its routes, and the one place where errors become pages."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from contracts.errors import CchcError, MachineError, WarehouseError
from contracts.settings import Settings
from portal import passwords, refused
from portal.bodies import most_of
from portal.forms import refuse_foreign_forms
from portal.house import House
from portal.limits import Limits
from portal.pages import bare, page
from portal.refusals import NotFound, NotSignedIn, NotThatWay, NotUnderstood, OutOfOrder, Refusal, TooLarge
from portal.routes import ROUTERS
from portal.single_sign_on import open_door
from portal.static_files import AT, KeptFiles
from portal.surround import keep_pace, surround
from portal.telling import tell
from portal.wanted import local_path


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application of one province. Raises ConfigError or WarehouseError where it cannot start."""
    app = FastAPI(
        title="cchc",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(keep_pace), Depends(refuse_foreign_forms)],
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
    app.add_exception_handler(RequestValidationError, _not_understood)
    surround(app, app.state.house)
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
    refused.enter(request, error)
    answer = page(request, "refusal.html", status=error.status, title=error.title, advice=error.advice)
    answer.headers.update(error.headers)
    return answer


def _told(request: Request, error: Exception) -> Response:
    """A mistake of whoever asked, or of the configuration: in the words that commands use."""
    assert isinstance(error, CchcError)
    if isinstance(error, WarehouseError | MachineError):
        tell(request.scope, "out_of_order", kind=type(error).__name__)
        return bare(request, OutOfOrder())
    return page(request, "refusal.html", status=409, title=error.cause, advice=error.advice)


def _http(request: Request, error: Exception) -> Response:
    """What the framework itself refuses."""
    assert isinstance(error, HTTPException)
    told = {404: NotFound(), 405: NotThatWay(), 413: TooLarge(most=most_of(request.scope))}
    answer = _refused(request, told.get(error.status_code, Refusal()))
    answer.status_code = error.status_code
    answer.headers.update(error.headers or {})
    return answer


def _not_understood(request: Request, error: Exception) -> Response:
    """Fields that a form or an address lacks, or that are not what they should be."""
    return _refused(request, NotUnderstood())
