"""An outsider gets nowhere."""

from __future__ import annotations

import pytest

from tests.portal.browser.conftest import Opens

pytestmark = pytest.mark.xdist_group("browser")


def test_nobody_sees_but_the_page_to_sign_in_and_a_wrong_password_stays_there(opens: Opens) -> None:
    window = opens()
    assert window.go("/") == 200
    heading = window.page.get_by_role("heading", level=1)
    assert heading.inner_text() == "Đăng nhập"
    window.sign_in("lan", "sai rồi")
    assert heading.inner_text() == "Đăng nhập"
    assert "không đúng" in window.page.get_by_role("alert").inner_text()
    window.sign_in("lan")
    window.page.get_by_role("button", name="Đăng xuất").wait_for()
