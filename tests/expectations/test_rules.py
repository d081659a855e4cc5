"""Rules as a body: each declared once, told in sentences for a district, written down in docs/rules.md."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from itertools import pairwise

import pytest

from contracts.codes import Severity
from contracts.columns import DOSSIER_COLUMNS
from contracts.regulations import citation, numbers, regulations
from expectations.catalogue import DOCUMENT, document
from expectations.rules import Rule, Told
from expectations.suites import DOSSIER_RULES, SUITES
from tests.expectations.tables import read_table

ALL = [(subject, rule) for subject, rules in SUITES.items() for rule in rules]
each = pytest.mark.parametrize(("subject", "rule"), ALL, ids=[rule.id for _, rule in ALL])

DOMAIN = """
What puts a dossier in quarantine and what is only listed, as the province decided it.

| rule                             | severity |
| identity.dossier_code_present    | error    |
| identity.procedure_code_present  | error    |
| identity.agency_present          | error    |
| identity.copies_agree            | error    |
| identity.row_not_repeated        | error    |
| codes.agency_known               | error    |
| codes.agency_in_office           | error    |
| codes.responsible                | error    |
| statuses.status_known            | error    |
| statuses.channel_known           | error    |
| statuses.resolved_dated          | error    |
| statuses.stopped_dated           | error    |
| statuses.paused_dated            | error    |
| dates.readable                   | error    |
| dates.received_present           | error    |
| dates.received_not_in_future     | error    |
| dates.end_not_in_future          | error    |
| dates.end_not_before_received    | error    |
| across.received_here             | error    |
| codes.dossier_code_form          | warning  |
| codes.dossier_code_day           | warning  |
| codes.procedure_code_form        | warning  |
| codes.procedure_known            | warning  |
| codes.served_online              | warning  |
| statuses.open_not_ended          | warning  |
| statuses.supplement_closed       | warning  |
| dates.due_present                | warning  |
| dates.due_not_before_received    | warning  |
| marks.service_level_known        | warning  |
| marks.paid_has_fee               | warning  |
| marks.limit_positive             | warning  |
| across.code_alone                | warning  |
"""


def test_severities_are_those_that_were_decided() -> None:
    decided = {row["rule"]: row["severity"] for row in read_table(DOMAIN)}
    assert {rule.id: str(rule.severity) for rule in DOSSIER_RULES} == decided


def test_the_document_is_what_the_code_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: python -m expectations.catalogue"


def test_each_rule_is_declared_once() -> None:
    assert len({rule.id for _, rule in ALL}) == len(ALL)
    checks = [(r.check.kind, str(r.check.arguments), r.check.where) for _, r in ALL if isinstance(r, Rule)]
    assert len(set(checks)) == len(checks)


def test_a_rule_on_dossiers_says_which_cells_to_look_at() -> None:
    columns = {c.name for c in DOSSIER_COLUMNS}
    assert [rule.id for rule in DOSSIER_RULES if not rule.about or not set(rule.about) <= columns] == []


@each
def test_a_rule_is_named_after_its_subject(subject: str, rule: Told) -> None:
    assert re.fullmatch(rf"{subject}\.[a-z_]+", rule.id)
    assert rule.severity is Severity.CRITICAL or subject not in {"contract", "facts"}


@each
def test_a_sentence_is_vietnamese_and_names_nobody(subject: str, rule: Told) -> None:
    """It is printed as it is: nothing is filled in, so no code, name or date of a dossier can get in."""
    assert unicodedata.is_normalized("NFC", rule.sentence)
    assert rule.sentence.endswith(".")
    assert not re.search(r"[{}%]|\d{4,}", rule.sentence)
    assert len(rule.sentence) < 250


@each
def test_a_district_is_told_what_to_do(subject: str, rule: Told) -> None:
    assert "đề nghị" in rule.sentence or subject == "facts"


@each
def test_a_cited_duty_has_a_text(subject: str, rule: Told) -> None:
    assert not rule.regulation or numbers(rule.regulation)


@pytest.mark.parametrize(
    ("day", "cited"),
    [
        (date(2018, 6, 20), ""),
        (date(2018, 6, 21), "Nghị định số 61/2018/NĐ-CP"),
        (date(2025, 6, 30), "Nghị định số 61/2018/NĐ-CP"),
        (date(2025, 7, 1), "Nghị định số 118/2025/NĐ-CP"),
    ],
)
def test_the_text_in_force_is_cited(day: date, cited: str) -> None:
    assert citation("one_stop", on=day) == cited


def test_texts_of_one_duty_do_not_overlap() -> None:
    for duty in {text.id for text in regulations()}:
        texts = [text for text in regulations() if text.id == duty]
        for earlier, later in pairwise(texts):
            assert earlier.valid_to is not None
            assert earlier.valid_to < later.valid_from
