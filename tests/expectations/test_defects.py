"""Each defect that a district's data can have, with exactly the findings that must come out of it."""

from __future__ import annotations

from functools import cache

import pytest

from contracts.codes import Severity
from expectations import dossiers as checks
from expectations.dossiers import check_dossiers
from expectations.evidence import ALONE, WHOLE
from expectations.suites import DOSSIER_RULES, SUITES
from expectations.verdict import Verdict
from tests.expectations.tables import (
    ELSEWHERE,
    PROVINCE,
    RESPONSIBILITIES,
    SNAPSHOT,
    Defect,
    defects,
    dossier_frame,
    pause_frame,
)

DEFECTS = defects()
DOSSIER_SUITES = ("identity", "codes", "statuses", "dates", "marks", "across")
by_name = pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)


@cache
def verdict_on(name: str) -> Verdict:
    return checked(next(d for d in DEFECTS if d.name == name))


def checked(defect: Defect) -> Verdict:
    frame = dossier_frame(defect.dossiers, defect.pauses)
    return check_dossiers(
        frame,
        pause_frame(defect.pauses),
        province=PROVINCE,
        snapshot=SNAPSHOT,
        responsibility=RESPONSIBILITIES.get(defect.name, WHOLE),
        elsewhere=ELSEWHERE.get(defect.name, ALONE),
    )


def rules_by_row(verdict: Verdict) -> list[str]:
    """Ids of the rules that each row breaks, as a fixture writes them."""
    listed = dict.fromkeys(range(len(verdict.accepted)), "")
    for frame in (verdict.rejected, verdict.warned):
        listed |= dict(zip(frame["row"], frame["rules"], strict=True))
    return list(listed.values())


@by_name
def test_a_defect_comes_out_exactly_as_its_table_says(defect: Defect) -> None:
    verdict = verdict_on(defect.name)
    assert rules_by_row(verdict) == defect.broken
    assert verdict.accepted.tolist() == defect.accepted
    assert dict(zip(verdict.findings["rule_id"], verdict.findings["rows"], strict=True)) == _counted(defect)


@by_name
def test_a_fixture_holds_a_sound_row_beside_the_defect(defect: Defect) -> None:
    """A rule that flagged every row would pass otherwise."""
    assert "" in defect.broken or defect.name == "same_code_other_facts"


def test_every_rule_has_a_fixture_that_it_alone_explains() -> None:
    alone = {rules for defect in DEFECTS for rules in defect.broken if "," not in rules} - {""}
    assert alone == {rule.id for rule in DOSSIER_RULES}


@pytest.mark.parametrize("subject", DOSSIER_SUITES)
def test_taking_any_rule_out_changes_what_its_fixture_gives(subject: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for rule in SUITES[subject]:
        defect = next(d for d in DEFECTS if rule.id in d.broken)
        kept = tuple(r for r in SUITES[subject] if r is not rule)
        monkeypatch.setattr(checks, "DOSSIER_RULES", kept)
        verdict = checked(defect)
        assert rule.id not in ",".join(rules_by_row(verdict))
        assert rules_by_row(verdict) != defect.broken
        assert verdict.evaluated == len(kept) + len(checks.contract.RULES)


def test_severity_alone_decides_whether_a_row_counts() -> None:
    errors = {rule.id for rule in DOSSIER_RULES if rule.severity is Severity.ERROR}
    for defect in DEFECTS:
        for broken, accepted in zip(defect.broken, defect.accepted, strict=True):
            assert accepted == (not errors & set(broken.split(",")))


def test_a_rejected_row_can_be_found_at_its_source() -> None:
    rejected = verdict_on("done_without_end").rejected
    assert rejected[["row", "address", "dossier_code", "agency_code"]].to_numpy().tolist() == [
        [1, "ho_so:1", "H32.40-241001-0002", "H32.40"],
        [2, "ho_so:2", "H32.40-241001-0003", "H32.40"],
    ]


@pytest.mark.parametrize("name", ["same_row_again", "same_code_other_facts"])
def test_the_copy_that_is_kept_does_not_depend_on_the_order_of_rows(name: str) -> None:
    defect = next(d for d in DEFECTS if d.name == name)
    backwards = dossier_frame(defect.dossiers)[::-1]
    verdict = check_dossiers(backwards, pause_frame([]), province=PROVINCE, snapshot=SNAPSHOT)
    assert sorted(verdict.rejected["row"]) == sorted(verdict_on(name).rejected["row"])


def _counted(defect: Defect) -> dict[str, int]:
    ids = [rule for row in defect.broken for rule in row.split(",") if rule]
    return {rule.id: ids.count(rule.id) for rule in DOSSIER_RULES if rule.id in ids}


def test_what_another_source_counts_is_told_from_what_is_wrong() -> None:
    verdict = verdict_on("also_in_another_system")
    assert verdict.left.tolist() == [False, True, False, False]
    assert verdict.warnings.tolist() == ["", "", "across.code_alone", ""]
