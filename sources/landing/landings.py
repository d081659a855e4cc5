"""Landing: what a source gave, written unchanged and never touched again.

<root>/<source>/<period>/<first 16 of the content's SHA-256>/ holds Parquet files of a bounded number of rows a table,
and manifest.json. It is written beside and renamed, so a reader sees all of it or none; the same content is the same
folder. See docs/landing.md.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from contracts import clock
from contracts.errors import SourceChanged, SourceError, SourceUnreachable
from contracts.periods import Period, Span
from contracts.source_config import SourceConfig, TableMap, digest
from contracts.table_spec import FILE_KINDS
from sources.landing.disk import sync
from sources.landing.journal import Journal
from sources.landing.manifest import FORMAT, MANIFEST, Manifest, TableEntry, parts_named, read_manifest, unusable
from sources.landing.parts import part_name, write_parts
from sources.reader import PlacedReader, Reader, ResumableReader, Schema, batch_schema, open_reader
from storage import finished
from storage.errors import StoredFileDamaged

_TEMPORARY = ".part-"
_UNFINISHED = ".unfinished-"
Progress = Callable[[int], None]
"""Called with the number of rows that a batch has brought."""
Rows = Callable[[TableMap], Iterator[pa.RecordBatch]]


@dataclass(frozen=True)
class Landing:
    """One extract of a source for a period. rows: per table. fingerprint: see `landing_fingerprint`.

    extracted_at: when reading began. A folder that is used again keeps the time at which its content was first
    read; when it was last read again is in the ledger.
    schema: what the system held when it was read. places: of rows that stand in files, table → start of the address →
    source column → its letter there.
    """

    id: str
    folder: Path
    source_id: str
    period_id: str
    rows: dict[str, int]
    fingerprint: str
    extracted_at: datetime
    schema: Schema
    places: dict[str, dict[str, dict[str, str]]]
    parts: dict[str, int]

    def columns(self, name: str) -> list[str]:
        """What the table holds: a landing of before may hold other columns than are mapped now."""
        return list(pq.read_schema(_paths(self.folder, name, self.parts[name])[0]).names)

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table, or these columns of it: dictionary-encoded text as the source gave it."""
        paths = _paths(self.folder, name, self.parts[name])
        wanted = list(columns) if columns is not None else self.columns(name)
        return pq.read_table(paths, columns=wanted, read_dictionary=wanted, partitioning=None)


def landing_fingerprint(source: SourceConfig, period: Period) -> str:
    """What must be equal for a landing to be still usable: its form, what is asked of the system, for which days."""
    return digest([FORMAT, source.extract_fingerprint, _days(period.window)])


def land(
    source: SourceConfig,
    period: Period,
    *,
    root: Path,
    progress: Progress | None = None,
    check: Callable[[Schema], None] | None = None,
    afresh: bool = False,
) -> Landing:
    """Read the source and land what it gives; in the shared store, too. Raises SourceUnreachable, SourceDrift,
    SourceNotNow; OSError where the disk refuses, StoreError where the store does.

    check: is shown what the system holds before a row is read, and may raise. Only one process at a time lands a
    source's period; another one is refused, not queued. A reader that can go on does so after a broken extract, unless
    it is to be read afresh.
    """
    home = root / source.id / period.id
    home.mkdir(parents=True, exist_ok=True)
    with _only_one(home, source):
        unfinished = home / f"{_UNFINISHED}{landing_fingerprint(source, period)[:16]}"
        _remove_leftovers(home, besides=None if afresh else unfinished)
        began = clock.now()  # not later than the moment of which the rows are
        with open_reader(source) as reader:
            schema = reader.probe()
            if check:
                check(schema)
            extract = _Extract(source, period, home, reader, schema, progress)
            if isinstance(reader, ResumableReader):
                settled = extract.resumed(reader, unfinished)
            else:
                settled = extract.landed(lambda table: reader.read(table, period.window), began=began)
        _keep(settled)  # when the source has been let go
        return settled.landing


def is_landed(folder: Path) -> bool:
    """Whether there is such a landing, here or in the shared store. Raises StoreError."""
    return folder.is_dir() or finished.has(folder / MANIFEST)


def open_landing(folder: Path) -> Landing:
    """A landing, fetched from the shared store where it is not here, and checked against its manifest. Raises
    SourceError if anything is lost or changed, or it is of a form that is no longer read; StoreError."""
    try:
        finished.bring_folder(folder, last=MANIFEST, parts=parts_named)
    except StoredFileDamaged as error:
        raise unusable(folder, error.cause) from None
    except ValueError:
        raise unusable(folder, "manifest.json trong kho dùng chung không đọc được") from None
    return _landing(folder, read_manifest(folder))


@dataclass(frozen=True)
class _Settled:
    """was_there: whether the same content had been landed before."""

    landing: Landing
    was_there: bool


def _keep(settled: _Settled) -> None:
    """The manifest last: a reader of the shared store sees all of a landing or none."""
    landing = settled.landing
    manifest = landing.folder / MANIFEST
    if settled.was_there and finished.has_shared(manifest):
        return
    parts = (path for name, number in landing.parts.items() for path in _paths(landing.folder, name, number))
    finished.keep(*parts, manifest)


@dataclass(frozen=True)
class _Extract:
    """One extract that has begun: the reader is open, the lock is held."""

    source: SourceConfig
    period: Period
    home: Path
    reader: Reader
    schema: Schema
    progress: Progress | None

    def resumed(self, reader: ResumableReader, unfinished: Path) -> _Settled:
        """Gone on with where the last one broke off; begun anew, once, where that turns out to be no use."""
        asked = {"landing": landing_fingerprint(self.source, self.period), "structure": self.schema.fingerprint}
        try:
            with Journal(unfinished, self.source, asked) as journal:
                return self.landed(
                    lambda table: journal.rows(reader, table, self.period.window),
                    began=journal.began,
                    before_naming=journal.discard,
                )
        except SourceChanged:
            if not journal.resumed:
                raise
        return self.resumed(reader, unfinished)

    def landed(self, rows: Rows, *, began: datetime, before_naming: Callable[[], None] = lambda: None) -> _Settled:
        """All tables, written and given their name. before_naming: ends what only an unfinished extract needs, so that
        a finished one is never gone on from."""
        with _workplace(self.home) as part:
            tables = {name: self._write(rows(table), table, part) for name, table in self.source.tables.items()}
            manifest = self._manifest(tables, began)
            before_naming()
            return _settle(part, manifest)

    def _write(self, batches: Iterator[pa.RecordBatch], table: TableMap, folder: Path) -> TableEntry:
        schema, given = batch_schema(table), 0

        def told() -> Iterator[pa.RecordBatch]:
            nonlocal given
            for batch in batches:
                given += batch.num_rows
                if self.progress:
                    self.progress(batch.num_rows)
                yield batch

        entry = TableEntry.of(schema.names, write_parts(told(), schema, folder=folder, table=table.name))
        lying = sum(pq.read_metadata(path).num_rows for path in _paths(folder, table.name, len(entry.parts)))
        if not given == entry.rows == lying:
            raise RuntimeError(f"{table.name}: {given} rows were read, {entry.rows} written, {lying} lie there")
        return entry

    def _manifest(self, tables: dict[str, TableEntry], began: datetime) -> Manifest:
        placed = self.reader if isinstance(self.reader, PlacedReader) else None
        return Manifest(
            source=self.source.id,
            period=self.period.id,
            window=_days(self.period.window),
            fingerprint=landing_fingerprint(self.source, self.period),
            structure=self.schema.tables,
            structure_fingerprint=self.schema.fingerprint,
            address_kind="cell" if self.source.kind in FILE_KINDS else "key",
            places={name: placed.places(table) for name, table in self.source.tables.items()} if placed else {},
            tables=tables,
            extracted_at=began,
        ).sealed()


def _settle(part: Path, manifest: Manifest) -> _Settled:
    """Give the finished part its name, unless the same content lies there whole."""
    folder = part.parent / manifest.id
    if folder.exists():
        try:
            return _Settled(replace(open_landing(folder), extracted_at=manifest.extracted_at), was_there=True)
        except SourceError:
            shutil.rmtree(folder)
    (part / MANIFEST).write_text(manifest.text(), encoding="utf-8")
    sync(part / MANIFEST)
    sync(part)
    part.chmod(0o750)
    part.rename(folder)
    sync(folder.parent)
    return _Settled(_landing(folder, manifest), was_there=False)


def _landing(folder: Path, manifest: Manifest) -> Landing:
    return Landing(
        id=manifest.id,
        folder=folder,
        source_id=manifest.source,
        period_id=manifest.period,
        rows={name: table.rows for name, table in manifest.tables.items()},
        fingerprint=manifest.fingerprint,
        extracted_at=manifest.extracted_at,
        schema=Schema(manifest.structure),
        places=manifest.places,
        parts={name: len(table.parts) for name, table in manifest.tables.items()},
    )


@contextmanager
def _only_one(home: Path, source: SourceConfig) -> Iterator[None]:
    """Hold the period's lock. The system frees it when its holder dies, however it dies."""
    with (home / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SourceUnreachable(
                f"{source.name}: một lượt chạy khác đang trích xuất kỳ {home.name}",
                source_id=source.id,
                advice="chờ lượt đó xong rồi chạy lại",
            ) from error
        yield


@contextmanager
def _workplace(home: Path) -> Iterator[Path]:
    """A folder beside the landings, gone at the end unless it has got a name."""
    part = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=home))
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _remove_leftovers(home: Path, *, besides: Path | None) -> None:
    """Of killed runs, and of extracts that asked otherwise: whoever holds the lock knows that none has an owner."""
    for pattern in (f"{_TEMPORARY}*", f"{_UNFINISHED}*"):
        for left in home.glob(pattern):
            if left != besides:
                shutil.rmtree(left, ignore_errors=True)


def _paths(folder: Path, table: str, parts: int) -> list[Path]:
    return [folder / part_name(table, number) for number in range(parts)]


def _days(span: Span) -> tuple[str, str]:
    return span.first_day.isoformat(), span.last_day.isoformat()
