"""The quarantine of a period, source by source and rule by rule: what commands and pages say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from contracts.codes import STATE_LABELS, PartitionState
from warehouse.ledger import Partition
from warehouse.quarantine import Number


@dataclass(frozen=True)
class RuleNumber:
    """How many rows of a source broke a rule. A row that breaks two is counted at both."""

    source_id: str
    rule_id: str
    rows: int


def per_rule(numbers: Iterable[Number]) -> list[RuleNumber]:
    """The most rows of a source first."""
    counted: Counter[tuple[str, str]] = Counter()
    for one in numbers:
        for rule in one.rules:
            counted[one.source_id, rule] += one.rows
    found = [RuleNumber(source, rule, rows) for (source, rule), rows in counted.items()]
    return sorted(found, key=lambda one: (one.source_id, -one.rows, one.rule_id))


def is_earlier(known: Partition) -> bool:
    """Whether its quarantine is of an attempt before the newest, which was not checked."""
    return known.quarantined is None


def why_not_all(known: Partition) -> str:
    """Why the quarantined rows are not all that its figures lack; "" where they are."""
    if known.state is PartitionState.LOADED:
        return ""
    if is_earlier(known):
        return f"danh sách của lần đọc trước; lần mới nhất: {STATE_LABELS[known.state]}"
    return "nguồn bị dừng, không được tính"
