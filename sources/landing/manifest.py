"""What a landing says of itself (manifest.json), and whether what lies beside it is still that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.errors import SourceError
from contracts.source_config import digest
from sources.landing.parquet import Written
from sources.landing.parts import part_name

MANIFEST = "manifest.json"
FORMAT: Final = 1
"""Raise it when the form of a landing changes: every source is then read again."""

_NOT_CONTENT = {"content", "extracted_at"}


class TableEntry(BaseModel):
    """A landed table: its rows, its columns in their order, its parts in the order of the rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rows: int
    columns: tuple[str, ...]
    parts: tuple[Written, ...]

    @classmethod
    def of(cls, columns: list[str], written: tuple[Written, ...]) -> TableEntry:
        return cls(rows=sum(part.rows for part in written), columns=tuple(columns), parts=written)


class Manifest(BaseModel):
    """All that is known of one extract.

    window: first and last day asked for. fingerprint: what was asked (`sources.landing.landing_fingerprint`).
    structure: what the system held, table → column → type, and the fingerprint of that. address_kind: «cell» where
    addresses are places in a file, «key» where they are values of a key. places: table → start of an address → column →
    its letter in the file. content covers everything but itself and extracted_at, the time when reading began.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: Literal[1] = FORMAT
    source: str
    period: str
    window: tuple[str, str]
    fingerprint: str
    structure: dict[str, dict[str, str]]
    structure_fingerprint: str
    address_kind: Literal["cell", "key"]
    places: dict[str, dict[str, dict[str, str]]]
    tables: dict[str, TableEntry]
    extracted_at: datetime
    content: str = ""

    @property
    def id(self) -> str:
        return self.content[:16]

    def digest(self) -> str:
        return digest(self.model_dump(mode="json", exclude=_NOT_CONTENT))

    def sealed(self) -> Manifest:
        """With the checksum of its content."""
        return self.model_copy(update={"content": self.digest()})

    def text(self) -> str:
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"

    def files(self) -> Iterator[tuple[str, Written]]:
        for name, table in self.tables.items():
            for number, part in enumerate(table.parts):
                yield part_name(name, number), part


def parts_named(content: bytes) -> dict[str, str]:
    """Files of which a manifest tells, with their SHA-256. Raises ValueError."""
    return {name: part.sha256 for name, part in Manifest.model_validate(json.loads(content)).files()}


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a landing of which every file is there and unchanged. Raises SourceError."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if _is_old(said):
            raise unusable(folder, "bản trích xuất cũ, của phiên bản cchc trước, phải đọc lại")
        manifest = Manifest.model_validate(said)
        problem = _damage(folder, manifest)
    except (OSError, ValueError, ValidationError) as error:
        raise unusable(folder, "thiếu tệp hoặc manifest.json không đọc được") from error
    if problem:
        raise unusable(folder, problem)
    return manifest


def _is_old(said: Any) -> bool:
    return isinstance(said, dict) and "content" in said and said.get("format", 0) != FORMAT


def _damage(folder: Path, manifest: Manifest) -> str:
    """What is wrong with a landing, or nothing."""
    if manifest.digest() != manifest.content or folder.name != manifest.id:
        return "manifest.json đã bị sửa"
    for name, part in manifest.files():
        if _sha256(folder / name) != part.sha256:
            return f"tệp {name} đã bị sửa hoặc hỏng"
    return ""


def unusable(folder: Path, problem: str) -> SourceError:
    source_id, period_id = folder.parent.parent.name, folder.parent.name
    return SourceError(
        f"bản trích xuất {folder.name} của nguồn {source_id}, kỳ {period_id}: {problem}",
        source_id=source_id,
        advice=f"trích xuất lại: cchc rerun {period_id} --source {source_id} --fresh",
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
