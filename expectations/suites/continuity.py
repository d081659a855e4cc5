"""Continuity: what a unit carried over is what it had open at the end of the adjacent period before."""

from __future__ import annotations

from contracts.codes import Severity
from expectations.rules import Rule, equal

RULES = (
    Rule(
        "continuity.carried_over",
        Severity.WARNING,
        equal("carried_over", "previous_open"),
        "Số hồ sơ từ kỳ trước chuyển sang khác số đang giải quyết cuối kỳ trước; đề nghị giải trình hồ sơ được bổ "
        "sung, xóa hoặc sửa ngày sau khi chốt kỳ trước.",
        "forms",
    ),
)
