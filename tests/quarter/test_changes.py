"""What a source gives otherwise than at its last read is listed, told in the annex, and kept."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from sqlalchemy import Engine

from cli.export import What
from contracts.errors import ConfigError, SourceError, UsageError
from contracts.periods import parse_period
from contracts.source_config import SourceConfig
from flows.job import Action, Job
from flows.one_source import begin
from flows.partition import extract, last_landing
from flows.place import Place
from flows.plan import plan
from flows.remarks import remarks
from reporting.gather import gather
from sources.landing import open_landing
from tests.quarter.test_planning import OPEN, after_the_quarter, build, exported, load, place, send_workbook
from transforms.corrections import corrected
from warehouse import changes, ledger, read
from warehouse.states import AttemptOver

__all__ = ["after_the_quarter"]

LATE = [{**row, "NgayHenTra": "2024-11-01 08:00:00"} for row in OPEN]


def alter(source: SourceConfig, *statements: str) -> None:
    with sqlite3.connect(source.address) as system:
        for statement in statements:
            system.execute(statement)
    system.close()


def history(engine: Engine) -> dict[str, int]:
    found = read.findings(engine, "2024Q4")
    told = found[found["rule_id"].str.startswith("history.")]
    return dict(zip(told["rule_id"], told["rows"], strict=True))


@pytest.fixture
def rewritten(tmp_path: Path) -> tuple[Engine, Job]:
    """Read once, then three late dossiers of which one is deleted, one has a new due date, and one is untouched."""
    _, job = load(place(), "cam-lam", rows=LATE)
    alter(
        job.source,
        "DELETE FROM HoSo WHERE MaHoSo LIKE '%-0000'",
        "UPDATE HoSo SET NgayHenTra = '2024-12-20 08:00:00' WHERE MaHoSo LIKE '%-0001'",
    )
    return load(place(), "cam-lam")


def test_each_change_is_listed_with_what_was_and_what_is(rewritten: tuple[Engine, Job], tmp_path: Path) -> None:
    found = exported(What.CHANGES, tmp_path).fillna("")
    assert found[["kind", "dossier_code", "column", "was", "now"]].to_numpy().tolist() == [
        ["vanished", "000.00.32.H32-240801-0000", "", "", ""],
        ["due_rewritten", "000.00.32.H32-240801-0001", "due_date", "2024-11-01", "2024-12-20"],
        ["moved_over_cut_off", "000.00.32.H32-240801-0001", "due_date", "2024-11-01", "2024-12-20"],
    ]
    assert (tmp_path / "changes.csv").stat().st_mode & 0o077 == 0


def test_a_reading_that_never_became_a_landing_has_changed_nothing() -> None:
    """A system under maintenance gave fewer rows to a process that another one had overtaken."""
    engine, job = load(place(), "cam-lam", rows=LATE)
    build(job.source, LATE[1:])
    _, overtaken = begin(engine, job, Action.EXTRACT)
    ledger.begin_attempt(engine, **job.key)
    with pytest.raises(AttemptOver):
        extract(engine, overtaken)
    load(place(), "cam-lam", rows=LATE)
    assert changes.counts(engine, "2024Q4", "cam-lam") == {}


def test_they_are_warnings_of_the_annex_and_reject_nobody(rewritten: tuple[Engine, Job]) -> None:
    engine, _ = rewritten
    once = {"history.vanished": 1, "history.due_rewritten": 1, "history.moved_over_cut_off": 1}
    assert history(engine) == once
    assert ledger.partition(engine, "2024Q4", "cam-lam").quarantined == 0
    load(place(), "cam-lam")
    assert history(engine) == once, "the same landing again has nothing new and forgets nothing"
    with_more = {**LATE[0], "MaHoSo": "000.00.32.H32-241101-0007"}
    columns = ", ".join(with_more)
    alter(rewritten[1].source, f"INSERT INTO HoSo ({columns}) VALUES ({', '.join(map(repr, with_more.values()))})")
    load(place(), "cam-lam")
    assert history(engine) == once, "a further read makes nothing of the past unseen"


def test_a_first_read_has_no_history() -> None:
    engine, _ = load(place(), "cam-lam", rows=LATE)
    assert history(engine) == {}
    assert changes.changes(engine, "2024Q4").empty


def test_a_landing_before_that_is_damaged_is_told_and_stops_nothing() -> None:
    engine, job = load(place(), "cam-lam", rows=LATE)
    shutil.rmtree(str(ledger.partition(engine, "2024Q4", "cam-lam").landing_path))
    alter(job.source, "DELETE FROM HoSo WHERE MaHoSo LIKE '%-0000'")
    load(place(), "cam-lam")
    (said,) = remarks(engine, "2024Q4")["cam-lam"]
    assert said.startswith("không so sánh được với lần trích xuất trước: ")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = shutil.copytree(place().province.folder, tmp_path / "khanh-hoa")
    monkeypatch.setenv("CCHC_PROVINCE", str(copy))
    return copy / "sources" / "cam-lam" / "corrections.toml"


CORRECTION = """
[[correction]]
dossier_code = "000.00.32.H32-240801-{number}"
column = "{column}"
was = "2024-11-01 08:00:00"
value = "2025-11-01 08:00:00"
reason = "Công văn số 12/UBND-VP"
by = "Văn phòng UBND huyện"
until = {until}
"""


def correction(number: str = "0000", column: str = "due_date", until: str = "2024-12-14") -> str:
    return CORRECTION.format(number=number, column=column, until=until)


def test_a_correction_counts_is_told_and_is_counted_anew_once_it_is_written(folder: Path) -> None:
    engine, _ = load(place(), "cam-lam", rows=LATE)
    assert int(read.facts(engine, "2024Q4", ["cam-lam"], series=None)["open_overdue"].sum()) == 6
    folder.write_text(correction() + correction(number="0009"))
    (step,) = [s for s in plan(place()) if s.job.source.id == "cam-lam"]
    assert (step.action.value, step.why) == ("count", "meaning")
    load(place(), "cam-lam")
    assert int(read.facts(engine, "2024Q4", ["cam-lam"], series=None)["open_overdue"].sum()) == 4
    found = read.findings(engine, "2024Q4").set_index("rule_id")["rows"].to_dict()
    assert {k: v for k, v in found.items() if k.startswith("corrections.")} == {
        "corrections.applied": 1,
        "corrections.unused": 1,
    }


def test_a_correction_takes_a_dossier_out_of_quarantine(folder: Path) -> None:
    """Done, and nobody wrote the day: the province knows it from the paper, and counts."""
    undated = {**LATE[0], "MaHoSo": "000.00.32.H32-240801-0007", "TrangThai": "10", "NgayKetThucXuLy": ""}
    sound = [{**LATE[0], "MaHoSo": f"000.00.32.H32-240801-{n:04}"} for n in range(100, 140)]
    engine, _ = load(place(), "cam-lam", rows=[undated, *sound])
    assert read.rejected(engine, "2024Q4", "cam-lam")["rules"].tolist() == ["statuses.resolved_dated"]
    entry = correction(column="end_date").replace("240801-0000", "240801-0007")
    folder.write_text(entry.replace("2024-11-01 08:00:00", "").replace("2025-11-01", "2024-10-30"))
    load(place(), "cam-lam")
    assert read.rejected(engine, "2024Q4", "cam-lam").empty
    known = ledger.partition(engine, "2024Q4", "cam-lam")
    assert (known.rows, known.accepted, known.quarantined) == (41, 41, 0)


def test_once_the_district_has_mended_it_the_source_stops_until_the_entry_is_gone(folder: Path) -> None:
    folder.write_text(correction())
    _, job = load(place(), "cam-lam", rows=LATE)
    alter(job.source, "UPDATE HoSo SET NgayHenTra = '2025-11-01 08:00:00' WHERE MaHoSo LIKE '%-0000'")
    with pytest.raises(SourceError, match=r"nguồn đã sửa \(hoặc đổi\)"):
        load(place(), "cam-lam")
    folder.unlink()
    load(place(), "cam-lam")


def test_a_correction_taken_out_is_not_undone_by_a_landing_from_before(folder: Path) -> None:
    """The district has mended the dossier since: what was read before that still says the wrong day."""
    folder.write_text(correction())
    engine, job = load(place(), "cam-lam", rows=LATE)
    alter(job.source, "UPDATE HoSo SET NgayHenTra = '2025-11-01 08:00:00' WHERE MaHoSo LIKE '%-0000'")
    folder.unlink()
    at = place()
    (step,) = [s for s in plan(at) if s.job.source.id == "cam-lam"]
    assert (step.action.value, step.why) == ("extract", "mended")
    with pytest.raises(SourceError, match="đã bỏ một đính chính"):
        last_landing(step.job, step.known)
    load(at, "cam-lam")
    assert int(read.facts(engine, "2024Q4", ["cam-lam"], series=None)["open_overdue"].sum()) == 4
    assert [s.why for s in plan(place()) if s.job.source.id == "cam-lam"] == ["same"]


def test_a_correction_out_of_date_stops_its_source_until_it_is_given_up(folder: Path) -> None:
    folder.write_text(correction(until="2024-12-13"))
    with pytest.raises(SourceError, match="hết hạn từ ngày 13/12/2024"):
        load(place(), "cam-lam", rows=LATE)
    folder.write_text(correction(until="2024-12-13") + 'dropped = "Công văn số 20/UBND-VP"\n')
    engine, _ = load(place(), "cam-lam")
    assert int(read.facts(engine, "2024Q4", ["cam-lam"], series=None)["open_overdue"].sum()) == 6


def landed(engine: Engine) -> pa.Table:
    return open_landing(Path(str(ledger.partition(engine, "2024Q4", "cam-lam").landing_path))).table("dossiers")


def test_a_late_run_of_an_old_period_is_corrected_as_a_timely_one_was(folder: Path) -> None:
    """The correction has run out for newer periods, which look at it; the old one keeps it, from a new read too."""
    folder.write_text(correction(until="2024-12-14"))
    engine, job = load(place(), "cam-lam", rows=LATE)
    timely = read.facts(engine, "2024Q4", ["cam-lam"], series=None)
    newer = parse_period("2025Q1")
    with pytest.raises(SourceError, match="hết hạn từ ngày 14/12/2024"):
        corrected(landed(engine), job.source, cut_off=newer.cut_off)
    folder.write_text(correction(until="2024-12-14") + 'dropped = "Công văn số 20/UBND-VP"\n')
    at = place()
    source = at.province.source("cam-lam", period=newer, systems=at.settings.systems_folder)
    assert corrected(landed(engine), source, cut_off=newer.cut_off).applied == 0
    (step,) = [s for s in plan(at) if s.job.source.id == "cam-lam"]
    assert (step.action.value, step.why) == ("count", "meaning"), "it still holds there: no new read is needed"
    load(at, "cam-lam")
    late = read.facts(engine, "2024Q4", ["cam-lam"], series=None)
    assert late.equals(timely)


def test_a_correction_shortened_is_one_taken_out_of_the_periods_behind(folder: Path) -> None:
    folder.write_text(correction())
    load(place(), "cam-lam", rows=LATE)
    folder.write_text(correction(until="2024-09-14"))
    (step,) = [s for s in plan(place()) if s.job.source.id == "cam-lam"]
    assert (step.action.value, step.why) == ("extract", "mended")


def test_what_the_source_does_not_have_cannot_be_corrected(folder: Path) -> None:
    mapped = {c.column.name for c in place().source("cam-lam").tables["dossiers"].columns}
    lacking = sorted({"deleted_date", "returned_date", "service_level"} - mapped)
    assert "due_date" in mapped
    file = folder.parents[2] / "vendors" / "a" / "column_map.csv"
    kept = [line for line in file.read_text().splitlines() if not line.startswith("dossiers,returned_date,")]
    file.write_text("\n".join(kept) + "\n")
    folder.write_text(correction(column=lacking[0] if lacking else "returned_date"))
    with pytest.raises(ConfigError, match="nguồn này không có cột"):
        place().source("cam-lam")
    folder.write_text(correction(column=lacking[0] if lacking else "returned_date", until="2024-12-13"))
    assert place().source("cam-lam").corrections, "one that has run out is of a column that it had"


def test_a_source_out_of_force_is_not_expected_and_not_read(folder: Path) -> None:
    toml = folder.parent / "source.toml"
    toml.write_text(f"until = 2024-12-13\n{toml.read_text()}")
    at = place()
    assert "cam-lam" not in [s.job.source.id for s in plan(at)]
    assert "cam-lam" not in [p.source_id for p in ledger.partitions(at.open_warehouse(), "2024Q4")]
    assert "cam-lam" in [s.id for s in place("2024Q3").sources()]
    with pytest.raises(UsageError, match="«cam-lam» không phụ trách kỳ 2024Q4"):
        at.source("cam-lam")


def test_what_a_source_once_counted_before_its_time_is_not_compared_with(folder: Path) -> None:
    """Another system answers for the quarter before, as was found out later: the two would be added up."""
    engine, _ = load(place("2024Q3"), "cam-lam", rows=LATE)
    at = place()
    assert previous_of(engine, at) == {"cam-lam"}
    toml = folder.parent / "source.toml"
    toml.write_text(f"since = 2024-12-14\n{toml.read_text()}")
    assert previous_of(engine, place()) == set()


def previous_of(engine: Engine, at: Place) -> set[str]:
    found = gather(engine, province=at.province, period=at.period, as_of=at.as_of, sources=at.sources()).previous
    return set() if found is None else set(found.source_ids)


def test_two_systems_may_share_a_unit_whose_dossiers_they_divide(folder: Path) -> None:
    desk = folder.parent
    portal = shutil.copytree(desk, desk.parent / "cong-cam-lam")
    for place_of, id_, part in ((desk, "cam-lam", "channels = ['in_person', 'postal']"), (portal, "cong-cam-lam", "")):
        toml = place_of / "source.toml"
        toml.write_text(f"{part}\n" + toml.read_text().replace('"cam-lam"', f'"{id_}"'))
    with pytest.raises(ConfigError, match="đã thuộc nguồn «cam-lam»"):
        place().sources()
    toml = portal / "source.toml"
    toml.write_text(f"channels = ['online']\n{toml.read_text()}")
    assert {"cam-lam", "cong-cam-lam"} <= {s.id for s in place().sources()}


def test_a_rejected_row_of_a_workbook_names_its_cell(tmp_path: Path) -> None:
    at = place()
    source = at.source("truong-sa")
    send_workbook(source, dossiers=40)
    book = openpyxl.load_workbook(source.address)
    mapped = source.tables["dossiers"]
    column = next(n for n, c in enumerate(mapped.columns, start=1) if c.column.name == "received_date")
    head = mapped.columns[column - 1].source_column
    sheet = book[mapped.spec.sheet]
    row = mapped.spec.header_row + 7
    sheet.cell(row, column, "hôm qua")
    book.save(source.address)
    load(at, "truong-sa")
    (cell,) = exported(What.REJECTED, tmp_path)["cells"]
    letter = sheet.cell(row, column).column_letter
    assert cell == f"{head}: {Path(source.address).name}!{sheet.title}!{letter}{row}"
