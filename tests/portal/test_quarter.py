"""The quarter on one page: complete or not, who is missing and since when, and the very figures of the report."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from contracts.codes import PartitionState
from contracts.settings import Settings
from flows.place import stored_as_of
from flows.seen import mark
from portal.house import House
from reporting.context import build_context
from reporting.gather import gather
from reporting.page import Chart, ReportContext, Table
from tests.portal.conftest import SignIn
from tests.portal.released import again, bring
from tests.portal.screen import Screen
from warehouse import at_a_glance, ledger, tables
from warehouse.stages import Stage

PERIOD = "2024Q4"
PROVINCE = "56"
LOST = "Hệ thống một cửa điện tử huyện Khánh Sơn"
CONTACT = "Văn phòng HĐND và UBND huyện Khánh Sơn, ĐT 0258.000.0008 (số minh họa)"


def fail(house: House, *, at: str, monkeypatch: pytest.MonkeyPatch, error: str = "không kết nối được") -> None:
    """Khánh Sơn's newest attempt ends without figures, at that time."""
    monkeypatch.setenv("CCHC_NOW", at)
    ledger.begin_attempt(house.engine, PERIOD, "khanh-son")
    ledger.mark_failed(
        house.engine, PERIOD, "khanh-son",
        kind="SourceUnreachable", error=f"{LOST}: {error}", advice="kiểm tra mạng rồi chạy lại",
    )  # fmt: skip


def report(house: House) -> ReportContext:
    """What the province's report would print of what stands now."""
    place = house.place(PERIOD)
    as_of = stored_as_of(place)
    found = gather(
        house.engine, province=place.province, period=place.period, as_of=as_of, sources=place.sources()
    )  # fmt: skip
    return build_context(found, unit=None)


def screen(sign_in: SignIn, path: str = f"/ky/{PERIOD}") -> Screen:
    answer = sign_in("lan").get(path)
    assert answer.status_code == 200, answer.text
    return Screen(answer.text)


def same_figures(page: Screen, context: ReportContext) -> None:
    """Every figure of the page that is of the report, cell by cell."""
    blocks = [block for part in context.parts for block in part.blocks]
    chart = next(b for b in blocks if isinstance(b, Chart))
    bars = [[bar.name + (f"({bar.marks})" if bar.marks else ""), "", bar.value, bar.basis] for bar in chart.bars]
    assert page.table("bars")[1:] == bars
    assert len(bars) > 20
    (compared,) = [b for b in blocks if isinstance(b, Table) and b.caption.endswith("So sánh với quý III năm 2024")]
    assert page.table("report")[1:] == [[*row.cells] for row in compared.rows]
    for figure in context.key_figures:
        assert f"{figure.value}{f'({figure.marks})' if figure.marks else ''} {figure.label} {figure.basis}" in page.text
    for answer in context.answers:
        for line in (*answer.lines, *answer.alert):
            assert line in page.text


def test_a_whole_quarter_says_so_and_shows_the_figures_of_its_report(sign_in: SignIn, house: House) -> None:
    page = screen(sign_in)
    assert "Số liệu đầy đủ: 10 trên 10 nguồn đã nhận." in page.text
    assert "chưa đầy đủ" not in page.text
    assert "khác bản" not in page.text
    same_figures(page, report(house))


def test_a_failed_source_is_missing_at_once_with_why_since_when_and_whom_to_call(
    sign_in: SignIn, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = screen(sign_in)
    assert any(row[0] == "Huyện Khánh Sơn" for row in before.table("bars"))
    fail(house, at="2024-12-16T08:12:00+07:00", monkeypatch=monkeypatch)
    fail(house, at="2024-12-16T09:40:00+07:00", monkeypatch=monkeypatch, error="hết thời gian chờ")
    page = screen(sign_in)
    assert "Số liệu chưa đầy đủ: 9 trên 10 nguồn đã nhận; thiếu:" in page.text
    assert f"{LOST} (lỗi từ 08:12 16/12/2024) — gọi {CONTACT}" in page.text
    first, *_ = page.table("parts")[1:]
    assert first == [LOST, "lỗi", "–", "–", "–", "–", "3"]
    said = " ".join(page.table("parts")[2])
    for words in ("hết thời gian chờ", "kiểm tra mạng rồi chạy lại", "08:12 16/12/2024", CONTACT):
        assert words in said
    assert not any(row[0] == "Huyện Khánh Sơn" for row in page.table("bars"))
    assert "Huyện Khánh Sơn: – (hết thời gian chờ)" in page.text
    assert "số liệu dưới đây khác bản 1 dự thảo của báo cáo tỉnh" in page.text
    same_figures(page, report(house))


def test_it_is_said_how_far_the_printed_figures_have_come_and_whether_these_are_they(
    sign_in: SignIn, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole quarter is not yet an approved one; figures that moved since are not those that were published."""
    assert "Báo cáo tỉnh: bản 1 dự thảo. Số liệu dưới đây chưa được duyệt, còn có thể thay đổi." in screen(sign_in).text
    bring(house, PERIOD, PROVINCE, Stage.PUBLISHED)
    page = screen(sign_in)
    assert "Báo cáo tỉnh: bản 1 đã công bố" in page.text
    assert "chưa được duyệt" not in page.text
    again(house, PERIOD, PROVINCE, reason="đọc lại nguồn")
    page = screen(sign_in)
    assert "Báo cáo tỉnh: bản 1 đã công bố" in page.text
    assert "số liệu dưới đây khác bản 1" not in page.text
    assert "3 số liệu dưới đây khác bản 2 dự thảo của báo cáo tỉnh" in page.text
    fail(house, at="2024-12-17T10:00:00+07:00", monkeypatch=monkeypatch)
    page = screen(sign_in)
    assert "số liệu dưới đây khác bản 1 đã công bố của báo cáo tỉnh" in page.text
    assert "Bản 1 giữ nguyên và vẫn là bản được dùng. Xem khác gì bản 2" in page.text


def test_failing_began_after_the_last_good_load(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert at_a_glance.failing_since(house.engine, PERIOD) == {}
    fail(house, at="2024-12-16T08:12:00+07:00", monkeypatch=monkeypatch)
    since = at_a_glance.failing_since(house.engine, PERIOD)
    assert [*since] == ["khanh-son"]
    assert since["khanh-son"].isoformat() in {"2024-12-16T08:12:00+07:00", "2024-12-16T01:12:00+00:00"}
    with house.engine.begin() as connection:  # loaded again, and failed once more
        event = {"period_id": PERIOD, "source_id": "khanh-son", "attempt": 2, "detail": ""}
        for state, hour in ((PartitionState.LOADED, "10"), (PartitionState.NOT_RECEIVED, "11")):
            monkeypatch.setenv("CCHC_NOW", f"2024-12-16T{hour}:00:00+07:00")
            at = ledger.clock.now()
            connection.execute(tables.partition_event.insert().values(**event, state=state, at=at))
    assert at_a_glance.failing_since(house.engine, PERIOD)["khanh-son"] == at


def test_figures_of_several_days_are_not_shown_and_the_sources_are(sign_in: SignIn, house: House) -> None:
    with house.engine.begin() as connection:
        table = tables.partition
        day = ledger.partition(house.engine, PERIOD, "cam-lam").as_of
        assert day is not None
        chosen = (table.c.period_id == PERIOD) & (table.c.source_id == "cam-lam")
        connection.execute(update(table).where(chosen).values(as_of=day.replace(day=1)))
    page = screen(sign_in)
    assert "Không tính được số liệu của kỳ: số liệu đã lưu của kỳ 2024Q4 có nhiều ngày chốt khác nhau" in page.text
    assert "Số liệu chưa đầy đủ" in page.text
    assert len(page.table("parts")) == 11
    assert sign_in("lan").get(f"/ky/{PERIOD}/so-lieu").status_code == 409


@pytest.mark.parametrize("name", ["2019Q1", "last-quarter", "khong-co", "2024-01-01..2024-02-01", "2031Q1"])
def test_what_is_no_quarter_of_the_ledger_is_not_found(sign_in: SignIn, name: str) -> None:
    assert sign_in("lan").get(f"/ky/{name}").status_code == 404


def test_the_menu_marks_where_one_is(sign_in: SignIn) -> None:
    """Quarantine lies below a quarter, and has a link of its own."""
    for path, words in ((f"/ky/{PERIOD}", "Kỳ báo cáo"), (f"/ky/{PERIOD}/cach-ly", "Cách ly")):
        html = sign_in("lan").get(path).text
        assert re.findall(r'<a href="[^"]*" aria-current="page">([^<]+)</a>', html) == [words]


def test_the_newest_quarter_stands_first(sign_in: SignIn) -> None:
    (table,) = screen(sign_in, "/ky").tables
    assert [row[0] for row in table.rows[1:]] == ["Quý IV năm 2024", "Quý III năm 2024"]
    assert table.rows[1][1:] == ["15/09/2024 – 14/12/2024", "đủ 10/10", "10 dự thảo"]


def test_the_mark_moves_with_the_ledger_the_provinces_files_and_the_day(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept between two looks is kept by this mark."""
    folder = tmp_path / "province"
    shutil.copytree(house.settings.province_folder, folder)
    settings = Settings(province=folder)
    marks = [mark(house.engine, settings), mark(house.engine, settings)]
    assert marks[0] == marks[1]
    fail(house, at="2024-12-16T08:12:00+07:00", monkeypatch=monkeypatch)
    marks.append(mark(house.engine, settings))
    (folder / "breaks.toml").write_text("# nothing\n", encoding="utf-8")
    marks.append(mark(house.engine, settings))
    monkeypatch.setenv("CCHC_NOW", "2024-12-17T08:12:00+07:00")
    marks.append(mark(house.engine, settings))
    assert len({*marks[1:]}) == 4


@pytest.mark.parametrize("path", ["/bao-cao", "/ky"])
def test_what_should_have_run_is_told_where_one_comes_in(
    sign_in: SignIn, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "đáng lẽ đã chạy" not in screen(sign_in, path).text
    monkeypatch.setenv("CCHC_NOW", "2025-03-15T07:30:00+07:00")
    said = "Quý I năm 2025 đáng lẽ đã chạy sáng 15/03/2025 nhưng chưa chạy."
    assert f"{said} Báo bộ phận vận hành." in screen(sign_in, path).text
    assert f"{said} Lệnh xử lý: cchc run 2025Q1" in Screen(sign_in("truc").get(path).text).text
    if path == "/bao-cao":
        assert "đáng lẽ đã chạy" not in sign_in("xem").get(path).text


def test_a_preview_is_not_taken_for_the_report_of_the_whole_period(sign_in: SignIn, house: House) -> None:
    """In the list, on its own page, among what waits, and before it is checked."""
    pages = {"/bao-cao": "xem trước, kỳ chưa kết thúc", "/phe-duyet?ky=2024Q4": "Xem trước, kỳ chưa kết thúc"}
    pages[f"/bao-cao/{PERIOD}/{PROVINCE}"] = "Bản xem trước, không phải báo cáo cả kỳ"
    assert not [path for path, said in pages.items() if said in screen(sign_in, path).text]
    again(house, PERIOD, PROVINCE, reason="xem trước", as_of=date(2024, 12, 1))
    assert not [path for path, said in pages.items() if said not in screen(sign_in, path).text]
    said = "Bản xem trước, không phải báo cáo cả kỳ: số liệu mới đến hết ngày 01/12/2024, ngày chốt kỳ là 14/12/2024."
    assert screen(sign_in, f"/bao-cao/{PERIOD}/{PROVINCE}").text.count(said) == 2, "and among what is to be looked at"
