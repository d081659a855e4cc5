"""What goes back to the owner of a source says what the warehouse holds, all of it in the workbook, and no more."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import Engine, update

from contracts.codes import Severity
from contracts.comparisons import UNUSUAL_CHANGE
from contracts.corrections import Correction
from contracts.errors import CriticalCheckError, SourceError
from flows import comparisons
from flows.one_source import process_partition
from flows.place import Place
from reporting.feedback import workbook
from reporting.feedback.findings import Feedback, Finding, Outcome
from reporting.feedback.gather import gather
from reporting.feedback.make import Made, make
from reporting.feedback.sheet import page_of
from reporting.feedback.words import HIDDEN_CODE, MARK, NO_CODE, REPLY, code_text
from tests.quarter.stages import Stages, stages
from tests.quarter.test_across import BOTH, HERE, OWN, THERE, settle
from tests.quarter.test_changes import LATE, alter
from tests.quarter.test_planning import DOSSIER, after_the_quarter, build, load, place, send_workbook
from tests.reporting.pdf import sheets
from warehouse import comparisons as stored_comparisons
from warehouse import ledger, read, tables
from warehouse.database import writing

__all__ = ["after_the_quarter", "stages"]
pytestmark = pytest.mark.xdist_group("what goes back")

SOUND = [{**DOSSIER, "MaHoSo": f"000.00.32.H32-240801-{n:04}"} for n in range(200)]
UNDATED = {**DOSSIER, "MaHoSo": "000.00.32.H32-240801-9001", "TrangThai": "9"}
TWO_ERRORS = {**DOSSIER, "MaHoSo": "000.00.32.H32-240801-9002", "TrangThai": "9", "KenhThucHien": "?"}
ERROR_AND_WARNING = {**UNDATED, "MaHoSo": "000.00.32.H32-240801-9003", "NgayHenTra": ""}
NO_DUE = {**DOSSIER, "MaHoSo": "000.00.32.H32-240801-9004", "NgayHenTra": ""}
DEFECTS = [UNDATED, TWO_ERRORS, ERROR_AND_WARNING, NO_DUE]
FORMULAS = ["=1+2", "+84-1", "-2+3", "@SUM(1)", "=HYPERLINK(1)", "0001.20", "000123"]


def found(at: Place, source_id: str) -> Feedback:
    sources = at.sources()
    return gather(
        at.open_warehouse(),
        province=at.province,
        period=at.period,
        source=at.source(source_id),
        sources=sources,
        counted_root=at.home / "counted",
    )


def text(made: Made) -> str:
    return " ".join(sheet.text for sheet in sheets(made.pdf))


def book(made: Made) -> dict[str, list[list[Any]]]:
    """Sheet → its rows; of a list those below the head, of the summary all."""
    read_back = openpyxl.load_workbook(made.workbook)
    rows = {s.title: [[cell.value for cell in row] for row in s.iter_rows()] for s in read_back}
    return {
        name: cells if name == "Tổng hợp" else [r for r in cells[3:] if r[1] is not None]
        for name, cells in rows.items()
    }


def codes(rows: list[list[Any]]) -> list[str]:
    return [row[1] for row in rows]


@pytest.fixture
def mixed(stages: Stages) -> Place:
    at = place()
    stages.reach("mixed", lambda: load(at, "cam-lam", rows=[*SOUND, *DEFECTS]))
    return at


def test_the_figures_of_pdf_workbook_and_warehouse_are_the_same(mixed: Place, tmp_path: Path) -> None:
    known = ledger.partition(mixed.open_warehouse(), "2024Q4", "cam-lam")
    assert (known.rows, known.accepted, known.quarantined) == (204, 201, 3)
    made = make(found(mixed, "cam-lam"), tmp_path)
    assert "204 dòng hồ sơ = 201 được chấp nhận + 3 bị cách ly" in text(made)
    summary = {row[0]: row[1] for row in book(made)["Tổng hợp"]}
    assert [summary[n] for n in ("Dòng hồ sơ đã đọc", "Được chấp nhận", "Bị cách ly", "Được tính, có cảnh báo")] == [
        *(204, 201, 3, 1)
    ]
    stored = read.findings(mixed.open_warehouse(), "2024Q4")
    rows = {r[6]: r[2] for r in book(made)["Tổng hợp"] if isinstance(r[2], int)}
    assert rows == dict(zip(stored["rule_id"], stored["rows"], strict=True))
    listed = [*book(made)["Phải sửa"], *book(made)["Cảnh báo"]]
    assert {rule: sum(rule in row for row in listed) for rule in rows} == rows


def test_the_workbook_does_not_point_at_itself(mixed: Place, tmp_path: Path) -> None:
    made = make(found(mixed, "cam-lam"), tmp_path)
    assert "ở tệp Excel kèm theo" in text(made)
    said = str(book(made)["Tổng hợp"])
    assert "kèm theo" not in said
    assert "của tệp này" in said


def test_what_to_mend_first_comes_first(mixed: Place) -> None:
    findings = found(mixed, "cam-lam").findings
    assert [(f.rule_id, f.rows) for f in findings] == [
        ("statuses.resolved_dated", 3),
        ("statuses.channel_known", 1),
        ("dates.due_present", 2),
    ]


def test_a_dossier_with_several_errors_stands_under_each_and_counts_once(mixed: Place, tmp_path: Path) -> None:
    made = make(found(mixed, "cam-lam"), tmp_path)
    to_mend = book(made)["Phải sửa"]
    assert codes(to_mend).count(TWO_ERRORS["MaHoSo"]) == 2
    assert {row[6] for row in to_mend if row[1] == TWO_ERRORS["MaHoSo"]} == {2}
    assert len(set(codes(to_mend))) == 3 == ledger.partition(mixed.open_warehouse(), "2024Q4", "cam-lam").quarantined


def test_a_warning_says_which_of_its_rows_do_not_count(mixed: Place, tmp_path: Path) -> None:
    warned = {row[1]: row[2] for row in book(make(found(mixed, "cam-lam"), tmp_path))["Cảnh báo"]}
    assert warned[ERROR_AND_WARNING["MaHoSo"]].endswith("; đang bị cách ly")
    assert "cách ly" not in warned[NO_DUE["MaHoSo"]]


def test_days_are_days_and_numbers_numbers(mixed: Place, tmp_path: Path) -> None:
    made = make(found(mixed, "cam-lam"), tmp_path)
    sheet = openpyxl.load_workbook(made.workbook)["Cảnh báo"]
    (row,) = [r for r in sheet.iter_rows() if r[1].value == NO_DUE["MaHoSo"]]
    assert (row[6].value, row[6].number_format, row[7].value) == (datetime(2024, 8, 1), "dd/mm/yyyy", None)
    assert isinstance(row[0].value, int)
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref == "A3:K5"
    assert [c.value for c in sheet[3]][5] == REPLY


def test_a_code_is_never_a_formula(tmp_path: Path) -> None:
    at = place()
    odd = [{**UNDATED, "MaHoSo": code} for code in FORMULAS]
    load(at, "cam-lam", rows=[*SOUND, *odd])
    made = make(found(at, "cam-lam"), tmp_path)
    to_mend = openpyxl.load_workbook(made.workbook)["Phải sửa"]
    cells = {row[1].value: row[1] for row in to_mend.iter_rows(min_row=4)}
    assert set(FORMULAS) <= set(cells)
    for code in FORMULAS:
        assert (cells[code].data_type, cells[code].quotePrefix, cells[code].number_format) == ("s", True, "@")
        assert code in text(made)
    with zipfile.ZipFile(made.workbook) as parts:
        written = "".join(parts.read(n).decode() for n in parts.namelist() if n.startswith("xl/worksheets/"))
    assert "<f>" not in written
    assert "<hyperlink" not in written


@pytest.mark.parametrize("slipped", ["Nguyễn Văn An", "NguyenVanAn", "0912345678", "an1@xa.vn", "Tổ 3 Diên An", ""])
def test_what_is_no_code_is_not_repeated(slipped: str) -> None:
    assert code_text(slipped) == (HIDDEN_CODE if slipped else NO_CODE)


def test_a_name_in_the_place_of_a_code_does_not_go_out(tmp_path: Path) -> None:
    at = place()
    load(at, "cam-lam", rows=[*SOUND, {**UNDATED, "MaHoSo": "Nguyễn Văn An"}])
    made = make(found(at, "cam-lam"), tmp_path)
    with zipfile.ZipFile(made.workbook) as parts:
        written = "".join(parts.read(n).decode() for n in parts.namelist())
    assert "Nguyễn" not in text(made) + written
    assert HIDDEN_CODE in codes(book(made)["Phải sửa"])


def test_the_same_again_is_the_same_bytes(mixed: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make(found(mixed, "cam-lam"), tmp_path / "first")
    monkeypatch.setenv("CCHC_NOW", "2025-03-01T08:00:00+07:00")
    second = make(found(mixed, "cam-lam"), tmp_path / "second")
    assert first.pdf.read_bytes() == second.pdf.read_bytes()
    assert first.workbook.read_bytes() == second.workbook.read_bytes()


def test_only_its_owner_may_read_it(mixed: Place, tmp_path: Path) -> None:
    made = make(found(mixed, "cam-lam"), tmp_path / "feedback" / "2024Q4")
    assert [p.stat().st_mode & 0o777 for p in (made.pdf, made.workbook)] == [0o640, 0o640]
    assert [p.stat().st_mode & 0o777 for p in (tmp_path / "feedback", made.pdf.parent)] == [0o750, 0o750]
    for sheet in sheets(made.pdf):
        assert MARK in sheet.text


def test_a_source_with_nothing_wrong_is_told_so(tmp_path: Path) -> None:
    at = place()
    load(at, "cam-lam", rows=SOUND)
    feedback = found(at, "cam-lam")
    made = make(feedback, tmp_path)
    assert "Không phát hiện nội dung nào phải sửa" in text(made)
    assert page_of(feedback).parts == ()
    assert made.pages == 1
    lists = book(made)
    assert not any(lists[name] for name in lists if name != "Tổng hợp")


def test_many_are_listed_in_the_workbook_and_few_in_the_pdf(tmp_path: Path) -> None:
    at = place()
    many = [{**UNDATED, "MaHoSo": f"000.00.32.H32-240801-9{n:03}"} for n in range(100)]
    load(at, "cam-lam", rows=[*({**DOSSIER, "MaHoSo": f"000.00.32.H32-240801-{n:04}"} for n in range(2_000)), *many])
    made = make(found(at, "cam-lam"), tmp_path)
    assert codes(book(made)["Phải sửa"]) == [row["MaHoSo"] for row in many]
    assert "và 85 hồ sơ khác, xem tệp Excel, trang «Phải sửa»" in text(made)
    assert text(made).count("000.00.32.H32-240801-9") == 15


def test_what_a_sheet_of_excel_cannot_hold_is_said(
    mixed: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "ROWS", 3)
    made = make(found(mixed, "cam-lam"), tmp_path)
    sheet = openpyxl.load_workbook(made.workbook)["Phải sửa"]
    assert (sheet.max_row, sheet["A2"].value) == (6, f"{MARK}. Còn 1 dòng không ghi được vào một trang Excel")


# A source that does not stand in the report


@pytest.fixture
def refused() -> Place:
    at = place()
    with pytest.raises(SourceError, match="quá mức cho phép"):
        load(at, "cam-lam", rows=[*SOUND[:10], *DEFECTS])
    engine = at.open_warehouse()
    ledger.mark_failed(engine, "2024Q4", "cam-lam", kind="SourceError", error="quá mức cho phép", advice="")
    return at


def test_a_refused_source_gets_the_list_that_it_was_refused_for(refused: Place, tmp_path: Path) -> None:
    feedback = found(refused, "cam-lam")
    assert feedback.outcome is Outcome.REFUSED
    made = make(feedback, tmp_path)
    assert "CHƯA được đưa vào báo cáo" in text(made)
    assert "14 dòng hồ sơ = 11 được chấp nhận + 3 bị cách ly" in text(made)
    assert set(codes(book(made)["Phải sửa"])) == {row["MaHoSo"] for row in DEFECTS[:3]}


def test_what_of_it_cannot_be_listed_is_said(refused: Place, tmp_path: Path) -> None:
    """Rows that count and are warned of are kept with the figures, and there are none."""
    feedback = found(refused, "cam-lam")
    assert feedback.warned is None
    assert "1 hồ sơ chưa liệt kê được" in text(make(feedback, tmp_path))


def test_nothing_of_a_refused_source_is_said_to_count(refused: Place, tmp_path: Path) -> None:
    made = make(found(refused, "cam-lam"), tmp_path)
    said = text(made) + str(book(made))
    assert "Cảnh báo cần rà soát" in said
    assert "vẫn được tính" not in said
    assert "Vẫn tính" not in said


def test_a_refused_source_is_not_told_what_an_older_attempt_carried_over() -> None:
    """Its figures were compared while they stood; the ones that were refused were not."""
    before, at = place("2024Q3"), place()
    load(before, "cam-lam", rows=LATE)
    load(at, "cam-lam", rows=LATE[:2])
    comparisons.compare(at.open_warehouse(), at)
    assert found(at, "cam-lam").breaks_continuity
    with pytest.raises(SourceError, match="quá mức cho phép"):
        load(at, "cam-lam", rows=[*LATE[:2], *DEFECTS])
    ledger.mark_failed(at.open_warehouse(), "2024Q4", "cam-lam", kind="SourceError", error="quá mức", advice="")
    feedback = found(at, "cam-lam")
    assert feedback.outcome is Outcome.REFUSED
    assert not feedback.breaks_continuity


def test_a_source_that_failed_is_told_what_since_when_and_what_to_do(
    mixed: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the older, good read: its figures do not stand any more."""
    engine = mixed.open_warehouse()
    for day in ("2024-12-17", "2024-12-18"):
        monkeypatch.setenv("CCHC_NOW", f"{day}T09:30:00+07:00")
        ledger.begin_attempt(engine, "2024Q4", "cam-lam")
        said = {"error": "Cam Lâm: không kết nối được cơ sở dữ liệu", "advice": "xem /srv/cchc"}
        ledger.mark_failed(engine, "2024Q4", "cam-lam", kind="SourceUnreachable", **said)
    feedback = found(mixed, "cam-lam")
    made = make(feedback, tmp_path)
    assert "không kết nối được cơ sở dữ liệu" in text(made)
    lines = {line.label: line.text for line in page_of(feedback).lines}
    assert lines["Thiếu số liệu từ"] == "lúc 09:30 ngày 17/12/2024"
    assert lines["Số lượt đã đọc"] == "3; lần gần nhất lúc 09:30 ngày 18/12/2024"
    assert "09:30 ngày 17/12/2024" in text(made)
    assert "Kiểm tra hệ thống đang chạy" in text(made)
    assert "/srv/cchc" not in text(made)
    assert "240801-9001" not in text(made)
    assert list(book(made)) == ["Tổng hợp"]


def test_a_fault_of_ours_is_not_laid_at_their_door(mixed: Place, tmp_path: Path) -> None:
    engine = mixed.open_warehouse()
    ledger.begin_attempt(engine, "2024Q4", "cam-lam")
    ledger.mark_failed(engine, "2024Q4", "cam-lam", kind="bug", error="KeyError tại /srv/cchc/x.py", advice="")
    said = text(make(found(mixed, "cam-lam"), tmp_path))
    assert "Lỗi ở phía đơn vị tổng hợp" in said
    assert "KeyError" not in said


def test_a_workbook_that_was_not_sent_is_asked_for(tmp_path: Path) -> None:
    at = place()
    engine = at.open_warehouse()
    ledger.expect(engine, "2024Q4", at.province.source_ids())
    with pytest.raises(SourceError):
        process_partition.fn(**at.words, source="truong-sa", action="extract")
    said = text(make(found(at, "truong-sa"), tmp_path))
    assert "chưa nhận được" in said
    assert "Gửi số liệu còn thiếu" in said


def test_a_source_that_nobody_has_read_yet(tmp_path: Path) -> None:
    at = place()
    assert "chưa được đọc" in text(make(found(at, "cam-lam"), tmp_path))


# Changes, dossiers of two systems, what was carried over


def test_a_rewritten_date_is_shown_with_what_was(tmp_path: Path) -> None:
    at = place()
    _, job = load(at, "cam-lam", rows=LATE)
    alter(
        job.source,
        "DELETE FROM HoSo WHERE MaHoSo LIKE '%-0000'",
        "UPDATE HoSo SET NgayHenTra = '2024-12-20 08:00:00' WHERE MaHoSo LIKE '%-0001'",
    )
    load(at, "cam-lam")
    made = make(found(at, "cam-lam"), tmp_path)
    rows = [row[1:6] for row in book(made)["Thay đổi sau khi chốt"]]
    was, now = datetime(2024, 11, 1), datetime(2024, 12, 20)
    assert sorted((r[0][-4:], r[2], r[3], r[4]) for r in rows) == [
        ("0000", "không còn trong hệ thống", None, None),
        ("0001", "Ngày hẹn trả: chuyển qua ngày chốt", was, now),
        ("0001", "Ngày hẹn trả: sửa sau khi quá hạn", was, now),
    ]
    assert "01/11/2024 20/12/2024" in text(made)


def test_one_that_came_back_has_not_vanished(tmp_path: Path) -> None:
    at = place()
    _, job = load(at, "cam-lam", rows=LATE)
    alter(job.source, "DELETE FROM HoSo WHERE MaHoSo LIKE '%-0000'")
    load(at, "cam-lam")
    build(job.source, LATE)
    load(at, "cam-lam")
    assert found(at, "cam-lam").changes.empty


def test_a_dossier_left_to_another_source_says_to_which(tmp_path: Path) -> None:
    at = place()
    load(at, "so-nganh", rows=[THERE, OWN])
    load(at, "cam-lam", rows=[HERE])
    settle(at)
    made = make(found(at, "so-nganh"), tmp_path)
    (row,) = book(made)["Phải sửa"]
    assert row[1] == BOTH
    assert f"đang tính tại nguồn {at.source('cam-lam').name}" in row[2]


def test_a_dossier_that_counts_elsewhere_is_not_said_to_count_nowhere(tmp_path: Path) -> None:
    """It is no mistake of the data: it comes after what is, and nobody has to mend it for the figures."""
    at = place()
    undated = {**OWN, "MaHoSo": "000.00.10.H32-241003-0003", "TrangThai": "9"}
    others = [{**OWN, "MaHoSo": f"000.00.10.H32-241004-{n:04}"} for n in range(40)]
    load(at, "so-nganh", rows=[THERE, *others, undated])
    load(at, "cam-lam", rows=[HERE])
    settle(at)
    feedback = found(at, "so-nganh")
    assert [f.rule_id for f in feedback.to_mend] == ["statuses.resolved_dated", "across.received_here"]
    page = page_of(feedback)
    part = page.parts[0]
    assert [item.facts.split(" · ")[1] for item in part.items] == ["Bị cách ly, chưa tính", "Đã tính ở hệ thống khác"]
    assert "Các dòng này chưa được tính" not in part.intro
    assert "riêng 1 dòng là hồ sơ đã được tính ở hệ thống khác" in page.opening[0]
    summary = book(make(feedback, tmp_path))["Tổng hợp"]
    assert {row[6]: row[0] for row in summary if row[6]}["across.received_here"] == "Đã tính ở hệ thống khác"


def test_the_dossiers_that_break_continuity_are_named_with_their_reason(tmp_path: Path) -> None:
    before, at = place("2024Q3"), place()
    load(before, "cam-lam", rows=LATE)
    load(at, "cam-lam", rows=LATE[:2])
    comparisons.compare(at.open_warehouse(), at)
    made = make(found(at, "cam-lam"), tmp_path)
    (row,) = book(made)["Chuyển kỳ"]
    assert row[1] == LATE[2]["MaHoSo"]
    assert "Hệ thống không còn trả về hồ sơ" in row[4]
    assert LATE[2]["MaHoSo"] in text(made)


def test_a_figure_far_from_last_years_is_told_to_its_unit_alone(tmp_path: Path) -> None:
    at = place()
    load(at, "cam-lam", rows=SOUND)
    rows = [("H32.32", 10, 200), ("H32.31", 7, 77)]
    deviations = pd.DataFrame(rows, columns=["agency_code", "was", "now"])
    told = deviations.assign(rule_id=UNUSUAL_CHANGE, measure="received", compared_with="2023Q4")
    stored_comparisons.replace_deviations(at.open_warehouse(), "2024Q4", [UNUSUAL_CHANGE], told)
    feedback = found(at, "cam-lam")
    (part,) = page_of(feedback).parts
    (listing,) = part.listings
    assert listing.rows == (("Huyện Cam Lâm", "tiếp nhận trong kỳ, cột (4)+(5)", "10", "200", "+190"),)
    summary = book(make(feedback, tmp_path))["Tổng hợp"]
    assert ["Huyện Cam Lâm", "tiếp nhận trong kỳ, cột (4)+(5)", 10, 200] in [row[:4] for row in summary]


def test_corrections_that_still_stand_are_listed(tmp_path: Path) -> None:
    at = place()
    load(at, "cam-lam", rows=SOUND)
    corrected = Correction(
        dossier_code=SOUND[0]["MaHoSo"],
        column="due_date",
        was="",
        value="2024-12-10",
        reason="CV 12",
        by="Phòng Nội vụ",
        until=date(2024, 12, 14),
    )
    told = Finding("corrections.applied", Severity.WARNING, 1, "Đính chính.", "")
    feedback = found(at, "cam-lam")
    source = replace(feedback.source, corrections=(corrected,))
    made = make(replace(feedback, source=source, findings=(told,)), tmp_path)
    (row,) = book(made)["Cảnh báo"]
    assert row[1:3] == [SOUND[0]["MaHoSo"], "Ngày hẹn trả: hệ thống ghi «(trống)», tỉnh tính theo «2024-12-10»"]
    assert SOUND[0]["MaHoSo"] in text(made)
    assert "Phòng Nội vụ" not in text(made), "who answers for it is a name, too"


def test_a_sheet_of_excel_is_pointed_at_by_its_cells(tmp_path: Path) -> None:
    at = place()
    source = at.source("truong-sa")
    send_workbook(source, dossiers=40)
    path = Path(source.address)
    edited = openpyxl.load_workbook(path)
    sheet = edited.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(c.value == "Tình trạng" for c in row))
    column = next(c.column for c in head if c.value == "Tình trạng")
    sheet.cell(row=head[0].row + 5, column=column).value = None
    edited.save(path)
    load(at, "truong-sa")
    (row,) = book(make(found(at, "truong-sa"), tmp_path))["Phải sửa"]
    assert row[2].startswith("Tình trạng: ")
    assert row[2].endswith(f"{openpyxl.utils.get_column_letter(column)}{head[0].row + 5}")


# What must not go out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rows": 203}, "chấp nhận cộng số cách ly"),
        ({"quarantined": 4, "accepted": 200}, "danh sách cách ly"),
    ],
)
def test_a_return_that_contradicts_itself_is_not_made(mixed: Place, change: dict[str, int], said: str) -> None:
    engine: Engine = mixed.open_warehouse()
    with writing(engine) as connection:
        connection.execute(update(tables.partition).where(tables.partition.c.source_id == "cam-lam").values(**change))
    with pytest.raises(CriticalCheckError, match=said):
        found(mixed, "cam-lam")


def test_nor_one_that_lists_fewer_errors_than_it_counts(mixed: Place) -> None:
    engine: Engine = mixed.open_warehouse()
    with writing(engine) as connection:
        is_it = tables.finding.c.rule_id == "statuses.resolved_dated"
        connection.execute(update(tables.finding).where(is_it).values(rows=4))
    with pytest.raises(CriticalCheckError, match=r"statuses\.resolved_dated"):
        found(mixed, "cam-lam")
