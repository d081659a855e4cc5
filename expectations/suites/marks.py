"""What a system notes of a dossier beside its life can be counted: level, payment, limit. None of it leaves a dossier
out: a mark that says nothing leaves it out of one share alone."""

from __future__ import annotations

from contracts.codes import Severity
from expectations.rules import Rule, true

RULES = (
    Rule(
        "marks.service_level_known",
        Severity.WARNING,
        true("level_known"),
        "Mức độ dịch vụ công chưa được quy đổi nên hồ sơ không được tính vào các tỷ lệ theo mức độ; đề nghị báo đơn vị "
        "vận hành bổ sung bảng quy đổi mức độ (level_map.csv).",
        "service_levels",
        about=("service_level",),
    ),
    Rule(
        "marks.paid_has_fee",
        Severity.WARNING,
        true("paid_has_fee"),
        "Hồ sơ ghi thanh toán trực tuyến nhưng không có nghĩa vụ tài chính nên không được tính vào tỷ lệ thanh toán; "
        "đề nghị kiểm tra hai thông tin này.",
        about=("fee_due", "paid_online"),
    ),
    Rule(
        "marks.limit_positive",
        Severity.WARNING,
        true("limit_positive"),
        "Thời hạn giải quyết theo quy định ghi bằng 0 hoặc nhỏ hơn nên không được so với thời gian thực tế; đề nghị "
        "ghi số ngày làm việc, hoặc để trống nếu không xác định.",
        about=("limit_days",),
    ),
)
