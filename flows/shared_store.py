"""Bringing what lies on this machine into the shared store: when it is set up, and when it has lost something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.errors import SourceError, UsageError
from sources.landing import open_landing
from sources.landing.manifest import MANIFEST
from storage import finished
from storage.finished import Condition
from storage.shared import shared
from warehouse import counted, ledger, read, register, report_files, signed_copies
from warehouse.retained import REMOVED

Progress = Callable[[int, int], None]
"""Called after each piece with how many are done, and how many there are."""


@dataclass(frozen=True)
class Put:
    """Files that came into the store, and those that were in it already; what was not put, in words, because it is
    damaged on this machine or is not on it."""

    name: str
    came: int
    there: int
    refused: tuple[str, ...]


@dataclass(frozen=True)
class _Piece:
    """files: in their order; the last one tells whether the piece is in the store. wrong: why it may not be put, ""
    where it may. keep: puts it there."""

    files: tuple[Path, ...]
    wrong: Callable[[], str]
    keep: Callable[..., None] = finished.keep


def put_all(engine: Engine, home: Path, *, again: bool = False, progress: Progress | None = None) -> Put:
    """Landings of this machine, and the files that the warehouse names. home: the province's. again: also what the
    store has, in its place. Raises UsageError where no store is set, StoreError."""
    store = shared()
    if store is None:
        raise UsageError("chưa đặt kho tệp dùng chung", advice="đặt CCHC_STORE; xem docs/deploy/shared-store.md")
    came, there, refused = 0, 0, []
    pieces = [*_landings(home), *_counted(engine, home), *_printed(engine)]
    for number, piece in enumerate(pieces, start=1):
        if not again and finished.has_shared(piece.files[-1]):
            there += len(piece.files)
        elif said := piece.wrong():
            refused.append(said)
        else:
            piece.keep(*piece.files)
            came += len(piece.files)
        if progress:
            progress(number, len(pieces))
    return Put(store.name, came, there, tuple(refused))


def _landings(home: Path) -> Iterator[_Piece]:
    for manifest in sorted((home / "landing").glob(f"*/*/[!.]*/{MANIFEST}")):
        parts = sorted(path for path in manifest.parent.iterdir() if path != manifest)
        yield _Piece((*parts, manifest), partial(_wrong_landing, manifest.parent))


def _wrong_landing(folder: Path) -> str:
    try:
        open_landing(folder)
    except SourceError as error:
        return error.cause
    return ""


def _counted(engine: Engine, home: Path) -> Iterator[_Piece]:
    for period in read.period_ids(engine):
        for one in ledger.partitions(engine, period):
            file = counted.file_of(home / "counted", one)
            if one.state is PartitionState.LOADED and file.is_file():
                wrong = partial(_wrong_counted, home / "counted", one)
                yield _Piece((file,), wrong, finished.keep_sealed)


def _wrong_counted(root: Path, partition: ledger.Partition) -> str:
    if counted.is_whole(root, partition):
        return ""
    return f"danh sách hồ sơ của nguồn {partition.source_id}, kỳ {partition.period_id} bị hỏng"


def _printed(engine: Engine) -> Iterator[_Piece]:
    for path, sha256 in _registered(engine):
        yield _Piece((path,), partial(_wrong_file, path, sha256))


def _registered(engine: Engine) -> Iterator[tuple[Path, str]]:
    """What lies beside a PDF before it; nothing of versions whose files went by age."""
    for period in read.period_ids(engine):
        beside = report_files.of_period(engine, period)
        for version in register.versions(engine, period):
            if version.status == REMOVED:
                continue
            for file in (*beside.get(version.version_key, ()), version):
                yield Path(file.path), file.sha256
        for copy in signed_copies.copies(engine, period):
            yield Path(copy.path), copy.sha256


def _wrong_file(path: Path, sha256: str) -> str:
    said = {Condition.CHANGED: "đã bị sửa hoặc hỏng", Condition.GONE: "không có trên máy này"}
    found = finished.condition(path, sha256)
    return "" if found is Condition.WHOLE else f"tệp {path} {said[found]}"
