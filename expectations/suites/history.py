"""History: what one extract of the period tells otherwise than an earlier one, counted by `transforms.snapshots`; and
what a unit's counts are beside those of a year ago, compared by `transforms.history`."""

from __future__ import annotations

from contracts.codes import Severity
from contracts.comparisons import UNUSUAL_CHANGE
from expectations.rules import Notice

RULES = (
    Notice(
        "history.vanished",
        Severity.WARNING,
        "Hồ sơ có trong lần trích xuất trước của kỳ nay không còn trong hệ thống nên không được tính; đề nghị giải "
        "trình việc xóa hồ sơ, khôi phục nếu xóa nhầm.",
        "one_stop",
    ),
    Notice(
        "history.due_rewritten",
        Severity.WARNING,
        "Ngày hẹn trả bị sửa hoặc xóa sau khi đã quá ngày hẹn trả cũ; đề nghị giải trình kèm văn bản xin lỗi và hẹn "
        "lại ngày trả hoặc yêu cầu bổ sung.",
        "one_stop",
    ),
    Notice(
        "history.end_rewritten",
        Severity.WARNING,
        "Ngày kết thúc xử lý đã ghi bị sửa hoặc xóa sau khi đã quá ngày hẹn trả; đề nghị giải trình căn cứ sửa ngày.",
        "one_stop",
    ),
    Notice(
        "history.moved_over_cut_off",
        Severity.WARNING,
        "Ngày tiếp nhận, hẹn trả hoặc kết thúc bị chuyển qua ngày chốt kỳ báo cáo; đề nghị giải trình căn cứ sửa ngày.",
        "periods",
    ),
    Notice(
        UNUSUAL_CHANGE,
        Severity.WARNING,
        "Số hồ sơ của đơn vị tăng hoặc giảm bất thường so với cùng kỳ năm trước; đề nghị kiểm tra dữ liệu có thiếu "
        "hoặc trùng không, giải trình nguyên nhân.",
    ),
)
