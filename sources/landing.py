"""Landing: what a source gave, written unchanged and never touched again.

<root>/<source>/<period>/<first 16 of the content's SHA-256>/ holds a Parquet file a table and manifest.json.
It is written beside and renamed, so a reader sees all of it or none; the same content is the same folder.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from contracts import clock
from contracts.errors import SourceError, SourceUnreachable
from contracts.periods import Period, Span
from contracts.source_config import SourceConfig, TableMap, digest
from sources.reader import Reader, batch_schema, open_reader

MANIFEST = "manifest.json"
_ROW_GROUP = 100_000
_TEMPORARY = ".part-"
Progress = Callable[[int], None]
"""Called with the number of rows that a batch has brought."""


@dataclass(frozen=True)
class Landing:
    """One extract of a source for a period. rows: per table. fingerprint: see `landing_fingerprint`.

    extracted_at: when reading began. A folder that is used again keeps the time at which its content was first
    read; when it was last read again is in the ledger.
    """

    id: str
    folder: Path
    source_id: str
    period_id: str
    rows: dict[str, int]
    fingerprint: str
    extracted_at: datetime

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table, or these columns of it: dictionary-encoded text as the source gave it."""
        path = self.folder / f"{name}.parquet"
        wanted = list(columns) if columns is not None else pq.read_schema(path).names
        return pq.read_table(path, columns=wanted, read_dictionary=wanted, partitioning=None)


def landing_fingerprint(source: SourceConfig, period: Period) -> str:
    """What must be equal for a landing to be still usable: what is asked of the system, and for which days."""
    return digest([source.extract_fingerprint, _days(period.window)])


def land(source: SourceConfig, period: Period, *, root: Path, progress: Progress | None = None) -> Landing:
    """Read the source and land what it gives. Raises SourceUnreachable, SourceDrift.

    Only one process at a time lands a source's period; another one is refused, not queued.
    """
    home = root / source.id / period.id
    home.mkdir(parents=True, exist_ok=True)
    with _only_one(home, source):
        _remove_leftovers(home)
        began = clock.now()
        part = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=home))
        try:
            with open_reader(source) as reader:
                tables = {
                    name: _write(reader, table, period.window, part / f"{name}.parquet", progress)
                    for name, table in source.tables.items()
                }
            return _settle(part, _manifest(source, period, tables, began))
        finally:
            shutil.rmtree(part, ignore_errors=True)


def open_landing(folder: Path) -> Landing:
    """A landing, checked against its manifest. Raises SourceError if anything is lost or changed."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        problem = _damage(folder, manifest)
        landing = _landing(folder, manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder, "thiếu tệp hoặc manifest.json không đọc được") from error
    if problem:
        raise _damaged(folder, problem)
    return landing


def _write(reader: Reader, table: TableMap, window: Span, path: Path, progress: Progress | None) -> dict[str, Any]:
    """Stream a table into a file; its entry in the manifest."""
    schema = batch_schema(table)
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd", write_statistics=False) as writer:
        for group in _groups(reader.read(table, window), schema, progress):
            writer.write_table(group, row_group_size=_ROW_GROUP)
            rows += group.num_rows
    _sync(path)
    return {"rows": rows, "columns": schema.names, "sha256": _sha256(path)}


def _groups(batches: Iterator[pa.RecordBatch], schema: pa.Schema, progress: Progress | None) -> Iterator[pa.Table]:
    """Batches gathered into row groups: large ones compress well and read fast."""
    gathered: list[pa.RecordBatch] = []
    for batch in batches:
        gathered.append(batch)
        if progress:
            progress(batch.num_rows)
        if sum(b.num_rows for b in gathered) >= _ROW_GROUP:
            yield pa.Table.from_batches(gathered, schema)
            gathered = []
    if gathered:
        yield pa.Table.from_batches(gathered, schema)


def _manifest(
    source: SourceConfig, period: Period, tables: dict[str, dict[str, Any]], began: datetime
) -> dict[str, Any]:
    """All that is known of the extract. `content` covers everything above it, so not the time of reading."""
    asked = {
        "source": source.id,
        "period": period.id,
        "window": _days(period.window),
        "address_kind": "sheet_row" if source.kind == "excel" else "key",
        "fingerprint": landing_fingerprint(source, period),
        "tables": tables,
    }
    return {**asked, "content": digest(asked), "extracted_at": began.isoformat()}


def _settle(part: Path, manifest: dict[str, Any]) -> Landing:
    """Give the finished part its name, unless the same content lies there whole."""
    folder = part.parent / manifest["content"][:16]
    if folder.exists():
        try:
            there = open_landing(folder)
        except SourceError:
            shutil.rmtree(folder)
        else:
            return Landing(**{**vars(there), "extracted_at": datetime.fromisoformat(manifest["extracted_at"])})
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (part / MANIFEST).write_text(text, encoding="utf-8")
    _sync(part / MANIFEST)
    _sync(part)
    part.chmod(0o750)
    part.rename(folder)
    _sync(folder.parent)
    return _landing(folder, manifest)


def _landing(folder: Path, manifest: dict[str, Any]) -> Landing:
    return Landing(
        id=manifest["content"][:16],
        folder=folder,
        source_id=manifest["source"],
        period_id=manifest["period"],
        rows={name: table["rows"] for name, table in manifest["tables"].items()},
        fingerprint=manifest["fingerprint"],
        extracted_at=datetime.fromisoformat(manifest["extracted_at"]),
    )


def _damage(folder: Path, manifest: dict[str, Any]) -> str:
    """What is wrong with a landing, or nothing."""
    covered = {key: value for key, value in manifest.items() if key not in {"content", "extracted_at"}}
    if digest(covered) != manifest["content"] or folder.name != manifest["content"][:16]:
        return "manifest.json đã bị sửa"
    for name, table in manifest["tables"].items():
        if _sha256(folder / f"{name}.parquet") != table["sha256"]:
            return f"tệp {name}.parquet đã bị sửa hoặc hỏng"
    return ""


def _damaged(folder: Path, problem: str) -> SourceError:
    source_id, period_id = folder.parent.parent.name, folder.parent.name
    return SourceError(
        f"bản trích xuất {folder.name} của nguồn {source_id}, kỳ {period_id}: {problem}",
        source_id=source_id,
        advice=f"trích xuất lại: cchc rerun {period_id} --source {source_id} --fresh",
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


def _remove_leftovers(home: Path) -> None:
    """Parts of killed runs: whoever holds the lock knows that no part here has a living owner."""
    for part in home.glob(f"{_TEMPORARY}*"):
        shutil.rmtree(part, ignore_errors=True)


def _days(span: Span) -> list[str]:
    return [span.first_day.isoformat(), span.last_day.isoformat()]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """To the disk, a folder's entries too: a rename must not outlive what it names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
