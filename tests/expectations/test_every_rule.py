"""No rule and no notice is declared without an example that makes it come out, and none can be lost unnoticed.

Dossiers have fixtures (test_defects), published figures have theirs (test_published); here are all other subjects.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from contracts.comparisons import UNUSUAL_CHANGE
from contracts.errors import CriticalCheckError, SourceDrift
from contracts.published import PUBLISHED_DIFFERS
from expectations import dossiers
from expectations import facts as facts_checks
from expectations.carried_over import continuity_finding
from expectations.dossiers import check_contract
from expectations.engine import RuleNotEvaluatedError
from expectations.evaluated import check_all_evaluated
from expectations.facts import check_facts
from expectations.notices import correction_findings, history_findings
from expectations.rules import Notice
from expectations.suites import SUITES, continuity, contract, corrections, history, published
from expectations.suites import facts as facts_suite
from tests.expectations import test_continuity, test_defects, test_facts, test_published
from tests.expectations.tables import PROVINCE, SNAPSHOT, dossier_frame, pause_frame
from tests.transforms import test_corrections, test_history, test_reconciliation, test_snapshots
from tests.transforms.landings import landed
from transforms.corrections import corrected
from transforms.history import unusual
from transforms.reconciliation import deviations_of, reconcile

CUT_OFF = date(2024, 12, 14)
ONE = [{"mã hồ sơ": "H32.40-241001-0001"}]
LATE = "| mã | tiếp nhận | hẹn trả | kết thúc |\n| A | 01/11/2024 | 10/11/2024 | 20/11/2024 |"


def of_contract() -> set[str]:
    sound = dossier_frame(ONE)
    return {_drift(sound.drop(columns="end_date")), _drift(sound.astype({"linked": "int64"}))}


def _drift(frame: object) -> str:
    try:
        check_contract(frame, pause_frame([]), source_id="cam-lam")  # type: ignore[arg-type]
    except SourceDrift as drift:
        return drift.cause.partition(":")[0]
    return ""


def of_facts() -> set[str]:
    forgotten = [(5, "received_postal"), (9, "on_time"), (13, "open_overdue")]
    return {*(_said(**change) for _, change, _ in test_facts.BROKEN), *(_forgotten(*one) for one in forgotten)}


def _said(**change: object) -> str:
    """The rule whose sentence stops the report."""
    try:
        check_facts(test_facts.facts(change))
    except CriticalCheckError as stopped:
        return next(rule.id for rule in SUITES["facts"] if stopped.cause.startswith(rule.sentence))
    return ""


def _forgotten(number: int, measure: str) -> str:
    """What is said where a column of the form leaves a count out."""
    whole = facts_checks.FORM_COLUMNS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts_checks, "FORM_COLUMNS", whole | {number: tuple(m for m in whole[number] if m != measure)})
        return _said()


def of_continuity() -> set[str]:
    now, before = (test_continuity.facts(table) for table in (test_continuity.NOW, test_continuity.BEFORE))
    return set(continuity_finding(now, before, on=CUT_OFF)["rule_id"])


def of_history() -> set[str]:
    """Two landings of one dossier each, and a unit's counts against those of a year ago."""
    pairs = [(test_snapshots.BEFORE, f"{test_snapshots.HEADS}\n| {now} |") for now in _NOW]
    pairs.append((LATE, LATE.replace("20/11", "09/11")))
    kinds = {kind: 1 for before, after in pairs for kind, *_ in test_snapshots.listed(before, after)}
    changed = test_history.facts(early=100)
    grown = unusual(changed, test_history.facts(), agencies=["H32.25"], policy=test_history.POLICY)
    told = set(history_findings(kinds, on=CUT_OFF)["rule_id"])
    return told | ({UNUSUAL_CHANGE} & {rule.id for rule in history.RULES} if len(grown) else set())


_NOW = ("A | 01/11/2024 | 20/12/2024 | -", "B | 01/11/2024 | 10/11/2024 | -")


def of_corrections() -> set[str]:
    """One that holds, and one of a dossier that is not there."""
    source = test_corrections.correcting({"dossier_code": "X"}, {})
    found = corrected(landed(test_corrections.LANDED), source, cut_off=CUT_OFF)
    return set(correction_findings(applied=found.applied, unused=found.unused, on=CUT_OFF)["rule_id"])


def of_published() -> set[str]:
    broken = {rule for name in test_published.FIXTURES for row in test_published.broken(name) for rule in row}
    ours = test_reconciliation.ours(("H32", "unit", (0, 10)))
    differing = deviations_of(reconcile(ours, test_reconciliation.theirs(("H32", (1, 10))), points=0.5))
    return broken | ({PUBLISHED_DIFFERS} & set(differing["rule_id"]) & {rule.id for rule in published.RULES})


TOLD: dict[str, Callable[[], set[str]]] = {
    "contract": of_contract,
    "facts": of_facts,
    "continuity": of_continuity,
    "history": of_history,
    "corrections": of_corrections,
    "published": of_published,
}
"""Subject → the ids that come out of its examples."""
MODULES = {
    "contract": contract,
    "facts": facts_suite,
    "continuity": continuity,
    "history": history,
    "corrections": corrections,
    "published": published,
}
LISTS = ("RULES", "FIGURE_RULES", "TABLE_RULES")
OTHERS = [(subject, rule.id) for subject in TOLD for rule in SUITES[subject]]


def test_every_subject_has_examples() -> None:
    assert set(TOLD) | set(test_defects.DOSSIER_SUITES) == set(SUITES)


@pytest.mark.parametrize("subject", TOLD)
def test_every_declared_rule_comes_out_of_an_example(subject: str) -> None:
    assert TOLD[subject]() - {""} == {rule.id for rule in SUITES[subject]}


@pytest.mark.parametrize(("subject", "rule_id"), OTHERS, ids=[rule_id for _, rule_id in OTHERS])
def test_taking_any_rule_out_changes_what_the_examples_tell(
    subject: str, rule_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = MODULES[subject]
    for name in LISTS:
        if hasattr(module, name):
            kept = tuple(rule for rule in getattr(module, name) if rule.id != rule_id)
            monkeypatch.setattr(module, name, kept)
    try:
        told = TOLD[subject]()
    except ValueError:  # a suite of one rule is not there any more
        told = set()
    assert rule_id not in told


def test_a_notice_is_only_what_is_no_matter_of_a_row() -> None:
    notices = {rule.id for rules in SUITES.values() for rule in rules if isinstance(rule, Notice)}
    assert {name.partition(".")[0] for name in notices} <= {"history", "corrections", "published"}


def test_a_source_is_checked_by_as_many_rules_as_are_declared_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    check_all_evaluated(_evaluated())
    for module, name in ((dossiers, "DOSSIER_RULES"), (contract, "RULES"), (facts_suite, "RULES")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, getattr(module, name)[1:])
            with pytest.raises(RuleNotEvaluatedError, match=r"(\d+) of \d+ declared rules"):
                check_all_evaluated(_evaluated())


def test_a_subject_that_nobody_looks_at_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SUITES, "ledger", SUITES["continuity"])
    with pytest.raises(RuleNotEvaluatedError):
        check_all_evaluated(_evaluated())


def _evaluated() -> int:
    verdict = dossiers.check_dossiers(dossier_frame(ONE), pause_frame([]), province=PROVINCE, snapshot=SNAPSHOT)
    return verdict.evaluated + check_facts(test_facts.facts({}))
