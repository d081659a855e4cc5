"""One file a subject; the order here is that of findings and of docs/rules.md."""

from __future__ import annotations

from expectations.rules import Rule, Told
from expectations.suites import (
    across,
    codes,
    continuity,
    contract,
    corrections,
    dates,
    facts,
    history,
    identity,
    marks,
    published,
    statuses,
)

DOSSIER_RULES: tuple[Rule, ...] = (
    *identity.RULES,
    *codes.RULES,
    *statuses.RULES,
    *dates.RULES,
    *marks.RULES,
    *across.RULES,
)
SUITES: dict[str, tuple[Told, ...]] = {
    "contract": contract.RULES,
    "identity": identity.RULES,
    "codes": codes.RULES,
    "statuses": statuses.RULES,
    "dates": dates.RULES,
    "marks": marks.RULES,
    "across": across.RULES,
    "facts": facts.RULES,
    "continuity": continuity.RULES,
    "history": history.RULES,
    "corrections": corrections.RULES,
    "published": published.RULES,
}
