"""A report to be printed and what was printed, for who asks for it: the typesetter is imported where it sets."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from contracts.source_config import digest
from reporting.column_widths import MAKER as COLUMN_WIDTHS
from reporting.companions import Made
from reporting.data_file import DataFile
from reporting.making import templates_digest, tools, workbook_maker
from reporting.page import ReportContext


@dataclass(frozen=True)
class Sheet:
    """A report to be printed: what stands on its pages, where the PDF goes, its data for the archival copy."""

    context: ReportContext
    path: Path
    data: tuple[DataFile, ...] = ()


@dataclass(frozen=True)
class Rendered:
    """sha256: of the PDF. companions: the files made beside it."""

    pages: int
    sha256: str
    companions: tuple[Made, ...] = ()


def input_digest(context: ReportContext, data: Sequence[DataFile] = ()) -> str:
    """SHA-256 over all that decides the bytes: the texts, the data beside them, templates, style, fonts, programs. It
    is printed at the end of the report and kept in the register."""
    files = [[one.name, hashlib.sha256(one.content).hexdigest(), one.words, one.mime, one.relationship] for one in data]
    return digest([asdict(context), files, templates_digest(), tools(), COLUMN_WIDTHS, workbook_maker()])
