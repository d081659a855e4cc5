"""Holds every number that a report prints against what its warehouse stores.

Nothing of the reporting code takes part but the names of units and indicators: sums are made here by SQL and by hand.
The forms and the indicators are held cell by cell; a row that names a unit has that unit's figures alone; a pair a/b is
a pair of one unit, a share is the share of such a pair; every other number is one of the stored ones. What is no figure
is told by the rules of NOT_FIGURES."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any

from contracts.codes import Level
from contracts.source_config import SourceConfig
from contracts.units import Unit, UnitTree
from reporting.annexes.indicators import FIELDS_SHOWN
from reporting.wording import own_office, place_of
from tests.reporting.book import displayed, first_row, number_cells, opened
from transforms.indicators import declared

Sums = Mapping[str, int]
COLUMNS: dict[int, tuple[str, ...]] = {
    3: ("received_online", "received_in_person", "received_postal", "carried_over"),
    4: ("received_online",),
    5: ("received_in_person", "received_postal"),
    6: ("carried_over",),
    7: ("early", "on_time", "overdue"),
    8: ("early",),
    9: ("on_time",),
    10: ("overdue",),
    11: ("open_in_time", "open_overdue"),
    12: ("open_in_time",),
    13: ("open_overdue",),
}
LEVELS = {"Sở, ban, ngành": Level.DEPARTMENT, "Cấp huyện": Level.DISTRICT, "Cấp xã": Level.COMMUNE}
DASH = "–"


@dataclass
class Known:
    """What may be printed of one unit, field or source. points: differences of shares; changes: of counts, without
    their signs; amounts: means, scores."""

    counts: set[int] = field(default_factory=set)
    pairs: set[tuple[int, int]] = field(default_factory=set)
    shares: set[Decimal] = field(default_factory=set)
    amounts: set[Decimal] = field(default_factory=set)
    points: set[Decimal] = field(default_factory=set)
    changes: set[int] = field(default_factory=set)

    def add_pair(self, numerator: int, denominator: int) -> None:
        self.counts |= {numerator, denominator}
        self.pairs.add((numerator, denominator))
        if denominator:
            self.shares.add(rounded(100 * numerator, denominator))
            self.amounts.add(rounded(numerator, denominator))

    def update(self, other: Known) -> None:
        for name, mine in vars(self).items():
            mine.update(getattr(other, name))


def rounded(numerator: int, denominator: int, places: str = "0.01") -> Decimal:
    return (Decimal(numerator) / Decimal(denominator)).quantize(Decimal(places), ROUND_HALF_UP)


def printed(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _signed(change: int) -> str:
    return f"{'+' if change > 0 else '−' if change < 0 else ''}{printed(abs(change))}"


class Stored:
    """The warehouse of one report: plain sums of its tables. root: the report's unit; before: the period that it is
    compared with, None where nothing of it is stored; sources: the configured ones."""

    def __init__(
        self, path: Path, units: UnitTree, root: Unit, period_id: str, *, before: str = "", sources: list[SourceConfig]
    ) -> None:
        self.units, self.root, self.configured = units, root, sources
        self.below = {unit.agency_code for unit in self.units.subtree(root.agency_code)}
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            connection.row_factory = sqlite3.Row
            self.now = _sums(connection, period_id)
            self.then = _sums(connection, before) if before else {}
            self.indicators = _rows(connection, "indicator", period_id)
            self.sources = _rows(connection, "partition", period_id)
            self.findings = _rows(connection, "finding", period_id)
            self.deviations = _rows(connection, "deviation", period_id)
            self.durations = _rows(connection, "duration", period_id)
            self.published = _rows(connection, "published_figure", period_id)
        connection.close()

    def tree(self, unit: Unit, sums: Mapping[tuple[str, str], Sums] | None = None) -> Sums:
        return self.of({u.agency_code for u in self.units.subtree(unit.agency_code)}, sums)

    def of(self, agencies: set[str], sums: Mapping[tuple[str, str], Sums] | None = None, *, name: str = "") -> Sums:
        """Added up over agencies, and of one field where it is named."""
        chosen = self.now if sums is None else sums
        return _added(s for (agency, of), s in chosen.items() if agency in agencies and name in {"", of})

    @cached_property
    def whole(self) -> Known:
        """Of the report as a whole: its unit, levels, fields, sources, findings."""
        found = self.of_unit(self.root)
        for level in {unit.level for unit in self.units}:
            of_level = {u.agency_code for u in self.units if u.level is level} & self.below
            found.update(self._of_sums(self.of(of_level), self.of(of_level, self.then)))
        for name in {name for _, name in self.now}:
            found.update(self._of_sums(self.of(self.below, name=name), {}))
        found.update(self._of_indicators([self.root.agency_code], fields=True))
        self._add_sources(found)
        parents = [u for u in _children(self.root, self) if _children(u, self)]
        deep = {u.agency_code for parent in parents for u in self.units.subtree(parent.agency_code)}
        found.update(self._of_sums(self.of(deep), {}))
        for row in self._rest_of_fields():
            found.add_pair(*row) if row[1] is not None else found.counts.add(row[0])
        found.counts.add(sum(r["dossiers"] for r in self.durations if r["agency_code"] in self.below))
        if (median := self.median()) is not None:
            found.amounts.add(median)
        return found

    @cached_property
    def units_known(self) -> dict[str, Known]:
        """By the name that a row has: of the unit with all below it; of its own office by that of the office."""
        found: dict[str, Known] = defaultdict(Known)
        for unit in self.units.subtree(self.root.agency_code):
            found[place_of(unit)].update(self.of_unit(unit))
            own = {unit.agency_code}
            found[own_office(unit)].update(self._of_sums(self.of(own), self.of(own, self.then)))
            found[own_office(unit)].update(self._of_indicators(own))
        return dict(found)

    @cached_property
    def fields_known(self) -> dict[str, Known]:
        """Of each field, over the report's units."""
        found = {name: self._of_sums(self.of(self.below, name=name), {}) for name in {name for _, name in self.now}}
        for row in self._by_field():
            if row["field"] in found:
                _add_indicator(found[row["field"]], row)
        return found

    def _by_field(self) -> list[dict[str, Any]]:
        """Indicators of the report's unit with all below it, by field."""
        rows = [r for r in self.indicators if r["agency_code"] == self.root.agency_code and r["field"]]
        return [r for r in rows if r["scope"] == "tree"] or rows

    def _rest_of_fields(self) -> Iterator[tuple[int, int | None]]:
        """What an indicator comes to in all fields but its largest, which are listed."""
        by_indicator: dict[str, list[tuple[int, str, int, int | None]]] = defaultdict(list)
        for row in self._by_field():
            if row["numerator"] is not None:
                size = row["numerator"] if row["denominator"] is None else row["denominator"]
                by_indicator[row["indicator"]].append((-size, row["field"], row["numerator"], row["denominator"]))
        for rows in by_indicator.values():
            rest = sorted(rows, key=lambda row: row[:2])[FIELDS_SHOWN:]
            shares = all(row[3] is not None for row in rest)
            yield sum(row[2] for row in rest), sum(row[3] or 0 for row in rest) if shares else None

    @cached_property
    def others_known(self) -> dict[str, Known]:
        """Of the rows that name a level or the whole."""
        found = {"Tổng cộng": self.whole}
        for label, level in LEVELS.items():
            codes = {u.agency_code for u in self.units if u.level is level} & self.below
            found[label] = self._of_sums(self.of(codes), self.of(codes, self.then))
        return found

    def of_source(self, name: str) -> Known | None:
        """What a row of a table of sources may print; 0 corrections stand in the demonstrations."""
        found, sums = Known(counts={0}), self.source_sums(name)
        if sums is None:
            return None
        found.counts.add(sums["accepted"])
        found.add_pair(sums["quarantined"], sums["rows"])
        return found

    @cached_property
    def by_source(self) -> dict[str, dict[str, Any]]:
        """The loaded ones, by their names; by the unit's where a source is called by that."""
        rows = {row["source_id"]: row for row in self.sources if row["state"] == "loaded"}
        configured = self.configured
        places = {place_of(self.units.by_agency(s.units[0])): rows[s.id] for s in configured if s.id in rows}
        return {s.name: rows[s.id] for s in configured if s.id in rows} | places

    def source_sums(self, name: str) -> dict[str, int] | None:
        """Rows of a source; of all of them in the province's report for the total."""
        chosen = [self.by_source[name]] if name in self.by_source else []
        if name == "Tổng cộng" and self.root == self.units.root:
            chosen = list({row["source_id"]: row for row in self.by_source.values()}.values())
        return {n: sum(row[n] for row in chosen) for n in ("rows", "accepted", "quarantined")} if chosen else None

    def progress(self, name: str) -> dict[str, Any] | None:
        """The index's item of the unit that the row names; its own office alone where that is named."""
        unit, scope = self.root, ("tree", "unit")
        if name != "Tổng cộng":
            below = [u for u in _children(self.root, self) if place_of(u) == name]
            if name == own_office(self.root):
                scope = ("unit",)  # type: ignore[assignment]
            elif len(below) != 1:
                return None
            unit = below[0] if below else self.root
        rows = {
            row["scope"]: row
            for row in self.indicators
            if (row["indicator"], row["agency_code"], row["field"]) == ("PROGRESS_ON_TIME", unit.agency_code, "")
        }
        return next((rows[one] for one in scope if one in rows and rows[one]["numerator"] is not None), None)

    def deviations_of(self, name: str) -> set[tuple[str, str, str]]:
        """Was, is and differs by, as printed, of the units of that name."""
        codes = {u.agency_code for u in self.units if place_of(u) == name}
        found = [(r["was"], r["now"]) for r in self.deviations if r["agency_code"] in codes and r["was"] is not None]
        return {(printed(was), printed(now), _signed(now - was)) for was, now in found}

    def sums_of(self, name: str) -> Sums | None:
        """Of the row of that name: the whole, a level, a unit right below with all below it."""
        if name == "Tổng cộng":
            return self.tree(self.root)
        if name in LEVELS:
            return self.of({u.agency_code for u in self.units if u.level is LEVELS[name]} & self.below)
        if name == own_office(self.root):
            return self.of({self.root.agency_code})
        found = [unit for unit in _children(self.root, self) if place_of(unit) == name]
        return self.tree(found[0]) if len(found) == 1 else None

    def of_row(self, name: str) -> Known | None:
        """What the row of that name may print; None where it names no unit, field or level."""
        known = (self.units_known, self.fields_known, self.others_known)
        return next((found[name] for found in known if name in found), None)

    @cached_property
    def every(self) -> Known:
        """Of the report and of each unit in it."""
        found = Known()
        for one in (self.whole, *self.units_known.values(), *self.fields_known.values()):
            found.update(one)
        return found

    def of_unit(self, unit: Unit) -> Known:
        found = self._of_sums(self.tree(unit), self.tree(unit, self.then))
        found.update(self._of_indicators([unit.agency_code]))
        for row in self.deviations:
            if row["agency_code"] == unit.agency_code and row["was"] is not None:
                found.counts |= {row["was"], row["now"]}
                found.changes.add(abs(row["now"] - row["was"]))
        return found

    def _of_sums(self, now: Sums, then: Sums) -> Known:
        found = _of_one(now)
        if then:
            before = _of_one(then)
            mine, theirs = _columns(now), _columns(then)
            found.counts |= before.counts
            found.pairs |= before.pairs
            found.shares |= before.shares
            found.changes |= {abs(mine[n] - theirs[n]) for n in COLUMNS}
            found.changes.add(abs(mine[6] - theirs[11]))
            for (a, b), (c, d) in zip(_ratios(now), _ratios(then), strict=True):
                if b and d:
                    difference = abs(Decimal(100 * a) / b - Decimal(100 * c) / d)
                    found.points.add(difference.quantize(Decimal("0.01"), ROUND_HALF_UP))
        return found

    def _of_indicators(self, agencies: Iterable[str], *, fields: bool = False) -> Known:
        found, wanted = Known(), set(agencies)
        for row in self.indicators:
            if row["agency_code"] not in wanted or row["numerator"] is None or (row["field"] and not fields):
                continue
            _add_indicator(found, row)
        return found

    def _add_sources(self, found: Known) -> None:
        loaded = [row for row in self.sources if row["state"] == "loaded"]
        names = ("rows", "accepted", "quarantined")
        for chosen in [[row] for row in loaded] + [loaded]:
            sums = [sum(row[name] for row in chosen) for name in names]
            found.counts |= set(sums)
            found.add_pair(sums[2], sums[0])
        found.pairs |= {(n, len(self.sources)) for n in range(len(self.sources) + 1)}
        by_rule: dict[str, int] = defaultdict(int)
        for row in self.findings:
            by_rule[row["rule_id"]] += row["rows"]
            found.counts.add(row["rows"])
        found.counts |= set(by_rule.values())

    def median(self) -> Decimal | None:
        """The middle one of all dossiers' working days; of two, what lies between them."""
        days = sorted((r["days"], r["dossiers"]) for r in self.durations if r["agency_code"] in self.below)
        total = sum(dossiers for _, dossiers in days)
        if not total:
            return None
        middle = [_nth(days, place) for place in ((total - 1) // 2, total // 2)]
        return rounded(sum(middle), 2)


def _add_indicator(found: Known, row: Mapping[str, Any]) -> None:
    if row["numerator"] is not None and row["denominator"] is not None:
        found.add_pair(row["numerator"], row["denominator"])
    elif row["numerator"] is not None:
        found.counts.add(row["numerator"])
    if row["score"] is not None:
        found.amounts.add(Decimal(str(row["score"])).quantize(Decimal("0.01")))


def _nth(days: list[tuple[int, int]], place: int) -> int:
    for day, dossiers in days:
        place -= dossiers
        if place < 0:
            return day
    raise ValueError(place)


def _rows(connection: sqlite3.Connection, table: str, period_id: str) -> list[dict[str, Any]]:
    rows = connection.execute(f"SELECT * FROM {table} WHERE period_id = ?", [period_id])
    return [dict(row) for row in rows]


def _sums(connection: sqlite3.Connection, period_id: str) -> dict[tuple[str, str], Sums]:
    """By agency and field, of the forms' days; every count that the table has."""
    cursor = connection.execute("SELECT * FROM fact LIMIT 0")
    keys = {"period_id", "source_id", "series", "agency_code", "field", "procedure_code", "unit_code"}
    names = [column[0] for column in cursor.description if column[0] not in keys]
    summed = ", ".join(f"SUM({name}) AS {name}" for name in names)
    query = (
        f"SELECT agency_code, field, {summed} FROM fact"
        " JOIN partition USING (period_id, source_id)"
        " WHERE period_id = ? AND series = 'forms' AND state = 'loaded' GROUP BY agency_code, field"
    )
    found = connection.execute(query.replace(" rows", ""), [period_id])
    return {(row["agency_code"], row["field"]): {name: row[name] for name in names} for row in found}


def _added(sums: Iterable[Sums]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for one in sums:
        for name, count in one.items():
            total[name] += count
    return dict(total)


def _columns(sums: Sums) -> dict[int, int]:
    return {n: sum(sums.get(name, 0) for name in names) for n, names in COLUMNS.items()}


def _ratios(sums: Sums) -> list[tuple[int, int]]:
    """The shares that are made of the form's columns: A, overdue, overdue of the open, online, post, direct."""
    c = _columns(sums)
    received = c[4] + c[5]
    direct, post = (sums.get(name, 0) for name in ("received_in_person", "received_postal"))
    return [
        (c[8] + c[9], c[7]),
        (c[10], c[7]),
        (c[13], c[11]),
        (c[4], received),
        (direct, received),
        (post, received),
        (c[8] + c[9] + c[12], c[3]),
        (c[8] + c[9], received),
    ]


def _of_one(sums: Sums) -> Known:
    found, columns = Known(), _columns(sums)
    found.counts = {*columns.values(), *sums.values(), columns[4] + columns[5]}
    for pair in _ratios(sums):
        found.add_pair(*pair)
    bases = {columns[7], columns[4] + columns[5], sums.get("processed", 0)}
    told = {count for name, count in sums.items() if name.endswith("_known") or name in {"timed", "processed"}}
    found.pairs |= {(count, base) for count in told for base in bases}
    return found


# Cell by cell


def wrong_cells(book: Any, stored: Stored) -> Iterator[str]:
    """Every cell of the forms, the indicators and the rows that name a unit which is not what is stored."""
    for sheet in book.worksheets[1:-1]:
        first = first_row(sheet)
        heads, *lines = [[displayed(cell) for cell in line] for line in sheet.iter_rows(min_row=first - 1)]
        lines = lines[: next((n for n, line in enumerate(lines) if not any(line)), len(lines))]
        name = sheet.title
        if name.startswith("PL "):
            yield from (f"{name}: {fault}" for fault in _wrong_form(lines, stored))
        elif "Các chỉ tiêu, kèm tử số và mẫu số" in str(sheet["A1"].value):
            yield from (f"{name}: {fault}" for fault in _wrong_indicators(lines, stored))
        else:
            caption = str(sheet["A1"].value)
            yield from (f"{name}: {fault}" for fault in _wrong_rows(caption, heads, lines, stored))


def _wrong_form(lines: list[list[str]], stored: Stored) -> Iterator[str]:
    by_field = not any(re.fullmatch("[IVXL]+", line[0]) for line in lines)
    parent, group = stored.root, list[Sums]()
    for place, line in enumerate(lines):
        number, name = line[0], _name_in(line)
        if name == "Tổng cộng":
            wanted = stored.tree(stored.root)
        elif name == "Cộng các đơn vị trên":
            wanted = _added(group)
        elif by_field:
            wanted = stored.of(stored.below, name=name)
        elif number.isdigit():
            wanted = _of_row(name, parent, stored)
        else:
            found = [u for u in _children(stored.root, stored) if place_of(u) == name]
            parent = found[0] if found else stored.root
            below = takewhile(lambda one: one[0].isdigit(), lines[place + 1 :])  # of a level: the rows below it
            wanted = stored.tree(parent) if found else _added(_of_row(_name_in(o), parent, stored) for o in below)
            group.append(wanted)
        cells = [printed(count) for count in _columns(wanted).values()]
        known = line[2:13] != [DASH] * 11 or any(_columns(wanted).values())
        if known and line[2:13] != cells:
            yield f"«{line[1]}» prints {line[2:13]}, stored {cells}"


def _name_in(line: list[str]) -> str:
    """Without the remark that the unit began or ended."""
    return re.sub(r" \((đến|từ) \d\d/\d\d/\d{4}\)$", "", line[1])


def _children(unit: Unit, stored: Stored) -> list[Unit]:
    return [u for u in stored.units if u.parent == unit.agency_code]


def _of_row(name: str, parent: Unit, stored: Stored) -> Sums:
    if name == own_office(parent):
        return stored.of({parent.agency_code})
    found = [u for u in _children(parent, stored) if place_of(u) == name]
    return _added(stored.tree(unit) for unit in found)


def _wrong_indicators(lines: list[list[str]], stored: Stored) -> Iterator[str]:
    """Numerator, denominator and value of each, by the name of the indicator."""
    rows = {
        row["indicator"]: row
        for row in sorted(stored.indicators, key=lambda r: r["scope"] == "tree")
        if row["agency_code"] == stored.root.agency_code and not row["field"]
    }
    ids = {i.label: i for i in declared() if i.id in rows}
    checked = 0
    for line in lines:
        label = re.sub("^[A-Z][.] ", "", line[0])
        found = max((text for text in ids if label.startswith(text)), key=len, default=None)
        if found is None or not any(line[1:4]):
            continue
        row, indicator, checked = rows[ids[found].id], ids[found], checked + 1
        numerator, denominator = row["numerator"], row["denominator"]
        if not indicator.denominator:
            wanted = ["", "", DASH if numerator is None else printed(numerator)]
        elif numerator is None or not denominator:
            wanted = [DASH if numerator is None else printed(numerator), "", DASH]
            wanted[1] = DASH if denominator is None else printed(denominator)
        else:
            times, unit = (100, "%") if indicator.unit == "%" else (1, "")
            value = f"{rounded(times * numerator, denominator):,f}".translate(str.maketrans(",.", ".,")) + unit
            wanted = [printed(numerator), printed(denominator), value]
        if line[1:4] != wanted:
            yield f"«{line[0]}» prints {line[1:4]}, stored {wanted}"
    if checked < 10:
        yield f"only {checked} indicators were found by their names"


def _wrong_rows(caption: str, heads: list[str], lines: list[list[str]], stored: Stored) -> Iterator[str]:
    """Of a row that names a unit, a field, a level or a source: the cell that its head asks for, or else a figure of
    that one alone. A row that names a column of the form has it then and now, and the difference."""
    for line in lines:
        if heads[3:] == ["Số để so", "Kỳ này", "Chênh lệch"]:
            if tuple(line[3:]) not in stored.deviations_of(line[0]):
                yield f"«{line[0]}» prints {line[3:]}, which no finding of it says"
            continue
        by_name = stored.of_source if heads[0] == "Nguồn" else stored.of_row
        known, column = by_name(line[0]), re.search(r"cột \((\d+)\)$", line[0])
        wanted = _then_and_now(int(column[1]), stored) if column and len(line) == 4 else [None] * (len(line) - 1)
        if known is not None:
            wanted = [_exact(caption, head, line[0], stored) for head in heads[1 : len(line)]]
        for cell, exact in zip(line[1:], wanted, strict=True):
            if exact is not None and cell not in {exact, DASH}:
                yield f"«{line[0]}» prints {cell}, stored {exact}"
            elif known is not None and exact is None and orphans(cell, known, classify=True):
                yield f"«{line[0]}» prints {cell}, none of its figures"


def _then_and_now(column: int, stored: Stored) -> list[str | None]:
    now, then = (_columns(stored.tree(stored.root, sums))[column] for sums in (stored.now, stored.then))
    return [printed(then), printed(now), _signed(now - then)]


_HEAD = re.compile(r"\((\d+)\)(?:\+\((\d+)\))?(?:/\((\d+)\))?$")
_OF_SOURCE = {"Đọc": "rows", "Chấp nhận": "accepted", "Loại ra": "quarantined"}
_OF_PROGRESS = {"Đã và đang giải quyết": "denominator", "Trước hạn, đúng hạn, trong hạn": "numerator"}


def _exact(caption: str, head: str, name: str, stored: Stored) -> str | None:
    """The one text that may stand in that column of that row; None where the head does not say."""
    if head in {*_OF_SOURCE, "Tỷ lệ loại"}:
        sums = stored.source_sums(name)
        share_of = _share(sums["quarantined"], sums["rows"]) if sums else None
        return share_of if head == "Tỷ lệ loại" or not sums else printed(sums[_OF_SOURCE[head]])
    if "Điểm Tiến độ giải quyết" in caption and (row := stored.progress(name)):
        if head in _OF_PROGRESS:
            return printed(row[_OF_PROGRESS[head]])
        return _share(row["numerator"], row["denominator"]) if head == "Tỷ lệ" else None
    sums = stored.sums_of(name)
    if sums is None:
        return None
    c, found = _columns(sums), _HEAD.search(head)
    of_bars = "Tỷ lệ A" in caption and caption.startswith("Biểu đồ")
    if head == "Tỷ lệ A" or (of_bars and head == "Tỷ lệ"):
        return _share(c[8] + c[9], c[7])
    if of_bars and head.endswith("số)"):
        return printed(c[7] if "mẫu" in head else c[8] + c[9])
    if found is None:
        return None
    count = c[int(found[1])] + (c[int(found[2])] if found[2] else 0)
    return _share(count, c[int(found[3])]) if found[3] else printed(count)


def _share(numerator: int, denominator: int) -> str:
    return f"{rounded(100 * numerator, denominator)}%".replace(".", ",") if denominator else DASH


# Every other number

NOT_FIGURES: tuple[tuple[str, str], ...] = (
    ("a day", r"\d{1,2}/\d{1,2}/\d{4}|\b\d{1,2}/\d{4}\b"),
    ("a day in words", r"ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}"),
    ("a time", r"\b\d{1,2}:\d{2}(:\d{2})?\b"),
    ("a law, a decision, a form", r"\b\d+(/\d{4})?/[A-ZĐ][\w-]*(/\w+)*|\bII\.0\d[a-z]?\b|[Cc]hỉ số 766"),
    ("years below an axis", r"(?m)^\s*(20\d\d\s*)+$"),
    ("years", r"(năm|giai\s+đoạn|Quý\s+[IV]+)\s+\d{4}(\s*[-–]\s*\d{4})?"),
    ("columns of the form", r"\([\d+/() ]+\)(/\(\d+\))*(=?\s*\([\d+()\s]+\))*|(cột|biểu|mức độ)\s+[\d, ]+\b"),
    ("the name of a digest", r"SHA-256"),
    ("a version", r"\b(cchc|WeasyPrint|XlsxWriter) \d+(\.\d+)*|bản \d+(-\d{4})?: \d+|Công thức chỉ tiêu: \d+"),
    ("the number of a table, an annex, a page", r"\b(Bảng|Biểu đồ|Phụ lục|trang|bản|Bản)\s+\d+(?![\d.,]*\d)"),
    ("a line of the contents", r"\.{4,}\s*\d+"),
    ("a checksum", r"\b(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b|\b[0-9a-f]{16,}\b"),
    ("a checksum in fours", r"\b(?:[0-9a-f]{4}\s+){3,}[0-9a-f]{4}\b"),
    ("a procedure's code", r"\b\d\.\d{6}(\.\w+)*"),
    ("the number of a heading, of a rule", r"(?m)^\s*\d{1,2}(\.\d{1,2})?\.\s"),
    ("the number of an item", r"(?<=[.:;] )\d\.\d\.\s"),
    ("the first column of a form", r"(?m)^\s*\d{1,3}\s{2,}"),
    ("a page's own number", r"(?m)^\s*\d{1,3}\s*$"),
    ("a whole percentage: an axis, a target, a limit", r"(?<![\d.,])\d{1,3}%"),
    ("the axis of bars", r"(?m)\b0\s{2,}50\b"),
    ("how many units, sources, kinds of things", r"\b\d{1,3}\s+(?=[a-zđ])(?!hồ|dòng|bậc|điểm|điểm)\w+"),
)
"""Kinds of printed digits that are no figures of the warehouse. How many things are named is counted from the
catalogue, and so are ranks: numbers below 1.000 with a noun that is neither a dossier nor a row."""
_TOKEN = re.compile(r"[+−]?\d[\d.]*(?:,\d+)?%?(?:/\d[\d.]*(?:,\d+)?)?")


def text_of(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return done.stdout


def faults(pdf: Path, workbook: Path, stored: Stored) -> list[str]:
    """What a report and its workbook print that is not stored."""
    book = opened(workbook.read_bytes())
    texts = "\n".join(str(c.value) for s in book.worksheets for line in s.iter_rows() for c in line if _is_text(c))
    found = [*wrong_cells(book, stored)]
    found += [f"PDF: {token}" for token in orphans(text_of(pdf), stored.every, classify=True)]
    found += [f"workbook: {token}" for token in orphans(texts, stored.every, classify=True)]
    found += [
        f"{sheet}: {displayed(cell)}"
        for sheet, cell in number_cells(book)
        if orphans(displayed(cell), stored.every, classify=True)
    ]
    return found


def _is_text(cell: Any) -> bool:
    return isinstance(cell.value, str) and not re.fullmatch(r"[\d.]{1,4}", cell.value)


def orphans(text: str, known: Known, *, classify: bool = False) -> list[str]:
    """The numbers of a text that are none of the known ones; classify: what is no figure is left out first."""
    if classify:
        for _, form in NOT_FIGURES:
            text = re.sub(form, " ", text)
    tokens = (token.rstrip(".") for token in _TOKEN.findall(text))
    return [token for token in tokens if not _is_known(token, known)]


def _is_known(token: str, known: Known) -> bool:
    if "/" in token:
        left, right = (_number(part) for part in token.split("/"))
        whole = left == left.to_integral_value() and right == right.to_integral_value()
        return (int(left), int(right)) in known.pairs if whole else left in known.amounts
    number = abs(_number(token))
    if token.endswith("%"):
        return number in known.shares or number in known.points
    signed = token[0] in "+−"
    if "," in token:
        return number in known.points or (not signed and number in known.amounts)
    return int(number) in known.changes or (not signed and int(number) in known.counts)


def _number(token: str) -> Decimal:
    return Decimal(token.strip("+−%").replace(".", "").replace(",", "."))
