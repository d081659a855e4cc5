"""Facts that break an identity of form II.06 stop the report, and the message says where."""

from __future__ import annotations

import pandas as pd
import pytest

from contracts.columns import FACT_KEYS, FORM_COLUMNS, MEASURES, MEMOS
from contracts.errors import CriticalCheckError, Exit
from expectations import facts as checks
from expectations.facts import check_facts, form_columns
from expectations.suites import facts as suite

ROW = {"series": "forms", "agency_code": "H32.40", "unit_code": "570", "field": "Hộ tịch", "procedure_code": "1.001193"}
COUNTS = {"received_online": 5, "received_in_person": 3, "received_postal": 1, "carried_over": 3}  # (3) = 12
COUNTS |= {"early": 2, "on_time": 3, "overdue": 2, "open_in_time": 2, "open_overdue": 3}  # (7) = 7, (11) = 5
NOTES = {"withdrawn": 1, "stopped": 1, "paused": 1, "no_due_date": 1, "linked_resolved": 3, "linked_overdue": 1}
NOTES |= {
    "linked_known": 6,
    "linked_received": 4,
    "level_known": 9,
    "offered": 8,
    "offered_online": 5,
    "offered_full": 4,
}
NOTES |= {"offered_full_online": 4, "returned_known": 6, "returned_by_post": 2, "by_post_known": 9, "by_post": 3}
NOTES |= {"fee_known": 12, "fee_due": 6, "paid_known": 6, "paid_online": 4, "result_known": 7, "result_electronic": 5}
NOTES |= {"digitised_known": 9, "digitised": 6, "reused_known": 9, "reused": 2}
NOTES |= {"processed": 6, "processing_days": 40, "timed": 5, "timed_days": 38, "timed_limit_days": 50}


def facts(*changes: dict[str, object]) -> pd.DataFrame:
    """A sound row of another procedure, then one row a change."""
    rows = [ROW | COUNTS | NOTES | {"procedure_code": "2.000635"}]
    rows += [ROW | COUNTS | NOTES | change for change in changes]
    return pd.DataFrame(rows)[[*FACT_KEYS, *MEASURES, *MEMOS]]


def test_sound_facts_pass_and_every_rule_was_evaluated() -> None:
    assert check_facts(facts({})) == len(suite.RULES)


def test_no_facts_at_all_are_sound() -> None:
    assert check_facts(facts().iloc[:0]) == len(suite.RULES)


BROKEN = [
    ("facts.key_present", {"field": None}, "thiếu đơn vị"),
    ("facts.key_present", {"unit_code": None}, "thiếu đơn vị"),
    ("facts.key_unique", {"procedure_code": "2.000635"}, "lặp khóa"),
    ("facts.counts_present", {"early": None}, "ô đếm bị trống"),
    ("facts.counts_present", {"paused": None}, "ô đếm bị trống"),
    ("facts.counts_not_negative", {"early": -1, "on_time": 6}, "ô đếm âm"),
    ("facts.notes_are_parts", {"stopped": 2}, "Số ghi chú lớn hơn"),
    ("facts.notes_are_parts", {"linked_overdue": 3}, "Số ghi chú lớn hơn"),
    ("facts.notes_are_parts", {"level_known": 10}, "Số ghi chú lớn hơn"),
    ("facts.notes_are_parts", {"offered": 10}, "Số ghi chú lớn hơn"),
    ("facts.notes_are_parts", {"offered_online": 6}, "Số ghi chú lớn hơn"),
    ("facts.notes_are_parts", {"by_post": 10}, "Số ghi chú lớn hơn"),
    ("facts.notes_are_parts", {"paid_online": 7}, "Số ghi chú lớn hơn"),
    ("facts.notes_are_parts", {"result_electronic": 8}, "Số ghi chú lớn hơn"),
    ("facts.notes_are_parts", {"processed": 8}, "Số ghi chú lớn hơn"),
    ("facts.notes_are_parts", {"timed_days": 41}, "Số ghi chú lớn hơn"),
    ("facts.balance", {"received_online": 6}, r"\(3\) = 13, \(7\)\+\(11\) = 12"),
    ("facts.balance", {"overdue": 1202}, r"\(3\) = 12, \(7\)\+\(11\) = 1\.212"),
]


@pytest.mark.parametrize(("rule_id", "change", "said"), BROKEN)
def test_a_broken_row_stops_the_report(rule_id: str, change: dict[str, object], said: str) -> None:
    with pytest.raises(CriticalCheckError, match=said) as caught:
        check_facts(facts(change))
    assert caught.value.exit_code is Exit.STOPPED_BY_CHECK
    sentence = next(rule.sentence for rule in suite.RULES if rule.id == rule_id)
    assert caught.value.cause.startswith(sentence)


def test_the_message_says_series_unit_field_procedure_and_both_sides() -> None:
    with pytest.raises(CriticalCheckError) as caught:
        check_facts(facts({"carried_over": 4}, {"carried_over": 5, "procedure_code": "1.000894"}))
    assert caught.value.cause == (
        "Biểu II.06: (3) khác (7)+(11). 2 dòng; dòng đầu: chuỗi biểu mẫu, cơ quan H32.40, đơn vị 570, "
        "lĩnh vực Hộ tịch, thủ tục 1.001193, (3) = 13, (7)+(11) = 12"
    )


@pytest.mark.parametrize(
    ("number", "forgotten", "rule_id"),
    [(5, "received_postal", "facts.received"), (9, "on_time", "facts.resolved"), (13, "open_overdue", "facts.open")],
)
def test_a_column_of_the_form_that_forgets_a_count_is_noticed(
    number: int, forgotten: str, rule_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A total and its parts are added up each on its own, so an error in either shows."""
    parts = tuple(measure for measure in FORM_COLUMNS[number] if measure != forgotten)
    monkeypatch.setattr(checks, "FORM_COLUMNS", FORM_COLUMNS | {number: parts})
    sentence = next(rule.sentence for rule in suite.RULES if rule.id == rule_id)
    with pytest.raises(CriticalCheckError) as caught:
        check_facts(facts({}))
    assert caught.value.cause.startswith(sentence)


def test_every_rule_of_the_suite_is_broken_by_a_test() -> None:
    forgetting = {"facts.received", "facts.resolved", "facts.open"}
    assert {rule_id for rule_id, _, _ in BROKEN} | forgetting == {rule.id for rule in suite.RULES}


def test_counts_of_any_whole_type_are_added_up_without_overflow() -> None:
    large = facts({}).assign(received_online=120, open_overdue=118).astype(dict.fromkeys(MEASURES, "int8"))
    assert form_columns(large)["(3)"].tolist() == [127.0, 127.0]
    assert check_facts(large) == len(suite.RULES)
    assert check_facts(facts({"procedure_code": "1.001193"}).astype(dict.fromkeys(MEASURES, "Int64"))) == len(
        suite.RULES
    )
