"""Cumulative counts of the report's own unit: opening balance, what the stored periods add, and where each is from."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.province import Province
from reporting.formats import count_text, date_text
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Column, Note, Row, Table
from transforms.cumulative import Cumulative

_SOURCE = "Số dư đầu nhập theo văn bản nêu ở ghi chú; số của các kỳ sau lấy từ kho dữ liệu."
_HEADS = (
    Column("Chỉ tiêu lũy kế", "wide"),
    Column("Số dư đầu", "figure"),
    Column("Cộng các kỳ sau", "figure"),
    Column("Lũy kế", "figure"),
)


def cumulative_table(report_input: ReportInput, origin: Origin) -> Table | None:
    """None where the province has entered no balance of this unit."""
    code = origin.scope.root.agency_code
    found = [one for one in report_input.cumulative if one.opening.unit == code]
    if not found:
        return None
    return Table(
        caption="Số lũy kế qua các kỳ",
        unit="Đơn vị tính: hồ sơ",
        columns=_HEADS,
        rows=tuple(_row(one, str(number)) for number, one in enumerate(found, start=1)),
        notes=tuple(
            note for n, one in enumerate(found, start=1) for note in _notes(one, str(n), report_input.province)
        ),
        source=_SOURCE,
    )


def _row(one: Cumulative, mark: str) -> Row:
    days = f"từ ngày {date_text(one.opening.since)} đến ngày {date_text(one.last_day)}"
    name = f"{one.label.removesuffix(' trong kỳ')}, {days}"
    return Row("unit", (name, *(count_text(n) for n in (one.opening.count, one.added, one.total))), mark)


def _notes(one: Cumulative, mark: str, province: Province) -> Iterator[Note]:
    opening = one.opening
    checked = "" if opening.verified else "; số này chưa được kiểm chứng"
    yield Note(mark, f"Số dư đầu, đến hết ngày {date_text(opening.up_to)}: {opening.source}{checked}. {_added(one)}")
    for broken in province.breaks:
        if opening.since < broken.since <= one.last_day and broken.touches(opening.unit, province.units):
            yield Note(mark, f"Chuỗi số liệu thay đổi từ ngày {date_text(broken.since)}: {broken.reason}.")


def _added(one: Cumulative) -> str:
    if one.why_not:
        return f"Chưa tính được số lũy kế: {one.why_not}."
    return f"Cộng các kỳ: {', '.join(period.id for period in one.parts)}."
