"""Reading the index files of a province: strict, with every mistake told at its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from contracts.configfile import Mistakes, build, line_of, read_toml
from contracts.criteria import Criterion, IndexFile, ProvincialIndex
from contracts.errors import ConfigError, UsageError
from contracts.periods import parse_period
from contracts.units import UnitTree

FOLDER = "index"
_NAME = re.compile(r"(\d{4})(?:-[a-z0-9-]+)?\.toml", re.ASCII)
_ADVICE = "xem docs/operate/provincial-index.md"


def index_years(folder: Path) -> list[int]:
    """The years for which the province has an index file, oldest first. folder: the province's."""
    return sorted({int(_year(path)) for path in (folder / FOLDER).glob("*.toml")})


def read_indices(folder: Path, year: int, units: UnitTree) -> tuple[ProvincialIndex, ...]:
    """The indices of that year, by file name; their levels do not overlap, so that a unit has one.
    Raises UsageError where there is none, ConfigError with file and line."""
    paths = sorted(path for path in (folder / FOLDER).glob("*.toml") if int(_year(path)) == year)
    if not paths:
        known = ", ".join(map(str, index_years(folder))) or "chưa có năm nào"
        raise UsageError(
            f"chưa khai bộ tiêu chí chỉ số CCHC năm {year} (đã khai: {known})",
            advice=f"tạo tệp {folder / FOLDER / f'{year}.toml'}; {_ADVICE}",
        )
    mistakes = Mistakes()
    found = []
    for path in paths:
        with mistakes.noted():
            found.append(read_index(path, units))
    mistakes.tell()
    for one, other in combinations(found, 2):
        if shared := set(one.file.levels) & set(other.file.levels):
            said = f"cấp {', '.join(sorted(shared))} đã có bộ tiêu chí năm {year} trong tệp {one.path.name}"
            raise ConfigError(said, file=other.path, line=line_of(other.path, ["levels"]))
    return tuple(found)


def read_index(path: Path, units: UnitTree) -> ProvincialIndex:
    """One file. units: those that it may name. Raises ConfigError with file and line, all mistakes at once."""
    year = int(_year(path))
    index = ProvincialIndex(year, build(IndexFile, read_toml(path), path=path), path)
    mistakes = Mistakes()
    mistakes.add(_misplaced(index))
    mistakes.tell()  # without a whole tree, sums and scores mean nothing
    mistakes.add([*_wrong_sums(index), *_wrong_proposals(index), *_unknown_units(index, units)])
    mistakes.tell()
    return index


def _year(path: Path) -> str:
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise ConfigError("tên tệp phải là năm, ví dụ 2022.toml hoặc 2022-xa.toml", file=path, advice="đổi tên tệp")
    return named[1]


def mistake(index: ProvincialIndex, criterion: Criterion, key: str, said: str) -> ConfigError:
    """A mistake of that criterion, at the line of the key."""
    place = str(index.file.criterion.index(criterion))
    line = line_of(index.path, ["criterion", place, *key.split(".")])
    return ConfigError(f"tiêu chí {criterion.id}: {said}", file=index.path, line=line)


def _misplaced(index: ProvincialIndex) -> Iterator[ConfigError]:
    seen: set[str] = set()
    for place, criterion in enumerate(index.file.criterion):
        if criterion.id in seen:
            line = line_of(index.path, ["criterion", str(place), "id"])
            yield ConfigError(f"tiêu chí {criterion.id} lặp lại", file=index.path, line=line)
        if criterion.parent and criterion.parent not in seen:
            yield mistake(index, criterion, "id", f"tiêu chí cấp trên {criterion.parent} phải đứng trước")
        if criterion.parent and criterion.kind != "regular":
            yield mistake(index, criterion, "kind", "điểm thưởng, điểm trừ (kind) chỉ khai ở nhóm cấp một")
        seen.add(criterion.id)


def _wrong_sums(index: ProvincialIndex) -> Iterator[ConfigError]:
    for parent in index.file.criterion:
        below = [c.max for c in index.file.criterion if c.parent == parent.id]
        if below and sum(below) != parent.max:
            said = f"max là {parent.max}, nhưng các tiêu chí ngay bên dưới cộng lại được {sum(below)}"
            yield mistake(index, parent, "max", said)


def _wrong_proposals(index: ProvincialIndex) -> Iterator[ConfigError]:
    for criterion in index.file.criterion:
        source = criterion.from_indicator
        if source is None:
            continue
        if criterion not in index.leaves:
            yield mistake(index, criterion, "from_indicator", "chỉ tiêu chí không có tiêu chí con mới được chấm điểm")
        try:
            parse_period(f"{index.year}{source.period}")
        except UsageError:
            yield mistake(index, criterion, "from_indicator", f"period «{source.period}» phải là Y, H1, T9 hoặc Q1…Q4")


def _unknown_units(index: ProvincialIndex, units: UnitTree) -> Iterator[ConfigError]:
    known = {code for unit in units for code in (unit.agency_code, unit.unit_code)}
    for key in ("only_units", "except_units"):
        for code in sorted(set(getattr(index.file, key)) - known):
            said = f"đơn vị «{code}» không có trong agencies.csv"
            yield ConfigError(said, file=index.path, line=line_of(index.path, [key]))
        for criterion in index.file.criterion:
            for code in sorted(set(getattr(criterion, key)) - known):
                yield mistake(index, criterion, key, f"đơn vị «{code}» không có trong agencies.csv")
