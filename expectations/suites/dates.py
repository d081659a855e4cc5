"""Dates can be read, are there where they must be, and stand in the order in which things happen."""

from __future__ import annotations

from contracts.codes import Severity
from expectations.rules import Rule, filled, not_before, true

RULES = (
    Rule(
        "dates.readable",
        Severity.ERROR,
        true("readable"),
        "Có ô ngày không đọc được, hoặc lần tạm dừng không có ngày bắt đầu; đề nghị ghi lại ngày theo đúng định dạng "
        "của hệ thống.",
        about=("received_date", "due_date", "end_date", "returned_date", "deleted_date"),
    ),
    Rule(
        "dates.received_present",
        Severity.ERROR,
        filled("received_date", where="received_date_needed"),
        "Hồ sơ không có ngày tiếp nhận; đề nghị bổ sung ngày tiếp nhận.",
        "one_stop",
    ),
    Rule(
        "dates.received_not_in_future",
        Severity.ERROR,
        not_before("snapshot", "received_date"),
        "Ngày tiếp nhận ở sau ngày trích xuất số liệu; đề nghị sửa ngày tiếp nhận.",
    ),
    Rule(
        "dates.end_not_in_future",
        Severity.ERROR,
        not_before("snapshot", "end_date"),
        "Ngày kết thúc xử lý ở sau ngày trích xuất số liệu; đề nghị sửa ngày kết thúc.",
    ),
    Rule(
        "dates.end_not_before_received",
        Severity.ERROR,
        not_before("end_date", "received_date"),
        "Ngày kết thúc xử lý ở trước ngày tiếp nhận; đề nghị kiểm tra hai ngày này.",
    ),
    Rule(
        "dates.due_present",
        Severity.WARNING,
        filled("due_date", where="due_date_needed"),
        "Hồ sơ không có ngày hẹn trả, được tính là đúng hạn hoặc trong hạn; đề nghị bổ sung ngày hẹn trả.",
        "one_stop",
    ),
    Rule(
        "dates.due_not_before_received",
        Severity.WARNING,
        not_before("due_date", "received_date"),
        "Ngày hẹn trả ở trước ngày tiếp nhận; đề nghị kiểm tra hai ngày này.",
        "one_stop",
    ),
)
