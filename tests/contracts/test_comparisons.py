"""What a comparison says is the same in the code, on the screen and in the document."""

from __future__ import annotations

import re
import unicodedata

from contracts.comparisons import CARRIED_OVER, COUNTS, NOT_CARRIED, NOT_OPEN, REASONS, UNUSUAL_CHANGE
from contracts.settings import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "operate" / "comparisons.md"


def test_the_document_has_every_reason_as_the_code_says_it() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    lines = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", text, re.MULTILINE)
    assert lines == [(name, reason.label, reason.sentence) for name, reason in REASONS.items()]
    assert all(count.label in text for count in COUNTS.values())


def test_a_reason_is_one_sentence_for_the_unit_and_names_nobody() -> None:
    for reason in REASONS.values():
        assert reason.kind in (NOT_CARRIED, NOT_OPEN)
        assert unicodedata.is_normalized("NFC", reason.sentence + reason.label)
        assert reason.sentence.endswith(".") and not re.search(r"[{}%]|\d{3,}", reason.sentence)
        assert "đề nghị" in reason.sentence or "không phải làm gì" in reason.sentence
    assert len({reason.label for reason in REASONS.values()}) == len(REASONS)


def test_each_of_the_two_rules_is_declared() -> None:
    from expectations.suites import SUITES

    assert {CARRIED_OVER, UNUSUAL_CHANGE} <= {rule.id for rules in SUITES.values() for rule in rules}
