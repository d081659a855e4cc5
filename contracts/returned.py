"""What units are asked for that no dossier holds: lines of the return (phiếu báo cáo), as dated data.

The national lines stand in data/returns.toml; a province adds lines, or switches lines off, in its returns.toml. The
six areas are those of NQ 76/NQ-CP; area 0 is what stands before them in a report: chỉ đạo, điều hành.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from contracts.areas import areas_on
from contracts.codes import Level
from contracts.configfile import Strict, build, line_of, read_toml
from contracts.errors import ConfigError
from contracts.periods import Period

FILE = "returns.toml"
AREAS = ("Công tác chỉ đạo, điều hành", *areas_on(date.max).names)
"""By their number in the report: direction, then the areas of reform of today."""

PeriodKind = Literal["month", "quarter", "half_year", "nine_months", "year", "range"]
_KINDS: dict[str, PeriodKind] = {"M": "month", "Q": "quarter", "H": "half_year", "T": "nine_months", "Y": "year"}
Area = Literal[0, 1, 2, 3, 4, 5, 6]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Kind(StrEnum):
    """How a line is answered, and how answers of several units become one."""

    COUNT = "count"  # a whole number; added up
    SHARE = "share"  # two whole numbers; each added up, then divided
    NUMBER = "number"  # a number with up to two decimals; added up where the line says so
    YES_NO = "yes_no"  # counted
    CHOICE = "choice"  # counted, choice by choice
    TEXT = "text"
    DATE = "date"


class State(StrEnum):
    """What a unit says of a line. None of them is another's: what is not known is never 0."""

    GIVEN = "given"
    APPROXIMATE = "approximate"  # a bound, or a figure without its counts: printed as written, never computed with
    NOT_YET = "not_yet"
    OUT_OF_SCOPE = "out_of_scope"
    UNANSWERED = "unanswered"  # left blank


STATE_LABELS = {
    State.GIVEN: "Đã có số liệu",
    State.APPROXIMATE: "Chỉ có số gần đúng",
    State.NOT_YET: "Chưa có số liệu",
    State.OUT_OF_SCOPE: "Không thuộc phạm vi",
    State.UNANSWERED: "Chưa trả lời",
}
CHOSEN = tuple(s for s in State if s is not State.UNANSWERED)
"""What a unit can choose in the form."""
YES, NO = "Có", "Không"

Measured = Literal["in_period", "year_to_date", "at_end"]
MEASURED_LABELS: dict[Measured, str] = {
    "in_period": "Phát sinh trong kỳ",
    "year_to_date": "Lũy kế từ đầu năm đến ngày chốt",
    "at_end": "Tại ngày chốt",
}


class _Line(Strict):
    """What asked and derived lines share. source: the text or practice that it follows; verified: whether a public
    source confirms that it is asked so."""

    id: Id
    area: Area
    label: str = Field(min_length=1, max_length=160)
    definition: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = Field(min_length=1)
    verified: bool

    def holds_on(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


class Asked(_Line):
    """One line of the form. numerator, denominator: what is counted in each half of a share. choices: of a choice.
    measured: of which days. levels, periods: of whom and when it is asked. adds: whether numbers of several units make
    a sum. part_of: line of which this one is a part: a count is no larger; a share has the same denominator and no
    larger numerator."""

    kind: Kind
    numerator: str = ""
    denominator: str = ""
    choices: tuple[str, ...] = ()
    measured: Measured = "in_period"
    levels: tuple[Level, ...] = Field(min_length=1)
    periods: tuple[PeriodKind, ...] = ("quarter", "half_year", "nine_months", "year", "range")
    adds: bool = True
    part_of: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Asked:
        if (self.kind is Kind.SHARE) != bool(self.numerator and self.denominator):
            raise ValueError("numerator và denominator phải có ở loại «share», và chỉ ở loại đó")
        if (self.kind is Kind.CHOICE) != (len(self.choices) > 1):
            raise ValueError("choices phải có ít nhất hai lựa chọn ở loại «choice», và chỉ ở loại đó")
        if len(",".join(self.choices)) > 255 or any("," in choice for choice in self.choices):
            raise ValueError("choices không được có dấu phẩy và không dài quá 255 ký tự")
        if self.part_of and self.kind not in {Kind.COUNT, Kind.SHARE}:
            raise ValueError("part_of chỉ dùng cho loại «count» và «share»")
        return self

    @property
    def measured_label(self) -> str:
        return MEASURED_LABELS[self.measured]

    def asked_of(self, level: Level, period: Period) -> bool:
        return level in self.levels and kind_of(period) in self.periods and self.holds_on(period.cut_off)


Formula = Literal["cut", "cut_share", "share"]


class Derived(_Line):
    """A line that nobody is asked: it follows from two asked ones of the same units, summed first. cut: first − second
    (before and now); cut_share: (first − second)/first; share: first/second. All are counts."""

    formula: Formula
    terms: tuple[str, str]


@dataclass(frozen=True)
class Questions:
    """Everything that a province asks, in the order of the form."""

    asked: tuple[Asked, ...]
    derived: tuple[Derived, ...] = ()

    def of(self, level: Level, period: Period) -> tuple[Asked, ...]:
        """The lines that a unit of that level is asked for the period."""
        return tuple(line for line in self.asked if line.asked_of(level, period))

    def derived_in(self, period: Period) -> tuple[Derived, ...]:
        return tuple(line for line in self.derived if line.holds_on(period.cut_off))


NONE_ASKED = Questions(())


def kind_of(period: Period) -> PeriodKind:
    named = re.fullmatch(r"\d{4}([MQHTY])\w*", period.id, re.ASCII)
    return _KINDS[named[1]] if named else "range"


class _File(Strict):
    off: tuple[Id, ...] = ()
    indicator: tuple[Asked, ...] = ()
    derived: tuple[Derived, ...] = ()


NATIONAL = Path(str(files("contracts").joinpath("data", FILE)))


def read_questions(folder: Path) -> Questions:
    """The national lines, less what the province switched off, and its own. Raises ConfigError with file and line."""
    national, path = _national(), folder / FILE
    own = build(_File, read_toml(path), path=path) if path.exists() else _File()
    _check_off(own.off, [*national.indicator, *national.derived], path)
    asked = [line for line in (*national.indicator, *own.indicator) if line.id not in own.off]
    kept = {line.id for line in asked}
    derived = [d for d in (*national.derived, *own.derived) if d.id not in own.off]
    derived = [d for d in derived if d in own.derived or set(d.terms) <= kept]
    _check(asked, derived, path if path.exists() else NATIONAL)
    return Questions(tuple(sorted(asked, key=lambda line: line.area)), tuple(derived))


@cache
def _national() -> _File:
    return build(_File, read_toml(NATIONAL), path=NATIONAL)


def _check_off(off: Iterable[str], known: Iterable[_Line], path: Path) -> None:
    ids = {line.id for line in known}
    if unknown := [name for name in off if name not in ids]:
        raise ConfigError(f"«off» có mã không tồn tại: {', '.join(unknown)}", file=path, line=line_of(path, ["off"]))


def _check(asked: Iterable[Asked], derived: Iterable[Derived], path: Path) -> None:
    """Every id once; what is referred to is there, of the kind that can be compared."""
    lines = {line.id: line for line in asked}
    counted = Counter(line.id for line in (*asked, *derived))
    if twice := [name for name, times in counted.items() if times > 1]:
        raise ConfigError(
            f"mã chỉ tiêu lặp lại: {', '.join(twice)}", file=path, advice="đổi mã, hoặc ghi mã cũ vào off"
        )
    for line in asked:
        if line.part_of and (line.part_of not in lines or lines[line.part_of].kind is not line.kind):
            said = f"chỉ tiêu «{line.id}»: part_of «{line.part_of}» phải là một chỉ tiêu cùng loại"
            raise ConfigError(said, file=path)
    for one in derived:
        if any(term not in lines or lines[term].kind is not Kind.COUNT for term in one.terms):
            raise ConfigError(f"chỉ tiêu suy ra «{one.id}»: terms phải là hai chỉ tiêu loại count", file=path)
