"""A system that no longer looks or speaks as it did: told, and stopped where a figure could be wrong."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cli.status import status
from contracts.codes import PartitionState
from contracts.errors import SourceDrift
from contracts.source_config import SourceConfig
from flows import drift
from flows.one_source import process_partition
from flows.place import Place
from flows.remarks import remarks
from sources.reader import Schema, probe
from tests.quarter.test_planning import OPEN, after_the_quarter, build, load, place
from warehouse import ledger, structures

__all__ = ["after_the_quarter"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A province of its own, whose files a test may change."""
    copy = shutil.copytree(place().province.folder, tmp_path / "khanh-hoa")
    monkeypatch.setenv("CCHC_PROVINCE", str(copy))
    return copy


def alter(source: SourceConfig, *statements: str) -> None:
    with sqlite3.connect(source.address) as system:
        for statement in statements:
            system.execute(statement)
    system.close()


def run(at: Place, engine: Engine) -> str:
    """Ask the source as a run does that has its figures; what it was told, "" where all is well."""
    try:
        process_partition.fn(**at.words, source="cam-lam", action="keep")
    except SourceDrift as error:
        assert ledger.partition(engine, at.period.id, "cam-lam").state is PartitionState.FAILED
        return str(error)
    assert ledger.partition(engine, at.period.id, "cam-lam").state is PartitionState.LOADED
    return ""


def test_the_first_sight_is_accepted_and_the_same_again_is_not_noted_twice() -> None:
    at = place()
    engine, job = load(at, "cam-lam", rows=OPEN)
    assert run(at, engine) == ""
    (seen,) = structures.accepted(engine, "cam-lam")
    assert (seen.accepted_by, seen.structure) == ("run", probe(job.source).tables)
    assert remarks(engine, "2024Q4") == {}


def test_a_new_column_is_told_by_its_name_and_accepted() -> None:
    at = place()
    engine, job = load(at, "cam-lam", rows=OPEN)
    alter(job.source, "ALTER TABLE HoSo ADD COLUMN SoDienThoai2 TEXT", "UPDATE HoSo SET SoDienThoai2 = '0905123456'")
    assert drift.differences(engine, job.source, probe(job.source)).retyped == ()
    assert run(at, engine) == ""
    said = "cấu trúc nguồn đã đổi: cột mới: «HoSo.SoDienThoai2» (bảng dossiers)"
    assert remarks(engine, "2024Q4") == {"cam-lam": [said]}
    assert run(at, engine) == ""
    assert [e.detail for e in ledger.history(engine, "2024Q4", "cam-lam")].count(said) == 1


def test_the_command_tells_what_was_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    at = place()
    engine, job = load(at, "cam-lam", rows=OPEN)
    alter(job.source, "ALTER TABLE HoSo ADD COLUMN CotMoi TEXT")
    run(at, engine)
    status("2024Q4", as_json=False)
    said = "cấu trúc nguồn đã đổi: cột mới: «HoSo.CotMoi» (bảng dossiers)"
    assert f"LƯU Ý cam-lam: {said}" in capsys.readouterr().out
    status("2024Q4", as_json=True)
    sources = {s["id"]: s for s in json.loads(capsys.readouterr().out)["sources"]}
    assert (sources["cam-lam"]["remarks"], sources["cam-ranh"]["remarks"]) == ([said], [])


def retype(source: SourceConfig, type_: str) -> None:
    """NgayHenTra as that type; the rows stay."""
    new = f"CREATE TABLE New ({', '.join(c + (' ' + type_) * (c == 'NgayHenTra') for c in columns_of(source))})"
    copy = f"INSERT INTO New SELECT {', '.join(columns_of(source))} FROM HoSo"
    alter(source, new, copy, "DROP TABLE HoSo", "ALTER TABLE New RENAME TO HoSo")


def columns_of(source: SourceConfig) -> list[str]:
    return [name.rpartition(".")[2] for name in probe(source).tables["dossiers"]]


@pytest.fixture
def retyped(folder: Path) -> tuple[Place, Engine, SourceConfig]:
    """A system with figures, whose due date was TEXT and is INTEGER."""
    at = place()
    build(at.source("cam-lam"), OPEN)
    retype(at.source("cam-lam"), "TEXT")
    engine, job = load(at, "cam-lam")
    retype(job.source, "INTEGER")
    return at, engine, job.source


def test_a_retyped_column_stops_its_source_until_somebody_has_looked(
    retyped: tuple[Place, Engine, SourceConfig], folder: Path
) -> None:
    at, engine, source = retyped
    said = run(at, engine)
    assert "cột «HoSo.NgayHenTra» (ngày hẹn trả) đổi kiểu: trước là text, nay là integer" in said
    assert "cchc sources check cam-lam --accept" in said
    file, line = said.partition("sửa format tại ")[2].partition(";")[0].rsplit(":", 1)
    assert Path(file).read_text().splitlines()[int(line) - 1].startswith("dossiers,due_date,NgayHenTra,")
    assert run(at, engine) == said, "it stays stopped"
    drift.accept(engine, source, probe(source))
    assert run(at, engine) == ""
    assert structures.accepted(engine, "cam-lam")[0].accepted_by == "operator"


@pytest.mark.parametrize(("changed", "passes"), [("due_date", True), ("end_date", False)])
def test_a_mended_line_lets_its_own_column_pass_and_no_other(
    retyped: tuple[Place, Engine, SourceConfig], folder: Path, changed: str, *, passes: bool
) -> None:
    _, engine, source = retyped
    file = drift.file_of(source, "column_map.csv")
    lines = file.read_text().splitlines(keepends=True)
    mended = [
        line.replace(",iso,", ",%Y-%m-%d %H:%M:%S,") if line.startswith(f"dossiers,{changed},") else line
        for line in lines
    ]
    assert mended != lines
    file.write_text("".join(mended))
    assert (run(place(), engine) == "") is passes
    if passes:
        assert remarks(engine, "2024Q4")["cam-lam"] == [
            "cấu trúc nguồn đã đổi: cột đổi kiểu: «HoSo.NgayHenTra» (bảng dossiers), trước là text, nay là integer"
        ]


def test_a_lost_mapped_column_stops_it_through_its_reader() -> None:
    at = place()
    engine, job = load(at, "cam-lam", rows=OPEN)
    alter(job.source, "ALTER TABLE HoSo RENAME COLUMN NgayHenTra TO HanTra")
    assert "NgayHenTra" in run(at, engine)


DIFFERENCES = [
    ({"a": "text", "b": "int"}, {"a": "text", "b": "int"}, []),
    ({"a": "text", "b": "int"}, {"b": "int", "a": "text"}, ["thứ tự các cột đã đổi (bảng dossiers)"]),
    ({"a": "text", "b": "int"}, {"a": "text"}, ["cột không còn: «b» (bảng dossiers)"]),
    ({"a": "text"}, {"c": "text", "a": "text", "b": "int"}, ["cột mới: «c», «b» (bảng dossiers)"]),
    ({"a": "text"}, {"a": "int"}, ["cột đổi kiểu: «a» (bảng dossiers), trước là text, nay là int"]),
    ({"a": ""}, {"a": "int"}, []),  # a kind that told no types before
]


@pytest.mark.parametrize(("before", "now", "said"), DIFFERENCES)
def test_columns_that_are_not_mapped_are_told(before: dict[str, str], now: dict[str, str], said: list[str]) -> None:
    at = place()
    engine, source = at.open_warehouse(), at.source("cam-lam")
    drift.accept(engine, source, Schema({"dossiers": before}))
    assert list(drift.differences(engine, source, Schema({"dossiers": now})).sentences) == said


@pytest.mark.parametrize(
    ("was", "now", "stops"),
    [
        ("character varying(20)", "character varying(50)", False),
        ("numeric(10,0)", "numeric(10,2)", True),
        ("date", "timestamp", True),
        ("text", "", False),
        ("", "text", False),
    ],
)
def test_a_longer_text_is_no_other_type(was: str, now: str, *, stops: bool) -> None:
    at = place()
    engine, source = at.open_warehouse(), at.source("cam-lam")
    drift.accept(engine, source, Schema({"dossiers": {"hoso.ngayhentra": was}}))
    found = drift.differences(engine, source, Schema({"dossiers": {"hoso.ngayhentra": now}}))
    assert bool(found.retyped) is stops


def test_a_column_that_only_the_condition_names_stops_it_too() -> None:
    """A comparison of text with a number may let other rows through."""
    at = place()
    engine, source = at.open_warehouse(), at.source("cam-lam")
    spec = source.tables["dossiers"].spec.model_copy(update={"where": "DaXoa IS NOT 1"})
    source = replace(source, tables={"dossiers": replace(source.tables["dossiers"], spec=spec)})
    drift.accept(engine, source, Schema({"dossiers": {"HoSo.DaXoa": "integer", "HoSo.Khac": "integer"}}))
    found = drift.differences(engine, source, Schema({"dossiers": {"HoSo.DaXoa": "text", "HoSo.Khac": "text"}}))
    assert [one.sentence for one in found.retyped] == [
        "cột «HoSo.DaXoa» (dùng trong câu truy vấn) đổi kiểu: trước là integer, nay là text"
    ]
    assert list(found.others) == ["cột đổi kiểu: «HoSo.Khac» (bảng dossiers), trước là integer, nay là text"]


def test_a_value_that_was_once_empty_does_not_hide_another_type() -> None:
    """An interface that gives null tells no type."""
    at = place()
    engine, source = at.open_warehouse(), at.source("cam-lam")
    for type_ in ("text", ""):
        drift.check(engine, source, Schema({"dossiers": {"NgayHenTra": type_}}))
    with pytest.raises(SourceDrift):
        drift.check(engine, source, Schema({"dossiers": {"NgayHenTra": "number"}}))


def test_a_run_for_another_period_with_another_map_does_not_excuse_a_type() -> None:
    """Column maps have dates: that of an older period is not somebody's look at the newer one's column."""
    at = place()
    engine, now = at.open_warehouse(), at.source("cam-lam")
    dossiers = now.tables["dossiers"]
    older_columns = tuple(replace(c, format="%d/%m/%Y") if c.format == "iso" else c for c in dossiers.columns)
    older = replace(now, tables={**now.tables, "dossiers": replace(dossiers, columns=older_columns)})
    text, number = (Schema({"dossiers": {"NgayHenTra": type_}}) for type_ in ("text", "int"))
    drift.check(engine, now, text)
    drift.check(engine, older, number)
    with pytest.raises(SourceDrift):
        drift.check(engine, now, number)


def test_an_unknown_status_stops_the_source_and_its_line_mends_it(folder: Path) -> None:
    at = place()
    with pytest.raises(SourceDrift) as stopped:
        load(at, "cam-lam", rows=[*OPEN, {**OPEN[0], "MaHoSo": "000.00.32.H32-240801-0009", "TrangThai": "Mới"}])
    said = str(stopped.value)
    assert "trạng thái chưa có trong bảng quy đổi: «Mới» (1 hồ sơ)" in said
    file = Path(said.partition("một dòng vào ")[2].partition(" (group")[0])
    assert "quarantine" in said
    with file.open("a") as map_:
        map_.write("Mới,Mới có,open\n")
    engine, _ = load(place(), "cam-lam")
    assert ledger.partition(engine, "2024Q4", "cam-lam").accepted == 4


@pytest.mark.parametrize(
    ("status", "shown"),
    [("Nguyễn Thị Hoa, 0905 123 456", False), ("Chờ " * 30, False), ("Chờ phối hợp", True)],
)
def test_a_status_that_may_be_something_else_is_not_shown(status: str, *, shown: bool) -> None:
    with pytest.raises(SourceDrift) as stopped:
        drift.check_statuses(place().source("cam-lam"), {status: 3})
    assert (status in str(stopped.value)) is shown
    with pytest.raises(SourceDrift, match="có 30 giá trị chưa có") as stopped:
        drift.check_statuses(place().source("cam-lam"), {f"{status}{n}": 3 for n in range(30)})
    assert status not in str(stopped.value)
