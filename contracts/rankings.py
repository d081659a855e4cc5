"""Places in indices that others publish (PAR INDEX, SIPAS, e-government …), as a file of them is read and checked.

A place is kept with its base, its source and its day, and is never computed, corrected or overwritten here: 41 of 63
provinces and 11 of 34 are two different things (docs/domain.md §5, docs/operate/rankings.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Literal

from contracts import clock
from contracts.configfile import Mistakes, plain, read_csv
from contracts.decimals import typed_number
from contracts.errors import ConfigError
from contracts.unit_history import registry

NEEDED = (
    *("index", "year", "unit_code", "unit_name", "place", "base_size", "base_group"),
    *("score", "rating", "source", "published_on", "verified"),
)
_TEXTS = ("area", "unit_code", "unit_name", "source", "base_group", "rating", "note")


_WHOLE = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d{1,9})", re.ASCII)


class RankingKind(StrEnum):
    RESULT = "result"
    TARGET = "target"


class IndexName(StrEnum):
    PAR_INDEX = "PAR_INDEX"
    SIPAS = "SIPAS"
    EGOV = "EGOV"
    DTI = "DTI"
    PROVINCIAL = "PROVINCIAL"
    TASKS = "TASKS"


INDEX_LABELS = {
    IndexName.PAR_INDEX: "Chỉ số cải cách hành chính (PAR INDEX)",
    IndexName.SIPAS: "Chỉ số hài lòng về sự phục vụ hành chính (SIPAS)",
    IndexName.EGOV: "Mức độ xây dựng chính quyền điện tử",
    IndexName.DTI: "Chỉ số chuyển đổi số (DTI)",
    IndexName.PROVINCIAL: "Chỉ số cải cách hành chính do tỉnh công bố",
    IndexName.TASKS: "Xếp loại thực hiện nhiệm vụ cải cách hành chính",
}


@dataclass(frozen=True)
class Ranking:
    """What was published of a unit in an index and year, or what it aims at.

    area: of the index, "" for the whole. unit_code: statistics code or agency code, "" where there is none. place:
    among base_size units of base_group; base_size None where the source does not say. gained: places gained since the
    year before, as published; the place of that year is not derived from it. score: as it was written, with its unit.
    rating: class; of a target those that meet it, parted by ";". aim: "raise" where a target is to move up. withdrawn:
    what was entered under the same key before is taken back."""

    kind: RankingKind
    index: IndexName
    year: int
    unit_code: str
    unit_name: str
    source: str
    area: str = ""
    place: int | None = None
    base_size: int | None = None
    base_group: str = ""
    gained: int | None = None
    score: Decimal | None = None
    score_unit: str = "%"
    rating: str = ""
    aim: Literal["", "raise"] = ""
    published_on: date | None = None
    verified: bool = False
    note: str = ""
    withdrawn: bool = False

    @property
    def unit(self) -> str:
        """By what the unit is known through the years: its code, or its name where it has none. A statistics code that
        was given to another unit, or to one of the same name that was made anew, is not the same unit."""
        return self.unit_on(self.year_end)

    def unit_on(self, day: date) -> str:
        """Who had the code on that day."""
        place = registry().find(self.unit_code, on=day) if self.unit_code.isdigit() else None
        if place is None:
            return self.unit_code or self.unit_name
        return f"{place.code} {place.valid_from}" if place.valid_from else place.code

    @property
    def year_end(self) -> date:
        return date(self.year, 12, 31)

    @property
    def key(self) -> tuple[str, str, str, int, str, str]:
        """What a later entry replaces. A unit can have several places a year: among all, and in its district."""
        return (self.kind, self.index, self.area, self.year, self.unit, self.base_group)


def read_rankings(path: Path) -> tuple[Ranking, ...]:
    """The rows of the file. Raises ConfigError with the line of every mistake at once."""
    mistakes, found = Mistakes(), []
    first: dict[tuple[object, ...], int] = {}
    for line, row in read_csv(path, NEEDED):
        with mistakes.noted():
            ranking = _ranking(_Row(path, line, row))
            before = first.setdefault(ranking.key, line)
            if before != line:
                raise ConfigError(f"cùng chỉ số, năm, đơn vị và cơ sở xếp hạng với dòng {before}", file=path, line=line)
            found.append(ranking)
    mistakes.tell()
    if not found:
        raise ConfigError("tệp không có dòng nào", file=path)
    return tuple(found)


@dataclass(frozen=True)
class _Row:
    """One row of the file; each reading tells its own mistake."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        return plain(self.cells.get(column, ""))

    def wrong(self, column: str, said: str) -> ConfigError:
        return ConfigError(f"cột «{column}»: {said}", file=self.path, line=self.line, advice="sửa tệp rồi nhập lại")

    def choice(self, column: str, values: tuple[str, ...], *, default: str = "") -> str:
        found = self.text(column) or default
        if found not in values:
            raise self.wrong(
                column, f"«{found}» phải là một trong: {', '.join(value or 'để trống' for value in values)}"
            )
        return found

    def count(self, column: str, *, least: int = 1) -> int | None:
        found = self.text(column)
        if not found:
            return None
        number = int(found.replace(".", "")) if _WHOLE.fullmatch(found) else None
        if number is None or number < least:
            raise self.wrong(column, f"«{found}» phải là số nguyên, từ {least} trở lên")
        return number

    def number(self, column: str) -> Decimal | None:
        try:
            return typed_number(self.text(column)) if self.text(column) else None
        except ValueError as error:
            raise self.wrong(column, str(error)) from None

    def day(self, column: str) -> date | None:
        try:
            return date.fromisoformat(self.text(column)) if self.text(column) else None
        except ValueError:
            raise self.wrong(column, f"ngày «{self.text(column)}» phải có dạng 2023-04-19") from None


def _ranking(row: _Row) -> Ranking:
    year = row.count("year", least=2000)
    if year is None:
        raise row.wrong("year", "thiếu năm")
    for column in ("unit_name", "source"):
        if not row.text(column):
            raise row.wrong(column, "không được để trống")
    ranking = Ranking(
        kind=RankingKind(row.choice("kind", tuple(RankingKind), default="result")),
        index=IndexName(row.choice("index", tuple(IndexName))),
        year=year,
        score=row.number("score"),
        score_unit=row.choice("score_unit", ("%", "điểm"), default="%"),
        aim="raise" if row.choice("aim", ("", "raise")) else "",
        published_on=row.day("published_on"),
        verified=row.choice("verified", ("yes", "no")) == "yes",
        withdrawn=row.choice("withdrawn", ("yes", "no"), default="no") == "yes",
        gained=row.count("gained", least=-10_000),
        place=row.count("place"),
        base_size=row.count("base_size"),
        **{name: row.text(name) for name in _TEXTS},
    )
    _check_unit(row, ranking)
    _check_place(row, ranking)
    _check_content(row, ranking)
    return ranking


def _check_unit(row: _Row, ranking: Ranking) -> None:
    """A statistics code must be that of the named place in that year: codes are used again."""
    if not ranking.unit_code.isdigit():
        return
    place = registry().find(ranking.unit_code, on=ranking.year_end)
    if place is None:
        raise row.wrong(
            "unit_code", f"không có đơn vị mã {ranking.unit_code} vào cuối năm {ranking.year}; không rõ thì để trống"
        )
    if plain(place.name).casefold() != ranking.unit_name.casefold():
        raise row.wrong(
            "unit_name", f"mã {ranking.unit_code} năm {ranking.year} là {place.name}, không phải {ranking.unit_name}"
        )


def _check_place(row: _Row, ranking: Ranking) -> None:
    place, size, gained = ranking.place, ranking.base_size, ranking.gained
    if place is not None and not ranking.base_group:
        raise row.wrong("base_group", "thứ hạng phải kèm cơ sở xếp hạng, ví dụ «tỉnh, thành phố»")
    if place is not None and size is not None and place > size:
        raise row.wrong("place", f"hạng {place} lớn hơn số đơn vị được xếp hạng {size}")
    if gained is not None and place is None:
        raise row.wrong("gained", "có số bậc tăng, giảm mà không có thứ hạng")
    if gained is not None and place is not None and not 1 <= place + gained <= (size or place + abs(gained)):
        raise row.wrong("gained", f"hạng {place} và {gained} bậc không khớp với {size or 'số'} đơn vị được xếp hạng")


def _check_content(row: _Row, ranking: Ranking) -> None:
    if not (ranking.place or ranking.rating or ranking.score is not None or ranking.aim or ranking.withdrawn):
        raise row.wrong("place", "dòng phải có ít nhất một trong: place, score, rating, aim")
    if ranking.aim and ranking.kind is RankingKind.RESULT:
        raise row.wrong("aim", "chỉ mục tiêu (kind = target) mới có aim")
    if ranking.score is not None and ranking.score_unit == "%" and ranking.score > 100:
        raise row.wrong("score", f"{row.text('score')} lớn hơn 100%")
    if ranking.published_on and ranking.published_on > clock.today():
        raise row.wrong("published_on", "ngày công bố chưa đến")
    if ranking.published_on and ranking.kind is RankingKind.RESULT and ranking.published_on.year < ranking.year:
        raise row.wrong("published_on", f"công bố trước năm được xếp hạng ({ranking.year})")
