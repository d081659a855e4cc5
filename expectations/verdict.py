"""What the rules say of a batch of dossiers: which rows count, and what is to be mended in the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from contracts.codes import Severity
from contracts.regulations import citation
from expectations.engine import Positions
from expectations.rules import Rule, Told
from expectations.suites.across import RECEIVED_HERE

Flags = np.ndarray[Any, np.dtype[np.bool_]]
FINDING_COLUMNS = ["rule_id", "severity", "rows", "sentence", "regulation"]
_RULES_IN_A_NUMBER = 62
ADDRESS_COLUMNS = ["row", "address", "dossier_code", "agency_code"]


@dataclass(frozen=True)
class Verdict:
    """accepted: one boolean a row, on the index of the dossiers. A rejected row goes to quarantine.

    findings: one row a rule that failed, in the order of the suites: rule_id, severity, rows (all rows that
    break it, accepted or not), sentence, regulation in force at the period's cut-off ("" where there is none).
    rejected: one row a rejected dossier: row, address, dossier_code, agency_code, rules (ids of every rule that
    it breaks, warnings too, joined by a comma). warned: the same for accepted rows that break warnings.
    warnings: the ids of the warnings that each accepted row breaks, joined by a comma; "" for none and for the others.
    left: rows that are rejected for no other reason than that another source counts them.
    evaluated: number of rules that were evaluated, the contract's included.
    """

    accepted: pd.Series
    warnings: pd.Series
    left: pd.Series
    findings: pd.DataFrame
    rejected: pd.DataFrame
    warned: pd.DataFrame
    evaluated: int


def verdict_of(
    dossiers: pd.DataFrame, rules: Sequence[Rule], failing: dict[str, Positions], *, evaluated: int, law_on: date
) -> Verdict:
    """dossiers: the batch that `failing` (rule id → positions) was found in."""
    broken = _broken(rules, failing, len(dossiers))
    is_error = [rule.severity is not Severity.WARNING for rule in rules]
    rejected: Flags = np.logical_or.reduce(broken[:, is_error], axis=1)
    warned: Flags = np.logical_or.reduce(broken, axis=1) & ~rejected
    others = [error and rule.id != RECEIVED_HERE for rule, error in zip(rules, is_error, strict=True)]
    left: Flags = rejected & ~np.logical_or.reduce(broken[:, others], axis=1)
    verdict = Verdict(
        accepted=pd.Series(~rejected, index=dossiers.index, name="accepted"),
        warnings=_warnings(dossiers.index, warned, rules, broken),
        left=pd.Series(left, index=dossiers.index, name="left"),
        findings=findings_of(rules, {rule: len(rows) for rule, rows in failing.items()}, law_on),
        rejected=_listed(dossiers, rejected, rules, broken),
        warned=_listed(dossiers, warned, rules, broken),
        evaluated=evaluated,
    )
    if len(dossiers) != int(verdict.accepted.sum()) + len(verdict.rejected):
        raise AssertionError("read is not accepted + rejected")
    return verdict


def _broken(rules: Sequence[Rule], failing: dict[str, Positions], rows: int) -> Flags:
    """Rows × rules: whether the row breaks the rule."""
    broken = np.zeros((rows, len(rules)), dtype=bool, order="F")
    for number, rule in enumerate(rules):
        broken[failing[rule.id], number] = True
    return broken


def findings_of(rules: Sequence[Told], rows: Mapping[str, int], law_on: date) -> pd.DataFrame:
    """Findings of the rules that failed, in their order; rows: rule id → number of rows that break it."""
    found = [
        (rule.id, str(rule.severity), rows[rule.id], rule.sentence, citation(rule.regulation, on=law_on))
        for rule in rules
        if rows.get(rule.id)
    ]
    return pd.DataFrame(found, columns=FINDING_COLUMNS).astype(
        {c: "int64" if c == "rows" else "str" for c in FINDING_COLUMNS}
    )


def _listed(dossiers: pd.DataFrame, chosen: Flags, rules: Sequence[Rule], broken: Flags) -> pd.DataFrame:
    """The chosen rows with their address and the rules that each breaks, in the order of the batch."""
    listed = dossiers.loc[chosen, ADDRESS_COLUMNS].reset_index(drop=True)
    return listed.assign(rules=_joined(broken[chosen], rules).astype("str"))


def _warnings(index: pd.Index, warned: Flags, rules: Sequence[Rule], broken: Flags) -> pd.Series:
    said = _joined(broken[warned], rules).cat
    codes = np.zeros(len(index), dtype=np.int32)
    codes[warned] = said.codes + 1
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(["", *said.categories])), index=index, name="warnings")


def _joined(broken: Flags, rules: Sequence[Rule]) -> pd.Series:
    """Of each row the ids of the rules that it breaks, joined by a comma; as categories, far fewer than rows."""
    if len(rules) > _RULES_IN_A_NUMBER:
        raise ValueError(f"{len(rules)} rules: more than one number can tell apart")
    sets = broken @ (1 << np.arange(len(rules)))  # one number a set of rules
    _, first, which = np.unique(sets, return_index=True, return_inverse=True)
    said = [",".join(r.id for r, is_so in zip(rules, row, strict=True) if is_so) for row in broken[first]]
    return pd.Series(pd.Categorical.from_codes(which, pd.Index(said)))
