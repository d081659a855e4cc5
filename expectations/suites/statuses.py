"""Status and channel are known, and the status is borne out by the dates."""

from __future__ import annotations

from contracts.codes import Channel, Severity, Status
from expectations.rules import Rule, empty, filled, one_of, true

RULES = (
    Rule(
        "statuses.status_known",
        Severity.ERROR,
        one_of("status", [str(s) for s in Status]),
        "Trạng thái hồ sơ để trống hoặc chưa được quy đổi; đề nghị cập nhật trạng thái, hoặc báo đơn vị vận hành "
        "bổ sung bảng quy đổi trạng thái.",
    ),
    Rule(
        "statuses.channel_known",
        Severity.ERROR,
        one_of("channel", [str(c) for c in Channel], where="received"),
        "Kênh tiếp nhận để trống hoặc chưa được quy đổi; đề nghị cập nhật kênh tiếp nhận, hoặc báo đơn vị vận hành "
        "bổ sung bảng quy đổi kênh.",
    ),
    Rule(
        "statuses.resolved_dated",
        Severity.ERROR,
        filled("end_date", where="resolved"),
        "Hồ sơ đã giải quyết xong (hoặc đã rút) nhưng không có ngày kết thúc xử lý; đề nghị ghi ngày kết thúc.",
        "one_stop",
    ),
    Rule(
        "statuses.stopped_dated",
        Severity.ERROR,
        filled("end_date", where="stopped"),
        "Hồ sơ dừng xử lý nhưng không có ngày dừng; đề nghị ghi ngày dừng vào ngày kết thúc xử lý.",
        "one_stop",
    ),
    Rule(
        "statuses.paused_dated",
        Severity.ERROR,
        true("paused_dated"),
        "Hồ sơ đang tạm dừng nhưng không có ngày bắt đầu tạm dừng; đề nghị ghi ngày yêu cầu bổ sung hoặc yêu cầu "
        "nộp tiền.",
        "one_stop",
        about=("status",),
    ),
    Rule(
        "statuses.open_not_ended",
        Severity.WARNING,
        empty("end_date", where="open"),
        "Hồ sơ đang xử lý nhưng đã có ngày kết thúc, được tính là đã giải quyết vào ngày đó; đề nghị cập nhật trạng "
        "thái hoặc xóa ngày kết thúc.",
    ),
    Rule(
        "statuses.supplement_closed",
        Severity.WARNING,
        true("supplement_closed"),
        "Hồ sơ đã kết thúc nhưng còn một yêu cầu bổ sung chưa đóng; đề nghị ghi ngày kết thúc yêu cầu bổ sung.",
        about=("status", "end_date"),
    ),
)
