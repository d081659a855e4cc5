"""What an operator may rely on: late runs, missing sources, reruns, and runs with nothing to do."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.quarter.command import Office
from tests.quarter.moved import province
from tests.reporting.pdf import sheets


def text_of(path: str, *, page: int | None = None) -> str:
    """Of all pages, or of that one (from 1)."""
    return " ".join(sheet.text for sheet in sheets(Path(path), number=page))


def sha256(path: str | Path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def lines(office: Office, what: str) -> list[str]:
    """An export, but for the comparison with the quarter before, which only one of the two machines has run."""
    return [line for line in office.export("2024Q4", what).read_text().splitlines() if "continuity." not in line]


def test_a_run_ends_with_the_province_and_its_nine_districts(khanh_hoa: Office) -> None:
    status = khanh_hoa.status("2024Q4")
    assert (status["province"], status["from"], status["to"]) == ("khanh-hoa", "2024-09-15", "2024-12-14")
    assert [s["state"] for s in status["sources"]] == ["loaded"] * 10
    assert all(s["rows"] == s["accepted"] + s["quarantined"] for s in status["sources"])
    assert sorted(str(r["unit_code"]) for r in status["reports"] if r["scope"] == "unit") == [
        str(code) for code in range(568, 577)
    ]
    for report in status["reports"]:
        assert sha256(report["path"]) == report["sha256"]


def test_running_again_reads_nothing_and_prints_nothing(two_already_run: Office) -> None:
    """Neither where it was run, nor in another place to which the home was copied."""
    office = two_already_run
    before = office.status("2024Q4")
    assert len(before["reports"]) == 3
    assert all(Path(r["path"]).is_relative_to(office.home / "khanh-hoa") for r in before["reports"])
    printed = office.cchc("run", "2024Q4").stdout
    assert office.status("2024Q4") == before
    kept = [line for line in printed.splitlines() if line.rstrip().endswith("không đổi)")]
    assert len(kept) == len(before["reports"])
    assert not [line for line in printed.splitlines() if line.rstrip().endswith("mới)")]


def test_a_late_run_equals_a_timely_one(khanh_hoa: Office, tmp_path: Path) -> None:
    """The systems went on for five weeks; read again, not one figure of the quarter moves."""
    alone = province(tmp_path / "configured", unit_reports=False)
    late = Office(tmp_path, now="2025-01-21T09:00:00+07:00", province=str(alone))
    late.cchc("demo", "build", "--at", "2025-01-20")
    late.cchc("run", "2024Q4", "--fresh")
    for what in ("facts", "indicators", "findings"):
        assert lines(late, what) == lines(khanh_hoa, what), what
    quarantined = [s["quarantined"] for s in late.status("2024Q4")["sources"]]
    assert quarantined == [s["quarantined"] for s in khanh_hoa.status("2024Q4")["sources"]]


def test_a_missing_source_is_named_and_mended_alone(two_run: Office, two_after_q3: Office) -> None:
    office = two_after_q3  # the comparison with the quarter before is printed
    office.cchc("demo", "break", "khanh-son")
    said = office.cchc("run", "2024Q4", expect=3)
    assert "khanh-son" in said.stdout
    broken = office.status("2024Q4")
    assert {s["id"]: s["state"] for s in broken["sources"]} == {"khanh-son": "failed", "truong-sa": "loaded"}
    printed = office.report("2024Q4")
    assert "Khánh Sơn" in text_of(printed["path"], page=1)
    assert "Chưa gồm" in text_of(printed["path"])

    office.cchc("demo", "mend", "khanh-son")
    office.cchc("rerun", "2024Q4", "--failed")
    mended = office.status("2024Q4")
    attempts = {s["id"]: s["attempt"] for s in mended["sources"]}
    assert {k: v for k, v in attempts.items() if k != "khanh-son"} == {
        s["id"]: s["attempt"] for s in broken["sources"] if s["id"] != "khanh-son"
    }
    versions = {r["unit_code"]: r["version"] for r in mended["reports"] if r["scope"] == "unit"}
    assert versions == {"575": 2, "576": 1}
    assert sha256(office.report("2024Q4")["path"]) == sha256(two_run.report("2024Q4")["path"])
    assert office.report("2024Q4")["version"] == 2


def test_a_source_that_stops_answering_after_its_run_is_missing_until_it_answers(two_already_run_alone: Office) -> None:
    """Its figures cannot be confirmed any more: they are not printed, and they are not lost."""
    office = two_already_run_alone
    office.cchc("demo", "break", "khanh-son")
    office.cchc("run", "2024Q4", expect=3)
    assert "Khánh Sơn" in text_of(office.report("2024Q4")["path"], page=1)
    office.cchc("demo", "mend", "khanh-son")
    office.cchc("run", "2024Q4")
    assert {s["state"] for s in office.status("2024Q4")["sources"]} == {"loaded"}


def test_no_personal_value_is_kept_anywhere(khanh_hoa: Office) -> None:
    """Names, telephone numbers and notes that stand in the systems stand in no landing, warehouse, log or report."""
    with sqlite3.connect(khanh_hoa.systems / "khanh-hoa" / "nha-trang.sqlite") as system:
        columns = "ChuHoSo, SoDienThoaiChuHoSo, EmailChuHoSo, DiaChiChuHoSo, SoGiayToChuHoSo, HoTenNguoiNhanKetQua"
        people = system.execute(f"SELECT {columns} FROM HoSo").fetchall()
    secrets = {str(value) for row in people for value in row if value and len(str(value)) > 8}
    assert len(secrets) > 10_000
    own = khanh_hoa.home / "khanh-hoa"
    landed = sorted(own.rglob("nha-trang/**/*.parquet"))
    assert landed
    for path in landed:
        table = pq.read_table(path)
        assert not secrets & {str(v) for column in table.columns for v in column.unique().to_pylist()}, path
    some = [secret.encode() for secret in sorted(secrets)[::97]]
    others = [p for p in own.rglob("*") if p.is_file() and p.suffix != ".parquet"]
    assert others
    for path in others:
        content = path.read_bytes()
        assert not [s for s in some if s in content], path


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (["run", "2024Q5"], 2, "không có kỳ báo cáo «2024Q5»"),
        (["run", "2031Q1"], 2, "kỳ 2031Q1 bắt đầu ngày"),
        (["run", "2024Q4", "--as-of", "30/2/2024"], 2, "không phải là ngày"),
        (["--province", "provinces/atlantis", "run", "2024Q4"], 2, "không có thư mục cấu hình tỉnh"),
        (["rerun", "2024Q4", "--source", "nowhere"], 2, "không có nguồn «nowhere»"),
        (["rerun", "2024Q4"], 2, "--failed hoặc --source"),
        (["report", "2024Q4", "--unit", "99999"], 2, "không có đơn vị mã «99999»"),
        (["sources", "check", "nowhere"], 2, "không có nguồn «nowhere»"),
        (["export", "2024Q4", "--what", "facts", "--out", "facts.docx"], 2, ".csv hoặc .parquet"),
        (["export", "2019Q4", "--what", "facts", "--out", "facts.csv"], 2, "chưa có số liệu"),
        (["demo", "break", "nowhere"], 2, "không có nguồn «nowhere»"),
        (["sing"], 2, "lệnh"),
    ],
)
def test_a_mistake_of_the_operator_gives_one_clear_message(
    khanh_hoa: Office, words: list[str], exit_code: int, said: str
) -> None:
    done = khanh_hoa.cchc(*words, expect=exit_code)
    assert said in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3
