"""Pages from templates: what each of them is given, and nothing else."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contracts.roles import ROLE_LABELS, Right
from portal import cookies, words
from portal.cookies import BEFORE, COOKIE
from portal.house import house_of
from portal.menu import links
from portal.people import find_person, form_token
from portal.refusals import Refusal
from portal.static_files import static
from reporting.formats import count_text, percent_text

HERE = Path(__file__).parent

_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(
    day=words.day, moment=words.moment, count=count_text, percent=percent_text, size=words.size, links=links,
    duration=words.duration
)  # fmt: skip
_environment.globals.update(Right=Right, ROLE_LABELS=ROLE_LABELS, static=static)


def page(request: Request, name: str, *, status: int = 200, **given: Any) -> HTMLResponse:
    """The page of that template (`templates/<name>`). Templates know `person` (None: nobody), `province`, `path` and
    `form_token` beside what they are given."""
    person = find_person(request)
    before = cookies.read(request, BEFORE)
    fresh = secrets.token_urlsafe(32) if person is None and not before else None
    html = _environment.get_template(name).render(
        person=person,
        province=house_of(request).province,
        path=request.url.path,
        form_token=form_token(person.secret if person else before or fresh or ""),
        **given,
    )
    answer = HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})
    if fresh:
        cookies.lay(answer, request, BEFORE, fresh)
    if cookies.read(request, COOKIE) and person is None:
        cookies.take_away(answer, request, COOKIE)
    return answer


def bare(request: Request, refusal: Refusal) -> HTMLResponse:
    """The page of a refusal that asks nothing of the warehouse, which may be what does not answer; nobody is named."""
    html = _environment.get_template("refusal.html").render(
        person=None,
        province=house_of(request).province,
        path=request.url.path,
        form_token="",
        title=refusal.title,
        advice=refusal.advice,
    )
    return HTMLResponse(html, status_code=refusal.status, headers=refusal.headers)
