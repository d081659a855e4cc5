"""Facts: the four identities of form II.06 hold in every row, and nothing in a row is missing or negative.

Looks at `facts.form_columns`: each column of the form added up from the counts on its own, so that a total
and its parts are two sums and not one. What fails here stops the report: no figure of it can be signed.
"""

from __future__ import annotations

from contracts.codes import Severity
from contracts.columns import FACT_KEYS
from expectations.rules import Rule, equal, filled, not_before, true, unique

RULES = (
    Rule("facts.key_present", Severity.CRITICAL, true("keyed"), "Dòng số liệu thiếu đơn vị, lĩnh vực hoặc thủ tục."),
    Rule("facts.key_unique", Severity.CRITICAL, unique(list(FACT_KEYS)), "Dòng số liệu bị lặp khóa, sẽ tính hai lần."),
    Rule("facts.counts_present", Severity.CRITICAL, filled("least"), "Dòng số liệu có ô đếm bị trống."),
    Rule("facts.counts_not_negative", Severity.CRITICAL, not_before("least", "zero"), "Dòng số liệu có ô đếm âm."),
    Rule("facts.notes_are_parts", Severity.CRITICAL, true("notes_fit"), "Số ghi chú lớn hơn số mà nó là một phần."),
    Rule(
        "facts.received", Severity.CRITICAL, equal("(3)", "(4)+(5)+(6)"), "Biểu II.06: (3) khác (4)+(5)+(6).", "forms"
    ),
    Rule(
        "facts.resolved", Severity.CRITICAL, equal("(7)", "(8)+(9)+(10)"), "Biểu II.06: (7) khác (8)+(9)+(10).", "forms"
    ),
    Rule("facts.open", Severity.CRITICAL, equal("(11)", "(12)+(13)"), "Biểu II.06: (11) khác (12)+(13).", "forms"),
    Rule("facts.balance", Severity.CRITICAL, equal("(3)", "(7)+(11)"), "Biểu II.06: (3) khác (7)+(11).", "forms"),
)
