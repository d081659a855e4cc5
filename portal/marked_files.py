"""Marked copies of what is not released: made once, kept beside the reports, found again by what they were made of.

<home>/<province>/marked/<SHA-256 of the file>-<digest of the mark>-<SHA-256 of the copy><suffix>. The folder may be
emptied at any time."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from pathlib import Path

from contracts.errors import CchcError
from contracts.whole_files import write_whole
from portal.checked_files import sha256_of
from portal.house import House
from reporting import draft_mark
from reporting.draft_mark import Mark

_making: dict[str, threading.Lock] = defaultdict(threading.Lock)


class FileChangedMeanwhile(CchcError):
    """The file was another one when it was read than when it was checked."""


def marked_copy(house: House, original: Path, sha256: str, mark: Mark) -> Path:
    """The copy of a file that was found to be as registered. Takes up to a second where it is not there yet: never call
    it in the event loop. Raises CchcError where none can be made."""
    folder = house.settings.province_home(house.province.id) / "marked"
    said = hashlib.sha256(f"{draft_mark.MAKING}\n{mark.word}\n{mark.foot}".encode()).hexdigest()[:16]
    stem = f"{sha256}-{said}-"
    with _making[stem]:  # of many who ask at once, one makes it
        return _kept(folder, stem, original.suffix) or _made(folder, stem, original, sha256, mark)


def _kept(folder: Path, stem: str, suffix: str) -> Path | None:
    """One whose content is what its name says."""
    found = sorted(folder.glob(f"{stem}*{suffix}")) if folder.is_dir() else []
    return next((path for path in found if sha256_of(path) == digest_in(path)), None)


def digest_in(path: Path) -> str:
    """SHA-256 of a kept copy, as its name has it."""
    return path.stem.rpartition("-")[2]


def _made(folder: Path, stem: str, original: Path, sha256: str, mark: Mark) -> Path:
    content = original.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileChangedMeanwhile(
            "tệp vừa bị thay đổi trong khi đọc", advice="thử lại; nếu vẫn vậy, báo bộ phận vận hành"
        )
    copy = _mark(original.suffix, content, mark, sha256)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}{hashlib.sha256(copy).hexdigest()}{original.suffix}"
    write_whole(path, copy)
    return path


def _mark(suffix: str, content: bytes, mark: Mark, sha256: str) -> bytes:
    if suffix == ".pdf":
        return draft_mark.marked(content, mark, sha256=sha256)
    from reporting.marked_workbook import marked_workbook

    return marked_workbook(content, mark)
