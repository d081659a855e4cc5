"""What the figures rest on: sources with their times and rows, what was set aside and why, the rules applied.

Counts only: no dossier, no code, no person."""

from __future__ import annotations

import pandas as pd

from contracts.codes import STATE_LABELS, Severity
from reporting.fonts import printable
from reporting.formats import MISSING, count_text, percent_text, stamp_text, with_unit
from reporting.inputs import ReportInput, SourceState
from reporting.origin import Origin, short_name
from reporting.page import Column, Note, Row, Table
from reporting.scope import Gap, Scope
from reporting.wording import ROWS, counted_in

_SEVERITIES = {
    Severity.CRITICAL: "dừng nguồn",
    Severity.ERROR: "loại ra",
    Severity.WARNING: "cảnh báo",
}


def source_table(origin: Origin, *, caption: str) -> Table:
    """Every source of the report: state, time, rows."""
    scope = origin.scope
    loaded = [s for s in scope.sources if s.loaded]
    rows = [_source_row(scope, source) for source in scope.sources]
    sums = [sum(getattr(s, name) or 0 for s in loaded) for name in ("rows", "accepted", "quarantined")]
    figures = tuple(count_text(n) for n in sums) if loaded else (MISSING,) * 3
    aside = percent_text(sums[2], sums[0]) if loaded else MISSING
    total = Row("total", ("Tổng cộng", "", "", *figures, aside), _source_marks(scope))
    return Table(
        caption=caption,
        unit="Đơn vị tính: dòng dữ liệu",
        columns=(
            Column("Nguồn", "wide"),
            Column("Tình trạng", "label"),
            Column("Trích xuất lúc", "label"),
            Column("Đọc", "figure"),
            Column("Chấp nhận", "figure"),
            Column("Loại ra", "figure"),
            Column("Tỷ lệ loại", "figure"),
        ),
        rows=(*rows, total),
        notes=(*origin.notes_on(_source_gaps(scope)), *origin.elsewhere, *_shared_note(scope)),
        source=origin.line(),
    )


def _source_row(scope: Scope, source: SourceState) -> Row:
    if not source.loaded:
        state = STATE_LABELS[source.state].lower()
        return Row("unit", (source.name, state, *(MISSING,) * 5), _mark_of(scope, source))
    when = stamp_text(source.extracted_at) if source.extracted_at else MISSING
    figures = (count_text(source.rows), count_text(source.accepted), count_text(source.quarantined))
    aside = percent_text(source.quarantined, source.rows)
    return Row("unit", (source.name, STATE_LABELS[source.state], when, *figures, aside), "")


def _source_gaps(scope: Scope) -> tuple[Gap, ...]:
    return tuple(gap for gap in scope.gaps if gap.source is not None)


def _source_marks(scope: Scope) -> str:
    """Marks of the missing sources; the units without any source lack nothing here."""
    return scope.marks(frozenset().union(*(gap.agencies for gap in _source_gaps(scope))))


def _mark_of(scope: Scope, source: SourceState) -> str:
    return next((gap.mark for gap in _source_gaps(scope) if gap.source == source), "")


def _shared_note(scope: Scope) -> tuple[Note, ...]:
    """Where a source serves units outside this report, its rows are not the report's."""
    outside = [s.name for s in scope.sources if _reaches_outside(scope, s)]
    if not outside:
        return ()
    return (Note("", f"Nguồn dùng chung với đơn vị khác, số dòng là của cả nguồn: {'; '.join(outside)}."),)


def _reaches_outside(scope: Scope, source: SourceState) -> bool:
    served = {u.agency_code for code in source.units for u in scope.tree.subtree(code)}
    return bool(served - {u.agency_code for u in scope.tree.subtree(scope.root.agency_code)})


def finding_table(report_input: ReportInput, origin: Origin, *, caption: str) -> Table | None:
    """Rules that rows broke, worst first, with the sources and how many rows each. None: no finding."""
    loaded = {s.id: short_name(origin.scope, s) for s in origin.scope.sources if s.loaded}
    findings = report_input.findings
    found = findings[findings["source_id"].isin(list(loaded)) & (findings["rows"] > 0)]
    if found.empty:
        return None
    return Table(
        caption=caption,
        unit="Đơn vị tính: dòng dữ liệu; số đếm thứ khác có ghi rõ",
        columns=(
            Column("Nội dung", "wide"),
            Column("Xử lý", "label"),
            Column("Số lượng", "figure"),
            Column("Trong đó, theo nguồn", "text"),
        ),
        rows=tuple(_finding_rows(found, loaded)),
        notes=(Note("", "Một dòng có thể vi phạm nhiều quy tắc nên không cộng các dòng của bảng này."),),
        source=origin.line(),
    )


def _finding_rows(found: pd.DataFrame, names: dict[str, str]) -> list[Row]:
    order = {severity.value: place for place, severity in enumerate(Severity)}
    keys = ["severity", "rule_id", "sentence", "regulation"]
    ranked = found.assign(regulation=found["regulation"].fillna(""), rank=found["severity"].astype(str).map(order))
    rows = []
    for (_, severity, rule_id, sentence, regulation), group in ranked.groupby(
        ["rank", *keys], sort=True, observed=True
    ):
        by_source = group.sort_values(["rows", "source_id"], ascending=[False, True])
        where = "; ".join(
            f"{names[s]}: {count_text(n)}" for s, n in zip(by_source["source_id"], by_source["rows"], strict=True)
        )
        text = printable(sentence, longest=300).rstrip(".") + (f" ({printable(regulation)})." if regulation else ".")
        label = _SEVERITIES[Severity(str(severity))]
        rows.append(Row("unit", (text, label, _number(str(rule_id), int(group["rows"].sum())), where), ""))
    return rows


def _number(rule_id: str, rows: int) -> str:
    """With what it counts, where that is not rows."""
    counted = counted_in(rule_id)
    return count_text(rows) if counted == ROWS else with_unit(count_text(rows), f" {counted}")


def warnings(report_input: ReportInput, loaded: list[SourceState]) -> int:
    """Rules, as the annex lists them: rows of one and units of another make no sum."""
    found = report_input.findings
    ours = found["source_id"].isin([s.id for s in loaded]) & (found["severity"] == Severity.WARNING.value)
    return int(found.loc[ours & (found["rows"] > 0), "rule_id"].nunique())
