"""Whether a backup is as it was made: every file that its manifest names, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import CriticalCheckError
from flows.backups.manifest import Manifest, read_manifest

SHOWN = 10


@dataclass(frozen=True)
class Fault:
    """path: within the backup. what: Vietnamese."""

    path: str
    what: str


def checked(folder: Path) -> Manifest:
    """The manifest of a backup that is whole. Raises UsageError for what is none, CriticalCheckError with the names of
    what is missing or altered."""
    manifest = read_manifest(folder)
    if found := list(faults(folder, manifest)):
        named = "; ".join(f"{one.path} {one.what}" for one in found[:SHOWN])
        more = f"; và {len(found) - SHOWN} tệp khác" if len(found) > SHOWN else ""
        raise CriticalCheckError(
            f"bản sao lưu {folder.name} không còn nguyên: {named}{more}",
            advice="không dùng bản này; chọn bản sao lưu khác và kiểm tra: cchc backup verify THƯ_MỤC",
        )
    return manifest


def faults(folder: Path, manifest: Manifest) -> Iterator[Fault]:
    for path, file in manifest.files.items():
        place = folder / path
        try:
            with place.open("rb") as opened:
                altered = hashlib.file_digest(opened, "sha256").hexdigest() != file.sha256
        except FileNotFoundError:
            yield Fault(path, "bị mất")
        except OSError:
            yield Fault(path, "không đọc được")
        else:
            if altered:
                yield Fault(path, "đã bị sửa hoặc hỏng")
