"""What stands behind a report, for whoever checks a printed copy: snapshots of the sources, versions of formulas,
templates and programs. The code over all of it is known only when the report is printed (`reporting.render`)."""

from __future__ import annotations

from collections import Counter

from contracts.source_config import digest
from reporting.formats import MISSING, count_text, stamp_text
from reporting.inputs import ReportInput, SourceState
from reporting.making import own_version, templates_digest, tools
from reporting.origin import Origin, short_name
from reporting.page import Column, Proof, Row, Table
from reporting.scope import Scope
from transforms.indicators import Indicator, valid_on

SHOWN = 16
"""Hexadecimal digits of a checksum that are printed: enough to tell two apart, few enough to be read."""
_PURPOSE = (
    "Mã này tính từ toàn bộ nội dung của báo cáo, số liệu kèm theo bản lưu trữ, mẫu trang và phần mềm đã nêu: một số"
    " liệu khác đi là thành mã khác. Kiểm tra tệp PDF: cchc verify TÊN_TỆP; kiểm tra bản giấy: cchc verify và mã trên."
)


def proof_of(report_input: ReportInput, origin: Origin) -> Proof:
    """Of the report of that scope, without its code."""
    return Proof(
        heading="Căn cứ kiểm chứng báo cáo",
        table=_snapshots(origin),
        lines=(_formulas(report_input), _programs()),
        code_label="Mã kiểm chứng của báo cáo:",
        purpose=_PURPOSE,
    )


def _snapshots(origin: Origin) -> Table:
    """Of each source what was read, and by which maps it was understood."""
    scope = origin.scope
    return Table(
        caption="Dữ liệu nguồn đã dùng",
        unit="",
        columns=(
            Column("Nguồn", "text"),
            Column("Trích xuất lúc", "label"),
            Column("Số dòng", "figure"),
            Column("Mã dữ liệu đã đọc", "label"),
            Column("Mã bảng quy đổi", "label"),
            Column("Đính chính", "figure"),
        ),
        rows=tuple(_snapshot(scope, source) for source in scope.sources),
        notes=(),
        source="Mã: 16 ký tự đầu của giá trị băm SHA-256. Đính chính: số lần sửa số liệu có ghi người sửa và lý do.",
    )


def _snapshot(scope: Scope, source: SourceState) -> Row:
    name = short_name(scope, source)
    if not source.loaded:
        return Row("unit", (name, *(MISSING,) * 5), "")
    when = stamp_text(source.extracted_at) if source.extracted_at else MISSING
    corrections = source.load_fingerprint.split("+")[1:]
    codes = (source.landing_id[:SHOWN] or MISSING, source.meaning[:SHOWN] or MISSING)
    return Row("unit", (name, when, count_text(source.rows), *codes, count_text(len(corrections))), "")


def _formulas(report_input: ReportInput) -> str:
    """How many formulas of which version, and one checksum over them."""
    day = max(span.last_day for span in report_input.spans.values())
    used = valid_on(day)
    versions = Counter(i.formula_version for i in used)
    told = ", ".join(f"bản {version}: {count_text(versions[version])}" for version in sorted(versions))
    return f"Công thức chỉ tiêu: {count_text(len(used))} ({told}), mã {_code(used)}."


def _code(used: tuple[Indicator, ...]) -> str:
    return digest([[i.id, i.formula_version, i.numerator, i.denominator] for i in used])[:SHOWN]


def _programs() -> str:
    programs = f"cchc {own_version()}, WeasyPrint {tools()['weasyprint']}"
    return f"Mẫu trang: mã {templates_digest()[:SHOWN]}. Phần mềm: {programs}."
