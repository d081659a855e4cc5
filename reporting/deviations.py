"""Figures of units that something else does not let expect: the period before, and the same one last year."""

from __future__ import annotations

import pandas as pd

from contracts.comparisons import CARRIED_OVER, COUNTS, UNUSUAL_CHANGE
from reporting.fonts import printable
from reporting.formats import change_text, count_text
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Column, Note, Row, Table
from reporting.scope import Scope
from reporting.wording import place_of

PRINTED = 25
"""Rows at most, the largest differences first: who works through all of them has the command and the workbook."""

_WITH = {
    CARRIED_OVER: "cuối kỳ trước (11)",
    UNUSUAL_CHANGE: "cùng kỳ năm trước",
}
_WHAT = {"carried_over": "Kỳ trước chuyển sang, cột (6)"} | {
    name: f"{count.label[:1].upper()}{count.label[1:]}" for name, count in COUNTS.items()
}


def deviation_table(report_input: ReportInput, origin: Origin, *, caption: str) -> Table | None:
    """Counts of the report's units beside what they were expected to be, the largest differences first. None: nothing
    differs."""
    scope = origin.scope
    found = report_input.deviations
    of_report = found[found["agency_code"].isin(scope.codes) & found["rule_id"].isin(list(_WITH))]
    if of_report.empty:
        return None
    size = (of_report["now"] - of_report["was"]).abs()
    ranked = of_report.assign(size=size).sort_values(
        ["size", "agency_code", "rule_id", "measure"], ascending=[False, True, True, True]
    )
    return Table(
        caption=caption,
        unit="Đơn vị tính: hồ sơ",
        columns=(
            Column("Đơn vị", "text"),
            Column("Số liệu kỳ này", "label"),
            Column("So với", "label"),
            Column("Số để so", "figure"),
            Column("Kỳ này", "figure"),
            Column("Chênh lệch", "figure"),
        ),
        rows=tuple(_row(scope, one) for _, one in ranked.head(PRINTED).iterrows()),
        notes=tuple(_notes(report_input, len(ranked))),
        source=origin.line(),
    )


def _row(scope: Scope, one: pd.Series) -> Row:
    was, now = int(one["was"]), int(one["now"])
    unit = next(u for u in scope.units if u.agency_code == one["agency_code"])
    cells = (printable(place_of(unit)), _WHAT[one["measure"]], _WITH[one["rule_id"]])
    return Row("unit", (*cells, count_text(was), count_text(now), change_text(now, was)), "")


def _notes(report_input: ReportInput, rows: int) -> list[Note]:
    policy = report_input.province.file.policy
    percent = f"{policy.unusual_share * 100:g}".replace(".", ",")
    notes = [
        Note(
            "",
            f"So với cùng kỳ năm trước chỉ nêu chênh lệch từ {count_text(policy.unusual_at_least)} hồ sơ và trên "
            f"{percent}%; đơn vị thành lập, kết thúc hoặc thiếu nguồn ở một trong hai kỳ không được "
            "so sánh. Chênh lệch chưa phải là sai sót.",
        )
    ]
    if rows > PRINTED:
        notes.append(Note("", f"Còn {count_text(rows - PRINTED)} dòng có chênh lệch nhỏ hơn, xem phần mềm."))
    return notes
