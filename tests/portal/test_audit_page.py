"""The audit trail's page: found by who, what, where and when; pages that stay; a file no spreadsheet reckons with."""

from __future__ import annotations

import csv
import io
import re

import pytest

from portal.house import House
from tests.portal.conftest import SignIn
from warehouse import audit, audit_search
from warehouse.audit import Deed
from warehouse.audit_search import Wanted
from warehouse.database import writing


@pytest.fixture
def house(house: House) -> House:
    """A hundred and twenty entries: every tenth of minh."""
    with writing(house.engine) as connection:
        for number in range(120):
            who = "minh" if number % 10 == 0 else "lan"
            about = {"page": "Báo cáo <b>", "note": '=HYPERLINK("x")'}
            deed = Deed("download", who=who, role="staff", period_id="2024Q4", unit_code="570", version=1, about=about)
            audit.enter_within(connection, house.engine, deed)
    return house


def numbers(page: str) -> list[int]:
    return [int(number.replace(".", "")) for number in re.findall(r'<td class="number">([\d.]+)</td>', page)]


def link(page: str, rel: str) -> str | None:
    found = re.search(rf'<a href="([^"]+)" rel="{rel}"', page)
    return found[1].replace("&amp;", "&") if found else None


def test_fifty_a_page_and_pages_stay_while_entries_come(sign_in: SignIn, house: House) -> None:
    browser = sign_in("quan")
    first = browser.get("/nhat-ky").text
    assert numbers(first) == list(range(120, 70, -1)) and link(first, "prev") is None
    older = link(first, "next")
    assert older is not None
    second = browser.get(older).text
    assert numbers(second) == list(range(70, 20, -1))
    audit.enter(house.engine, Deed("logout", who="lan"))
    assert browser.get(older).text.count("<tr>") == second.count("<tr>")
    assert numbers(browser.get(older).text) == numbers(second)
    newer = link(second, "prev")
    assert newer is not None and numbers(browser.get(newer).text) == list(range(120, 70, -1))
    last = browser.get(link(second, "next") or "").text
    assert numbers(last) == list(range(20, 0, -1)) and link(last, "next") is None


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("ai=minh", 12),
        ("viec=download&don-vi=570&ky=2024Q4&tu=2024-12-16&den=16/12/2024&ai=minh", 12),
        ("tu=2024-12-17", 0),
        ("den=15/12/2024", 0),
        ("viec=login", 0),
    ],
)
def test_what_is_asked_for_is_found(sign_in: SignIn, house: House, query: str, count: int) -> None:
    page = sign_in("quan").get(f"/nhat-ky?{query}").text
    assert len(numbers(page)) == count
    assert ("Không có mục nào" in page) == (count == 0)


@pytest.mark.parametrize(
    "query", ["tu=hôm qua", "den=2024-13-01", "truoc=x&sau=y", "truoc=999999999999999999999", "sau=0"]
)
def test_what_is_no_day_or_number_is_said_or_left_out(sign_in: SignIn, house: House, query: str) -> None:
    page = sign_in("quan").get(f"/nhat-ky?{query}")
    assert page.status_code == 200 and len(numbers(page.text)) == 50
    assert ("không phải là ngày" in page.text) == ("u=h" in query or "den" in query)


def test_words_and_no_markup_of_others(sign_in: SignIn, house: House) -> None:
    page = sign_in("quan").get("/nhat-ky").text
    assert "trang: Báo cáo &lt;b&gt;" in page and "<b>" not in page
    assert "tải về" in page and "Cam Lâm" in page


def test_the_file_is_whole_and_its_export_is_entered(sign_in: SignIn, house: House) -> None:
    answer = sign_in("quan").get("/nhat-ky/tep?ai=minh")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="nhat-ky-20241216-080000.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    stored = list(audit_search.every(house.engine, Wanted(who="minh")))
    assert [row["Mã mục này [digest]"] for row in rows] == [one.digest for one in stored]
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    (entered,) = audit_search.every(house.engine, Wanted(action="audit"))
    assert (entered.who, entered.about) == ("quan", '{"filter": ["tài khoản minh"]}')
    assert rows[0]["Lúc [at]"] == "2024-12-16 08:00:00" and rows[0]["Việc [action]"] == "tải về"


def test_a_login_that_is_a_formula_is_only_text(sign_in: SignIn, house: House) -> None:
    audit.enter(house.engine, Deed("login", who="=cmd|' /C calc'!A0", result="@sai"))
    answer = sign_in("quan").get("/nhat-ky/tep?viec=login")
    row = next(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert row["Tài khoản [who]"] == "'=cmd|' /C calc'!A0" and row["Kết quả [result]"] == "'@sai"


def test_the_look_at_the_trail_is_in_the_trail(sign_in: SignIn, house: House) -> None:
    browser = sign_in("quan")
    for _ in range(3):
        browser.get("/nhat-ky?ai=minh")
    (look,) = audit_search.every(house.engine, Wanted(action="view"))
    assert (look.who, look.about) == ("quan", '{"filter": ["tài khoản minh"], "page": "Nhật ký"}')
