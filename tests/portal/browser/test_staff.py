"""Staff find, look at, check, approve, publish and download a quarter: two people, their own words and clicks."""

from __future__ import annotations

import hashlib
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page
from pypdf import PdfReader

from tests.portal.browser.conftest import Opens, Window
from tests.portal.browser.real import PASSWORD, RealPortal
from tests.portal.browser.test_pages import unfit
from warehouse import register

pytestmark = pytest.mark.xdist_group("browser")

REPORT = "Tỉnh Khánh Hòa – Quý IV năm 2024"


def downloaded(window: Window, link: Locator, to: Path) -> Path:
    """What comes when somebody clicks there."""
    with window.page.expect_download() as coming:
        link.click()
    file = to / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def pages_of(pdf: Path) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(pdf).pages]


def in_table(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True)


def test_staff_find_look_check_approve_publish_and_download(opens: Opens, portal: RealPortal, tmp_path: Path) -> None:
    registered = register.newest(portal.engine, "2024Q4", "province", "56")
    assert registered is not None
    lan = opens()
    _finds(lan)
    _a_draft_is_marked(lan, registered.sha256, tmp_path)
    _looks_at_the_quarter(lan)
    _takes(lan, "Kiểm tra", remark="Đã đối chiếu số liệu với các huyện.", tmp_path=tmp_path)
    _cannot_approve_alone(lan)

    minh = opens()
    minh.go("/")
    minh.sign_in("minh")
    minh.page.get_by_role("combobox", name="Kỳ", exact=True).select_option("Quý IV năm 2024")
    minh.page.get_by_role("button", name="Tìm").click()
    in_table(minh.page, "Tỉnh Khánh Hòa").click()
    _takes(minh, "Duyệt", remark="Đồng ý.", tmp_path=tmp_path)
    _takes(minh, "Công bố", remark="Báo cáo số 12/BC-UBND")

    lan.page.reload()
    assert lan.page.locator("main .state").first.inner_text() == "đã công bố"
    file = downloaded(lan, lan.page.get_by_role("link", name="Tải về Báo cáo (PDF)"), tmp_path)
    assert sha256(file) == registered.sha256
    assert lan.page.get_by_role("cell", name=registered.sha256).count() == 1
    _zip_of_the_quarter(lan, file.name, registered.sha256, tmp_path)
    _all_of_it_is_in_the_audit(opens, portal)


def _finds(lan: Window) -> None:
    lan.go("/")
    lan.sign_in("lan", PASSWORD)
    lan.page.get_by_role("heading", level=1, name="Báo cáo").wait_for()
    lan.page.get_by_label("Đơn vị").fill("khanh hoa")
    lan.page.get_by_role("combobox", name="Kỳ", exact=True).select_option("Quý IV năm 2024")
    lan.page.get_by_role("button", name="Tìm").click()
    in_table(lan.page, "Tỉnh Khánh Hòa").click()
    lan.page.get_by_role("heading", level=1, name=REPORT).wait_for()
    assert lan.page.locator("main .state").first.inner_text() == "dự thảo"


def _a_draft_is_marked(lan: Window, registered: str, tmp_path: Path) -> None:
    file = downloaded(lan, lan.page.get_by_role("link", name="Tải về Báo cáo (PDF)"), tmp_path)
    pages = pages_of(file)
    assert len(pages) > 20
    assert all("DỰ THẢO" in page for page in pages)
    assert sha256(file) != registered
    file.unlink()


def _looks_at_the_quarter(lan: Window) -> None:
    """The share on the quarter's page opens to the two counts that stand below it there."""
    lan.page.get_by_role("navigation", name="Chính").get_by_role("link", name="Kỳ báo cáo").click()
    lan.page.get_by_role("link", name="Quý IV năm 2024").first.click()
    card = lan.page.locator("li").filter(has_text="trước hạn và đúng hạn").first
    share, counts = (
        card.get_by_role("link").inner_text().split()[0],
        re.findall(r"[\d.]+(?=/)|(?<=/)[\d.]+", card.inner_text()),
    )
    assert "%" in share and len(counts) == 2
    card.get_by_role("link").click()
    said = lan.page.locator("main").inner_text()
    assert share in said and all(count in said for count in counts)
    assert "Công thức" in said
    lan.page.get_by_role("navigation", name="Chính").get_by_role("link", name="Báo cáo", exact=True).click()
    lan.page.get_by_role("combobox", name="Kỳ", exact=True).select_option("Quý IV năm 2024")
    lan.page.get_by_role("button", name="Tìm").click()
    in_table(lan.page, "Tỉnh Khánh Hòa").click()


def _takes(window: Window, step: str, *, remark: str, tmp_path: Path | None = None) -> None:
    """Opens the PDF where the step demands it, reads what the page tells, ticks, writes, presses."""
    page = window.page
    if tmp_path is not None:
        downloaded(window, page.get_by_role("link", name="Tải về Báo cáo (PDF)"), tmp_path).unlink()
        page.reload()
    page.get_by_role("link", name=f"{step}…").click()
    assert unfit(page) == []
    if tmp_path is not None:
        page.get_by_label("Tôi đã mở và đọc bản PDF này").check()
    page.get_by_label("Ý kiến").fill(remark)
    page.get_by_role("button", name=f"{step} bản 1").click()
    page.get_by_role("heading", level=1, name=REPORT).wait_for()
    assert remark in page.locator("main").inner_text()


def _cannot_approve_alone(lan: Window) -> None:
    assert lan.page.get_by_role("link", name="Duyệt…").count() == 0
    assert "Chưa duyệt được" in lan.page.locator("main").inner_text()


def _zip_of_the_quarter(lan: Window, name: str, registered: str, tmp_path: Path) -> None:
    lan.page.get_by_role("navigation", name="Chính").get_by_role("link", name="Báo cáo", exact=True).click()
    packed = downloaded(lan, in_table(lan.page, "Quý IV năm 2024"), tmp_path)
    with zipfile.ZipFile(packed) as opened:
        opened.extractall(tmp_path / "zip")
    assert sha256(tmp_path / "zip" / name) == registered
    told = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"], cwd=tmp_path / "zip", capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert f"{name}: OK" in told.stdout
    assert "Huyện Cam Lâm: bản 1 dự thảo, chưa duyệt" in (tmp_path / "zip" / "DANH-SACH.txt").read_text("utf-8-sig")


def _all_of_it_is_in_the_audit(opens: Opens, portal: RealPortal) -> None:
    quan = opens("quan")
    quan.go("/nhat-ky")
    done = []
    for login in ("lan", "minh"):
        quan.page.get_by_role("combobox", name="Tài khoản", exact=True).select_option(login)
        quan.page.get_by_role("button", name="Tìm").click()
        done.append({row.get_by_role("cell").nth(2).inner_text() for row in quan.page.get_by_role("row").all()[1:]})
    assert done[0] >= {"đăng nhập", "xem", "tải về", "kiểm tra"} and "duyệt" not in done[0]
    assert done[1] >= {"đăng nhập", "tải về", "duyệt", "công bố"} and "kiểm tra" not in done[1]
    portal.office.cchc("audit", "verify")


def test_without_scripts_the_way_is_the_same(opens: Opens, portal: RealPortal, tmp_path: Path) -> None:
    lan = opens(scripts=False)
    lan.go("/")
    lan.sign_in("lan")
    lan.page.get_by_label("Đơn vị").fill("dien khanh")
    lan.page.get_by_role("button", name="Tìm").click()
    assert lan.page.get_by_role("row").count() == 3  # the head, and two quarters
    in_table(lan.page, "Huyện Diên Khánh").first.click()
    downloaded(lan, lan.page.get_by_role("link", name="Tải về Báo cáo (PDF)"), tmp_path)
    lan.page.reload()
    lan.page.get_by_role("link", name="Kiểm tra…").click()
    lan.page.get_by_label("Tôi đã mở và đọc bản PDF này").check()
    lan.page.get_by_role("button", name="Kiểm tra bản 1").click()
    assert lan.page.locator("main .state").first.inner_text() == "đã kiểm tra"
    for path in ("/ky/2024Q4", "/ky/2024Q4/so-lieu/570/ON_TIME_RESOLVED", "/ky/2024Q4/cach-ly", "/bao-cao/tin"):
        assert lan.go(path) == 200
    lan.page.get_by_role("button", name="Đăng xuất").click()
    assert lan.go("/bao-cao") == 200 and lan.page.get_by_label("Mật khẩu").count() == 1


def test_a_download_is_reached_by_the_keyboard_alone(opens: Opens, portal: RealPortal, tmp_path: Path) -> None:
    """From signing in; wherever the focus comes, it is seen."""
    lan = opens()
    lan.go("/")
    page = lan.page
    page.keyboard.type("lan")  # the first field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Báo cáo").wait_for()
    page.keyboard.press("Tab")
    assert focused(page) == "Đến nội dung chính"
    page.keyboard.press("Enter")
    tab_to(page, "Tải PDF Huyện Cam Lâm, Quý III năm 2024")
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    registered = register.newest(portal.engine, "2024Q3", "unit", "570")
    assert registered is not None
    coming.value.save_as(tmp_path / "report.pdf")
    assert sha256(tmp_path / "report.pdf") == registered.sha256


def focused(page: Page) -> str:
    """The words of what has the focus, as a screen reader has them: with those that are not seen."""
    words: str = page.evaluate("document.activeElement.textContent")
    return " ".join(words.split())


def tab_to(page: Page, words: str) -> None:
    for _ in range(120):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline not in {"none", "hidden"}, f"nobody sees the focus on «{focused(page)}»"
        if focused(page) == words:
            return
    raise AssertionError(f"«{words}» is not reached")
