"""What a backup must have is what the warehouse and the manifests name, not what happens to lie there."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert

from contracts import clock
from contracts.errors import UsageError
from contracts.settings import Settings
from flows.backups.checking import checked
from flows.backups.making import back_up
from flows.backups.manifest import can_be_kept
from tests.backups.conftest import SOURCES, Settle, all_files
from warehouse import tables
from warehouse.database import open_warehouse, writing

GONE, ALTERED = "không còn", "khác với lúc trích xuất"
STRANGE = "tên tệp có ký tự không sao lưu được"
LINKED = "là liên kết tới tệp khác, không sao lưu được"


@pytest.fixture
def province(lived_in: Path, at: Settle) -> Path:
    """Its folder lies where a restore puts it: below the home."""
    folder = lived_in / "provinces" / "khanh-hoa"
    shutil.copytree(Settings().province_folder, folder)
    at(lived_in, province=str(folder))
    return folder


def test_what_is_lost_comes_from_the_backup_before_or_is_told(lived_in: Path, province: Path, tmp_path: Path) -> None:
    home = lived_in / "khanh-hoa"
    returned = _return_entered(home)
    published = _published(home)
    first = back_up(tmp_path / "backups", who="ai").manifest
    assert first.absent == ()
    assert "province/province.toml" in first.files
    whole, half, altered = (_landing(home, name) for name in SOURCES)
    lost_part = next(half.glob("*.parquet"))
    counted = next((home / "counted" / "2024Q4" / SOURCES[0]).glob("*.parquet"))
    shutil.rmtree(whole)
    for path in (lost_part, counted, returned, published):
        path.unlink()
    (altered / "manifest.json").write_text("{}")

    second = back_up(tmp_path / "backups", who="ai")
    assert second.manifest.absent == ()
    assert _kept(second.folder) == _kept(tmp_path / "backups" / second.folder.name.removesuffix("-2"))

    third = back_up(tmp_path / "others", who="ai").manifest
    missing = {whole / "manifest.json", lost_part, counted, returned, published}
    assert {one.path: one.why for one in third.absent} == {
        **{path.relative_to(lived_in).as_posix(): GONE for path in missing},
        (altered / "manifest.json").relative_to(lived_in).as_posix(): ALTERED,
    }


def _landing(home: Path, source: str) -> Path:
    return next(path for path in (home / "landing" / source / "2024Q4").iterdir() if not path.name.startswith("."))


def _return_entered(home: Path) -> Path:
    content = b"PK a return that was taken"
    sha256 = hashlib.sha256(content).hexdigest()
    path = home / "returns" / "2024Q4" / "H32.37" / f"{sha256[:16]}.xlsx"
    path.write_bytes(content)
    words = ("file_name", "form_version", "prepared_by", "approved_by", "document")
    row = {"period_id": "2024Q4", "agency_code": "H32.37", "number": 1, "sha256": sha256, "received_at": clock.now()}
    with writing(open_warehouse(Settings().database_url("khanh-hoa"))) as connection:
        given = {**row, **dict.fromkeys(words, "x"), "prepared_on": date(2024, 12, 15)}
        connection.execute(insert(tables.returned_file).values(given))
    return path


def _published(home: Path) -> Path:
    folder = home / "published" / "2024Q4" / "2024-12-16T080000"
    folder.mkdir(parents=True)
    (folder / "answer.json").write_bytes(b"[]")
    said = {"files": [{"name": "answer.json", "sha256": hashlib.sha256(b"[]").hexdigest()}]}
    (folder / "manifest.json").write_text(json.dumps(said))
    return folder / "answer.json"


def _kept(backup: Path) -> dict[str, bytes]:
    return {path: content for path, content in all_files(backup / "home").items() if not path.startswith("logs/")}


def test_a_name_that_could_not_be_read_again_and_a_link_are_told(
    lived_in: Path, province: Path, tmp_path: Path
) -> None:
    """The backup is good for all else: it is read again before it gets its name."""
    returns = lived_in / "khanh-hoa" / "returns" / "2024Q4"
    (returns / "a\\b.xlsx").write_bytes(b"PK")
    Path(os.fsdecode(os.fsencode(returns) + b"/\xff.xlsx")).write_bytes(b"PK")
    (tmp_path / "elsewhere.toml").write_bytes(b"")
    (province / "linked.toml").symlink_to(tmp_path / "elsewhere.toml")
    made = back_up(tmp_path / "backups", who="ai")
    assert {one.path: one.why for one in made.manifest.absent} == {
        "khanh-hoa/returns/2024Q4/a\\b.xlsx": STRANGE,
        "khanh-hoa/returns/2024Q4/\\udcff.xlsx": STRANGE,
        "province/linked.toml": LINKED,
    }
    assert checked(made.folder) == made.manifest
    (tmp_path / "backups").rename(tmp_path / "kept")
    (province / "province.toml").rename(tmp_path / "province.toml")
    (province / "province.toml").symlink_to(tmp_path / "province.toml")
    with pytest.raises(UsageError, match=r"không sao lưu được cấu hình của tỉnh: thiếu .*province\.toml"):
        back_up(tmp_path / "backups", who="ai")
    assert not any((tmp_path / "backups").glob("khanh-hoa-*"))


@pytest.mark.parametrize("name", ["a\\b", "a\nb", "a\rb", "\udcff", "a\u2028b", ".."])
def test_such_names_are(name: str) -> None:
    assert not can_be_kept(f"home/returns/{name}")
    assert can_be_kept("home/returns/Phiếu số 1 (bản sao)\u00a0.xlsx")
