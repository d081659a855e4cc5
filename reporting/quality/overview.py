"""The top of the page: one sentence, the large figures, what is missing, and every source in a line."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from contracts.codes import Severity
from expectations.suites.across import RECEIVED_HERE
from reporting.fonts import printable
from reporting.formats import MISSING, count_text, date_text, listed, percent_text, stamp_text
from reporting.quality.inputs import QualityInput, SourceQuality
from reporting.quality.page import Cell, Figure, Gap, Head, Row, Table
from reporting.quality.rated import moved, rated
from reporting.quality.words import STATES, Named

_RANK = {str(severity): place for place, severity in enumerate(Severity)}


def name_of(source: SourceQuality) -> str:
    return printable(source.name, longest=120)


def loaded(given: QualityInput) -> list[SourceQuality]:
    return [s for s in given.sources if s.now.loaded]


def sums(given: QualityInput) -> tuple[int, int, int]:
    """Rows read, accepted and set aside, of the sources that stand. Raises AssertionError where they do not add up."""
    read, accepted, aside = (
        sum(int(getattr(s.now, name) or 0) for s in loaded(given)) for name in ("rows", "accepted", "quarantined")
    )
    if read != accepted + aside:
        raise AssertionError("read is not accepted + quarantined")
    return read, accepted, aside


def verdict(given: QualityInput) -> str:
    """How far the figures can be trusted, in one sentence."""
    there, of = len(loaded(given)), len(given.sources)
    missing = [name_of(s) for s in given.sources if not s.now.loaded]
    if not there:
        return f"Chưa dùng được: chưa có số liệu của nguồn nào trong {count_text(of)} nguồn phải có."
    read, accepted, aside = sums(given)
    counted = (
        f"đã đọc {count_text(read)} dòng hồ sơ, chấp nhận {count_text(accepted)}"
        f" ({percent_text(accepted, read)}), loại ra chưa tính {count_text(aside)} ({percent_text(aside, read)})"
    )
    running = f" tạm tính đến hết ngày {date_text(given.as_of)}," if given.as_of < given.period.cut_off else ""
    if not missing:
        return f"Số liệu{running} đủ {count_text(there)}/{count_text(of)} nguồn: {counted}; không thiếu nguồn nào."
    return (
        f"Số liệu{running} CHƯA ĐỦ, mới có {count_text(there)}/{count_text(of)} nguồn: {counted};"
        f" còn thiếu {listed(missing)}, vì vậy số toàn tỉnh chưa phải là số đầy đủ."
    )


def figures(given: QualityInput) -> tuple[Figure, ...]:
    there, of = len(loaded(given)), len(given.sources)
    read, accepted, aside = sums(given)
    known = [count_text(n) if there else MISSING for n in (read, accepted, aside)]
    broken = {rule for s in given.sources for rule in s.findings["rule_id"]}
    return (
        Figure(f"{count_text(there)}/{count_text(of)}", "nguồn có số liệu", ""),
        Figure(known[0], "dòng hồ sơ đã đọc", ""),
        Figure(known[1], "chấp nhận", _part(accepted, read)),
        Figure(known[2], "loại ra, chưa tính", _part(aside, read)),
        Figure(count_text(len(broken)), "quy tắc có vi phạm", ""),
    )


def _part(part: int, whole: int) -> str:
    return f"{percent_text(part, whole)} của {count_text(whole)}" if whole else ""


def gaps(given: QualityInput) -> tuple[Gap, ...]:
    return tuple(Gap(name_of(s), _state_text(s), printable(s.contact)) for s in given.sources if not s.now.loaded)


def _state_text(source: SourceQuality) -> str:
    state = STATES[source.now.state]
    return f"{state}: {printable(source.error, longest=400).rstrip('.')}." if source.error else f"{state}."


def source_table(given: QualityInput, rules: dict[str, Named]) -> Table:
    """Every source: state, time, counts, movement, worst finding."""
    read, accepted, aside = sums(given)
    total = [Cell("Tổng cộng"), Cell(f"{len(loaded(given))}/{len(given.sources)} nguồn"), Cell("")]
    counts = [Cell(count_text(n)) for n in (read, accepted, aside)] if loaded(given) else [Cell(MISSING)] * 3
    share = rated(aside, read) if loaded(given) else Cell(MISSING)
    return Table(
        id="bang-nguon",
        caption="Các nguồn số liệu",
        heads=(
            Head("Nguồn"),
            Head("Tình trạng", "label"),
            Head("Đọc lúc", "label"),
            Head("Đọc", "figure"),
            Head("Chấp nhận", "figure"),
            Head("Loại ra", "figure"),
            Head("Tỷ lệ loại", "figure"),
            Head("So với kỳ trước", "label"),
            Head("Phát hiện nặng nhất"),
        ),
        rows=(
            *(_source_row(s, rules, number) for number, s in enumerate(given.sources, start=1)),
            Row((*total, *counts, share, Cell(""), Cell("")), total=True),
        ),
        notes=(
            "Đơn vị tính: dòng hồ sơ. Đọc = Chấp nhận + Loại ra. Tổng cộng chỉ gồm các nguồn đã tổng hợp.",
            "▲ là tỷ lệ loại tăng (xấu đi), ▼ là giảm (tốt lên), so với kỳ liền trước.",
            *_left_note(given, rules),
        ),
    )


def _left_note(given: QualityInput, rules: Mapping[str, Named]) -> tuple[str, ...]:
    """What another source counts is set aside here, and is no mistake of the data."""
    broken = [set(str(r).split(",")) for s in loaded(given) for r in s.rejected["rules"]]
    errors = {rule.id for rule in rules.values() if rule.severity is not Severity.WARNING}
    left = sum(each & errors == {RECEIVED_HERE} for each in broken)
    text = f"Trong số loại ra có {count_text(left)} dòng được tính ở hệ thống khác, không phải là lỗi dữ liệu."
    return (text,) if left else ()


def _source_row(source: SourceQuality, rules: dict[str, Named], number: int) -> Row:
    now = source.now
    state = Cell(STATES[now.state], tone="" if now.loaded else "bad")
    when = Cell(stamp_text(source.read_at) if source.read_at else MISSING)
    counts = [Cell(count_text(n)) for n in (now.rows, now.accepted, now.quarantined)]
    name = Cell(name_of(source), href=f"#nguon-{number}")
    share = rated(now.quarantined, now.rows)
    return Row((name, state, when, *counts, share, moved(now, source.before), _worst(source, rules)))


def _worst(source: SourceQuality, rules: dict[str, Named]) -> Cell:
    """Of the gravest findings the one with most rows."""
    if not source.checked:
        return Cell(MISSING)
    if source.findings.empty:
        return Cell("Không có")
    first = ranked(source.findings).iloc[0]
    rule = rules.get(first["rule_id"])
    named = f"{rule.short} – {rule.gist}" if rule else printable(first["sentence"])
    counts = rule.counts if rule else "trường hợp"
    return Cell(named, f"{count_text(int(first['rows']))} {counts}", href=f"#{rule.anchor}" if rule else "")


def ranked(findings: pd.DataFrame) -> pd.DataFrame:
    """The gravest first, then those with most rows; what another source counts, which is no mistake, after those that
    are."""
    order = findings.assign(
        rank=findings["severity"].astype("str").map(_RANK), there=findings["rule_id"] == RECEIVED_HERE
    )
    by = ["rank", "there", "rows", "rule_id"]
    return order.sort_values(by, ascending=[True, True, False, True], kind="stable")
