"""Making a backup: one moment of the warehouse, and the files that it names.

Tables are read within one transaction, so they are of one moment, whatever goes on beside it. A file never changes once
the warehouse names it, so it is copied after the snapshot was begun. The one kind of file that a run removes is that of
dossiers behind facts that no longer stand: where one is gone meanwhile, a new snapshot is taken, and what was copied is
kept for it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from operator import methodcaller
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, select, text

from contracts import clock, home
from contracts.errors import CchcError, UsageError, WarehouseError
from contracts.province import Province, read_province
from contracts.settings import Settings
from flows.backups.copying import Before, Into, NotAsEntered, make_folders
from flows.backups.keeping import kept_still
from flows.backups.landings import landed_files
from flows.backups.manifest import (
    HOME,
    MANIFEST,
    PROVINCE,
    SUMS,
    Absent,
    BackedUp,
    Manifest,
    can_be_kept,
    read_manifest,
    shown,
    sums,
    table_file,
)
from flows.backups.marks import lengths, marks_until
from flows.backups.published import published_sums
from flows.backups.record import keep_record
from flows.backups.shelf import AS_THEY_CAME, LANDING, bring_landing, bring_part, brought, links, opening, visible
from sources.landing.disk import sync
from storage.errors import StoredFileDamaged
from warehouse import audit, dumps
from warehouse.database import is_postgresql, open_unchanged, reading, sqlite_file
from warehouse.dumps import Rows
from warehouse.filelock import LockTaken, file_lock
from warehouse.layouts import NOT_KEPT, TableLayout, layout_of
from warehouse.named_files import NamedFile, counted_files, landings, named_files
from warehouse.upgrade import HEAD, version_of

ATTEMPTS = 20
"""Snapshots taken at most where a run replaces facts meanwhile; each has only to copy what is new since the last."""
PART = ".part-"
GONE = "không còn"
PROVINCE_FILE = "province.toml"
LANDING_DEPTH = 3
"""An extract's folder: source, period, and its own name."""


class _Moved(Exception):
    """Facts were replaced between the snapshot and the copy of the dossiers behind them."""


@dataclass(frozen=True)
class Made:
    """A finished backup. copied: bytes that lie there anew; the rest is shared with the backup before. same_disk:
    whether it lies on the disk of what it is the backup of."""

    folder: Path
    manifest: Manifest
    copied: int
    same_disk: bool


def back_up(to: Path, *, who: str) -> Made:
    """Back the province up below that folder. who: for the audit trail. Raises CchcError; OSError where a disk refuses:
    then there is nothing that looks like a backup."""
    settings = Settings()
    province = read_province(settings.province_folder)
    engine = _warehouse(settings, province)
    make_folders(to)
    with _only_one(to, province), kept_still(settings.province_home(province.id), engine):
        folder, manifest, copied = _Backup(settings, province, engine, to).made()
    same = to.stat().st_dev == settings.province_home(province.id).stat().st_dev
    keep_record(province.id, folder, manifest, same_disk=same)
    if manifest.migration == HEAD:
        audit.enter(engine, audit.Deed("backup", who=who, about={"backup": folder.name}))
    return Made(folder, manifest, copied, same)


@dataclass
class _Backup:
    """One backup that is being made. files, absent: what came of each file; copied: what lies there already, also of an
    earlier snapshot."""

    settings: Settings
    province: Province
    engine: Engine
    to: Path
    files: dict[str, BackedUp] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    copied: dict[str, BackedUp] = field(default_factory=dict)
    at: str = ""

    @property
    def _home(self) -> Path:
        return self.settings.province_home(self.province.id)

    def made(self) -> tuple[Path, Manifest, int]:
        """Folder, manifest, bytes that were copied."""
        before = newest_of(self.to, self.province.id)
        part = Path(tempfile.mkdtemp(prefix=f"{PART}{self.province.id}-", dir=self.to))
        try:
            manifest = self._within(Into(part, before))
            for name, content in ((SUMS, sums(manifest)), (MANIFEST, manifest.text())):
                Into(part).write(name, methodcaller("write", content.encode()))
            read_manifest(part)  # what could not be read again gets no name
            copied = sum(
                path.stat().st_size for path in part.rglob("*") if path.is_file() and path.stat().st_nlink == 1
            )
            return self._named(part, manifest), manifest, copied
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _within(self, into: Into) -> Manifest:
        for _ in range(ATTEMPTS):
            self.files, self.absent = {}, {}
            try:
                manifest = self._snapshot(into)
            except _Moved:
                continue
            _remove_besides(into.folder, manifest)
            return manifest
        raise WarehouseError(
            "không chụp được kho dữ liệu ở một thời điểm: số liệu thay đổi liên tục trong lúc sao lưu",
            advice="chờ lượt chạy đang diễn ra xong (cchc status), rồi chạy lại: cchc backup",
        )

    def _snapshot(self, into: Into) -> Manifest:
        logs = self._home / "logs"
        marked = lengths(logs)
        with reading(self.engine) as connection:
            self.at = clock.now().isoformat()
            migration = _migration(connection, self.province)
            layout = layout_of(migration)
            for named in named_files(connection, layout, self.province.id):
                self._keep_named(into, layout, named)
            landed = list(landings(connection, layout))
            tables = {table.name: self._keep_table(into, connection, table) for table in layout}
            number, digest = _last_entry(connection, layout)
        self._keep_landings(into, landed)
        self._keep_as_they_came(into)
        for name, content in marks_until(logs, marked, number):
            self._keep(into, f"{HOME}/logs/{name}", methodcaller("write", content))
        self._keep_configuration(into)
        return Manifest(
            province=self.province.id,
            name=self.province.name,
            moment=self.at,
            cchc=version("cchc"),
            migration=migration,
            tables=tables,
            files=dict(sorted(self.files.items())),
            absent=tuple(Absent(path, why) for path, why in sorted(self.absent.items())),
            audit=f"{number}:{digest}" if number else "",
        )

    def _keep_named(self, into: Into, layout: tuple[TableLayout, ...], named: NamedFile) -> None:
        path = self._place_of(named.path)
        if path is None:
            self.absent[shown(named.path)] = "nằm ngoài CCHC_HOME"
        elif path not in self.files:
            try:
                self._put(into, path, brought(named), sha256=named.sha256)
            except FileNotFoundError:
                self._refuse_moved(layout, named)
                if named.sha256 is not None or not self._put_before(into, path):
                    self._miss(path, GONE)
            except (NotAsEntered, StoredFileDamaged):
                self._miss(path, "khác với tệp đã đăng ký")

    def _keep_file(self, into: Into, path: str, file: Path, *, sha256: str | None, altered: str) -> None:
        try:
            self._put(into, path, file, sha256=sha256)
        except FileNotFoundError:
            self._miss(path, GONE)
        except NotAsEntered:
            self._miss(path, altered)

    def _put(self, into: Into, path: str, file: Path, *, sha256: str | None = None) -> None:
        """Once, however many snapshots it takes."""
        if not can_be_kept(path):
            self._miss(path, "tên tệp có ký tự không sao lưu được")
            return
        if path not in self.copied:
            self.copied[path] = into.put(path, opening(file), sha256=sha256)
        self.files[path] = self.copied[path]

    def _put_before(self, into: Into, path: str) -> bool:
        """What tells its content by its name and has no SHA-256, as the backup before has it."""
        if path not in self.copied and (known := into.put_before(path)):
            self.copied[path] = known
        if path in self.copied:
            self.files[path] = self.copied[path]
        return path in self.files

    def _miss(self, path: str, why: str) -> None:
        self.absent[self._told(path)] = why

    def _told(self, path: str) -> str:
        """A path of the backup as the warehouse and people tell it."""
        within = path.removeprefix(f"{HOME}/")
        return shown(path if within == path else f"{self.province.id}/{within}")

    def _place_of(self, path: str) -> str | None:
        """Within the backup; None for what does not lie below the province's home."""
        within = home.told(path).removeprefix(f"{self.province.id}/")
        return None if within == home.told(path) else f"{HOME}/{within}"

    def _refuse_moved(self, layout: tuple[TableLayout, ...], named: NamedFile) -> None:
        if named.partition is not None:
            with reading(self.engine) as now:
                if named not in set(counted_files(now, layout, self.province.id)):
                    raise _Moved

    def _keep_table(self, into: Into, connection: Connection, table: TableLayout) -> Rows:
        if table.name in NOT_KEPT:
            return Rows(0, dumps.NOTHING)
        kept: list[Rows] = []
        self._keep(into, table_file(table.name), lambda file: kept.append(dumps.dump(connection, table, file)))
        return kept[0]

    def _keep(self, into: Into, path: str, write: Callable[[IO[bytes]], object]) -> None:
        self.files[path] = into.write(path, write)

    def _keep_landings(self, into: Into, named: Iterable[str]) -> None:
        """Every extract that lies here, and every one that a partition holds."""
        root = self._home / LANDING
        folders: set[Path] = set()
        for name in visible(root):
            parts = Path(name).parts
            if len(parts) > LANDING_DEPTH:
                folders.add(root.joinpath(*parts[:LANDING_DEPTH]))
            else:
                self._keep_file(into, f"{HOME}/{LANDING}/{name}", root / name, sha256=None, altered="")
        for told in named:
            if self._place_of(told) is None:
                self.absent[shown(told)] = "nằm ngoài CCHC_HOME"
            else:
                folders.add(self._home / Path(home.told(told)).relative_to(self.province.id))
        for folder in sorted(folders):
            self._keep_landing(into, folder)

    def _keep_landing(self, into: Into, folder: Path) -> None:
        at = f"{HOME}/{folder.relative_to(self._home).as_posix()}"
        bring_landing(folder)
        for name, sha256 in landed_files(folder, into.before, at):
            path, altered = f"{at}/{name}", "khác với lúc trích xuất"
            self._keep_file(into, path, folder / name, sha256=sha256, altered=altered)
            if self._told(path) in self.absent and folder.is_dir():
                del self.absent[self._told(path)]
                bring_part(folder / name, sha256 or None)
                self._keep_file(into, path, folder / name, sha256=sha256, altered=altered)

    def _keep_as_they_came(self, into: Into) -> None:
        """Returns and published files that lie here, that their manifests name, or that the backup before has: nothing
        of this kind is ever removed."""
        for folder in AS_THEY_CAME:
            root, known = self._home / folder, into.before.below(f"{HOME}/{folder}") if into.before else {}
            here = {f"{HOME}/{folder}/{name}" for name in visible(root)}
            said = {f"{HOME}/{folder}/{name}": one for name, one in published_sums(root).items()}
            for path in sorted({*here, *known, *said}):
                if path not in self.files and self._told(path) not in self.absent:
                    sha256 = said.get(path) or (None if path in here else known[path])
                    file = self._home / path.removeprefix(f"{HOME}/")
                    self._keep_file(into, path, file, sha256=sha256, altered="khác với lúc nhận")

    def _keep_configuration(self, into: Into) -> None:
        """The province's folder, but never secrets or a home that somebody put below it."""
        root, everything = self.province.folder.resolve(), self.settings.home.resolve()
        ours = everything if root in everything.parents else self._home.resolve()
        not_ours = [self.settings.secrets_folder.resolve(), ours, self.to.resolve()]

        def is_ours(name: str) -> bool:
            ways = (root / name, (root / name).resolve())
            return not any(way.is_relative_to(one) for way in ways for one in not_ours)

        for name in filter(is_ours, visible(root)):
            self._keep_file(into, f"{PROVINCE}/{name}", root / name, sha256=None, altered="")
        for name in filter(is_ours, links(root)):
            self._miss(f"{PROVINCE}/{name}", "là liên kết tới tệp khác, không sao lưu được")
        if f"{PROVINCE}/{PROVINCE_FILE}" not in self.files:
            raise UsageError(
                f"không sao lưu được cấu hình của tỉnh: thiếu {root / PROVINCE_FILE}",
                advice="để cấu hình (CCHC_PROVINCE) ở thư mục riêng, không nằm trong nơi chứa bí mật, bản sao lưu,"
                " dữ liệu của tỉnh; tệp phải là tệp thật, không phải liên kết",
            )

    def _named(self, part: Path, manifest: Manifest) -> Path:
        """Its name in one step; a second one in the same second gets a number."""
        for path in (part, *(path for path in part.rglob("*") if path.is_dir())):
            sync(path)
        name = f"{self.province.id}-{manifest.at:%Y%m%dT%H%M%S}"
        taken = [name, *(f"{name}-{number}" for number in range(2, 1000))]
        folder = next(self.to / one for one in taken if not (self.to / one).exists())
        part.rename(folder)
        sync(self.to)
        return folder


def newest_of(folder: Path, province_id: str) -> Before | None:
    """The newest finished backup of that province there."""
    known = [Before(path, read) for path in folder.glob(f"{province_id}-*") if (read := _read(path, province_id))]
    return max(known, key=lambda one: (one.manifest.at, one.folder.name), default=None)


def _read(folder: Path, province_id: str) -> Manifest | None:
    try:
        manifest = read_manifest(folder)
    except CchcError:
        return None
    return manifest if manifest.province == province_id else None


def _warehouse(settings: Settings, province: Province) -> Engine:
    engine = open_unchanged(settings.database_url(province.id))
    if not is_postgresql(engine) and not sqlite_file(engine).exists():
        raise _nothing_yet(province)
    return engine


def _nothing_yet(province: Province) -> UsageError:
    return UsageError(
        f"{province.name} chưa có kho dữ liệu để sao lưu",
        advice="kiểm tra CCHC_HOME, CCHC_WAREHOUSE_URL; kho được lập khi chạy: cchc run KỲ",
    )


def _migration(connection: Connection, province: Province) -> str:
    found = version_of(connection)
    if found is None:
        raise _nothing_yet(province)
    owner = connection.scalar(text("SELECT province_id FROM owner"))
    if owner != province.id:
        raise (
            _nothing_yet(province)
            if owner is None
            else UsageError(
                f"kho dữ liệu này là của tỉnh «{owner}», không phải «{province.id}»",
                advice="sửa CCHC_WAREHOUSE_URL hoặc CCHC_PROVINCE",
            )
        )
    return found


def _last_entry(connection: Connection, layout: tuple[TableLayout, ...]) -> tuple[int, str]:
    """Number and digest; 0 and nothing where there is none."""
    table = next((one.table() for one in layout if one.name == "audit_entry"), None)
    if table is None:
        return 0, ""
    last = connection.execute(select(table.c.number, table.c.digest).order_by(table.c.number.desc()).limit(1)).first()
    return (last.number, last.digest) if last else (0, "")


def _remove_besides(part: Path, manifest: Manifest) -> None:
    """What an earlier snapshot named and the last one does not."""
    for path in [path for path in part.rglob("*") if path.is_file()]:
        if path.relative_to(part).as_posix() not in manifest.files:
            path.unlink()


@contextmanager
def _only_one(to: Path, province: Province) -> Iterator[None]:
    """One backup of a province at a time; what killed ones left is nobody's then."""
    try:
        with file_lock(to / f".{province.id}.lock", wait=False):
            for left in to.glob(f"{PART}{province.id}-*"):
                shutil.rmtree(left, ignore_errors=True)
            yield
    except LockTaken:
        raise UsageError(
            f"một lượt sao lưu khác của {province.name} đang ghi vào {to}", advice="chờ lượt đó xong rồi chạy lại"
        ) from None
