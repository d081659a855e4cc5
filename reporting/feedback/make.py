"""Writes the two files of a source: the PDF to read and the workbook to work through."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from contracts.whole_files import write_whole
from reporting.feedback.book import book_of
from reporting.feedback.findings import Feedback
from reporting.feedback.page import FeedbackPage
from reporting.feedback.sheet import page_of
from reporting.feedback.workbook import workbook_bytes
from reporting.render import check_glyphs, environment, plain_pdf, typeset

FOLDER, FILE = 0o750, 0o640
"""Both files hold dossier codes: not for everybody on the machine."""


@dataclass(frozen=True)
class Made:
    """pages: of the PDF."""

    pdf: Path
    workbook: Path
    pages: int


def make(feedback: Feedback, folder: Path) -> Made:
    """<folder>/<source>.pdf and .xlsx, each whole or not at all; the same bytes for the same feedback.

    Raises RenderError where a text cannot be set."""
    pages, content = typeset(to_html(page_of(feedback)), plain_pdf)
    book = workbook_bytes(book_of(feedback))
    _make_folder(folder)
    made = Made(folder / f"{feedback.source.id}.pdf", folder / f"{feedback.source.id}.xlsx", pages)
    write_whole(made.pdf, content, mode=FILE)
    write_whole(made.workbook, book, mode=FILE)
    return made


def to_html(page: FeedbackPage) -> str:
    """The page before it is set."""
    html = environment().get_template("feedback/feedback.html").render(page=page)
    composed = unicodedata.normalize("NFC", html)
    check_glyphs(composed)
    return composed


def _make_folder(folder: Path) -> None:
    """With every folder above it that is not there yet."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=FOLDER, exist_ok=True)
