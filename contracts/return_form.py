"""The form on which a unit reports: which line stands in which cell, and the identity that its file carries.

The writer (reporting.returns) and the reader (sources.returns) share this and nothing else, so that what is read is
what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from contracts.lettering import letters
from contracts.periods import Period, Span
from contracts.returned import AREAS, Asked, Kind
from contracts.source_config import digest
from contracts.units import Unit

LAYOUT = "1"
"""Raise it when a cell moves or means something else: forms of before are then refused."""
COVER = "Thông tin chung"
IDENTITY = "_cchc"
"""Hidden sheet: names in column A, values in column B."""
SHEETS = (
    "0. Chỉ đạo, điều hành",
    "1. Thể chế",
    "2. Thủ tục hành chính",
    "3. Tổ chức bộ máy",
    "4. Chế độ công vụ",
    "5. Tài chính công",
    "6. Chính phủ số",
)
"""By area."""
HEAD_ROW = 4
"""Of a sheet of an area, from 0; its lines begin below."""


class Column(IntEnum):
    """Of a sheet of an area, from 0."""

    NUMBER = 0
    LABEL = 1
    UNIT = 2
    DEFINITION = 3
    NUMERATOR = 4
    DENOMINATOR = 5
    VALUE = 6
    STATE = 7
    EVIDENCE = 8
    NOTE = 9
    ID = 10  # hidden


class CoverRow(IntEnum):
    """Of the cover, from 0; what is to be said stands in column B."""

    UNIT = 3
    CODE = 4
    PERIOD = 5
    DAYS = 6
    DUE = 7
    PREPARED_BY = 9
    PREPARED_ON = 10
    APPROVED_BY = 11
    DOCUMENT = 12
    GUIDE = 14


COVER_VALUE = 1
LONGEST_TEXT = 1_000


def cell_name(row: int, column: int) -> str:
    """(6, 6) → G7."""
    return f"{letters(column)}{row + 1}"


def inputs_of(kind: Kind) -> tuple[Column, ...]:
    """Where a line of that kind is answered; an approximate figure always stands in VALUE."""
    if kind is Kind.SHARE:
        return Column.NUMERATOR, Column.DENOMINATOR, Column.VALUE
    return (Column.VALUE,)


@dataclass(frozen=True)
class Form:
    """One unit's form of one period."""

    province_id: str
    unit: Unit
    period: Period
    lines: tuple[Asked, ...]

    @cached_property
    def version(self) -> str:
        """Changes when a line is asked otherwise: answers to another form would be answers to other questions."""
        asked = [
            line.model_dump(mode="json", exclude={"source", "verified", "periods", "levels"}) for line in self.lines
        ]
        return digest([LAYOUT, asked])[:12]

    @cached_property
    def sheets(self) -> dict[str, tuple[tuple[int, Asked], ...]]:
        """By name of the sheet, each line with its row from 0; areas without a line have no sheet."""
        found = {}
        for area in range(len(AREAS)):
            of_area = [line for line in self.lines if line.area == area]
            if of_area:
                found[SHEETS[area]] = tuple(enumerate(of_area, start=HEAD_ROW + 1))
        return found

    @cached_property
    def identity(self) -> dict[str, str]:
        known = {
            "form": "cchc-return",
            "province": self.province_id,
            "period": self.period.id,
            "unit": self.unit.agency_code,
            "version": self.version,
        }
        return known | {"seal": seal(known)}

    @property
    def span(self) -> Span:
        """The days of the period in which the unit existed."""
        days, unit = self.period.forms, self.unit
        return Span(
            max(days.first_day, unit.valid_from or days.first_day), min(days.last_day, unit.valid_to or days.last_day)
        )

    @property
    def cover(self) -> dict[CoverRow, str]:
        """What the cover says of the form, and reading verifies."""
        span = self.span
        return {
            CoverRow.UNIT: self.unit.name,
            CoverRow.CODE: self.unit.agency_code,
            CoverRow.PERIOD: self.period.label,
            CoverRow.DAYS: f"{span.first_day:%d/%m/%Y} – {span.last_day:%d/%m/%Y}",
        }


def seal(identity: Mapping[str, str]) -> str:
    """Tells an identity that was changed by hand. No secret: it guards against mistakes, not against fraud."""
    return digest([sorted((k, v) for k, v in identity.items() if k != "seal")])[:16]
