"""Who gets what: every route, for every role, for the person's own unit and for another one, from a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Mount

from contracts.roles import Right
from contracts.settings import Settings
from portal.app import create_app
from portal.house import House
from portal.people import anyone, needs, signed_in
from portal.routes import ROUTERS
from tests.portal.conftest import OTHER_CODE, OWN_CODE, SignIn, browsers, laid_out, token_of, with_people
from tests.portal.released import bring
from tests.quarter.command import Office
from warehouse.stages import Stage

pytestmark = pytest.mark.xdist_group("rights")
TABLE = Path(__file__).with_name("routes.txt")
COLUMNS = {
    "khách": ("", OWN_CODE),
    "xem, của mình": ("xem", OWN_CODE),
    "xem, khác": ("xem", OTHER_CODE),
    "Sở Nội vụ": ("lan", OWN_CODE),
    "vận hành": ("truc", OWN_CODE),
    "quản trị": ("quan", OWN_CODE),
}
"""Column → who asks, and for which unit."""
PATHS = {"period": "2024Q4", "version": "1"}


@dataclass(frozen=True)
class Row:
    """One line of the table. given: fields of the path, the query (GET) or the form (POST)."""

    method: str
    path: str
    given: dict[str, str] = field(default_factory=dict)
    expected: dict[str, str] = field(default_factory=dict)


def rows() -> Iterator[Row]:
    head, *lines = (line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    names = [name.strip() for name in head.split("|")[1:]]
    for line in lines:
        route, *cells = (cell.strip() for cell in line.split("|"))
        route, _, said = route.partition(": ")
        method, path = route.split()
        given = dict(pair.split("=", 1) for pair in said.split())
        yield Row(method, path, given, dict(zip(names, cells, strict=True)))


ROWS = list(rows())


def declared() -> set[tuple[str, str]]:
    routes = [route for router in ROUTERS for route in router.routes]
    assert all(isinstance(route, APIRoute) for route in routes)
    return {(m, r.path) for r in routes if isinstance(r, APIRoute) for m in r.methods}


@pytest.fixture(scope="module")
def looking(khanh_hoa: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignIn]:
    """People before one portal for all that changes nothing; nobody is told to slow down."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CCHC_REQUESTS_A_MINUTE", "100000")
        house = with_people(laid_out(khanh_hoa, tmp_path_factory.mktemp("looking"), patch))
        _release(house)
        yield browsers(house)


@pytest.fixture
def acting(house: House) -> SignIn:
    """People before a portal of their own."""
    _release(house)
    return browsers(house)


def _release(house: House) -> None:
    """Of 2024Q3 the reports of both units are published; all of 2024Q4 are drafts."""
    for code in (OWN_CODE, OTHER_CODE):
        bring(house, "2024Q3", code, Stage.PUBLISHED)


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    assert {(row.method, row.path) for row in ROWS} == declared()


def test_nothing_is_served_that_is_not_in_the_routers(settings: Settings) -> None:
    """But style sheet, script and pictures. A route added to the application itself would be in no table."""
    served = create_app(settings).routes
    assert [route.path for route in served if isinstance(route, Mount)] == ["/tinh"]
    others = [route for route in served if not isinstance(route, Mount)]
    assert [_original(route) for route in others] == list(ROUTERS)


def _original(route: BaseRoute) -> object:
    """The router that was included; of a route that stands alone, the route."""
    return getattr(route, "original_router", route)


@pytest.mark.parametrize(
    "route", [r for router in ROUTERS for r in router.routes], ids=lambda r: f"{sorted(r.methods)[0]} {r.path}"
)
def test_every_route_says_what_it_demands(route: APIRoute) -> None:
    """anyone, or a person with or without a right; never both, and never nothing."""
    calls = set(_calls(route.dependant))
    assert (anyone in calls) != (signed_in in calls)


def test_what_a_right_demands_is_seen_too() -> None:
    assert signed_in in set(_calls(get_dependant(path="/", call=needs(Right.APPROVE))))


def _calls(dependant: Dependant) -> Iterator[object]:
    """What a route depends on, and what that depends on."""
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)


def test_every_column_is_known() -> None:
    assert all(set(row.expected) == set(COLUMNS) for row in ROWS)


def depends_on_what_was_opened(row: Row) -> bool:
    """The step is offered only to who was given the PDF before."""
    return row.path.endswith(("/kiem-tra", "/duyet"))


LOOKS = [row for row in ROWS if row.method == "GET" and not depends_on_what_was_opened(row)]
DEEDS = [row for row in ROWS if row not in LOOKS]
POSTS = [row for row in ROWS if row.method == "POST"]


def named(row: Row) -> str:
    return f"{row.method} {row.path} {row.given or ''}"


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("row", LOOKS, ids=named)
def test_who_sees_what(looking: SignIn, row: Row, column: str) -> None:
    assert got(looking, row, column) == row.expected[column]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("row", DEEDS, ids=named)
def test_who_does_what(acting: SignIn, row: Row, column: str) -> None:
    assert got(acting, row, column) == row.expected[column]


def got(sign_in: SignIn, row: Row, column: str) -> str:
    login, unit = COLUMNS[column]
    answer = ask(sign_in(login), row, unit)
    return "vào" if answer.headers.get("location", "").startswith("/dang-nhap?") else str(answer.status_code)


def ask(client: TestClient, row: Row, unit: str) -> httpx.Response:
    fields = {**PATHS, "unit": unit, **row.given}
    names = re.findall(r"\{(\w+)(?::\w+)?\}", row.path)
    path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: fields[found[1]], row.path)
    given = {name: value for name, value in row.given.items() if name not in names}
    if row.method == "GET":
        return client.get(path, params=given)
    token = token_of(client) if client.cookies else {}
    return client.post(path, data=given | token)


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row.path)
@pytest.mark.parametrize("login", ["xem", "lan", "truc", "quan"])
def test_a_form_without_the_sessions_token_changes_nothing(looking: SignIn, row: Row, login: str) -> None:
    client = looking(login)
    client.cookies.set("other", "1")
    names = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: {**PATHS, "unit": OWN_CODE, **row.given}[found[1]], row.path)
    assert client.post(names, data={**row.given, "form_token": "0" * 64}).status_code == 403
