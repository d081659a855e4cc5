"""What was written of one report: its parts, who wrote them, and what of them changed since a version was printed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine

from contracts.codes import Series
from contracts.report_parts import PART_IDS, PARTS, parts_on
from contracts.units import Unit
from reporting.fonts import printable
from reporting.formats import stamp_text
from reporting.inputs import ReportInput, WrittenText
from reporting.kept import WrittenBasis
from reporting.page import Column, Row, Table
from reporting.scope import report_key
from warehouse import texts

_SOURCE = "Nội dung do cơ quan soạn thảo viết; số liệu gõ tay trong đó không do phần mềm tính."


def known_texts(engine: Engine, period_id: str) -> tuple[WrittenText, ...]:
    """The newest of each part of each report of the period; empty where it was taken back."""
    return tuple(
        WrittenText(one.scope, one.unit_code, one.part, one.text, one.version, one.by_whom, one.at)
        for one in texts.newest(engine, period_id)
    )


def texts_of(report_input: ReportInput, unit: Unit | None) -> dict[str, WrittenText]:
    """By part, in the outline's order, of the report of that unit (None: the province's); those taken back are among
    them."""
    tree = report_input.province.units
    key = report_key(unit or tree.root, tree)
    mine = {one.part: one for one in report_input.written if (one.scope, one.unit_code) == key}
    return {part: mine[part] for part in PART_IDS if part in mine}


def written_table(report_input: ReportInput, unit: Unit | None, *, caption: str) -> Table | None:
    """Which parts were written by whom, and when; None where nothing was."""
    titles = {part.id: part.title for part in parts_on(report_input.spans[Series.FORMS].last_day)}
    rows = tuple(
        Row("unit", (titles[part], printable(one.by_whom), stamp_text(one.at), str(one.version)), "")
        for part, one in texts_of(report_input, unit).items()
        if one.text
    )
    if not rows:
        return None
    columns = (Column("Phần", "wide"), Column("Người nạp nội dung", "text"), Column("Lúc", "label"))
    return Table(caption, "", (*columns, Column("Lần", "figure")), rows, (), _SOURCE)


def basis_of_texts(report_input: ReportInput, unit: Unit | None) -> dict[str, WrittenBasis]:
    """What a version keeps of them, by part."""
    found = texts_of(report_input, unit).items()
    return {part: WrittenBasis(one.version, one.by_whom, bool(one.text)) for part, one in found}


def changes_said(old: Mapping[str, WrittenBasis], new: Mapping[str, WrittenBasis]) -> str:
    """nội dung phần I, II.3 do Nguyễn Văn A, chuyên viên cập nhật; empty where no part is of another version."""
    changed: dict[tuple[str, str], list[str]] = {}
    for part in PARTS:
        one = new.get(part.id)
        before = old.get(part.id)
        if one and (one.version != before.version if before else one.stands):
            done = "cập nhật" if one.stands else "rút lại"
            changed.setdefault((one.by_whom, done), []).append(part.number)
    said = [f"phần {', '.join(numbers)} do {by} {done}" for (by, done), numbers in changed.items()]
    return f"nội dung {'; '.join(said)}" if said else ""
