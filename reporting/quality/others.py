"""What sources and periods tell of one another: dossiers in two systems, breaks, deviations, rewritten dates, and what
the province corrected. A part that has nothing to tell is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sized
from fractions import Fraction
from typing import Any

import pandas as pd

from contracts.comparisons import CARRIED_OVER
from contracts.published import PUBLISHED_DIFFERS
from reporting.fonts import printable
from reporting.formats import MISSING, change_text, count_text, date_text, decimal_text
from reporting.quality.details import Codes
from reporting.quality.inputs import QualityInput
from reporting.quality.overview import name_of
from reporting.quality.page import Cell, Head, Row, Section, Table
from reporting.quality.published import MOST_ROWS, published
from reporting.quality.reporting_rates import reporting_rates
from reporting.quality.trend import short
from reporting.quality.words import CHANGES, COLUMNS, CONTINUED, Named, measure_label, reason_label
from transforms.rounding import round_half_up

MOST_CODES = 100
Line = tuple[str | int, ...]


def others(given: QualityInput, rules: Mapping[str, Named], codes: Codes) -> list[Section]:
    """The parts that have something to tell, in their order; their headings are not numbered yet."""
    made = (
        reporting_rates(given),
        _two_systems(given, codes),
        _continuity(given, codes),
        _deviations(given, rules, codes),
        published(given, codes),
        _rewritten(given, codes),
        _corrections(given, codes),
    )
    return [section for section in made if section is not None]


def _names(given: QualityInput) -> dict[str, str]:
    return {s.id: name_of(s) for s in given.sources}


def _two_systems(given: QualityInput, codes: Codes) -> Section | None:
    found = given.elsewhere
    if found.empty:
        return None
    names = _names(given)
    pairs = Counter(zip(found["source_id"].astype("str"), found["elsewhere"].astype("str"), strict=True))
    lines = [(names[here], _counted_at(there, names), n) for (here, there), n in sorted(pairs.items())]
    heads = (Head("Hệ thống"), Head("Hồ sơ được tính ở"), Head("Số hồ sơ", "figure"))
    table = Table("bang-hai-he-thong", "Hồ sơ có ở hai hệ thống, theo cặp", heads, _rows(lines))
    each = ((names[r["source_id"]], r["dossier_code"], _counted_at(r["elsewhere"], names)) for r in _records(found))
    return Section(
        "hai-he-thong",
        "Hồ sơ có ở hai hệ thống",
        ("Mỗi hồ sơ chỉ được tính một lần, ở hệ thống đã tiếp nhận; ở hệ thống kia hồ sơ bị loại ra.",),
        (table,),
        _codes("ma-hai-he-thong", "Mã hồ sơ có ở hai hệ thống", "Được tính ở", each, codes),
    )


def _counted_at(there: Any, names: Mapping[str, str]) -> str:
    if pd.isna(there) or not there:
        return "cả hai hệ thống (trùng mã, nghi là hồ sơ khác nhau)"
    return names.get(str(there), printable(there))


def _continuity(given: QualityInput, codes: Codes) -> Section | None:
    """Units whose (6) is not the (11) before, then the dossiers that explain it, by source and reason."""
    found, deviations = given.not_continued, given.deviations
    broken = deviations[deviations["rule_id"] == CARRIED_OVER]
    if found.empty and broken.empty:
        return None
    names = _names(given)
    counted = Counter(zip(*(found[c].astype("str") for c in ("source_id", "kind", "reason")), strict=True))
    lines = [
        (names[source], CONTINUED.get(kind, kind), printable(reason_label(reason)), n)
        for (source, kind, reason), n in sorted(counted.items())
    ]
    heads = (Head("Nguồn"), Head("Khác nhau"), Head("Lý do"), Head("Số hồ sơ", "figure"))
    why = Table("bang-noi-tiep", "Hồ sơ làm lệch, theo lý do", heads, _rows(lines))
    each = (
        (
            names[r["source_id"]],
            r["dossier_code"],
            f"{CONTINUED.get(r['kind'], r['kind'])}: {reason_label(r['reason'])}",
        )
        for r in _records(found)
    )
    units = _unit_table(broken, codes) if len(broken) else None
    return Section(
        "noi-tiep",
        "Nối tiếp kỳ trước",
        ("Số từ kỳ trước chuyển sang, cột (6), phải bằng số đang giải quyết cuối kỳ trước, cột (11).",),
        tuple(table for table in (units, why if lines else None) if table is not None),
        _codes("ma-noi-tiep", "Mã hồ sơ làm lệch", "Khác nhau", each, codes),
    )


def _unit_table(broken: pd.DataFrame, codes: Codes) -> Table:
    lines = [(codes.unit(r["agency_code"]), *_was_now(r)) for r in _records(_largest(broken))]
    heads = (
        Head("Đơn vị"),
        *(Head(text, "figure") for text in ("Tồn cuối kỳ trước (11)", "Chuyển sang kỳ này (6)", "Chênh lệch")),
    )
    return Table("bang-noi-tiep-don-vi", "Đơn vị có số chuyển kỳ lệch", heads, _rows(lines[:MOST_ROWS]), _more(lines))


def _largest(deviations: pd.DataFrame) -> pd.DataFrame:
    """The largest differences of counts first, then those of values."""
    size = (deviations["now"].astype("Float64") - deviations["was"].astype("Float64")).abs()
    keys = ["size", "agency_code", "rule_id", "measure"]
    return deviations.assign(size=size).sort_values(keys, ascending=[False, True, True, True], kind="stable")


def _more(lines: Sized) -> tuple[str, ...]:
    more = len(lines) - MOST_ROWS
    return (f"Còn {count_text(more)} dòng có chênh lệch nhỏ hơn, không nêu ở đây.",) if more > 0 else ()


def _deviations(given: QualityInput, rules: Mapping[str, Named], codes: Codes) -> Section | None:
    found = given.deviations[~given.deviations["rule_id"].isin([CARRIED_OVER, PUBLISHED_DIFFERS])]
    if found.empty:
        return None
    ordered = _largest(found)
    lines = [
        (
            codes.unit(r["agency_code"]),
            printable(measure_label(str(r["measure"]))),
            *((rules[r["rule_id"]].short,) if r["rule_id"] in rules else (MISSING,)),
            printable(short(str(r["compared_with"]))),
            *_was_now(r),
        )
        for r in _records(ordered)
    ]
    heads = (
        *(Head(text) for text in ("Đơn vị", "Chỉ tiêu", "Quy tắc", "So với")),
        *(Head(text, "figure") for text in ("Khi đó", "Kỳ này", "Thay đổi")),
    )
    return Section(
        "bat-thuong",
        "Thay đổi khác thường",
        ("Khác thường chưa phải là sai; đề nghị đơn vị xem lại và giải trình trước khi trình ký.",),
        (Table("bang-bat-thuong", "Số liệu khác thường của đơn vị", heads, _rows(lines[:MOST_ROWS]), _more(lines)),),
    )


def _was_now(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Counts where there are counts, else values; what is not known is a dash."""
    was, now = (None if pd.isna(row[name]) else int(row[name]) for name in ("was", "now"))
    if was is None and now is None:
        return _value(row["was_value"]), _value(row["now_value"]), MISSING
    change = MISSING if was is None or now is None else change_text(now, was)
    return count_text(was), count_text(now), change


def _value(value: Any) -> str:
    return MISSING if pd.isna(value) else decimal_text(round_half_up(Fraction(str(value))))


def _rewritten(given: QualityInput, codes: Codes) -> Section | None:
    counts = {s.id: {k: n for k, n in s.changes.items() if k in CHANGES} for s in given.sources}
    if not any(counts.values()):
        return None
    names = _names(given)
    lines: list[Line] = [(names[s], *(found.get(k, 0) for k in CHANGES)) for s, found in counts.items() if found]
    heads = (Head("Nguồn"), *(Head(text, "figure") for text in CHANGES.values()))
    note = "Đơn vị tính: hồ sơ; cộng từ mọi lần đọc của kỳ, một hồ sơ có thể có nhiều thay đổi."
    changed = given.changed[given.changed["kind"].isin(list(CHANGES))]
    each = ((names[r["source_id"]], r["dossier_code"], _change(r)) for r in _records(changed))
    return Section(
        "sua-ngay",
        "Ngày bị sửa, hồ sơ biến mất",
        ("Ngày bị sửa sau khi đã quá hạn có thể làm mất số quá hạn; đề nghị đơn vị giải trình kèm văn bản.",),
        (Table("bang-sua-ngay", "Thay đổi giữa các lần đọc của kỳ", heads, _rows(lines), (note,)),),
        _codes("ma-sua-ngay", "Mã hồ sơ bị sửa hoặc biến mất", "Thay đổi", each, codes),
    )


def _change(row: Mapping[str, Any]) -> str:
    kind, column = CHANGES[str(row["kind"])], COLUMNS.get(str(row["column"]), "")
    was, now = (MISSING if pd.isna(row[name]) or not row[name] else printable(row[name]) for name in ("was", "now"))
    return f"{kind} – {column}: {was} → {now}" if column else kind


def _corrections(given: QualityInput, codes: Codes) -> Section | None:
    every = [(name_of(s), c) for s in given.sources for c in s.corrections]
    if not every:
        return None
    counted = Counter((name, COLUMNS.get(c.column, c.column), c.until) for name, c in every)
    lines = [(name, column, date_text(until), n) for (name, column, until), n in sorted(counted.items())]
    heads = (Head("Nguồn"), Head("Cột được đính chính"), Head("Có hiệu lực đến", "label"), Head("Số ô", "figure"))
    each = (
        (
            name,
            c.dossier_code,
            f"{COLUMNS.get(c.column, c.column)}: {printable(c.was) or '(trống)'} → {printable(c.value) or '(trống)'};"
            f" căn cứ: {printable(c.reason)}",
        )
        for name, c in every
    )
    return Section(
        "dinh-chinh",
        "Đính chính của tỉnh",
        ("Đính chính là việc tạm thời của tỉnh khi hệ thống nguồn chưa sửa; mỗi đính chính là một việc còn nợ.",),
        (Table("bang-dinh-chinh", "Đính chính đang có hiệu lực", heads, _rows(lines)),),
        _codes("ma-dinh-chinh", "Từng đính chính", "Nội dung", each, codes),
    )


def _rows(lines: Iterable[Line]) -> tuple[Row, ...]:
    return tuple(Row(tuple(Cell(count_text(v) if isinstance(v, int) else v) for v in line)) for line in lines)


def _records(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    return frame.to_dict("records")


def _codes(
    id_: str, caption: str, what: str, lines: Iterable[tuple[str, object, str]], codes: Codes
) -> tuple[Table, ...]:
    """Source, code, what; only where codes may be shown, for masked ones tell no more than the counts above."""
    every = sorted((source, codes.cell(code).text, told) for source, code, told in lines) if codes.shown else []
    shown = every[:MOST_CODES]
    more = len(every) - len(shown)
    notes = (f"Còn {count_text(more)} dòng không nêu ở đây.",) if more else ()
    heads = (Head("Nguồn"), Head("Mã hồ sơ", "label"), Head(what))
    return (Table(id_, caption, heads, _rows(shown), notes),) if shown else ()
