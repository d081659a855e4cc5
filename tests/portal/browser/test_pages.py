"""Every page, for everybody who may see it, on an office screen and on a phone: nothing that axe-core finds, nothing
that scrolls sideways, nothing too small for a finger, nothing heavy.

The pages are those of tests/portal/routes.txt, which a route cannot be missing from."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from urllib.parse import urlencode

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from portal.cookies import COOKIE
from tests.portal.browser.conftest import DESKTOP, PHONE, Opens, Window
from tests.portal.browser.real import RELEASED, RealPortal
from tests.portal.conftest import OWN_CODE
from tests.portal.test_rights import COLUMNS, PATHS, ROWS, Row

pytestmark = pytest.mark.xdist_group("browser")

MAX_BYTES = 60_000
"""Of a page; style sheet and script are kept (tests/portal/test_static_files.py)."""
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
OF_OWN = [column for column in COLUMNS if column != "xem, khác"]


REFUSED = {"Sở Nội vụ": "/tai-khoan", "quản trị": "/bao-cao"}
"""A page that is not for that person."""


def address(row: Row, column: str) -> str:
    released = {"period": RELEASED} if column.startswith("xem") else {}
    fields = {**PATHS, "unit": OWN_CODE, **released, **row.given}
    names = re.findall(r"\{(\w+)(?::\w+)?\}", row.path)
    path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: fields[found[1]], row.path)
    query = urlencode({name: value for name, value in row.given.items() if name not in names})
    return f"{path}?{query}" if query else path


def addresses(column: str) -> list[str]:
    """Of everything that the table says is shown to that person, of what is said where something cannot be done now,
    and of two refusals."""
    shown = [row for row in ROWS if row.method == "GET" and row.expected[column] in {"200", "409"}]
    return sorted({address(row, column) for row in shown} | {"/khong-co-trang-nay", REFUSED.get(column, "/dang-nhap")})


@pytest.fixture(scope="module")
def judged() -> dict[str, list[str]]:
    """What stands between head and foot of a page → what is wrong with it; much is the same for several people."""
    return {}


@pytest.mark.parametrize("column", OF_OWN)
def test_pages_are_fit_for_everybody(
    opens: Opens, portal: RealPortal, judged: dict[str, list[str]], column: str
) -> None:
    window = opens(COLUMNS[column][0])
    found: dict[str, list[str]] = {}
    for path in addresses(column):
        main = main_of(portal, path, window)
        if main is None:
            continue
        if main not in judged:
            window.go(path)
            judged[main] = unfit(window.page)
        found[path] = judged[main]
    assert found
    assert {path: complaints for path, complaints in found.items() if complaints} == {}


def test_what_is_wrong_with_a_page_is_found(opens: Opens) -> None:
    window = opens()
    window.go("/dang-nhap")
    wrong = '<h1>Hai</h1><button></button><img src="/tinh/icon.svg" width="1500">'
    window.page.evaluate("(wrong) => document.querySelector('main').insertAdjacentHTML('beforeend', wrong)", wrong)
    said = " ".join(unfit(window.page))
    for one in ("2 headings", "button-name", "image-alt", "1280 px: scrolls sideways", "390 px: scrolls sideways"):
        assert one in said


def main_of(portal: RealPortal, path: str, window: Window) -> str | None:
    """What the page says, without what is of one session; None of a file."""
    cookies = {one["name"]: one["value"] for one in window.page.context.cookies()}
    headers = {"Cookie": f"{COOKIE}={cookies[COOKIE]}"} if COOKIE in cookies else {}
    try:
        answer = urllib.request.urlopen(urllib.request.Request(portal.address + path, headers=headers))
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        if not str(answer.headers["Content-Type"]).startswith("text/html"):
            return None
        html = answer.read().decode()
    assert len(html) < MAX_BYTES, f"{path}: {len(html)} bytes"
    return re.sub(r'name="form_token" value="\w+"', "", html[html.index("<main") : html.index("</main>")])


def unfit(page: Page) -> list[str]:
    """What is wrong with the page that is open, at both widths."""
    found = []
    for width, height in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))")
        found += [f"{width} px: {said}" for said in [*_sideways(page), *_headed(page), *_axe(page)]]
    return found


def _sideways(page: Page) -> list[str]:
    wide, room = page.evaluate("[document.scrollingElement.scrollWidth, document.documentElement.clientWidth]")
    return [f"scrolls sideways, {wide} in {room}"] if wide > room else []


def _headed(page: Page) -> list[str]:
    headings, language = page.evaluate("[document.querySelectorAll('h1').length, document.documentElement.lang]")
    return [] if (headings, language) == (1, "vi") else [f"{headings} headings of the first level, language {language}"]


def _axe(page: Page) -> list[str]:
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    result = page.evaluate("async (options) => (await axe.run(document, options)).violations", AXE)
    return [
        f"{one['id']}: {'; '.join(node['html'][:150] for node in one['nodes'][:3])} ({len(one['nodes'])})"
        for one in result
    ]
