"""A file of the report's data. Apart from what makes it, so that a process that only prints holds no tables of data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Relationship = Literal["Data", "Supplement", "Source"]
"""What an attached file is to the document, ISO 32000-2, 7.11.3."""
CSV = "text/csv"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class DataFile:
    """A file of the report's data, attached to its archival copy. words: what it holds, for a reader."""

    name: str
    content: bytes
    words: str
    mime: str = CSV
    relationship: Relationship = "Data"
