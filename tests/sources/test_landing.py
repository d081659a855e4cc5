"""A landing is whole or not there, the same for the same content, and never silently another."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.errors import SourceDrift, SourceError, SourceUnreachable
from contracts.periods import parse_period
from sources.landing import Landing, land, landing_fingerprint, open_landing
from sources.reader import Schema, probe
from tests.sources.systems import (
    DOSSIER,
    IN_WORDS,
    PERIOD,
    change,
    excel_source,
    landed,
    rows_of,
    sqlite_source,
    with_where,
    workbook_rows,
)

KILLED = """
import os, signal, sys
from pathlib import Path
from sources.landing import land
from tests.sources.systems import DOSSIER, PERIOD, sqlite_source
folder = Path(sys.argv[1])
config = sqlite_source(folder, [DOSSIER] * 6_000)
land(config, PERIOD, root=folder / "landing", progress=lambda rows: os.kill(os.getpid(), signal.SIGKILL))
"""

FIRST_PART = "dossiers-00000.parquet"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "landing"


def folders(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "huyen-thu" / PERIOD.id).iterdir() if path.name != ".lock")


def test_what_was_landed_can_be_opened_again(tmp_path: Path, root: Path) -> None:
    written = landed(sqlite_source(tmp_path, pauses=[(DOSSIER[0], "2024-10-16", None, 5)]), root)
    opened = open_landing(written.folder)
    assert opened == written
    assert written.folder == root / "huyen-thu" / "2024Q4" / written.id
    assert (written.rows, written.source_id, written.period_id) == ({"dossiers": 1, "pauses": 1}, "huyen-thu", "2024Q4")
    assert rows_of(opened.table("pauses")) == [(DOSSIER[0], "2024-10-16", None, "5", DOSSIER[0])]


def test_the_manifest_says_what_and_where_from(tmp_path: Path, root: Path) -> None:
    manifest = json.loads((landed(sqlite_source(tmp_path), root).folder / "manifest.json").read_text())
    assert manifest["window"] == ["2024-09-15", "2024-12-31"]
    assert manifest["tables"]["dossiers"]["columns"][0] == "MaHoSo"
    [part] = manifest["tables"]["dossiers"]["parts"]
    assert len(part["sha256"]) == len(manifest["content"]) == 64


def test_the_manifest_says_what_the_system_held(tmp_path: Path, root: Path) -> None:
    config = sqlite_source(tmp_path)
    landing = landed(config, root)
    assert landing.schema == probe(config)
    assert "HoSo.SoDienThoai" in landing.schema.tables["dossiers"]
    manifest = json.loads((landing.folder / "manifest.json").read_text())
    assert manifest["structure_fingerprint"] == landing.schema.fingerprint
    assert (manifest["address_kind"], landing.places) == ("key", {})


def test_the_manifest_of_a_workbook_says_where_its_columns_stand(tmp_path: Path, root: Path) -> None:
    landing = landed(excel_source(tmp_path, workbook_rows(IN_WORDS)), root)
    assert open_landing(landing.folder).places == landing.places
    [start] = landing.places["dossiers"]
    assert landing.places["dossiers"][start]["Mã hồ sơ"] == "B"
    assert rows_of(landing.table("dossiers"), "_address") == [(f"{start}!4",)]
    assert json.loads((landing.folder / "manifest.json").read_text())["address_kind"] == "cell"


def test_a_column_that_is_new_makes_another_landing(tmp_path: Path, root: Path) -> None:
    config = sqlite_source(tmp_path)
    first = landed(config, root)
    change(config, "ALTER TABLE HoSo ADD COLUMN CotMoi")
    assert landed(config, root).id != first.id


def test_what_the_system_holds_is_looked_at_before_a_row_is_read(tmp_path: Path, root: Path) -> None:
    seen: list[object] = []

    def refuse(schema: Schema) -> None:
        seen.append(schema)
        raise SourceDrift("cột đã đổi kiểu", source_id="huyen-thu")

    config = sqlite_source(tmp_path)
    with pytest.raises(SourceDrift):
        landed(config, root, seen.append, check=refuse)
    assert seen == [probe(config)]
    assert folders(root) == []


def test_only_the_columns_asked_for_are_read(tmp_path: Path, root: Path) -> None:
    table = landed(sqlite_source(tmp_path), root).table("dossiers", ["TrangThai", "MaHoSo"])
    assert table.column_names == ["TrangThai", "MaHoSo"]
    assert str(table.schema.field("TrangThai").type).startswith("dictionary")


def test_the_same_content_is_the_same_folder(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00")
    first = landed(sqlite_source(tmp_path), root)
    written = (first.folder / FIRST_PART).stat().st_mtime_ns
    monkeypatch.setenv("CCHC_NOW", "2024-12-17T09:30:00")
    again = landed(sqlite_source(tmp_path), root)
    assert (again.id, again.folder) == (first.id, first.folder)
    assert (first.extracted_at.day, again.extracted_at.day) == (16, 17)
    assert open_landing(first.folder).extracted_at == first.extracted_at
    assert (first.folder / FIRST_PART).stat().st_mtime_ns == written
    assert folders(root) == [first.id]


def test_other_content_is_another_folder_and_the_first_stays(tmp_path: Path, root: Path) -> None:
    config = sqlite_source(tmp_path)
    first = landed(config, root)
    change(config, "UPDATE HoSo SET NgayHenTra = '2024-11-30'")
    second = landed(config, root)
    assert folders(root) == sorted([first.id, second.id])
    assert open_landing(first.folder).table("dossiers", ["NgayHenTra"])["NgayHenTra"].to_pylist() == ["2024-10-20"]


def test_progress_counts_the_rows(tmp_path: Path, root: Path) -> None:
    told: list[int] = []
    land(sqlite_source(tmp_path, [DOSSIER] * 12_000), PERIOD, root=root, progress=told.append)
    assert sum(told) == 12_000
    assert len(told) == 3


def test_the_fingerprint_follows_what_is_asked(tmp_path: Path, root: Path) -> None:
    config = sqlite_source(tmp_path)
    asked = landing_fingerprint(config, PERIOD)
    assert landed(config, root).fingerprint == asked
    assert landing_fingerprint(with_where(config, "TrangThai > 1"), PERIOD) != asked
    assert landing_fingerprint(config, parse_period("2024Q3")) != asked
    assert landing_fingerprint(replace(config, status_map={}, contact="khác"), PERIOD) == asked


def test_the_same_rows_asked_for_otherwise_are_another_landing(tmp_path: Path, root: Path) -> None:
    config = sqlite_source(tmp_path)
    assert landed(config, root).id != landed(with_where(config, "TrangThai > 1"), root).id


def damage_a_table(landing: Landing) -> None:
    path = landing.folder / FIRST_PART
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def lose_a_table(landing: Landing) -> None:
    (landing.folder / FIRST_PART).unlink()


def lose_the_manifest(landing: Landing) -> None:
    (landing.folder / "manifest.json").unlink()


def cut_the_manifest(landing: Landing) -> None:
    path = landing.folder / "manifest.json"
    path.write_text(path.read_text()[:100])


def an_empty_manifest(landing: Landing) -> None:
    (landing.folder / "manifest.json").write_text("[]")


def edit_the_manifest(landing: Landing) -> None:
    path = landing.folder / "manifest.json"
    path.write_text(path.read_text().replace('"rows": 1', '"rows": 2'))


def edit_the_structure(landing: Landing) -> None:
    path = landing.folder / "manifest.json"
    path.write_text(path.read_text().replace('"HoSo.DiaChi"', '"HoSo.Khac"'))


DAMAGES = [
    damage_a_table,
    lose_a_table,
    lose_the_manifest,
    cut_the_manifest,
    an_empty_manifest,
    edit_the_manifest,
    edit_the_structure,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_landing_is_refused_and_made_anew(tmp_path: Path, root: Path, damage: object) -> None:
    config = sqlite_source(tmp_path)
    landing = landed(config, root)
    damage(landing)  # type: ignore[operator]
    with pytest.raises(SourceError) as caught:
        open_landing(landing.folder)
    assert "cchc rerun 2024Q4 --source huyen-thu --fresh" in caught.value.advice
    assert caught.value.source_id == "huyen-thu"
    again = landed(config, root)
    assert again.id == landing.id
    assert open_landing(again.folder).rows == {"dossiers": 1}


def test_a_landing_of_the_first_version_is_told_as_old(tmp_path: Path, root: Path) -> None:
    landing = landed(sqlite_source(tmp_path), root)
    path = landing.folder / "manifest.json"
    said = json.loads(path.read_text())
    del said["format"]
    path.write_text(json.dumps(said))
    with pytest.raises(SourceError, match="bản trích xuất cũ, của phiên bản cchc trước, phải đọc lại"):
        open_landing(landing.folder)


def test_the_fingerprint_follows_the_form_of_a_landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = sqlite_source(tmp_path)
    asked = landing_fingerprint(config, PERIOD)
    monkeypatch.setattr("sources.landing.landings.FORMAT", 0)
    assert landing_fingerprint(config, PERIOD) != asked


def test_a_landing_moved_to_another_name_is_refused(tmp_path: Path, root: Path) -> None:
    landing = landed(sqlite_source(tmp_path), root)
    moved = landing.folder.rename(landing.folder.with_name("0" * 16))
    with pytest.raises(SourceError):
        open_landing(moved)


def test_a_killed_run_leaves_no_landing_and_the_next_one_sweeps(tmp_path: Path, root: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL
    [leftover] = folders(root)
    assert leftover.startswith(".part-")
    landing = landed(sqlite_source(tmp_path), root)
    assert folders(root) == [landing.id]


def test_a_failed_read_leaves_nothing(tmp_path: Path, root: Path) -> None:
    config = sqlite_source(tmp_path, pauses=[])
    change(config, "DROP TABLE YeuCau")
    with pytest.raises(SourceDrift):
        landed(config, root)
    assert folders(root) == []


def test_two_runs_do_not_land_the_same_period_at_once(tmp_path: Path, root: Path) -> None:
    config = sqlite_source(tmp_path)

    def another_run(rows: int) -> None:
        with pytest.raises(SourceUnreachable, match="một lượt chạy khác"):
            landed(config, root)

    landing = land(config, PERIOD, root=root, progress=another_run)
    assert open_landing(landing.folder).rows == {"dossiers": 1}


def test_a_landing_and_its_errors_cross_process_borders(tmp_path: Path, root: Path) -> None:
    landing = landed(sqlite_source(tmp_path), root)
    assert pickle.loads(pickle.dumps(landing)) == landing
    lose_a_table(landing)
    with pytest.raises(SourceError) as caught:
        open_landing(landing.folder)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_arrow_uses_the_systems_allocator_whoever_imports_it_first() -> None:
    said = "import flows.place, pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    done = subprocess.run([sys.executable, "-c", said], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "system"
