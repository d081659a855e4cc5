"""Across sources: a dossier that two systems hold counts once, at the agency that received it.

Which one that is was found by `transforms.across`, when the sources' dossiers had all been checked once.
"""

from __future__ import annotations

from contracts.codes import Severity
from expectations.rules import Rule, true

RECEIVED_HERE = "across.received_here"
"""The one rule that depends on what other sources hold."""

RULES = (
    Rule(
        RECEIVED_HERE,
        Severity.ERROR,
        true("received_here"),
        "Hồ sơ có ở một hệ thống khác là nơi tiếp nhận, đã được tính ở đó; đề nghị không nhập lại hồ sơ liên thông như "
        "một hồ sơ mới tiếp nhận.",
        "one_stop",
        about=("dossier_code",),
    ),
    Rule(
        "across.code_alone",
        Severity.WARNING,
        true("code_alone"),
        "Mã hồ sơ trùng với mã của một hồ sơ khác ở hệ thống khác, cả hai đều được tính; đề nghị hai đơn vị đối chiếu "
        "và cấp lại mã nếu trùng mã, xóa bớt nếu là một hồ sơ.",
        "one_stop",
        about=("dossier_code",),
    ),
)
