"""The number of rules that a run must have evaluated of a source: as many as are declared, and no fewer."""

from __future__ import annotations

from expectations.engine import RuleNotEvaluatedError
from expectations.rules import Rule
from expectations.suites import SUITES

APART = frozenset({"continuity", "history", "corrections", "published"})
"""Subjects that compare a source with something else; `engine` counts their rules where they are evaluated."""


def check_all_evaluated(evaluated: int) -> None:
    """evaluated: rules of the contract, the dossiers and the facts together. A subject that is declared, and at which
    nobody looks, is noticed here. Raises RuleNotEvaluatedError."""
    declared = sum(isinstance(rule, Rule) for subject in SUITES.keys() - APART for rule in SUITES[subject])
    if evaluated != declared:
        raise RuleNotEvaluatedError(f"{evaluated} of {declared} declared rules evaluated")
