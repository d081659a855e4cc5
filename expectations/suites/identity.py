"""What makes a row a dossier of somebody's: its code, its procedure, its agency, and that it is there once."""

from __future__ import annotations

from contracts.codes import Severity
from expectations.rules import Rule, filled, true

RULES = (
    Rule(
        "identity.dossier_code_present",
        Severity.ERROR,
        filled("dossier_code"),
        "Hồ sơ không có mã hồ sơ; đề nghị cấp mã và ghi vào hệ thống một cửa.",
        "one_stop",
    ),
    Rule(
        "identity.procedure_code_present",
        Severity.ERROR,
        filled("procedure_code"),
        "Hồ sơ không ghi mã thủ tục hành chính; đề nghị chọn thủ tục trong danh mục đã công bố.",
        "one_stop",
    ),
    Rule(
        "identity.agency_present",
        Severity.ERROR,
        filled("agency"),
        "Hồ sơ không ghi cơ quan tiếp nhận; đề nghị bổ sung cơ quan tiếp nhận.",
        "agency_codes",
    ),
    Rule(
        "identity.copies_agree",
        Severity.ERROR,
        true("copies_agree"),
        "Một mã hồ sơ có nhiều dòng với thông tin khác nhau, chưa dòng nào được tính; đề nghị giữ lại dòng đúng, "
        "xóa hoặc cấp mã khác cho dòng còn lại.",
        "one_stop",
        about=("dossier_code",),
    ),
    Rule(
        "identity.row_not_repeated",
        Severity.ERROR,
        true("first_copy"),
        "Dòng lặp lại y hệt một dòng khác, đã giữ một dòng; đề nghị xóa dòng thừa.",
        about=("dossier_code",),
    ),
)
