"""What a backup says of itself: MANIFEST.json, and SHA256SUMS, which `sha256sum -c` reads without any of us."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from contracts.errors import CriticalCheckError, UsageError
from warehouse.dumps import Rows

FORMAT = 1
"""Raise it when a backup of the old form could no longer be read by the new way."""

MANIFEST, SUMS = "MANIFEST.json", "SHA256SUMS"
TABLES, HOME, PROVINCE = "tables", "home", "province"
"""Folders of a backup: the warehouse, what lay below <home>/<province>, and the province's configuration."""


@dataclass(frozen=True)
class BackedUp:
    """A file of the backup. size: bytes."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Absent:
    """A file that the warehouse named and that was not there, or was not what was entered. why: Vietnamese."""

    path: str
    why: str


@dataclass(frozen=True)
class Manifest:
    """cchc: version of the program; migration: of the warehouse; moment: when the snapshot was taken, ISO; tables:
    name → rows and their digest; files: path within the backup → size and SHA-256. audit: number and digest of the last
    entry."""

    province: str
    name: str
    moment: str
    cchc: str
    migration: str
    tables: dict[str, Rows]
    files: dict[str, BackedUp]
    absent: tuple[Absent, ...] = ()
    audit: str = ""
    format: int = FORMAT

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.moment)

    @property
    def rows(self) -> int:
        return sum(table.count for table in self.tables.values())

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())

    def below(self, folder: str) -> Iterator[str]:
        return (path for path in self.files if path.startswith(f"{folder}/"))

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def table_file(name: str) -> str:
    return f"{TABLES}/{name}.jsonl.gz"


def sums(manifest: Manifest) -> str:
    """A line a file, as sha256sum writes them; the manifest's own is the last."""
    lines = [f"{file.sha256}  {path}" for path, file in sorted(manifest.files.items())]
    own = hashlib.sha256(manifest.text().encode()).hexdigest()
    return "\n".join([*lines, f"{own}  {MANIFEST}"]) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Of a backup whose manifest is what its list of checksums says. Raises UsageError for what is no backup,
    CriticalCheckError for one that was altered."""
    try:
        said, listed = (folder / MANIFEST).read_bytes(), (folder / SUMS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            f"{folder} không phải là một bản sao lưu đã làm xong (thiếu {MANIFEST} hoặc {SUMS})",
            advice="chọn thư mục có tên dạng khanh-hoa-20241216T080000; liệt kê: ls THƯ_MỤC_SAO_LƯU",
        ) from None
    altered = CriticalCheckError(
        f"bản sao lưu {folder.name} đã bị sửa hoặc hỏng: tệp {MANIFEST}",
        advice="không dùng bản này; chọn bản sao lưu khác",
    )
    if f"{hashlib.sha256(said).hexdigest()}  {MANIFEST}" not in listed.splitlines():
        raise altered
    try:
        manifest = _manifest(json.loads(said), folder)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise altered from None
    if sums(manifest) != listed:
        raise CriticalCheckError(
            f"bản sao lưu {folder.name} đã bị sửa hoặc hỏng: tệp {SUMS}",
            advice="không dùng bản này; chọn bản sao lưu khác",
        )
    return manifest


def _manifest(said: dict[str, Any], folder: Path) -> Manifest:
    if said["format"] != FORMAT:
        raise UsageError(
            f"bản sao lưu {folder.name} có dạng {said['format']}, do một bản cchc mới hơn làm ra",
            advice=f"cài cchc {said['cchc']} hoặc mới hơn rồi chạy lại lệnh này",
        )
    files = {path: BackedUp(**file) for path, file in said["files"].items()}
    if strange := [path for path in files if not _is_inside(path)]:
        raise ValueError(strange[0])
    return Manifest(
        **said
        | {
            "tables": {name: Rows(**table) for name, table in said["tables"].items()},
            "files": files,
            "absent": tuple(Absent(**one) for one in said["absent"]),
        }
    )


def can_be_kept(path: str) -> bool:
    """Whether a backup with a file of that name can be read again, by us and by sha256sum, on any machine."""
    return _is_inside(path) and not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", path)


def shown(path: str) -> str:
    """A name that can be written down and printed, also of a file that can not be kept."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in path)


def _is_inside(path: str) -> bool:
    """A path of a backup leads nowhere else, whoever wrote it."""
    parts = path.split("/")
    return (
        parts[0] in {TABLES, HOME, PROVINCE} and not {"", ".", ".."} & set(parts) and not re.search(r"[\x00\n\\]", path)
    )
