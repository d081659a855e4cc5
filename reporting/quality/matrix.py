"""Sources by rules: how many rows of each source break each rule, errors and warnings apart."""

from __future__ import annotations

from itertools import groupby

from contracts.codes import Severity
from reporting.formats import MISSING, count_text
from reporting.quality.inputs import QualityInput, SourceQuality
from reporting.quality.overview import name_of
from reporting.quality.page import Cell, Group, Head, Row, Table
from reporting.quality.rated import shaded
from reporting.quality.words import Named

_ERRORS = frozenset({Severity.CRITICAL, Severity.ERROR})
_NOTE = (
    "Số trong ô là số dòng vi phạm (quy tắc đếm theo đơn vị, hồ sơ hoặc đính chính thì ghi ở bảng chú giải);"
    " một dòng có thể vi phạm nhiều quy tắc nên không cộng các cột với nhau."
)
_UNCHECKED = "– là nguồn chưa kiểm tra được, không phải là không có lỗi."


def matrices(given: QualityInput, rules: dict[str, Named]) -> tuple[Table, ...]:
    """At most two tables, with only the rules that something broke."""
    failed = {rule for s in given.sources for rule in s.findings["rule_id"]}
    parts = (
        ("ma-tran-loi", "Lỗi: dòng bị loại ra, chưa tính vào báo cáo", _ERRORS),
        ("ma-tran-canh-bao", "Cảnh báo: dòng vẫn được tính, cần rà soát", frozenset({Severity.WARNING})),
    )
    chosen = [
        (id_, caption, [r for r in rules.values() if r.id in failed and r.severity in severities])
        for id_, caption, severities in parts
    ]
    return tuple(_matrix(given, shown, id_=id_, caption=caption) for id_, caption, shown in chosen if shown)


def _matrix(given: QualityInput, shown: list[Named], *, id_: str, caption: str) -> Table:
    heads = [Head(r.short, "cell", f"#{r.anchor}", r.gist) for r in shown]
    subjects = [Group(subject, len(list(same))) for subject, same in groupby(shown, key=lambda r: r.subject)]
    sums = [_sum(given, rule) for rule in shown]
    return Table(
        id=id_,
        caption=caption,
        heads=(Head("Nguồn"), *heads),
        rows=(
            *(_row(s, shown, number) for number, s in enumerate(given.sources, start=1)),
            Row((Cell("Tổng cộng"), *(Cell(count_text(n)) for n in sums)), total=True),
        ),
        groups=(Group("", 1), *subjects),
        notes=(_NOTE, _UNCHECKED) if any(not s.checked for s in given.sources) else (_NOTE,),
        matrix=True,
    )


def legend(given: QualityInput, rules: dict[str, Named]) -> Table | None:
    """What the short names in the heads stand for, with how many sources break each."""
    failed = {rule for s in given.sources for rule in s.findings["rule_id"]}
    shown = [r for r in rules.values() if r.id in failed]
    if not shown:
        return None
    return Table(
        id="chu-giai",
        caption="Chú giải các quy tắc có vi phạm trong kỳ",
        heads=(
            Head("Mã", "label"),
            Head("Nội dung và việc phải làm"),
            Head("Số nguồn", "figure"),
            Head("Số vi phạm", "figure"),
        ),
        rows=tuple(_legend_row(given, rule) for rule in shown),
    )


def _legend_row(given: QualityInput, rule: Named) -> Row:
    at = [s for s in given.sources if rule.id in set(s.findings["rule_id"])]
    counts = (Cell(count_text(len(at))), Cell(f"{count_text(_sum(given, rule))} {rule.counts}"))
    return Row((Cell(rule.short), Cell(rule.sentence), *counts), anchor=rule.anchor)


def _row(source: SourceQuality, shown: list[Named], number: int) -> Row:
    name = Cell(name_of(source), href=f"#nguon-{number}")
    if not source.checked:
        return Row((name, *(Cell(MISSING) for _ in shown)))
    found = _rows(source)
    return Row(
        (name, *(shaded(found.get(rule.id, 0), source.rows_checked if rule.is_of_rows else None) for rule in shown))
    )


def _rows(source: SourceQuality) -> dict[str, int]:
    return {str(k): int(n) for k, n in zip(source.findings["rule_id"], source.findings["rows"], strict=True)}


def _sum(given: QualityInput, rule: Named) -> int:
    return sum(_rows(s).get(rule.id, 0) for s in given.sources)
