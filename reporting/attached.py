"""The report's data as files, for its archival copy: what its figures are made of, one row a count.

UTF-8 with a byte order mark, so that Excel reads Vietnamese; heads in words with the name of the field; a text that
a spreadsheet would take for a formula is made harmless. Only what the report is of; no dossier, no person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from contracts.codes import STATE_LABELS
from contracts.columns import FORM_COLUMNS, MEASURES
from reporting.data_file import DataFile
from reporting.fonts import printable
from reporting.inputs import ReportInput, SourceState
from reporting.scope import Scope
from reporting.tally import COLUMNS
from transforms.indicators import Indicator, declared

_HEADS = {
    3: "Số hồ sơ nhận giải quyết: tổng số",
    4: "Nhận trong kỳ: trực tuyến",
    5: "Nhận trong kỳ: trực tiếp, dịch vụ bưu chính",
    6: "Từ kỳ trước chuyển sang",
    7: "Số hồ sơ đã giải quyết: tổng số",
    8: "Đã giải quyết: trước hạn",
    9: "Đã giải quyết: đúng hạn",
    10: "Đã giải quyết: quá hạn",
    11: "Số hồ sơ đang giải quyết: tổng số",
    12: "Đang giải quyết: trong hạn",
    13: "Đang giải quyết: quá hạn",
}
_WHOSE = {"unit": "riêng cơ quan", "tree": "cơ quan và toàn bộ đơn vị trực thuộc"}


def data_of(report_input: ReportInput, scope: Scope) -> tuple[DataFile, ...]:
    """The counts of form II.06 by unit, field and procedure; the indicators; the sources."""
    period = report_input.period.label
    return (
        DataFile("bieu-II06.csv", _facts(report_input, scope), f"Số liệu Biểu II.06 theo cơ quan, thủ tục, {period}"),
        DataFile("chi-tieu.csv", _indicators(report_input, scope), f"Chỉ tiêu theo cơ quan, lĩnh vực, {period}"),
        DataFile("nguon-so-lieu.csv", _sources(scope), f"Nguồn số liệu của báo cáo, {period}"),
    )


def _facts(report_input: ReportInput, scope: Scope) -> bytes:
    """One row a unit × field × procedure with a count: the sources of a unit added up."""
    keys = ["agency_code", "field", "procedure_code"]
    texts = [scope.facts[name].astype(str) for name in keys]
    sums = scope.facts.groupby(texts, sort=True)[list(MEASURES)].sum()
    heads = (
        *_unit_heads(),
        "Lĩnh vực [field]",
        "Mã thủ tục hành chính [procedure_code]",
        *(f"({n}) {words} [column_{n}]" for n, words in _HEADS.items()),
    )
    names = {u.agency_code: u.name for u in report_input.province.units}

    def rows() -> Iterator[Sequence[Any]]:
        for (agency, field, procedure), counts in zip(sums.index, sums.to_numpy(), strict=True):
            known = dict(zip(MEASURES, map(int, counts), strict=True))
            columns = [sum(known[measure] for measure in FORM_COLUMNS[n]) for n in COLUMNS]
            yield agency, names[agency], field, procedure, *columns

    return _csv(heads, rows())


def _indicators(report_input: ReportInput, scope: Scope) -> bytes:
    """Both counts of every ratio; an empty cell is what is not known, and never 0. No quotient: a decimal comma is read
    as it pleases the program that opens the file."""
    frame = report_input.indicators
    ours = frame[frame["agency_code"].isin(scope.codes)]
    order = ours.sort_values(["indicator", "agency_code", "scope", "field"], kind="stable")
    heads = (
        "Chỉ tiêu [indicator]",
        "Tên chỉ tiêu",
        *_unit_heads(),
        "Phạm vi [scope]",
        "Lĩnh vực, để trống: mọi lĩnh vực [field]",
        "Tử số hoặc số đếm [numerator]",
        "Mẫu số [denominator]",
        "Đơn vị tính",
        "Đủ nguồn số liệu [complete]",
        "Phiên bản công thức [formula_version]",
    )
    known = {(i.id, i.formula_version): i for i in declared()}
    names = {u.agency_code: u.name for u in report_input.province.units}

    def rows() -> Iterator[Sequence[Any]]:
        for row in order.to_dict("records"):
            formula = known[row["indicator"], row["formula_version"]]
            yield _indicator_row({str(name): value for name, value in row.items()}, formula, names)

    return _csv(heads, rows())


def _indicator_row(row: dict[str, Any], formula: Indicator, names: dict[str, str]) -> Sequence[Any]:
    return (
        formula.id,
        formula.label,
        row["agency_code"],
        names[row["agency_code"]],
        _WHOSE[row["scope"]],
        row["field"],
        _count(row["numerator"]),
        _count(row["denominator"]),
        formula.unit,
        "có" if row["complete"] else "không",
        formula.formula_version,
    )


def _count(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _sources(scope: Scope) -> bytes:
    heads = (
        "Nguồn [source_id]",
        "Tên nguồn",
        "Tình trạng [state]",
        "Trích xuất lúc [extracted_at]",
        "Số dòng đọc [rows]",
        "Chấp nhận [accepted]",
        "Loại ra [quarantined]",
        "Mã kiểm chứng dữ liệu đã đọc [landing_id]",
        "Mã kiểm chứng bảng mã [meaning]",
    )
    return _csv(heads, (_source_row(source) for source in scope.sources))


def _source_row(source: SourceState) -> Sequence[Any]:
    read_at = source.extracted_at.isoformat(timespec="seconds") if source.loaded and source.extracted_at else None
    counts = (source.rows, source.accepted, source.quarantined) if source.loaded else (None, None, None)
    proof = (source.landing_id, source.meaning) if source.loaded else ("", "")
    return source.id, source.name, STATE_LABELS[source.state], read_at, *counts, *proof


def _unit_heads() -> tuple[str, str]:
    return "Mã định danh cơ quan [agency_code]", "Cơ quan, đơn vị"


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    """A count as it is, nothing for what is not known, a text that no spreadsheet reckons with."""
    if value is None or isinstance(value, int):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
