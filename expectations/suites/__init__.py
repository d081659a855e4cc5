"""One file a subject; the order here is that of findings and of docs/rules.md."""

from __future__ import annotations

from expectations.rules import Rule
from expectations.suites import codes, continuity, contract, dates, facts, identity, statuses

DOSSIER_RULES: tuple[Rule, ...] = (*identity.RULES, *codes.RULES, *statuses.RULES, *dates.RULES)
SUITES: dict[str, tuple[Rule, ...]] = {
    "contract": contract.RULES,
    "identity": identity.RULES,
    "codes": codes.RULES,
    "statuses": statuses.RULES,
    "dates": dates.RULES,
    "facts": facts.RULES,
    "continuity": continuity.RULES,
}
