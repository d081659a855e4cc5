"""Published figures fit together within themselves, and ours are what was published.

What was published is never mended here: all of this is told, to be asked about. The first looks at figures of an
indicator (`published.figure_evidence`), the second at tables of counts (`published.table_evidence`).
"""

from __future__ import annotations

from contracts.codes import Severity
from contracts.published import PUBLISHED_DIFFERS
from expectations.rules import Notice, Rule, equal_where_known, not_before, true

FIGURE_RULES = (
    Rule(
        "published.numerator_within",
        Severity.WARNING,
        not_before("denominator", "numerator"),
        "Số công bố có tử số lớn hơn mẫu số; đề nghị hỏi đơn vị công bố về phạm vi của hai số, không dùng tỷ lệ này.",
        "index",
    ),
    Rule(
        "published.score_within",
        Severity.WARNING,
        not_before("max_score", "score"),
        "Số công bố có điểm lớn hơn điểm tối đa; đề nghị hỏi đơn vị công bố, không dùng điểm này.",
        "index",
    ),
    Rule(
        "published.ratio_agrees",
        Severity.WARNING,
        true("ratio_agrees"),
        "Tỷ lệ công bố không bằng tử số chia mẫu số; đề nghị hỏi đơn vị công bố số nào đúng, ghi cả hai khi trích dẫn.",
        "index",
    ),
)
TABLE_RULES = (
    Rule(
        "published.resolved_adds_up",
        Severity.WARNING,
        equal_where_known("resolved", "on_time_and_overdue"),
        "Bảng công bố có số đã giải quyết khác tổng của đúng hạn và quá hạn; đề nghị hỏi đơn vị công bố trước khi "
        "dùng.",
        "forms",
    ),
    Rule(
        "published.received_adds_up",
        Severity.WARNING,
        equal_where_known("received", "resolved_and_open"),
        "Bảng công bố có số tiếp nhận khác tổng của đã giải quyết và đang giải quyết; đề nghị hỏi đơn vị công bố trước "
        "khi dùng.",
        "forms",
    ),
)
RULES: tuple[Rule | Notice, ...] = (
    *FIGURE_RULES,
    *TABLE_RULES,
    Notice(
        PUBLISHED_DIFFERS,
        Severity.WARNING,
        "Tỷ lệ tính từ hồ sơ của tỉnh khác tỷ lệ Cổng Dịch vụ công công bố; đề nghị đối chiếu hai mẫu số, thời điểm "
        "lấy số và các hồ sơ chưa đồng bộ.",
        "index",
    ),
)
