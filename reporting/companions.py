"""What is made beside the PDF of a version, and how the files are called."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a process that only prints needs no database
    from warehouse.report_files import Companion, ReportFile

SUFFIXES: dict[Companion, str] = {"workbook": ".xlsx", "archive": "-luu-tru.pdf"}


@dataclass(frozen=True)
class Made:
    """A file that was made beside a PDF."""

    kind: Companion
    sha256: str
    size: int


def beside(pdf: Path, kind: Companion) -> Path:
    """bao-cao-…-v1.pdf → bao-cao-…-v1.xlsx."""
    return pdf.with_name(pdf.stem + SUFFIXES[kind])


def made(kind: Companion, content: bytes) -> Made:
    return Made(kind, hashlib.sha256(content).hexdigest(), len(content))


def registered(file: Made, place: Path) -> ReportFile:
    from warehouse.report_files import ReportFile

    return ReportFile(file.kind, str(place), file.sha256, file.size)
