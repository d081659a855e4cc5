"""The check of a source's dossiers before they are counted: every rule on every row, in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from contracts.errors import SourceDrift
from contracts.province import Province
from contracts.responsibility import Responsibility
from expectations.engine import Values, evaluate
from expectations.evidence import ALONE, WHOLE, evidence
from expectations.rules import Given
from expectations.schema import describe
from expectations.suites import DOSSIER_RULES, contract
from expectations.verdict import Verdict, verdict_of


def check_dossiers(
    dossiers: pd.DataFrame,
    pauses: pd.DataFrame,
    *,
    province: Province,
    snapshot: date,
    cut_off: date | None = None,
    source_id: str = "",
    responsibility: Responsibility = WHOLE,
    elsewhere: Mapping[str, str] = ALONE,
) -> Verdict:
    """Which rows count, and what is wrong with the others.

    dossiers: DOSSIER_COLUMNS + DERIVED_DOSSIER_COLUMNS; pauses: PAUSE_COLUMNS of the same source. snapshot: the
    day of extraction. cut_off: the day whose law is cited, the snapshot's if not given; so a late run cites what a
    timely one cited. source_id: named in the error. responsibility: which of its units' dossiers are the source's.
    elsewhere: of dossier codes that stand in another system, too, the source that counts them; "" where both do.
    Raises SourceDrift where a column is missing or has another type: that stops the source, and only it.
    """
    evaluated = check_contract(dossiers, pauses, source_id=source_id)
    looked_at = evidence(
        dossiers,
        pauses,
        units=province.units,
        snapshot=snapshot,
        responsibility=responsibility,
        elsewhere=elsewhere,
    )
    failing = evaluate(DOSSIER_RULES, looked_at, given=_given(province))
    return verdict_of(dossiers, DOSSIER_RULES, failing, evaluated=evaluated + len(failing), law_on=cut_off or snapshot)


def check_contract(dossiers: pd.DataFrame, pauses: pd.DataFrame, *, source_id: str) -> int:
    """Number of rules evaluated. Raises SourceDrift that names the columns."""
    columns = describe(dossiers, pauses)
    failing = evaluate(contract.RULES, columns)
    for rule in contract.RULES:
        wrong = columns.iloc[failing[rule.id]]
        if len(wrong):
            named = ", ".join(
                f"«{label}» ({table}.{name})" for table, name, label in wrong[["table", "column", "label"]].to_numpy()
            )
            raise SourceDrift(f"{rule.id}: {named}", source_id=source_id, advice=rule.sentence)
    return len(failing)


def _given(province: Province) -> Values:
    return {
        Given.AGENCIES: [unit.agency_code for unit in province.units],
        Given.PROCEDURES: list(province.procedures),
        Given.DOSSIER_CODE_PATTERNS: [form.pattern for form in province.file.policy.dossier_code_patterns],
    }
