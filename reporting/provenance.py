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


FINDINGS_SHOWN = 7
"""Of each severity."""
SOURCES_NAMED = 3
"""Of a finding, the sources with the most; all of them stand in the quality page and the returns to the sources."""


def finding_table(report_input: ReportInput, origin: Origin, *, caption: str) -> Table | None:
    """Rules that rows broke, the worst and then the most frequent first, with the sources that have most of it. What
    to do about each is for the sources' owners, not for the signer: it stands in the returns to them. None: no
    finding."""
    loaded = {s.id: short_name(origin.scope, s) for s in origin.scope.sources if s.loaded}
    findings = report_input.findings
    found = findings[findings["source_id"].isin(list(loaded)) & (findings["rows"] > 0)]
    if found.empty:
        return None
    rows = _finding_rows(found, loaded)
    shown = [row for label in _SEVERITIES.values() for row in [r for r in rows if r.cells[1] == label][:FINDINGS_SHOWN]]
    return Table(
        caption=caption,
        unit="Đơn vị tính: dòng dữ liệu, trừ ô ghi khác",
        columns=(
            Column("Nội dung", "wide"),
            Column("Xử lý", "label"),
            Column("Số lượng", "figure"),
            Column("Nhiều nhất ở các nguồn", "text"),
        ),
        rows=tuple(shown),
        notes=(Note("", _how_to_read(len(rows) - len(shown))),),
        source=origin.line(),
    )


def _how_to_read(left_out: int) -> str:
    more = f" Còn {count_text(left_out)} nội dung khác ít gặp hơn không nêu ở đây." if left_out > 0 else ""
    return (
        f"Một dòng có thể vi phạm nhiều quy tắc nên không cộng các dòng của bảng này.{more}"
        " Cách khắc phục và danh sách đầy đủ theo từng nguồn nêu ở phiếu phản hồi chất lượng dữ liệu."
    )


def _finding_rows(found: pd.DataFrame, names: dict[str, str]) -> list[Row]:
    order = {severity.value: place for place, severity in enumerate(Severity)}
    keys = ["severity", "rule_id", "sentence"]
    total = found.groupby(keys, observed=True)["rows"].transform("sum")
    ranked = found.assign(rank=found["severity"].astype(str).map(order), fewest=-total)
    return [
        _finding_row(str(severity), str(rule_id), str(sentence), group, names)
        for (_, _, severity, rule_id, sentence), group in ranked.groupby(
            ["rank", "fewest", *keys], sort=True, observed=True
        )
    ]


def _finding_row(severity: str, rule_id: str, sentence: str, group: pd.DataFrame, names: dict[str, str]) -> Row:
    by_source = group.sort_values(["rows", "source_id"], ascending=[False, True])
    most = by_source.head(SOURCES_NAMED)
    where = [f"{names[s]}: {count_text(n)}" for s, n in zip(most["source_id"], most["rows"], strict=True)]
    if len(by_source) > SOURCES_NAMED:
        where.append(f"{count_text(len(by_source) - SOURCES_NAMED)} nguồn khác")
    number = _number(rule_id, int(group["rows"].sum()))
    return Row("unit", (_what(sentence), _SEVERITIES[Severity(severity)], number, "; ".join(where)), "")


def _what(sentence: str) -> str:
    """What is wrong, without what its owner is asked to do: …; đề nghị …"""
    return printable(sentence.partition("; đề nghị")[0], longest=300).rstrip(".")


def _number(rule_id: str, rows: int) -> str:
    """With what it counts, where that is not rows."""
    counted = counted_in(rule_id)
    return count_text(rows) if counted == ROWS else with_unit(count_text(rows), f" {counted}")


def warnings(report_input: ReportInput, loaded: list[SourceState]) -> int:
    """Rules, as the annex lists them: rows of one and units of another make no sum."""
    found = report_input.findings
    ours = found["source_id"].isin([s.id for s in loaded]) & (found["severity"] == Severity.WARNING.value)
    return int(found.loc[ours & (found["rows"] > 0), "rule_id"].nunique())
