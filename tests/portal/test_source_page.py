"""The page of a source: why it fails, since when, whom to call, what was tried; and the button for who may press it."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest

from contracts.settings import Settings
from portal.house import House
from tests.portal.conftest import SignIn
from tests.quarter.command import Office
from warehouse import ledger, requests
from warehouse.audit import Deed

PAGE = "/ky/2024Q4/nguon/cam-lam"


@pytest.fixture
def settings(khanh_hoa_lacking: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Cam Lâm's system was down when 2024Q4 was read again."""
    home = tmp_path / "home"
    (home / "khanh-hoa").mkdir(parents=True)
    shutil.copy(khanh_hoa_lacking.home / "khanh-hoa" / "warehouse.sqlite", home / "khanh-hoa")
    monkeypatch.setenv("CCHC_HOME", str(home))
    monkeypatch.setenv("CCHC_PORTAL_URL", "http://testserver")
    monkeypatch.setenv("CCHC_NOW", khanh_hoa_lacking.now)
    monkeypatch.setenv("CCHC_SYSTEMS", str(khanh_hoa_lacking.systems))
    return Settings()


def text_of(page: str) -> str:
    main = re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1].split("</main>", maxsplit=1)[0])
    return " ".join(html.unescape(main).split())


def test_a_failed_source_says_why_since_when_and_whom_to_call(sign_in: SignIn) -> None:
    said = text_of(sign_in("truc").get(PAGE).text)
    assert "Hệ thống một cửa điện tử huyện Cam Lâm lỗi từ 08:00 16/12/2024" in said
    assert "Lý do: không tìm thấy tệp «cam-lam.sqlite»." in said
    assert "Việc cần làm: liên hệ Văn phòng HĐND và UBND huyện Cam Lâm, ĐT 0258.000.0003" in said
    assert "Gọi ai: Văn phòng HĐND và UBND huyện Cam Lâm, ĐT 0258.000.0003" in said


def test_what_is_of_an_earlier_reading_is_not_shown_as_of_this_one(sign_in: SignIn, house: House) -> None:
    known = ledger.partition(house.engine, "2024Q4", "cam-lam")
    said = text_of(sign_in("lan").get(PAGE).text)
    assert f"5.542 dòng, bản trích xuất {known.landing_id}" in said
    assert "Dòng đã đọc – Chấp nhận – Cách ly – Số liệu chốt đến hết ngày –" in said
    assert "danh sách của lần đọc trước" in said


def test_findings_with_their_regulation(sign_in: SignIn) -> None:
    said = text_of(sign_in("lan").get(PAGE).text)
    assert "Hồ sơ không có ngày tiếp nhận; đề nghị bổ sung ngày tiếp nhận. dates.received_present Loại ra 1" in said
    assert "Nghị định số 61/2018/NĐ-CP" in said


def test_each_attempt_and_whose_it_was(sign_in: SignIn, house: House) -> None:
    said = text_of(sign_in("lan").get(PAGE).text)
    steps = r"Lần 1: đã tổng hợp .* theo lịch hoặc bằng lệnh; .* nhận 5540 dòng, cách ly 2 dòng"
    assert re.search(steps, said)
    attempts = ledger.partition(house.engine, "2024Q4", "cam-lam").attempt
    assert said.index(f"Lần {attempts}: LỖI") < said.index("Lần 1: "), "the newest first"
    _asked_by("truc", house, attempt=attempts)
    said = text_of(sign_in("lan").get(PAGE).text)
    assert re.search(rf"Lần {attempts}: LỖI [\d:/ ]+, truc bấm chạy lại", said)
    assert re.search(r"Lần 1: đã tổng hợp [\d:/ ]+, theo lịch hoặc bằng lệnh", said)


def _asked_by(login: str, house: House, *, attempt: int) -> None:
    """As if that attempt had been asked for here."""
    stand = '{"sources": {"cam-lam": {"state": "failed", "attempt": %d, "rows": null, "accepted": null,'
    stand += ' "quarantined": null}}, "reports": []}'
    asked = requests.ask(house.engine, "2024Q4", sources=["cam-lam"], fresh=True, deed=Deed("rerun", who=login))
    requests.begin(house.engine, asked.id, before=stand % (attempt - 1))
    requests.end(house.engine, asked.id, exit_code=3, said="", after=stand % attempt)


def test_the_button_is_for_who_may_press_it(sign_in: SignIn) -> None:
    assert 'action="/ky/2024Q4/chay-lai"' in sign_in("truc").get(PAGE).text
    assert 'action="/ky/2024Q4/chay-lai"' not in sign_in("lan").get(PAGE).text


def test_while_a_rerun_goes_on_there_is_no_button(sign_in: SignIn, house: House) -> None:
    asked = requests.ask(house.engine, "2024Q4", sources=["nha-trang"], fresh=True, deed=Deed("rerun", who="truc"))
    page = sign_in("truc").get(PAGE).text
    assert 'action="/ky/2024Q4/chay-lai"' not in page
    assert f'href="/chay-lai/{asked.id}"' in page


def test_the_page_holds_no_code_of_a_dossier(sign_in: SignIn) -> None:
    answer = sign_in("truc").get(PAGE)
    assert answer.status_code == 200
    assert not re.search(r"H32[\d.]*-\d{6}-\d{4}", answer.text)


@pytest.mark.parametrize("path", ["/ky/2024Q4/nguon/khong-co", "/ky/2019Q1/nguon/cam-lam", "/ky/2024Q4/nguon/CAM-LAM"])
def test_what_is_not_there(sign_in: SignIn, path: str) -> None:
    assert sign_in("truc").get(path).status_code == 404


def test_all_that_failed_have_one_button_on_the_quarters_page(sign_in: SignIn) -> None:
    button = "Chạy lại mọi nguồn chưa có số liệu"
    assert button in sign_in("truc").get("/ky/2024Q4").text
    assert button not in sign_in("lan").get("/ky/2024Q4").text
    assert button not in sign_in("truc").get("/ky/2024Q3").text, "nothing is missing there"
