"""An outsider gets nowhere: nobody, somebody of another unit, a guesser of passwords, another site."""

from __future__ import annotations

import re

import pytest

from tests.portal.browser.conftest import Opens
from tests.portal.browser.real import RELEASED
from tests.portal.conftest import OTHER_CODE, OWN_CODE
from tests.portal.test_rights import PATHS, ROWS

pytestmark = pytest.mark.xdist_group("browser")
PARTS = {**PATHS, "unit": OWN_CODE, "indicator": "ON_TIME_RESOLVED", "kind": "pdf", "source": "cam-lam"}
"""What stands in addresses; «1» for everything else."""


def test_nobody_sees_but_the_page_to_sign_in_and_then_comes_where_he_wanted(opens: Opens) -> None:
    window = opens()
    window.go(f"/bao-cao/{RELEASED}/{OWN_CODE}")
    heading = window.page.get_by_role("heading", level=1)
    assert heading.inner_text() == "Đăng nhập"
    window.sign_in("xem", "sai rồi")
    assert heading.inner_text() == "Đăng nhập"
    assert "không đúng" in window.page.get_by_role("alert").inner_text()
    window.sign_in("xem")
    window.page.get_by_role("heading", level=1, name="Cam Lâm").wait_for()
    window.page.get_by_role("button", name="Đăng xuất").click()
    window.page.get_by_role("heading", level=1, name="Đăng nhập").or_(
        window.page.get_by_text("đã đăng xuất")
    ).first.wait_for()
    window.go(f"/bao-cao/{RELEASED}/{OWN_CODE}")
    assert heading.inner_text() == "Đăng nhập"


def test_every_address_leads_nobody_to_the_page_to_sign_in(opens: Opens) -> None:
    """Typed by hand; what is no page (a file, a feed) as well."""
    window = opens()
    paths = sorted({row.path for row in ROWS if row.method == "GET" and row.expected["khách"] == "vào"})
    assert len(paths) > 10
    for path in paths:
        typed = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: PARTS.get(found[1], "1"), path)
        assert window.go(typed) == 200
        assert window.page.get_by_role("heading", level=1).inner_text() == "Đăng nhập", typed


def test_who_belongs_to_one_district_gets_nothing_of_another(opens: Opens) -> None:
    window = opens("xem")
    assert window.go("/bao-cao") == 200
    assert "Nha Trang" not in window.page.inner_text("main")
    assert window.go(f"/bao-cao/{RELEASED}/{OWN_CODE}") == 200
    for path in (
        f"/bao-cao/{RELEASED}/{OTHER_CODE}",
        f"/bao-cao/{RELEASED}/{OTHER_CODE}/1/pdf",
        f"/bao-cao/{RELEASED}/56/1/pdf",
        f"/bao-cao/2024Q4/{OWN_CODE}/1/pdf",  # the own unit's, but a draft
        "/bao-cao/../khanh-hoa/warehouse.sqlite",
        "/tinh/%2e%2e/pages.py",
    ):
        assert window.go(path) == 404, path
        assert "Nha Trang" not in window.page.inner_text("main")
    for path in ("/ky/2024Q4", "/tai-khoan"):
        assert window.go(path) == 403, path


def test_whoever_guesses_passwords_is_locked_out_and_the_right_one_is_then_refused_too(opens: Opens) -> None:
    window = opens()
    window.go("/dang-nhap")
    for attempt in range(12):
        window.sign_in("khoa", f"mật khẩu thứ {attempt}")
        window.page.get_by_role("alert").wait_for()
    window.sign_in("khoa")
    window.page.get_by_role("alert").wait_for()
    assert window.page.get_by_role("heading", level=1).inner_text() == "Đăng nhập"
    assert not [one for one in window.page.context.cookies() if one["name"] == "cchc"]


def test_a_form_on_another_site_signs_nobody_out(opens: Opens) -> None:
    """A page of somebody else, opened in the same browser, sends our form: nothing happens."""
    window = opens("lan")
    window.go("/bao-cao")
    stranger = window.page.context.new_page()
    stranger.route("http://khac.example/", lambda route: route.fulfill(content_type="text/html", body=STOLEN))
    stranger.goto("http://khac.example/")
    stranger.evaluate(f"document.forms[0].action = '{window.portal.address}/dang-xuat'")
    with stranger.expect_navigation() as gone:
        stranger.get_by_role("button").click()
    assert gone.value.status == 403
    window.asked[:] = [one for one in window.asked if not one.url.startswith("http://khac.example/")]
    window.page.reload()
    window.page.get_by_role("button", name="Đăng xuất").wait_for()


STOLEN = """<!doctype html><title>Khác</title><form method="post">
<input name="form_token" value="0000"><button>Nhận quà</button></form>"""
