"""What is said of a returned workbook, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Remark:
    """place: sheet!cell, a sheet, or "" for the file as a whole. wrong: what is. advice: what to do. is_error: the
    workbook is refused for it; a warning is stored along with the figures."""

    place: str
    wrong: str
    advice: str
    is_error: bool = True
