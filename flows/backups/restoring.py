"""Restoring a backup into an empty home and an empty warehouse, and comparing what came of it with what was backed up.

Nothing is written before every file of the backup was found whole. Files lie beside the home until the tables are in:
they get their name within the one transaction that fills the warehouse, so what is visible is all of it or nothing.
Until all was compared, a mark in the folder tells of which backup it is: who restores the same one again goes on
there."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from contracts import home
from contracts.errors import CriticalCheckError, UsageError
from contracts.settings import Settings
from flows.backups.checking import checked
from flows.backups.copying import copy, make_folders
from flows.backups.manifest import HOME, PROVINCE, Manifest, table_file
from flows.backups.shelf import opening, shared_out
from sources.landing.disk import sync
from storage import belonging, finished
from storage.shared import shared
from warehouse import audit, audit_proof, dumps, owner, refill
from warehouse.audit_proof import Proof
from warehouse.database import is_postgresql, open_unchanged, open_warehouse, reading, sqlite_file, writing
from warehouse.layouts import NOT_KEPT, TableLayout, layout_of
from warehouse.named_files import named_files
from warehouse.upgrade import HEAD, migrate

UNFINISHED = ".restoring"
"""In a home that is not filled, or not compared yet: SHA-256 of the manifest of the backup that is being restored."""
Told = Callable[[str], None]


@dataclass(frozen=True)
class Compared:
    """What was held against the backup after it was restored. tables, rows: with equal digests; named: files that the
    warehouse names and that are there with their checksum; files: all that were restored; absent: of those that the
    warehouse names what was lost already when the backup was made."""

    tables: int
    rows: int
    files: int
    named: int
    absent: tuple[str, ...]
    proof: Proof


@dataclass(frozen=True)
class Restored:
    """province_folder: where the configuration lies now; migrated: whether the warehouse was brought up to date."""

    manifest: Manifest
    home: Path
    province_folder: Path
    migrated: bool
    compared: Compared


def restore(folder: Path, *, who: str, told: Told = lambda _said: None) -> Restored:
    """Restore it into the home and the warehouse of the settings. who: for the audit trail. Raises UsageError where
    they are not empty, CriticalCheckError where something is not as it was backed up."""
    told("Kiểm tra từng tệp của bản sao lưu…")
    manifest = checked(folder)
    layout = _layout(manifest)
    settings = Settings()
    at = settings.province_home(manifest.province).absolute()
    engine = open_unchanged(settings.database_url(manifest.province))
    if not _is_filled(engine, at, manifest):
        _check_store(folder, manifest, layout)
        told("Chép tệp, nạp kho dữ liệu…")
        _fill_all(engine, folder, manifest, layout, at)
    told("So lại với bản sao lưu…")
    return _finished(folder, manifest, at, who=who)


def _is_filled(engine: Engine, at: Path, manifest: Manifest) -> bool:
    """Whether a restore of that very backup came as far as that already. Raises UsageError where something else is
    there. What one left half-way is taken away."""
    mark = at / UNFINISHED
    half = mark.exists() and mark.read_text(encoding="utf-8").strip() == _own(manifest)
    if not half and at.exists() and any(at.iterdir()):
        raise UsageError(
            f"nơi khôi phục không trống: {at}",
            advice="khôi phục vào nơi trống: --into THƯ_MỤC_MỚI; không xóa dữ liệu đang có khi chưa chắc chắn",
        )
    if not is_postgresql(engine) and not sqlite_file(engine).exists():
        filled = False
    else:
        with reading(engine) as connection:
            filled = refill.is_filled(connection)
    if filled and not half:
        raise UsageError(
            "kho dữ liệu nơi khôi phục không trống",
            advice="khôi phục vào kho trống: cơ sở dữ liệu PostgreSQL mới lập; hoặc đặt CCHC_WAREHOUSE_URL= (để trống)"
            " để kho nằm trong thư mục khôi phục",
        )
    if half and not filled:
        shutil.rmtree(at)
    return filled


def _layout(manifest: Manifest) -> tuple[TableLayout, ...]:
    layout = layout_of(manifest.migration)
    kept = {table.name for table in layout}
    if kept != set(manifest.tables):
        raise UsageError(
            f"bản sao lưu có các bảng khác với kho dữ liệu ở phiên bản {manifest.migration}",
            advice=f"khôi phục bằng chính bản cchc đã sao lưu ({manifest.cchc}), rồi nâng cấp",
        )
    return layout


def _check_store(folder: Path, manifest: Manifest, layout: tuple[TableLayout, ...]) -> None:
    """Raises UsageError where the shared store is another warehouse's than the one that was backed up."""
    for table in (one for one in layout if one.name == "warehouse_mark"):
        with (folder / table_file(table.name)).open("rb") as packed:
            for row in dumps.rows_in(packed, table):
                belonging.works_for(manifest.province, row["mark"])
                finished.refuse_another_warehouse(manifest.province)


def _fill_all(engine: Engine, folder: Path, manifest: Manifest, layout: tuple[TableLayout, ...], at: Path) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    staged = _staged(folder, manifest, at.parent)
    try:
        (staged / UNFINISHED).write_text(f"{_own(manifest)}\n", encoding="utf-8")
        if not is_postgresql(engine) and sqlite_file(engine).is_relative_to(at.resolve()):
            file = staged / sqlite_file(engine).relative_to(at.resolve())
            _fill(open_unchanged(f"sqlite:///{file.resolve()}"), folder, manifest, layout)
            _name(staged, at)
        else:
            _fill(engine, folder, manifest, layout, last=lambda: _name(staged, at))
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _staged(folder: Path, manifest: Manifest, beside: Path) -> Path:
    """What lay below the province's home, in a folder that nobody takes for it, each file checked as it was written."""
    for left in beside.glob(f"{UNFINISHED}-{manifest.province}-*"):
        shutil.rmtree(left, ignore_errors=True)
    staged = Path(tempfile.mkdtemp(prefix=f"{UNFINISHED}-{manifest.province}-", dir=beside))
    staged.chmod(0o750)
    try:
        for path in manifest.below(HOME):
            _put(folder, path, staged / path.removeprefix(f"{HOME}/"), manifest)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    return staged


def _put(folder: Path, path: str, to: Path, manifest: Manifest) -> None:
    make_folders(to.parent, mode=0o750)
    written = copy(opening(folder / path), to, mode=0o640)
    if written != manifest.files[path]:
        raise CriticalCheckError(
            f"tệp {path} của bản sao lưu thay đổi trong lúc khôi phục", advice="kiểm tra ổ đĩa chứa bản sao lưu"
        )


def _name(staged: Path, at: Path) -> None:
    """Give what is whole its name."""
    if at.exists():
        at.rmdir()
    for place in (staged, *(path for path in staged.rglob("*") if path.is_dir())):
        sync(place)
    staged.rename(at)
    sync(at.parent)


def _fill(
    engine: Engine,
    folder: Path,
    manifest: Manifest,
    layout: tuple[TableLayout, ...],
    *,
    last: Callable[[], None] = lambda: None,
) -> None:
    """Tables, their rows and their digests in one transaction, at the backup's migration; then up to today's."""
    with writing(engine) as connection:
        refill.build(connection, manifest.migration)
        with refill.triggers_aside(connection):
            for table in layout:
                if table.name not in NOT_KEPT:
                    _fill_table(connection, folder, table)
        _refuse_others(connection, manifest, layout)
        if manifest.migration != HEAD:
            migrate(connection)
        last()


def _fill_table(connection: Connection, folder: Path, table: TableLayout) -> None:
    with (folder / table_file(table.name)).open("rb") as packed:
        refill.fill(connection, table, dumps.rows_in(packed, table))


def _refuse_others(connection: Connection, manifest: Manifest, layout: tuple[TableLayout, ...]) -> None:
    others = [one.name for one in layout if dumps.tally(connection, one) != manifest.tables[one.name]]
    if others:
        raise CriticalCheckError(
            f"kho dữ liệu khôi phục xong không giống bản sao lưu, ở bảng: {', '.join(others)}; đã bỏ, không giữ lại gì",
            advice="gửi thông báo này cho nhóm phát triển cchc; dùng bản sao lưu khác",
        )


def _finished(folder: Path, manifest: Manifest, at: Path, *, who: str) -> Restored:
    engine = open_warehouse(Settings().database_url(manifest.province))
    compared = _compared(engine, manifest, at)
    if shared() is not None:
        owner.claim(engine, manifest.province)
        shared_out(at)
    province_folder = _configuration(folder, manifest, at.parent / "provinces")
    (at / UNFINISHED).unlink(missing_ok=True)
    about = {"backup": folder.name, "manifest": _own(manifest)}
    audit.enter(engine, audit.Deed("restore", who=who, about=about))
    return Restored(manifest, at, province_folder, manifest.migration != HEAD, compared)


def _compared(engine: Engine, manifest: Manifest, at: Path) -> Compared:
    """Raises CriticalCheckError with the names of what differs."""
    differ = [
        f"{at.name}/{path.removeprefix(f'{HOME}/')}"
        for path in manifest.below(HOME)
        if _sha256(at / path.removeprefix(f"{HOME}/")) != manifest.files[path].sha256
    ]
    lost = {one.path for one in manifest.absent}
    with reading(engine) as connection:
        layout = layout_of(HEAD)
        if manifest.migration == HEAD:
            others = [one.name for one in layout if dumps.tally(connection, one) != manifest.tables[one.name]]
            differ += [f"bảng {name}" for name in others if name != "audit_entry"]
        named = [one for one in named_files(connection, layout, manifest.province) if one.path not in lost]
    differ += [one.path for one in named if not _is_there(Path(home.lies_at(one.path)), one.sha256)]
    if differ:
        raise CriticalCheckError(
            f"khôi phục xong nhưng không giống bản sao lưu: {'; '.join(differ[:10])}",
            advice="chưa dùng dữ liệu này; khôi phục lại vào nơi trống khác, hoặc dùng bản sao lưu khác",
        )
    count = len(list(manifest.below(HOME)))
    proof = audit_proof.prove(engine)
    return Compared(len(manifest.tables), manifest.rows, count, len(named), tuple(sorted(lost)), proof)


def _is_there(path: Path, sha256: str | None) -> bool:
    found = _sha256(path)
    return bool(found) and sha256 in {None, found}


def _sha256(path: Path) -> str:
    """Of a file that is there; nothing otherwise."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _own(manifest: Manifest) -> str:
    return hashlib.sha256(manifest.text().encode()).hexdigest()


def _configuration(folder: Path, manifest: Manifest, beside: Path) -> Path:
    """The province's folder as it was, under a name that nothing has: the one in use may have been mended since."""
    names = [manifest.province, *(f"{manifest.province}-{number}" for number in range(2, 1000))]
    to = next(beside / name for name in names if not (beside / name).exists())
    for path in manifest.below(PROVINCE):
        _put(folder, path, to / path.removeprefix(f"{PROVINCE}/"), manifest)
    return to
