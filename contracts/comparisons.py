"""What a period is compared with, in words: why dossiers were not carried over as they were left, and which counts of a
unit are held against its own history.

An id is stable: it is stored, and reports refer to it. A sentence says what happened and what to do; it names no
dossier.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.columns import FORM_COLUMNS

NOT_CARRIED = "not_carried"
"""Open at the end of the period before, and not carried over into this one by the same unit."""
NOT_OPEN = "not_open"
"""Carried over into this period, and not open at the end of the one before at the same unit."""

CONTINUITY_COLUMNS = ("kind", "dossier_code", "agency_code", "reason")
"""One row a dossier and kind, of one source. agency_code: the unit whose figure it touches. reason: of REASONS."""
DEVIATION_COLUMNS = ("agency_code", "measure", "was", "now")
"""One row a unit and count: what it was in the period compared with, and what it is."""

CARRIED_OVER = "continuity.carried_over"
UNUSUAL_CHANGE = "history.unusual_change"
"""Rules that tell of a unit's figure, and not of a row."""


@dataclass(frozen=True)
class Reason:
    """label: few words, for a table. sentence: for the unit."""

    kind: str
    label: str
    sentence: str


REASONS = {
    "quarantined": Reason(
        NOT_CARRIED,
        "nay bị loại",
        "Hồ sơ nay bị loại vì lỗi dữ liệu; đề nghị sửa theo danh sách hồ sơ bị loại của kỳ này.",
    ),
    "elsewhere": Reason(
        NOT_CARRIED,
        "nay tính ở hệ thống khác",
        "Hồ sơ nay được tính ở hệ thống khác; đề nghị đối chiếu việc chuyển hồ sơ giữa hai hệ thống.",
    ),
    "to_agency": Reason(
        NOT_CARRIED,
        "chuyển sang đơn vị khác",
        "Cơ quan tiếp nhận của hồ sơ nay được ghi là đơn vị khác; đề nghị giải trình căn cứ chuyển hồ sơ.",
    ),
    "not_received": Reason(
        NOT_CARRIED,
        "không còn là hồ sơ đã tiếp nhận",
        "Trạng thái nay là chưa tiếp nhận hoặc từ chối tiếp nhận; đề nghị giải trình, vì hồ sơ đã tiếp nhận phải được "
        "kết thúc bằng văn bản.",
    ),
    "received_later": Reason(
        NOT_CARRIED,
        "ngày tiếp nhận bị lùi về sau",
        "Ngày tiếp nhận nay muộn hơn cuối kỳ trước; đề nghị giải trình căn cứ sửa ngày tiếp nhận.",
    ),
    "deleted": Reason(
        NOT_CARRIED,
        "đã xóa trong hệ thống",
        "Hồ sơ đang giải quyết bị đánh dấu xóa; đề nghị giải trình việc xóa, khôi phục nếu xóa nhầm.",
    ),
    "ended_before": Reason(
        NOT_CARRIED,
        "ghi kết thúc vào trước kỳ này",
        "Hồ sơ nay được ghi đã kết thúc vào một ngày trước kỳ này; đề nghị giải trình căn cứ ghi ngày kết thúc hoặc "
        "đổi trạng thái sau khi chốt kỳ trước.",
    ),
    "gone": Reason(
        NOT_CARRIED,
        "không còn trong dữ liệu đọc được",
        "Hệ thống không còn trả về hồ sơ; đề nghị giải trình việc xóa, đổi hoặc bỏ trống mã hồ sơ, hoặc sửa ngày ra "
        "ngoài kỳ.",
    ),
    "was_quarantined": Reason(
        NOT_OPEN,
        "kỳ trước bị loại",
        "Hồ sơ bị loại ở kỳ trước vì lỗi dữ liệu, nay được tính; không phải làm gì thêm nếu đã sửa đúng.",
    ),
    "was_elsewhere": Reason(
        NOT_OPEN,
        "kỳ trước tính ở hệ thống khác",
        "Hồ sơ được tính ở hệ thống khác trong kỳ trước; đề nghị đối chiếu việc chuyển hồ sơ giữa hai hệ thống.",
    ),
    "from_agency": Reason(
        NOT_OPEN,
        "từ đơn vị khác chuyển sang",
        "Cơ quan tiếp nhận của hồ sơ ở kỳ trước là đơn vị khác; đề nghị giải trình căn cứ chuyển hồ sơ.",
    ),
    "was_not_received": Reason(
        NOT_OPEN,
        "kỳ trước chưa tiếp nhận",
        "Kỳ trước hồ sơ ở trạng thái chưa tiếp nhận hoặc từ chối, nay ghi ngày tiếp nhận trước kỳ này; đề nghị giải "
        "trình căn cứ ghi ngày tiếp nhận.",
    ),
    "received_earlier": Reason(
        NOT_OPEN,
        "ngày tiếp nhận được ghi sớm hơn",
        "Ngày tiếp nhận nay sớm hơn ngày đã ghi, thuộc kỳ trước; đề nghị giải trình căn cứ sửa ngày tiếp nhận.",
    ),
    "was_deleted": Reason(
        NOT_OPEN,
        "kỳ trước đã xóa, nay khôi phục",
        "Hồ sơ đã bị đánh dấu xóa ở kỳ trước nay được khôi phục; đề nghị giải trình căn cứ khôi phục.",
    ),
    "was_ended": Reason(
        NOT_OPEN,
        "kỳ trước đã ghi kết thúc",
        "Kỳ trước hồ sơ đã được tính là kết thúc, nay ngày kết thúc bị xóa, bị sửa hoặc trạng thái bị đổi; đề nghị "
        "giải trình căn cứ.",
    ),
    "was_absent": Reason(
        NOT_OPEN,
        "kỳ trước chưa có trong dữ liệu",
        "Kỳ trước hệ thống chưa trả về hồ sơ, nay ghi ngày tiếp nhận trước kỳ này; đề nghị giải trình việc nhập muộn "
        "hoặc sửa ngày.",
    ),
}


@dataclass(frozen=True)
class Count:
    """A unit's own count that is held against the same period last year. measures: what it adds up."""

    label: str
    measures: tuple[str, ...]


COUNTS = {
    "received": Count("tiếp nhận trong kỳ, cột (4)+(5)", (*FORM_COLUMNS[4], *FORM_COLUMNS[5])),
    "resolved": Count("đã giải quyết, cột (7)", FORM_COLUMNS[7]),
    "overdue": Count("đã giải quyết quá hạn, cột (10)", FORM_COLUMNS[10]),
    "open": Count("đang giải quyết, cột (11)", FORM_COLUMNS[11]),
    "open_overdue": Count("đang giải quyết quá hạn, cột (13)", FORM_COLUMNS[13]),
}
