"""What a run decides, over a small real system: no figure of another day, another rule or another read."""

from __future__ import annotations

import re
import shutil
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import Engine

from cli.export import What, export
from contracts.codes import PartitionState, Series
from contracts.columns import RECEIVED
from contracts.errors import ConfigError, SourceError, UsageError
from contracts.source_config import SourceConfig
from flows import figures
from flows.counting import count
from flows.job import Action, Job
from flows.one_source import process_partition
from flows.partition import extract, last_landing
from flows.place import Place, find_place, stored_as_of
from flows.plan import plan
from reporting.gather import gather
from sources.landing import landing_fingerprint
from warehouse import ledger, read, store

DOSSIER = {
    "MaTTHC": "1.001193",
    "MaCoQuanTiepNhan": "H32.32",
    "TrangThai": "2",
    "KenhThucHien": "1",
    "NgayTiepNhan": "2024-08-01 08:00:00",
    "NgayHenTra": "2025-08-01 08:00:00",
}
OPEN = [{**DOSSIER, "MaHoSo": f"000.00.32.H32-240801-{n:04}"} for n in range(3)]


def place(period: str = "2024Q4", as_of: str | None = None) -> Place:
    return find_place(period, as_of=as_of)


def build(source: SourceConfig, rows: list[dict[str, str]]) -> None:
    """The system of one source, with these dossiers and nothing else."""
    path = Path(source.address)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as system:
        for table in source.tables.values():
            system.execute(f"CREATE TABLE {table.spec.from_} ({', '.join(table.source_columns)})")
        for row in rows:
            marks = ", ".join("?" * len(row))
            system.execute(f"INSERT INTO HoSo ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    system.close()


def load(at: Place, source_id: str, *, rows: list[dict[str, str]] | None = None) -> tuple[Engine, Job]:
    """Read and count one source, as a run does; with `rows`, of a system that holds these."""
    engine, source = at.open_warehouse(), at.source(source_id)
    if rows is not None:
        build(source, rows)
    job = at.job(engine, source)
    ledger.expect(engine, at.period.id, at.province.source_ids())
    ledger.begin_attempt(engine, at.period.id, source_id, as_of=job.as_of)
    landing = extract(engine, job)
    extracted_at = ledger.partition(engine, at.period.id, source_id).extracted_at
    assert extracted_at is not None
    count(engine, job, landing, snapshot=extracted_at.date())
    return engine, job


@pytest.fixture(autouse=True)
def after_the_quarter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")


def test_a_day_still_to_come_has_no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is open today may be resolved by then; it would be printed as overdue."""
    monkeypatch.setenv("CCHC_NOW", "2024-11-20T08:00:00+07:00")
    with pytest.raises(UsageError, match="14/12/2024 chưa đến"):
        place(as_of="2024-12-14")
    assert place(as_of="2024-11-20").as_of == place().as_of == date(2024, 11, 20)


def test_the_day_of_a_source_no_longer_configured_is_nobodys() -> None:
    at = place()
    engine, _ = load(place(as_of="2024-12-16"), "cam-lam", rows=OPEN)
    with_other = replace(at, province=replace(at.province, folder=at.province.folder.parent / "phu-tho"))
    assert stored_as_of(at) == date(2024, 12, 16)
    assert ledger.partition(engine, "2024Q4", "cam-lam").state is PartitionState.LOADED
    assert stored_as_of(with_other) == at.as_of


def test_a_rerun_keeps_the_day_of_a_run_in_which_everything_failed() -> None:
    at = place(as_of="2024-12-15")
    engine = at.open_warehouse()
    ledger.expect(engine, "2024Q4", ["cam-lam"])
    ledger.begin_attempt(engine, "2024Q4", "cam-lam", as_of=at.as_of)
    ledger.mark_failed(engine, "2024Q4", "cam-lam", kind="SourceUnreachable", error="", advice="")
    assert stored_as_of(place()) == date(2024, 12, 15)


def test_one_report_has_one_way_of_counting() -> None:
    """A policy that changed since: also the sources that nobody asked for are counted again, none is read."""
    at = place()
    load(at, "cam-lam", rows=OPEN)
    load(at, "cam-ranh", rows=[])
    assert plan(at, only=[]) == []
    changed = with_policy(at, withdrawn_column=8)
    assert {s.job.source.id: s.action for s in plan(changed, only=["nha-trang"])} == {
        "cam-lam": Action.COUNT,
        "cam-ranh": Action.COUNT,
        "nha-trang": Action.EXTRACT,
    }


def test_a_landing_of_another_question_is_not_counted() -> None:
    """The source is asked something else since: its last landing does not answer it."""
    engine, job = load(place(), "cam-lam", rows=OPEN)
    known = ledger.partition(engine, "2024Q4", "cam-lam")
    assert last_landing(job, known).rows["dossiers"] == 3
    asked = replace(job, source=replace(job.source, declared_address="elsewhere"))
    with pytest.raises(SourceError, match="cấu hình đọc nguồn đã đổi"):
        last_landing(asked, known)


def test_the_systems_folder_moved_is_no_other_question() -> None:
    """Restored on another machine: what was read is what was read."""
    engine, job = load(place(), "cam-lam", rows=OPEN)
    moved = replace(job, source=replace(job.source, address="/elsewhere" + job.source.address))
    assert last_landing(moved, ledger.partition(engine, "2024Q4", "cam-lam")).rows["dossiers"] == 3


def test_the_neighbour_is_whole_also_when_counted_later_than_its_cut_off() -> None:
    engine, _ = load(place("2024Q3", as_of="2024-09-20"), "cam-lam", rows=OPEN)
    at = place()
    before = at.job(engine, at.source("cam-lam")).before
    assert before is not None
    assert before.load_fingerprint is not None


def test_a_neighbour_counted_by_another_policy_says_nothing_of_continuity() -> None:
    """What is open by one policy is resolved by another: every unit would differ."""
    engine, _ = load(place("2024Q3"), "cam-lam", rows=OPEN)
    at = with_policy(place(), stopped_is="closed")
    before = at.job(engine, at.source("cam-lam")).before
    assert before is not None
    assert before.load_fingerprint is None


def with_policy(at: Place, **changes: object) -> Place:
    policy = at.province.file.policy.model_copy(update=changes)
    return replace(at, province=replace(at.province, file=at.province.file.model_copy(update={"policy": policy})))


@pytest.mark.parametrize(
    ("changes", "compared"), [({}, True), ({"quarantine_share": 0.5}, True), ({"stopped_is": "closed"}, False)]
)
def test_a_period_counted_by_another_policy_is_not_compared(changes: dict[str, object], *, compared: bool) -> None:
    """The difference would be one of the rules, and not of the work."""
    engine, _ = load(place("2024Q3"), "cam-lam", rows=OPEN)
    at = with_policy(place(), **changes)
    found = gather(engine, province=at.province, period=at.period, as_of=at.as_of, sources=at.sources())
    assert (found.previous is not None) is compared


def test_a_system_emptied_since_the_period_before_is_no_zero() -> None:
    """Its open dossiers must have been carried over: without a row, the read is wrong and not the quarter."""
    load(place("2024Q3"), "cam-lam", rows=OPEN)
    with pytest.raises(SourceError, match="3 hồ sơ đang giải quyết"):
        load(place(), "cam-lam", rows=[])
    engine = place().open_warehouse()
    assert read.facts(engine, "2024Q4", ["cam-lam"], series=None).empty


def test_a_system_that_answers_at_the_second_time_is_not_missing() -> None:
    at = place()
    engine, _ = load(at, "cam-lam", rows=OPEN)
    there = read.facts(engine, "2024Q4", ["cam-lam"], series=None)
    ledger.mark_failed(engine, "2024Q4", "cam-lam", kind="SourceUnreachable", error="", advice="")
    process_partition.fn(**at.words, source="cam-lam", action=Action.KEEP.value)
    assert ledger.partition(engine, "2024Q4", "cam-lam").state is PartitionState.LOADED
    assert read.facts(engine, "2024Q4", ["cam-lam"], series=None).equals(there)


def test_a_corrected_workbook_sent_again_is_read_without_being_asked_for() -> None:
    """It lies where the first one lay, under the same name; what was counted from that one is no longer its figure."""
    at = place()
    source = at.source("truong-sa")
    send_workbook(source, dossiers=3)
    engine, _ = load(at, "truong-sa")
    assert counted(engine) == 3
    process_partition.fn(**at.words, source="truong-sa", action=Action.KEEP)
    assert ledger.partition(engine, "2024Q4", "truong-sa").attempt == 1
    send_workbook(source, dossiers=5)
    process_partition.fn(**at.words, source="truong-sa", action=Action.KEEP)
    assert counted(engine) == 5
    assert ledger.partition(engine, "2024Q4", "truong-sa").attempt == 2


def test_a_workbook_is_read_again_also_where_only_the_counting_changed() -> None:
    """Its last landing may be of a return that has been corrected since; a database is counted from its landing."""
    at = place()
    send_workbook(at.source("truong-sa"), dossiers=3)
    load(at, "truong-sa")
    load(at, "cam-lam", rows=OPEN)
    steps = {s.job.source.id: s.action for s in plan(with_policy(at, withdrawn_column=8))}
    assert (steps["truong-sa"], steps["cam-lam"]) == (Action.EXTRACT, Action.COUNT)


def counted(engine: Engine) -> int:
    facts = read.facts(engine, "2024Q4", ["truong-sa"], series=Series.FORMS)
    return int(facts[list(RECEIVED)].sum().sum())


def send_workbook(source: SourceConfig, *, dossiers: int) -> None:
    """The island district's return, with that many dossiers received in the quarter and still open."""
    row = {
        "dossier_code": "000.00.38.H32-241001-{:04}",
        "procedure_code": "1.001193",
        "agency": next(iter(source.unit_map)),
        "status": "Đang xử lý",
        "channel": "Trực tuyến",
        "received_date": "2024-10-01",
        "due_date": "2025-01-15",
    }
    path = Path(source.address)
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in source.tables.values():
        sheet = book.create_sheet(table.spec.sheet)
        for place_of, mapped in enumerate(table.columns, start=1):
            sheet.cell(table.spec.header_row, place_of, mapped.source_column)
            for number in range(dossiers if table.name == "dossiers" else 0):
                text = row.get(mapped.column.name, "").format(number)
                sheet.cell(table.spec.header_row + 1 + number, place_of, text or None)
    book.save(path)


def exported(what: What, folder: Path) -> pd.DataFrame:
    file = folder / f"{what}.csv"
    export("2024Q4", what, file)
    return pd.read_csv(file, dtype="str")


def test_indicators_go_out_as_the_facts_stand_and_not_as_the_last_report_had_them(tmp_path: Path) -> None:
    """A run that was stopped after a source had failed has made no new ones."""
    at = place()
    load(at, "cam-lam", rows=OPEN)
    engine, _ = load(at, "cam-ranh", rows=[{**OPEN[0], "MaCoQuanTiepNhan": "H32.31"}])
    store.replace_indicators(engine, period_id="2024Q4", indicators=figures.indicators(engine, at))
    ledger.mark_failed(engine, "2024Q4", "cam-ranh", kind="SourceUnreachable", error="", advice="")
    rows = exported(What.INDICATORS, tmp_path).query("indicator == 'HANDLED_ON_TIME' and scope == 'unit'")
    by_agency = rows.set_index("agency_code")
    assert by_agency.loc["H32.32", "denominator"] == "3"
    assert by_agency["denominator"].isna()["H32.31"]
    assert by_agency.loc["H32.31", "complete"] == "False"


@pytest.mark.parametrize("what", [What.FACTS, What.INDICATORS])
def test_figures_of_several_days_do_not_go_out_together(what: What, tmp_path: Path) -> None:
    """A run for another day was stopped half-way."""
    load(place(), "cam-lam", rows=OPEN)
    load(place(as_of="2024-12-01"), "cam-ranh", rows=[])
    with pytest.raises(UsageError, match="nhiều ngày chốt"):
        exported(what, tmp_path)


def test_what_a_refused_source_broke_can_be_seen_though_nothing_is_loaded(tmp_path: Path) -> None:
    """The refusal itself sends the operator there."""
    with pytest.raises(SourceError, match="quá mức cho phép"):
        load(place(), "cam-lam", rows=[{**row, "KenhThucHien": "?"} for row in OPEN])
    assert "statuses.channel_known" in set(exported(What.FINDINGS, tmp_path)["rule_id"])


def test_a_source_counts_for_no_unit_that_another_answers_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The province's system answers for all below it, but for what a nearer one answers for: counted by both, a dossier
    would be there twice, and the nearer one's gap would not show."""
    folder = shutil.copytree(place().province.folder, tmp_path / "khanh-hoa")
    monkeypatch.setenv("CCHC_PROVINCE", str(folder))
    toml = folder / "sources" / "so-nganh" / "source.toml"
    toml.write_text(re.sub(r"units = .*", 'units = ["H32"]', toml.read_text()))
    assert place().sources()
    with (folder / "sources" / "so-nganh" / "unit_map.csv").open("a") as file:
        file.write("CL01,H32.32.01,Xã\n")
    with pytest.raises(ConfigError, match=r"«H32\.32\.01», thuộc nguồn «cam-lam»"):
        place().sources()


def test_who_asks_by_name_is_given_nothing_of_a_broken_extract() -> None:
    """What it has read may have been corrected since; the next try of the same run goes on with it."""
    at = place()
    source = at.source("cam-lam")
    build(source, OPEN)
    asked = landing_fingerprint(source, at.period)[:16]
    (broken := at.home / "landing" / source.id / at.period.id / f".unfinished-{asked}").mkdir(parents=True)
    for fresh in (False, True):
        [step] = plan(at, only=[source.id], fresh=fresh)
        process_partition.fn(**at.words, **step.words)
        assert broken.exists() is not fresh


def test_a_neighbour_that_was_read_anew_is_compared_anew() -> None:
    """What is said of the dossiers carried over is said of those that stand."""
    before = place("2024Q3")
    load(before, "cam-lam", rows=OPEN)
    load(place(), "cam-lam", rows=OPEN)
    assert plan(place(), only=[]) == []
    load(before, "cam-lam")
    assert plan(place(), only=[]) == [], "the same was read"
    load(before, "cam-lam", rows=OPEN[:2])
    assert [step.why for step in plan(place(), only=[])] == ["meaning"]


def test_what_was_read_by_a_clock_that_was_set_back_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run began after the cut-off; while it read, the clock showed the day before."""
    at = place()
    engine = at.open_warehouse()
    source = at.source("cam-lam")
    build(source, OPEN)
    ledger.expect(engine, at.period.id, [source.id])
    job = at.job(engine, source)
    monkeypatch.setenv("CCHC_NOW", "2024-12-13T23:00:00+07:00")
    with pytest.raises(SourceError, match="đồng hồ máy đã bị chỉnh lùi"):
        extract(engine, job)
    assert ledger.partition(engine, at.period.id, source.id).landing_id is None
