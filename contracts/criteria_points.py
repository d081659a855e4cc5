"""Points of the provincial index as units and the appraisal team enter them, and what a filled sheet must hold.

A unit assesses itself and names its evidence; the appraisal team verifies. Both are kept, and neither replaces the
other: the index is made of verified points alone (docs/domain.md §5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from contracts.configfile import Mistakes, plain
from contracts.criteria import Criterion, ProvincialIndex
from contracts.decimals import plain_decimal, typed_number
from contracts.errors import ConfigError
from contracts.units import Unit, UnitTree

YEAR, AGENCY, UNIT, CRITERION, LABEL = "Năm", "Mã cơ quan", "Đơn vị", "Mã tiêu chí", "Tiêu chí"
MAXIMUM, POINTS, EVIDENCE, NOTE = "Điểm tối đa", "Điểm", "Tài liệu kiểm chứng", "Ghi chú"
NEEDED = (YEAR, AGENCY, CRITERION, POINTS, EVIDENCE, NOTE)
"""Heads that a filled sheet must have; others are for the reader's eyes."""
WITHDRAWN = "hủy"
"""What is typed for points that were entered by mistake: the criterion is unscored again."""


class PointKind(StrEnum):
    SELF = "self"
    VERIFIED = "verified"


POINT_KIND_LABELS = {PointKind.SELF: "điểm tự chấm", PointKind.VERIFIED: "điểm thẩm định"}


@dataclass(frozen=True)
class PointEntry:
    """Points of one criterion of one unit; None where earlier points are taken back."""

    agency_code: str
    criterion_id: str
    kind: PointKind
    points: Decimal | None
    evidence: str = ""
    note: str = ""


@dataclass(frozen=True)
class FilledSheet:
    """rows: line number and head → cell as text, "" where empty. letters: head → letter of its column; none in a
    CSV."""

    path: Path
    rows: Sequence[tuple[int, Mapping[str, str]]]
    letters: Mapping[str, str] = field(default_factory=dict)

    def wrong(self, line: int, head: str, said: str) -> ConfigError:
        where = f"ô {self.letters[head]}{line}" if head in self.letters else f"cột «{head}»"
        return ConfigError(f"{where}: {said}", file=self.path, line=line, advice="sửa tệp rồi nhập lại; chưa lưu gì")


def entries_of(
    sheet: FilledSheet, indices: Collection[ProvincialIndex], tree: UnitTree, *, kind: PointKind
) -> tuple[PointEntry, ...]:
    """What the sheet enters; a row without points, evidence and note is not filled in yet and enters nothing.
    Raises ConfigError with the cell of every mistake at once."""
    known = _Known(indices, tree)
    mistakes, found = Mistakes(), []
    for line, row in sheet.rows:
        cells = {head: plain(row[head]) for head in NEEDED}
        if any(cells[head] for head in (POINTS, EVIDENCE, NOTE)):
            with mistakes.noted():
                found.append((line, _entry(sheet, line, cells, known, kind)))
    mistakes.add(_repeated(sheet, found))
    mistakes.tell()
    return tuple(entry for _, entry in found)


class _Known:
    """Units and their index, by code."""

    def __init__(self, indices: Collection[ProvincialIndex], tree: UnitTree) -> None:
        self.years = {str(index.year) for index in indices}
        placed = [(unit, index) for index in indices for unit in index.units(tree)]
        self.by_code = {code: found for found in placed for code in (found[0].agency_code, found[0].unit_code)}


def _entry(sheet: FilledSheet, line: int, cells: Mapping[str, str], known: _Known, kind: PointKind) -> PointEntry:
    if cells[YEAR] not in known.years:
        raise sheet.wrong(line, YEAR, f"«{cells[YEAR]}» không phải năm đang nhập ({', '.join(sorted(known.years))})")
    if cells[AGENCY] not in known.by_code:
        raise sheet.wrong(line, AGENCY, f"đơn vị «{cells[AGENCY]}» không thuộc bộ chỉ số năm này")
    unit, index = known.by_code[cells[AGENCY]]
    criterion = _criterion(sheet, line, cells[CRITERION], unit, index)
    points = _points(sheet, line, cells[POINTS], criterion)
    if kind is PointKind.SELF and index.file.evidence_required and points and not cells[EVIDENCE]:
        raise sheet.wrong(line, EVIDENCE, "điểm tự chấm phải ghi tài liệu kiểm chứng")
    return PointEntry(unit.agency_code, criterion.id, kind, points, cells[EVIDENCE], cells[NOTE])


def _criterion(sheet: FilledSheet, line: int, code: str, unit: Unit, index: ProvincialIndex) -> Criterion:
    criterion = index.by_id.get(code)
    if criterion is None:
        raise sheet.wrong(line, CRITERION, f"không có tiêu chí «{code}» trong {index.path.name}")
    if criterion not in index.leaves:
        raise sheet.wrong(line, CRITERION, f"tiêu chí {code} có tiêu chí con: chấm điểm ở tiêu chí con")
    if criterion not in index.applicable(unit):
        raise sheet.wrong(line, CRITERION, f"tiêu chí {code} không áp dụng cho {unit.name}")
    return criterion


def _points(sheet: FilledSheet, line: int, text: str, criterion: Criterion) -> Decimal | None:
    if text.lower() == WITHDRAWN:
        return None
    if not text:
        raise sheet.wrong(
            line,
            POINTS,
            f"có tài liệu hoặc ghi chú mà chưa có điểm; điểm 0 thì ghi 0, bỏ điểm đã nhập thì ghi «{WITHDRAWN}»",
        )
    try:
        points = typed_number(text)
    except ValueError as error:
        raise sheet.wrong(line, POINTS, str(error)) from None
    if points > criterion.max:
        highest = plain_decimal(criterion.max).replace(".", ",")
        raise sheet.wrong(line, POINTS, f"{text} lớn hơn điểm tối đa {highest} của tiêu chí {criterion.id}")
    return points


def _repeated(sheet: FilledSheet, found: Sequence[tuple[int, PointEntry]]) -> Iterator[ConfigError]:
    first: dict[tuple[str, str], int] = {}
    for line, entry in found:
        before = first.setdefault((entry.agency_code, entry.criterion_id), line)
        if before != line:
            said = f"tiêu chí {entry.criterion_id} của đơn vị này đã có ở dòng {before}"
            yield sheet.wrong(line, CRITERION, said)
