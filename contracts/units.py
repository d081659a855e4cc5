"""Units with dates: places (province, district, commune) and agencies (UBND, sở), one tree a province.

A place has a General Statistics Office code that can be used again (22714 was thị trấn Tô Hạp and is xã
Khánh Sơn), so a unit is (unit_code, valid_from). A department has no such code: its agency code stands in.
The tree of a province comes from its agencies.csv.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from contracts.codes import Level
from contracts.configfile import read_csv
from contracts.errors import ConfigError, UsageError
from contracts.succession import what_became_of

COLUMNS = ("agency_code", "unit_code", "name", "level", "parent", "valid_from", "valid_to", "verified")


@dataclass(frozen=True)
class Unit:
    """agency_code: mã định danh (QĐ 20/2020/QĐ-TTg), the key. unit_code: GSO code, or the agency code of a
    unit that is no place. parent: agency code of the unit above, "" for the province.
    verified: whether a public source confirms the agency code. predecessors: agency codes of units whose place it took,
    where the registry of places cannot tell (contracts.succession)."""

    agency_code: str
    unit_code: str
    name: str
    level: Level
    parent: str
    valid_from: date | None
    valid_to: date | None
    verified: bool
    predecessors: tuple[str, ...] = ()

    def valid_on(self, day: date) -> bool:
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_to is None or day <= self.valid_to)

    def valid_throughout(self, first_day: date, last_day: date) -> bool:
        return self.valid_on(first_day) and self.valid_on(last_day)

    def valid_within(self, first_day: date, last_day: date) -> bool:
        """Whether the unit exists on any of the days."""
        return (self.valid_from or date.min) <= last_day and first_day <= (self.valid_to or date.max)


@dataclass(frozen=True)
class UnitTree:
    """The units of one province, in the file's order, with look-ups."""

    units: tuple[Unit, ...]
    _by_agency: dict[str, Unit] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_agency", {u.agency_code: u for u in self.units})

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.units)

    @property
    def root(self) -> Unit:
        return next(u for u in self.units if u.level is Level.PROVINCE)

    def by_agency(self, agency_code: str) -> Unit:
        return self._by_agency[agency_code]

    def has_agency(self, agency_code: str) -> bool:
        return agency_code in self._by_agency

    def valid_on(self, day: date) -> tuple[Unit, ...]:
        return tuple(u for u in self.units if u.valid_on(day))

    def at_level(self, level: Level, *, on: date) -> tuple[Unit, ...]:
        return tuple(u for u in self.units if u.level is level and u.valid_on(on))

    def children(self, agency_code: str) -> tuple[Unit, ...]:
        return tuple(u for u in self.units if u.parent == agency_code)

    def subtree(self, agency_code: str) -> tuple[Unit, ...]:
        """The unit and everything below it."""
        below = [u for child in self.children(agency_code) for u in self.subtree(child.agency_code)]
        return (self.by_agency(agency_code), *below)

    def find(self, code: str, *, on: date) -> Unit:
        """The unit with that GSO or agency code on that day. Raises UsageError, which names the successors of a unit
        that has ended."""
        for unit in self.units:
            if code in (unit.unit_code, unit.agency_code) and unit.valid_on(on):
                return unit
        if told := what_became_of(code, self, on=on):
            raise UsageError(told[0], advice=told[1])
        raise UsageError(
            f"không có đơn vị mã «{code}» vào ngày {on:%d/%m/%Y}",
            advice="xem mã đơn vị trong agencies.csv của tỉnh",
        )


def read_units(path: Path) -> UnitTree:
    """Read agencies.csv. Raises ConfigError with file and line."""
    rows = list(read_csv(path, COLUMNS))
    if not rows:
        raise ConfigError("danh mục không có cơ quan nào", file=path)
    units = {line: _unit(row, path, line) for line, row in rows}
    _check_tree(units, path)
    return UnitTree(tuple(units.values()))


def _unit(row: dict[str, str], path: Path, line: int) -> Unit:
    if not row["agency_code"] or not row["name"]:
        raise ConfigError("thiếu agency_code hoặc name", file=path, line=line)
    if row["level"] not in set(Level):
        raise ConfigError(f"level «{row['level']}» phải là một trong: {', '.join(Level)}", file=path, line=line)
    valid_from, valid_to = (_day(row[column], path, line) for column in ("valid_from", "valid_to"))
    if valid_from and valid_to and valid_from > valid_to:
        raise ConfigError("valid_from sau valid_to", file=path, line=line)
    return Unit(
        agency_code=row["agency_code"],
        unit_code=row["unit_code"] or row["agency_code"],
        name=row["name"],
        level=Level(row["level"]),
        parent=row["parent"],
        valid_from=valid_from,
        valid_to=valid_to,
        verified=row["verified"] == "yes",
        predecessors=tuple(row.get("predecessors", "").split()),
    )


def _day(text: str, path: Path, line: int) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigError(f"ngày «{text}» phải có dạng 2025-06-30", file=path, line=line) from None


def _check_tree(units: Mapping[int, Unit], path: Path) -> None:
    seen: set[str] = set()
    for line, unit in units.items():
        if unit.agency_code in seen:
            raise ConfigError(f"mã {unit.agency_code} lặp lại", file=path, line=line)
        if unit.parent and unit.parent not in seen:
            raise ConfigError(f"cấp trên {unit.parent} phải đứng trước {unit.agency_code}", file=path, line=line)
        if not unit.parent and (unit.level is not Level.PROVINCE or seen):
            raise ConfigError(f"{unit.agency_code} thiếu cấp trên", file=path, line=line)
        seen.add(unit.agency_code)
    for line, unit in units.items():
        if unknown := sorted({*unit.predecessors} - seen):
            raise ConfigError(f"predecessors: không có cơ quan mã {', '.join(unknown)}", file=path, line=line)
