"""An operator at two in the morning: a source failed; who is to be called; run it again; what changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.portal.browser.conftest import Opens
from tests.portal.browser.real import RealPortal, portal_over
from tests.portal.browser.test_pages import unfit
from tests.quarter.command import Office
from warehouse import register

pytestmark = pytest.mark.xdist_group("browser")

RUN_MS = 600_000
"""A rerun reads a source, counts the quarter and prints two reports."""


@pytest.fixture
def lacking(clock: None, khanh_hoa_lacking: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPortal]:
    with portal_over(khanh_hoa_lacking, tmp_path_factory.mktemp("lacking") / "home") as found:
        yield found


def test_an_operator_sees_what_failed_runs_it_again_and_sees_what_changed(opens: Opens, lacking: RealPortal) -> None:
    truc = opens(at=lacking)
    page = truc.page
    truc.go("/ky/2024Q4")
    truc.sign_in("truc")
    page.get_by_role("heading", level=1, name="Quý IV năm 2024").wait_for()
    said = page.inner_text("main")
    assert "Số liệu chưa đầy đủ" in said and "9 trên 10 nguồn" in said
    assert unfit(page) == []
    page.get_by_role("row").filter(has_text="Cam Lâm").get_by_role("link", name="Hệ thống một cửa").first.click()
    said = page.inner_text("main")
    assert "không tìm thấy tệp «cam-lam.sqlite»" in said
    assert "0258.000.0003" in said
    assert unfit(page) == []

    lacking.office.cchc("demo", "mend", "cam-lam")
    page.get_by_role("link", name="Chạy lại").or_(page.get_by_role("button", name="Chạy lại")).first.click()
    said = page.inner_text("main")
    assert "Sẽ làm gì" in said and "Huyện Cam Lâm: đang là bản 2" in said
    assert unfit(page) == []
    page.get_by_role("button", name="Bắt đầu chạy lại").click()
    page.get_by_role("heading", level=1, name="Chạy lại số 1").wait_for()
    page.get_by_text("Đang chạy:").wait_for()
    assert unfit(page) == []
    page.get_by_role("heading", name="Báo cáo có bản mới").wait_for(timeout=RUN_MS)
    said = page.inner_text("main")
    assert "Kết thúc." in said and "Huyện Cam Lâm: bản 3" in said and "Tỉnh Khánh Hòa: bản 3" in said
    assert "số liệu khác bản 2" in said
    assert unfit(page) == []

    page.get_by_role("link", name="Huyện Cam Lâm: bản 3").click()
    page.get_by_role("heading", level=1, name="Huyện Cam Lâm – Quý IV năm 2024").wait_for()
    assert "Bản 3" in page.inner_text("main")
    newest = register.newest(lacking.engine, "2024Q4", "unit", "570")
    first = next(v for v in register.versions(lacking.engine, "2024Q4") if v.unit_code == "570")
    assert newest is not None and newest.version == 3
    assert newest.input_digest == first.input_digest, "as if the source had never been away"
    truc.go("/ky/2024Q4")
    assert "Số liệu đầy đủ" in page.inner_text("main")
