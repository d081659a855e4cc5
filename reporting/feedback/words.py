"""How the return names things: codes, places at the source, offices, what a number counts, what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from numbers import Integral
from typing import Any

from contracts.codes import STATE_LABELS, PartitionState, Severity
from contracts.columns import DOSSIER_COLUMNS
from contracts.comparisons import COUNTS, NOT_CARRIED, NOT_OPEN, REASONS
from contracts.corrections import Correction
from contracts.province import Province
from contracts.source_config import SourceConfig
from reporting.feedback.findings import HISTORY, RECEIVED_ELSEWHERE, Feedback, Finding, Outcome
from reporting.formats import MISSING, date_text
from warehouse.ledger import Partition

MARK = "Chỉ gửi đơn vị quản lý nguồn; không công khai"
TITLE = "PHIẾU PHẢN HỒI CHẤT LƯỢNG DỮ LIỆU"
REPLY = "Đã xử lý / ghi chú"
NO_CODE = "(không có mã)"
NOT_COMPARED = "Chưa đối chiếu được từng hồ sơ với kỳ trước."
HIDDEN_CODE = "(ô mã hồ sơ không chứa mã; xem tại nguồn)"
UNKNOWN_AGENCY = "(chưa xác định)"

TO_MEND_SHEET, WARNING_SHEET = "Phải sửa", "Cảnh báo"
CHANGES_SHEET, CONTINUITY_SHEET = "Thay đổi sau khi chốt", "Chuyển kỳ"

CONTINUITY_HEADS = {
    NOT_CARRIED: "Đang giải quyết cuối kỳ trước, không chuyển sang kỳ này",
    NOT_OPEN: "Chuyển từ kỳ trước sang, cuối kỳ trước không ở trạng thái đang giải quyết",
}
_SEVERITIES: Mapping[Severity, str] = {
    Severity.CRITICAL: "Dừng cả nguồn",
    Severity.ERROR: "Bị cách ly, chưa tính",
    Severity.WARNING: "Vẫn tính, cần rà soát",
}
_COUNTED_THERE = "Đã tính ở hệ thống khác"
_TO_REVIEW = "Cần rà soát"
CHANGE_LABELS = {
    "history.vanished": "không còn trong hệ thống",
    "history.due_rewritten": "sửa sau khi quá hạn",
    "history.end_rewritten": "sửa sau khi quá hạn",
    "history.moved_over_cut_off": "chuyển qua ngày chốt",
}
_LABELS = {c.name: c.label for c in DOSSIER_COLUMNS}
_COUNTED = {"continuity": "đơn vị", "corrections": "đính chính"}

_CODE_LIKE = re.compile(r"(?=\S*\d)(?!\d{9,11}$)(?!\S+@)[\x21-\x7eĐđ]{1,64}")
"""What may stand for a code: one word with a digit; no telephone number, no address of e-mail, no name."""

TELL_US = (
    "Xử lý xong, báo cho đơn vị tổng hợp báo cáo cải cách hành chính của tỉnh để đọc lại nguồn; phiếu mới sẽ thay "
    "phiếu này."
)

_OURS = "Lỗi ở phía đơn vị tổng hợp, đang được khắc phục. Đơn vị quản lý nguồn chưa phải làm gì, trừ khi được liên hệ."
_WHAT_TO_DO = {
    "SourceNotReceived": "Gửi số liệu còn thiếu (nêu ở trên) cho đơn vị tổng hợp theo cách đã thống nhất.",
    "SourceUnreachable": "Kiểm tra hệ thống đang chạy, đường truyền và tài khoản đọc số liệu; sau đó báo đơn vị tổng "
    "hợp đọc lại.",
    "SourceChanged": "Số liệu bị thay đổi trong lúc đọc. Thống nhất với đơn vị tổng hợp một giờ đọc khác, ngoài giờ "
    "làm việc.",
    "SourceNotNow": "Xác nhận với đơn vị tổng hợp khung giờ và số kết nối được phép đọc.",
    "SourceDrift": "Cho đơn vị tổng hợp biết hệ thống đã thay đổi gì, từ ngày nào, ý nghĩa của cột hoặc trạng thái "
    "mới; hoặc khôi phục như cũ nếu thay đổi nhầm.",
    "SourceError": "Kiểm tra nội dung nêu trên tại hệ thống nguồn, sửa hoặc trả lời đơn vị tổng hợp để đọc lại.",
}
"""Name of the error that ended the last attempt → what its owner can do. What is not named is the province's own."""


def is_theirs(error_kind: str | None) -> bool:
    """Whether what failed is the source's, and not the machine's that reads it."""
    return error_kind in _WHAT_TO_DO


def what_to_do(error_kind: str | None) -> str:
    if error_kind is None:
        return "Đơn vị tổng hợp sẽ đọc tiếp nguồn này. Đơn vị quản lý nguồn chưa phải làm gì, trừ khi được liên hệ."
    return _WHAT_TO_DO.get(error_kind, _OURS)


def code_text(code: str) -> str:
    """The code as the source has it. Where columns slipped, a name may stand in its place: that is not repeated."""
    if not code:
        return NO_CODE
    return code if _CODE_LIKE.fullmatch(code) else HIDDEN_CODE


def place_text(address: str, cells: str, source: SourceConfig) -> str:
    """Where a person finds the row: the cells where they are known, else its sheet and line, or its key."""
    if cells:
        return cells
    if not address:
        return "(không rõ vị trí)"
    if source.kind == "excel" and address.count("!") > 1:
        return "{}, trang {}, dòng {}".format(*address.rsplit("!", 2))
    if source.kind == "csv" and "!" in address:
        return "{}, dòng {}".format(*address.rsplit("!", 1))
    return f"khóa {address}"


def where_text(feedback: Feedback, entry: Any, finding: Finding) -> str:
    """The place of a row that breaks a rule, and what else decides whether it counts."""
    said = [place_text(entry.address, entry.cells, feedback.source)]
    if entry.elsewhere and finding.rule_id == RECEIVED_ELSEWHERE:
        said.append(f"đang tính tại nguồn {feedback.sources.get(entry.elsewhere, entry.elsewhere)}")
    if entry.rejected and not finding.must_be_mended:
        said.append("đang bị cách ly")
    return "; ".join(said)


def agency_text(agency_code: str, province: Province) -> str:
    """The office's name, with the catalogue's code where it has no name."""
    if not agency_code:
        return UNKNOWN_AGENCY
    return province.units.by_agency(agency_code).name if province.units.has_agency(agency_code) else agency_code


def severity_text(feedback: Feedback, finding: Finding) -> str:
    """What the finding means for the figures; of a refused source nothing counts, whatever it only warns of."""
    if finding.rule_id == RECEIVED_ELSEWHERE:
        return _COUNTED_THERE
    if feedback.outcome is Outcome.REFUSED and not finding.must_be_mended:
        return _TO_REVIEW
    return _SEVERITIES[finding.severity]


def counted_in(finding: Finding) -> str:
    """What the finding's number counts."""
    if finding.is_of_rows:
        return "dòng hồ sơ"
    return "hồ sơ" if finding.rule_id in HISTORY else _COUNTED.get(finding.subject, "trường hợp")


def sheet_of(finding: Finding) -> str:
    """The sheet of the workbook that lists all of it."""
    if finding.must_be_mended:
        return TO_MEND_SHEET
    if finding.subject == "continuity":
        return CONTINUITY_SHEET
    return CHANGES_SHEET if finding.rule_id in HISTORY else WARNING_SHEET


def correction_text(correction: Correction) -> str:
    """Ngày hẹn trả: hệ thống ghi «2024-12-01», tỉnh tính theo «2024-12-10»."""
    was, value = correction.was or "(trống)", correction.value or "(trống)"
    return f"{_label(correction.column)}: hệ thống ghi «{was}», tỉnh tính theo «{value}»"


def change_text(rule_id: str, column: str) -> str:
    """Ngày hẹn trả: sửa sau khi quá hạn."""
    if column not in _LABELS:
        return CHANGE_LABELS[rule_id]
    return f"{_label(column)}: {CHANGE_LABELS[rule_id]}"


def _label(column: str) -> str:
    label = _LABELS.get(column, column)
    return f"{label[:1].upper()}{label[1:]}"


def day_of_text(text: object) -> date | None:
    """The day that a change noted; None where it noted none."""
    try:
        return date.fromisoformat(plain(text))
    except ValueError:
        return None


def day_text(text: object) -> str:
    """14/12/2024; what was no day as it was noted; – for nothing."""
    day = day_of_text(text)
    return date_text(day) if day else plain(text) or MISSING


def reason_text(reason: str) -> str:
    return REASONS[reason].sentence if reason in REASONS else reason


def measure_text(measure: str) -> str:
    if measure in COUNTS:
        return COUNTS[measure].label
    return "từ kỳ trước chuyển sang, cột (6)" if measure == "carried_over" else measure


def state_text(known: Partition | None) -> str:
    return STATE_LABELS[known.state if known else PartitionState.EXPECTED].lower()


def plain(value: object) -> str:
    """The text of a frame's cell; "" where it is missing."""
    return value if isinstance(value, str) else ""


def number_of(value: object) -> int | None:
    """The count of a frame's cell; None where it is missing."""
    return int(value) if isinstance(value, Integral) else None
