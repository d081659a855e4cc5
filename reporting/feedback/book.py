"""The cells of the workbook: every dossier of every finding, numbers as numbers and days as days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from contracts.comparisons import CARRIED_OVER, UNUSUAL_CHANGE
from reporting.feedback import words
from reporting.feedback.findings import Feedback, Finding, Outcome, day_of
from reporting.feedback.sheet import BOOK_BESIDE, book_named, page_of

Kind = Literal["text", "code", "number", "day", "reply"]
Cell = str | int | date | None
Cells = tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """width: in characters."""

    head: str
    kind: Kind
    width: int


@dataclass(frozen=True)
class Table:
    """caption: above the head. rows: of as many cells as there are columns. nothing: what stands there instead of
    rows."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Cells, ...]
    nothing: str


@dataclass(frozen=True)
class Sheet:
    """lines: label and value, above the tables; a sheet with them may have several tables, any other has one."""

    name: str
    tables: tuple[Table, ...]
    lines: tuple[Cells, ...] = ()


@dataclass(frozen=True)
class Book:
    """created: from the ledger; None where it knows nothing."""

    title: str
    mark: str
    created: datetime | None
    sheets: tuple[Sheet, ...]


_PLACE = Column("Vị trí tại nguồn", "text", 38)
_CODE = Column("Mã hồ sơ", "code", 28)
_OFFICE = Column("Cơ quan tiếp nhận", "text", 26)
_RULE = Column("Quy tắc", "text", 31)
_LAW = Column("Căn cứ", "text", 29)
_REPLY = Column(words.REPLY, "reply", 32)
_NUMBER = Column("TT", "number", 6)


def book_of(feedback: Feedback) -> Book:
    """The same feedback gives the same book."""
    sheets = [_summary(feedback)]
    if feedback.outcome is not Outcome.MISSING:
        sheets += [_to_mend(feedback), _warnings(feedback), _changes(feedback), _continuity(feedback)]
    title = f"Phiếu phản hồi chất lượng dữ liệu – {feedback.source.name} – {feedback.period.label}"
    return Book(title, words.MARK, feedback.moment, tuple(sheets))


def _summary(feedback: Feedback) -> Sheet:
    """What the first page of the PDF says, then every finding, then the figures of units that stand out."""
    page, known = page_of(feedback), feedback.partition
    lines: list[Cells] = [(line.label, line.text) for line in page.lines]
    if feedback.outcome is not Outcome.MISSING and known:
        lines += [
            ("Dòng hồ sơ đã đọc", known.rows),
            ("Được chấp nhận", known.accepted),
            ("Bị cách ly", known.quarantined),
            ("Được tính, có cảnh báo", feedback.warned),
        ]
    lines += [("Lưu ý", page.alert)] if page.alert else []
    lines += [("Diễn giải", _of_itself(text, feedback)) for text in page.opening]
    lines += [("Cách phản hồi", _of_itself(text, feedback)) for text in page.steps]
    return Sheet("Tổng hợp", (_findings(feedback), *_units(feedback)), tuple(lines))


def _of_itself(text: str, feedback: Feedback) -> str:
    """A sentence of the PDF, where it speaks of the workbook."""
    return text.replace(BOOK_BESIDE, "ở các trang sau").replace(book_named(feedback), "tệp này")


def _findings(feedback: Feedback) -> Table:
    columns = (
        Column("Mức độ", "text", 28),
        Column("Nội dung", "text", 84),
        Column("Số lượng", "number", 11),
        Column("Đơn vị đếm", "text", 14),
        Column("Danh sách ở trang", "text", 24),
        _LAW,
        _RULE,
    )
    rows = [
        (
            words.severity_text(feedback, f),
            f.sentence,
            f.rows,
            words.counted_in(f),
            words.sheet_of(f),
            f.regulation,
            f.rule_id,
        )
        for f in feedback.findings
    ]
    nothing = "Chưa kiểm tra được." if feedback.outcome is Outcome.MISSING else "Không có nội dung nào."
    return Table("Các nội dung, theo thứ tự nên làm trước", columns, tuple(rows), nothing)


def _units(feedback: Feedback) -> Iterator[Table]:
    for rule_id, caption in (
        (CARRIED_OVER, "Số hồ sơ chuyển kỳ khác số đang giải quyết cuối kỳ trước"),
        (UNUSUAL_CHANGE, "Số liệu thay đổi nhiều so với cùng kỳ năm trước"),
    ):
        found = feedback.of_rule(feedback.deviations, rule_id)
        columns = (
            Column("Đơn vị", "text", 0),
            Column("Số hồ sơ", "text", 0),
            Column("Trước", "number", 0),
            Column("Nay", "number", 0),
        )
        rows = [
            (
                words.agency_text(str(d.agency_code), feedback.province),
                words.measure_text(str(d.measure)),
                words.number_of(d.was),
                words.number_of(d.now),
            )
            for d in found.itertuples()
        ]
        if rows:
            yield Table(caption, columns, tuple(rows), "")


def _to_mend(feedback: Feedback) -> Sheet:
    columns = (
        *(_NUMBER, _CODE, _PLACE, _OFFICE),
        Column("Nội dung phải sửa", "text", 56),
        *(_REPLY, Column("Số lỗi của dòng", "number", 9), _LAW, _RULE),
    )
    rows = [
        (
            *_entry(feedback, finding, e, number),
            *(finding.sentence, None, int(e.broken), finding.regulation, finding.rule_id),
        )
        for number, (finding, e) in enumerate(_entries(feedback, feedback.to_mend), start=1)
    ]
    return _list(words.TO_MEND_SHEET, columns, rows, "Không có hồ sơ nào phải sửa.")


def _warnings(feedback: Feedback) -> Sheet:
    days = ("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý")
    columns = (
        *(_NUMBER, _CODE, _PLACE, _OFFICE),
        Column("Nội dung cần rà soát", "text", 56),
        _REPLY,
        *(Column(head, "day", 12) for head in days),
        *(_LAW, _RULE),
    )
    rows = [
        (
            *_entry(feedback, finding, e, number),
            *(finding.sentence, None),
            *(day_of(d) for d in (e.received_date, e.due_date, e.end_date)),
            *(finding.regulation, finding.rule_id),
        )
        for number, (finding, e) in enumerate(_entries(feedback, feedback.warnings), start=1)
    ]
    rows += _corrections(feedback, first=len(rows) + 1)
    nothing = "Không có hồ sơ nào bị cảnh báo."
    if feedback.warned is None:
        nothing = "Chưa liệt kê được: số liệu của nguồn chưa được tổng hợp."
    return _list(words.WARNING_SHEET, columns, rows, nothing)


def _corrections(feedback: Feedback, *, first: int) -> list[Cells]:
    """As rows of the warnings: what is corrected stands where the place of a row does."""
    found = [(f, c) for f in feedback.warnings for c in feedback.corrections_of(f) if f.subject == "corrections"]
    return [
        (
            *(number, words.code_text(c.dossier_code), words.correction_text(c), ""),
            *(finding.sentence, None, None, None, None, finding.regulation, finding.rule_id),
        )
        for number, (finding, c) in enumerate(found, start=first)
    ]


def _changes(feedback: Feedback) -> Sheet:
    columns = (
        *(_NUMBER, _CODE, _PLACE),
        Column("Thay đổi", "text", 38),
        *(Column("Trước", "day", 12), Column("Nay", "day", 12)),
        Column("Nội dung phải giải trình", "text", 56),
        *(_REPLY, _LAW, _RULE),
    )
    each = ((f, c) for f in feedback.findings for c in feedback.of_rule(feedback.changes, f.rule_id).itertuples())
    rows = [
        (
            number,
            words.code_text(str(c.dossier_code)),
            words.place_text(words.plain(c.address), "", feedback.source),
            words.change_text(finding.rule_id, words.plain(c.column)),
            words.day_of_text(c.was) or words.plain(c.was) or None,
            words.day_of_text(c.now) or words.plain(c.now) or None,
            *(finding.sentence, None, finding.regulation, finding.rule_id),
        )
        for number, (finding, c) in enumerate(each, start=1)
    ]
    return _list(words.CHANGES_SHEET, columns, rows, "Không có hồ sơ nào bị sửa ngày hoặc biến mất.")


def _continuity(feedback: Feedback) -> Sheet:
    columns = (
        *(_NUMBER, _CODE),
        Column("Đơn vị", "text", 28),
        Column("Chênh lệch", "text", 40),
        Column("Lý do, việc cần làm", "text", 60),
        _REPLY,
    )
    rows = [
        (
            number,
            words.code_text(str(c.dossier_code)),
            words.agency_text(words.plain(c.agency_code), feedback.province),
            words.CONTINUITY_HEADS.get(str(c.kind), str(c.kind)),
            words.reason_text(str(c.reason)),
            None,
        )
        for number, c in enumerate(feedback.continuity.itertuples(), start=1)
    ]
    nothing = words.NOT_COMPARED if feedback.breaks_continuity else "Không phát hiện chênh lệch chuyển kỳ."
    return _list(words.CONTINUITY_SHEET, columns, rows, nothing)


def _entries(feedback: Feedback, findings: tuple[Finding, ...]) -> Iterator[tuple[Finding, Any]]:
    by_rule = dict(iter(feedback.entries.groupby("rule_id", sort=False)))
    for finding in findings:
        if finding.rule_id in by_rule:
            yield from ((finding, entry) for entry in by_rule[finding.rule_id].itertuples())


def _entry(feedback: Feedback, finding: Finding, entry: Any, number: int) -> Cells:
    return (
        number,
        words.code_text(str(entry.dossier_code)),
        words.where_text(feedback, entry, finding),
        words.agency_text(str(entry.agency_code), feedback.province),
    )


def _list(name: str, columns: tuple[Column, ...], rows: Sequence[Cells], nothing: str) -> Sheet:
    return Sheet(name, (Table("", columns, tuple(rows), nothing),))
