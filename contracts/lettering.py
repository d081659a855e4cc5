"""Places as letters: the columns of a workbook, and in small letters the marks of notes."""

from __future__ import annotations


def letters(place: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    before, last = divmod(place, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)
