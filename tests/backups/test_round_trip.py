"""A province is backed up and restored somewhere else: everything is there, to the byte, and the next run has nothing
to do."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from contracts.errors import UsageError
from contracts.settings import Settings
from flows.backups import restoring
from flows.backups.checking import checked
from flows.backups.keeping import kept_still
from flows.backups.making import back_up
from flows.backups.manifest import Manifest
from flows.backups.record import last_backup
from flows.backups.restoring import restore
from flows.backups.shelf import shared_out
from tests.backups.conftest import Settle, all_files
from tests.quarter.command import Office
from warehouse import dumps
from warehouse.database import open_unchanged, open_warehouse, reading
from warehouse.layouts import layout_of
from warehouse.upgrade import HEAD

ADDED_TO = {"tables/audit_entry.jsonl.gz", "home/logs/audit-2024-12.marks"}
"""That a backup was made is entered there."""


def tables() -> dict[str, dumps.Rows]:
    """Of the warehouse at which this process is: rows and digest of each table, sessions and the trail left out, to
    which backing up and restoring adds."""
    with reading(open_warehouse(Settings().database_url("khanh-hoa"))) as connection:
        found = {one.name: dumps.tally(connection, one) for one in layout_of(HEAD)}
    return {name: rows for name, rows in found.items() if name not in {"portal_session", "audit_entry"}}


def files(home: Path) -> dict[str, bytes]:
    """Of a province's home, but what is unfinished, a lock, or can be made again."""
    found = all_files(home / "khanh-hoa")
    kept = ("counted/", "landing/", "published/", "reports/", "returns/")
    return {path: content for path, content in found.items() if path.startswith(kept) and "/." not in path}


def test_everything_is_there_again(
    of_three: Office, lived_in: Path, tmp_path: Path, at: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the restore was killed when all was there but not yet compared: the same command goes on."""
    before, there = tables(), files(lived_in)
    made = back_up(tmp_path / "backups", who="ai")
    assert made.manifest.absent == ()
    assert {path.removeprefix("home/") for path in made.manifest.below("home") if "/logs/" not in path} == set(there)
    shutil.rmtree(lived_in)
    to = tmp_path / "elsewhere"
    at(to)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(restoring, "_compared", _killed)
        restore(made.folder, who="ai")
    restored = restore(made.folder, who="ai")
    assert tables() == before
    assert files(to) == there
    assert restored.compared.proof.is_sound
    assert restored.compared.proof.unmarked == []
    assert restored.compared.proof.entries == 3
    office = Office(to, province=str(restored.province_folder), settings=of_three.settings)
    assert office.export("2024Q4", "indicators").read_bytes() == of_three.export("2024Q4", "indicators").read_bytes()
    assert "ĐÚNG TỆP" in office.cchc("verify", office.report("2024Q4")["path"]).stdout
    office.cchc("audit", "verify")
    office.cchc("run", "2024Q4")
    changed = {name for name, rows in tables().items() if rows != before[name]}
    assert changed <= {"period_run", "notice"}  # that it ran, and what people are told of that
    assert files(to) == there


def _killed(*_given: object) -> None:
    raise KeyboardInterrupt


def test_by_way_of_the_other_database(lived_in: Path, tmp_path: Path, at: Settle, postgres_database: str) -> None:
    """SQLite → PostgreSQL → SQLite. On a server a removal by age on another machine is waited for."""
    before, there = tables(), files(lived_in)
    first = back_up(tmp_path / "backups", who="ai").folder
    at(tmp_path / "on-a-server", warehouse=postgres_database)
    restore(first, who="ai")
    assert tables() == before
    elsewhere = kept_still(tmp_path / "machine-2", open_unchanged(postgres_database))
    with elsewhere, pytest.raises(UsageError, match="một lượt sao lưu hoặc xóa theo thời hạn khác đang diễn ra"):
        back_up(tmp_path / "backups", who="ai")
    second = back_up(tmp_path / "backups", who="ai")
    assert second.manifest.tables.keys() == before.keys() | {"portal_session", "audit_entry"}
    at(tmp_path / "back")
    restore(second.folder, who="ai")
    assert tables() == before
    assert files(tmp_path / "back") == there


def test_nobody_else_reads_a_backup_and_sums_are_for_anybody(lived_in: Path, tmp_path: Path) -> None:
    """Rights of the owner alone; what is not to leave the machine is not in it; sha256sum needs none of us."""
    import subprocess

    folder = back_up(tmp_path / "backups", who="ai").folder
    rights = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert rights == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.glob("**/"))} == {0o700}
    assert not (folder / "tables" / "portal_session.jsonl.gz").exists()
    assert not [path for path in all_files(folder) if "/." in path]
    done = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == len(all_files(folder)) - 1


def test_a_second_backup_copies_only_what_is_new(lived_in: Path, tmp_path: Path) -> None:
    """What the first one has is linked, file by file; each stands alone; the home is linked to neither."""
    first = back_up(tmp_path / "backups", who="ai")
    (lived_in / "khanh-hoa" / "returns" / "new.xlsx").write_bytes(b"new")
    second = back_up(tmp_path / "backups", who="ai")
    record = last_backup("khanh-hoa")
    assert record is not None
    assert record.folder == str(second.folder)
    assert second.copied < first.copied / 20
    same = set(first.manifest.files.items()) & set(second.manifest.files.items())
    assert first.manifest.files.keys() - dict(same).keys() <= ADDED_TO
    assert len(same) > 50
    for path, _ in same:
        assert (first.folder / path).samefile(second.folder / path)
    report = next(path for path in second.manifest.below("home") if path.endswith("-v1.pdf"))
    assert (second.folder / report).stat().st_ino != (lived_in / "khanh-hoa" / report[5:]).stat().st_ino
    shutil.rmtree(first.folder)
    assert checked(second.folder) == second.manifest


def test_what_rots_in_the_backup_before_is_not_handed_on(lived_in: Path, tmp_path: Path) -> None:
    first = back_up(tmp_path / "backups", who="ai")
    report = next(path for path in first.manifest.below("home") if path.endswith("-v1.pdf"))
    flip(first.folder / report)
    assert checked(back_up(tmp_path / "backups", who="ai").folder)


def test_a_file_that_was_lost_or_altered_is_told_and_comes_from_the_backup_before(
    lived_in: Path, tmp_path: Path, at: Settle
) -> None:
    reports = sorted(path for path in (lived_in / "khanh-hoa" / "reports" / "2024Q4").iterdir())
    kept = reports[0].read_bytes()
    back_up(tmp_path / "backups", who="ai")
    reports[0].unlink()
    flip(reports[1])
    assert back_up(tmp_path / "backups", who="ai").manifest.absent == ()
    office = Office(lived_in)
    done = office.cchc("backup", "--to", str(tmp_path / "another"), expect=4)
    assert f"THIẾU: khanh-hoa/reports/2024Q4/{reports[0].name}: không còn khi sao lưu." in done.stdout
    assert f"THIẾU: khanh-hoa/reports/2024Q4/{reports[1].name}: khác với tệp đã đăng ký khi sao lưu." in done.stdout
    (incomplete,) = (tmp_path / "another").glob("khanh-hoa-*")
    at(tmp_path / "elsewhere")
    assert len(restore(incomplete, who="ai").compared.absent) == 2
    at(tmp_path / "whole")
    newest = max((tmp_path / "backups").glob("khanh-hoa-*"), key=lambda path: len(path.name))
    restore(newest, who="ai")
    assert (tmp_path / "whole" / reports[0].relative_to(lived_in)).read_bytes() == kept


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


ALTERED = {
    "a report": (lambda m: next(p for p in m.below("home") if p.endswith("-v1.pdf")), "đã bị sửa hoặc hỏng"),
    "a table": (lambda m: "tables/fact.jsonl.gz", "đã bị sửa hoặc hỏng"),
    "the configuration": (lambda m: "province/province.toml", "đã bị sửa hoặc hỏng"),
    "the manifest": (lambda m: "MANIFEST.json", "đã bị sửa hoặc hỏng: tệp MANIFEST.json"),
    "the sums": (lambda m: "SHA256SUMS", "đã bị sửa hoặc hỏng: tệp "),
}


def test_an_altered_or_incomplete_backup_is_refused_by_name(lived_in: Path, tmp_path: Path, at: Settle) -> None:
    made = back_up(tmp_path / "backups", who="ai")
    at(tmp_path / "elsewhere")
    for which, said in ALTERED.values():
        path = made.folder / which(made.manifest)
        kept = path.read_bytes()
        flip(path)
        refused(made.folder, tmp_path / "elsewhere", said=said, path=path.name)
        path.write_bytes(kept)
        path.rename(path.with_name("hidden"))
        refused(made.folder, tmp_path / "elsewhere", said="bị mất|chưa|đã làm xong", path=path.name)
        path.with_name("hidden").rename(path)
    assert checked(made.folder) == made.manifest


def refused(folder: Path, home: Path, *, said: str, path: str) -> None:
    with pytest.raises(Exception, match=said) as error:
        restore(folder, who="ai")
    assert path in str(error.value) or "tệp SHA256SUMS" in str(error.value) or "MANIFEST.json" in str(error.value)
    assert not home.exists() or not any(home.iterdir())


def test_only_into_what_is_empty(lived_in: Path, tmp_path: Path, at: Settle, postgres_database: str) -> None:
    folder = back_up(tmp_path / "backups", who="ai").folder
    done = Office(lived_in).cchc("restore", str(folder), expect=2)
    assert f"nơi khôi phục không trống: {lived_in}/khanh-hoa" in done.stderr
    at(tmp_path / "first", warehouse=postgres_database)
    restore(folder, who="ai")
    there = files(tmp_path / "first")
    on_server = {"CCHC_WAREHOUSE_URL": postgres_database}
    done = Office(tmp_path / "x", settings=on_server).cchc("restore", str(folder), expect=2)
    assert "kho dữ liệu nơi khôi phục không trống" in done.stderr
    assert files(tmp_path / "first") == there
    assert not (tmp_path / "x" / "khanh-hoa").exists()


def test_a_backup_of_a_newer_program_is_refused(lived_in: Path, tmp_path: Path, at: Settle) -> None:
    made = back_up(tmp_path / "backups", who="ai")
    _say(made.folder, made.manifest, '"migration": "9999"')
    at(tmp_path / "elsewhere")
    with pytest.raises(Exception, match="do một bản mới hơn tạo ra"):
        restore(made.folder, who="ai")


def _say(folder: Path, manifest: Manifest, said: str) -> None:
    """The same backup, sealed as another migration's."""
    from dataclasses import replace

    from flows.backups.manifest import sums

    newer = replace(manifest, migration="9999")
    assert said in newer.text()
    (folder / "MANIFEST.json").write_text(newer.text(), encoding="utf-8")
    (folder / "SHA256SUMS").write_text(sums(newer), encoding="utf-8")


def test_what_the_shared_store_alone_has_is_fetched_and_what_it_lacks_is_put_there(
    lived_in: Path, tmp_path: Path, at: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another machine printed and counted; and the store is lost with the machines."""
    (tmp_path / "store").mkdir()
    (tmp_path / "new-store").mkdir()
    monkeypatch.setenv("CCHC_STORE", f"file://{tmp_path}/store")
    shared_out(lived_in / "khanh-hoa")
    there = files(lived_in)
    (khanh_son,) = (
        p for p in (lived_in / "khanh-hoa/landing/khanh-son/2024Q4").iterdir() if not p.name.startswith(".")
    )
    for folder in (lived_in / "khanh-hoa" / "reports", lived_in / "khanh-hoa" / "counted", khanh_son):
        shutil.rmtree(folder)
    parts = sorted((lived_in / "khanh-hoa/landing/cam-ranh/2024Q4").glob("*/*.parquet"))
    parts[0].unlink()
    flip(parts[1])
    made = back_up(tmp_path / "backups", who="ai")
    assert made.manifest.absent == ()
    at(tmp_path / "elsewhere")
    monkeypatch.setenv("CCHC_STORE", f"file://{tmp_path}/new-store")
    restore(made.folder, who="ai")
    assert files(tmp_path / "elsewhere") == there
    stored = all_files(tmp_path / "new-store" / "khanh-hoa")
    assert {path: content for path, content in stored.items() if not path.endswith((".sha256", ".owner"))} == {
        path: content for path, content in there.items() if path.startswith(("counted/", "landing/", "reports/"))
    }
    on_trial = Office(tmp_path / "x", settings={"CCHC_STORE": f"file://{tmp_path}/store"})
    said = on_trial.cchc("restore", str(made.folder), "--into", str(tmp_path / "y"), expect=2).stderr
    assert "không được đụng tới kho tệp chung" in said
