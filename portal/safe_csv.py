"""Lines of a CSV file that a spreadsheet opens with its accents, and in which nothing is run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

BEGINNING = "\ufeff"
"""Without it a spreadsheet takes the file for one of its own country's old encoding."""
_STARTS = frozenset("=+-@\t\r\n")


def lines(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The file, piece by piece; the first row is the head."""
    yield BEGINNING
    for row in rows:
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerow([_plain(cell) for cell in row])
        yield text.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell[:1] in _STARTS else cell
