"""The contract: the columns that every later step relies on are there, with their type.

Looks at the description of the frames (`schema.describe`: one row a declared column), not at the data. What
fails here is drift of the source or of its mapping: the source stops, nobody's dossier is at fault.
"""

from __future__ import annotations

from contracts.codes import Severity
from expectations.rules import Rule, filled, pair_in
from expectations.schema import TYPES

RULES = (
    Rule(
        "contract.column_present",
        Severity.CRITICAL,
        filled("type"),
        "Nguồn không còn cột mà báo cáo cần; đề nghị đơn vị vận hành sửa column_map.csv của nguồn.",
    ),
    Rule(
        "contract.column_typed",
        Severity.CRITICAL,
        pair_in("kind", "type", [(kind, name) for kind, names in TYPES.items() for name in names]),
        "Một cột có kiểu dữ liệu khác với khai báo; đề nghị đơn vị vận hành sửa column_map.csv của nguồn.",
    ),
)
