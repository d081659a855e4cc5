"""Form II.06a/VPCP/KSTT (TT 01/2020/TT-VPCP): rows by field, by unit and by commune.

Columns (3)–(13) of every row add up to Tổng cộng; a row that lacks a source carries its mark, a row of
which nothing is known is a row of dashes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count

from contracts.codes import Level, Series
from contracts.columns import MEMOS
from contracts.errors import CriticalCheckError
from contracts.province import Policy
from contracts.units import Unit
from reporting.fonts import UNPRINTABLE, printable, vietnamese_order
from reporting.formats import MISSING, count_text
from reporting.origin import Origin, valid_words
from reporting.page import Form, FormRow, Kind, Note
from reporting.tally import COLUMNS, Tally, add_up, tallies
from reporting.unit_lines import BELOW, unit_lines
from reporting.wording import kinds_among, own_office, place_of

BY_FIELD = "Biểu số II.06a/VPCP/KSTT"
BY_UNIT = "Tổng hợp theo các cột của Biểu số II.06a/VPCP/KSTT"
UNKNOWN_FIELD = "Chưa xác định"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI")


def cells(counts: Tally | None) -> tuple[str, ...]:
    """Columns (3) to (13)."""
    return tuple(MISSING if counts is None else count_text(counts.column(n)) for n in COLUMNS)


WIDEST = len("99.999.999")
"""What a column of the form holds in its usual letters."""


class FormMaker:
    """Makes the forms of one report."""

    def __init__(self, origin: Origin, policy: Policy, *, reporter: str, receiver: str) -> None:
        self.origin = origin
        self.scope = origin.scope
        self.policy = policy
        self.reporter = reporter
        self.receiver = receiver
        self._remarks = valid_words(origin.scope, origin.spans[Series.FORMS])

    def by_field(self) -> Form:
        """One row a field; each lacks whatever source is missing."""
        summed = tallies(self.scope.facts, by="field")
        marks = self.scope.marks(self.scope.codes)
        order = sorted(summed, key=lambda f: (f == UNKNOWN_FIELD, vietnamese_order(f)))
        rows = [
            FormRow("unit", str(n), printable(field), marks, cells(add_up(summed, {field})))
            for n, field in enumerate(order, start=1)
        ]
        odd = Note("", f"{UNPRINTABLE}: ký tự của hệ thống nguồn không in được.")
        notes = (odd,) if any(UNPRINTABLE in row.name for row in rows) else ()
        total = self._total(rows, self.scope.codes)
        return self._form(BY_FIELD, "Lĩnh vực giải quyết", [*rows, total], self.scope.codes, notes)

    def by_unit(self) -> Form:
        """The units right below the report's, each with all below it, in groups."""
        rows: list[FormRow] = []
        for roman, (title, lines) in zip(ROMAN, self.groups(), strict=False):
            codes = frozenset().union(*(agencies for _, agencies in lines))
            rows.append(self._row("group", roman, title, codes))
            rows += [self._row("unit", str(n), name, agencies) for n, (name, agencies) in enumerate(lines, start=1)]
        total = self._total(rows, self.scope.codes)
        return self._form(BY_UNIT, "Cơ quan, đơn vị", [*rows, total], self.scope.codes)

    @property
    def has_subunits(self) -> bool:
        """Whether any unit right below the report's has units of its own."""
        return any(self.scope.children(unit) for unit in self.scope.children(self.scope.root))

    def by_subunit(self) -> Form | None:
        """Below every unit that has units of its own: its office and each of them. None if there is none."""
        parents = [unit for unit in self.scope.children(self.scope.root) if self.scope.children(unit)]
        if not parents:
            return None
        rows = [row for roman, unit in zip(_numerals(), parents, strict=False) for row in self._below(roman, unit)]
        codes = frozenset().union(*(self.scope.below(unit) for unit in parents))
        total = self._total(rows, codes, name="Cộng các đơn vị trên")
        return self._form(BY_UNIT, "Cơ quan, đơn vị", [*rows, total], codes)

    def _below(self, roman: str, unit: Unit) -> Iterator[FormRow]:
        """The unit with all below it, then its own office and the units below it one by one."""
        remark = self._remarks.get(unit.agency_code, "")
        yield self._row("group", roman, place_of(unit) + remark, self.scope.below(unit))
        yield self._row("unit", "1", own_office(unit) + remark, {unit.agency_code})
        for number, child in enumerate(self.scope.children(unit), start=2):
            yield self._row("unit", str(number), self._name(child), self.scope.below(child))

    def groups(self) -> Iterator[tuple[str, list[tuple[str, frozenset[str]]]]]:
        """Title, and (name, agency codes) of its rows: own office, departments, districts, communes."""
        lines = unit_lines(self.scope)
        if office := [(line.name, line.agencies) for line in lines if line.level is None]:
            yield "Cơ quan của đơn vị báo cáo", office
        for level in BELOW:
            of_level = [line for line in lines if line.level is level]
            if of_level:
                title = self._group_title(level, [line.unit for line in of_level])
                yield title, [(self._name(line.unit), line.agencies) for line in of_level]

    def _group_title(self, level: Level, units: list[Unit]) -> str:
        if level is Level.DEPARTMENT:
            return "Sở, ban, ngành"
        deep = any(self.scope.children(u) for u in units)
        kinds = kinds_among(units) or "Đơn vị hành chính"
        return f"{kinds} (gồm cả cấp xã)" if deep else kinds

    def _name(self, unit: Unit) -> str:
        return place_of(unit) + self._remarks.get(unit.agency_code, "")

    def _row(self, kind: Kind, number: str, name: str, agencies: Collection[str]) -> FormRow:
        return FormRow(kind, number, name, self.scope.marks(agencies), cells(self.scope.tally(agencies)))

    def _total(self, rows: list[FormRow], codes: frozenset[str], *, name: str = "Tổng cộng") -> FormRow:
        """From the facts and not from the rows; the rows must add up to it."""
        row = self._row("total", "", name, codes)
        check_sum([r.cells for r in rows if r.kind == "unit"], row.cells)
        return row

    def _form(
        self, number: str, head: str, rows: list[FormRow], codes: frozenset[str], notes: tuple[Note, ...] = ()
    ) -> Form:
        """codes: the agencies that the rows add up; the notes are about them."""
        memo = memo_notes(self.scope.tally(codes), self.policy)
        return Form(
            number=number,
            reporter=self.reporter,
            receiver=self.receiver,
            period=self.origin.named_days(),
            subject_head=head,
            rows=tuple(rows),
            letters="small" if any(len(cell) > WIDEST for row in rows for cell in row.cells) else "usual",
            notes=(*self.origin.notes(codes), *self.origin.elsewhere, *notes, *memo),
            source=self.origin.line(),
        )


def check_sum(rows: list[tuple[str, ...]], total: tuple[str, ...], *, of: str = "biểu II.06") -> None:
    """Printed rows add up to the printed total. of: the table, as the error calls it. Raises CriticalCheckError: a
    report that does not is a bug in the catalogue of units or in the counts, and must not be signed."""
    sums = [sum(_number(row[i]) for row in rows) for i in range(len(total))]
    if sums != [_number(cell) for cell in total]:
        raise CriticalCheckError(
            f"tổng các dòng của {of} không bằng dòng Tổng cộng",
            advice="kiểm tra agencies.csv (đơn vị thuộc hai cấp trên, đơn vị ngoài cây) rồi chạy lại",
        )


def _number(cell: str) -> int:
    return 0 if cell == MISSING else int(cell.replace(".", ""))


def _numerals() -> Iterator[str]:
    """I, II … XVI, then Arabic numbers."""
    yield from ROMAN
    yield from (str(n) for n in count(len(ROMAN) + 1))


def memo_notes(counts: Tally | None, policy: Policy) -> tuple[Note, ...]:
    """Parts of the columns that an officer would ask about, with their numbers, in one note."""
    if counts is None:
        return ()
    n = {name: count_text(counts[name]) for name in MEMOS}
    waiting = f"{n['paused']} hồ sơ đang chờ bổ sung giấy tờ hoặc thực hiện nghĩa vụ tài chính"
    stopped = f"{n['stopped']} hồ sơ cơ quan đã dừng giải quyết"
    backlog = policy.stopped_is == "backlog"
    linked = counts["linked_known"] > 0  # where no system tells of it, 0 would pass for a figure
    parts = (
        f"cột ({policy.withdrawn_column}) gồm {n['withdrawn']} hồ sơ công dân, tổ chức xin rút",
        f"cột (12) gồm {waiting}" + (f" và {stopped}" if backlog else ""),
        *(() if backlog else (f"cột (7) gồm {stopped}",)),
        f"cột (9) và (12) gồm {n['no_due_date']} hồ sơ không có ngày hẹn trả",
        *(
            (f"cột (7) gồm {n['linked_resolved']} hồ sơ liên thông, tính một lần tại cơ quan tiếp nhận",)
            if linked
            else ()
        ),
    )
    return (Note("", f"Trong đó: {'; '.join(parts)}."),)
