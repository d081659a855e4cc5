"""The table of rules in docs/rules.md, written from the rules themselves: `python -m expectations.catalogue`."""

from __future__ import annotations

from pathlib import Path

from contracts.regulations import numbers
from expectations.rules import Told
from expectations.suites import SUITES

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "rules.md"
_HEAD = """# Rules

What is checked of every batch, in the order in which findings are listed. Written from `expectations/suites/`
by `python -m expectations.catalogue`; a test fails where the two differ.

- **critical** stops that source (contract) or the report (facts);
- **error** puts the row in quarantine: it counts nowhere until it is mended, and is counted as quarantined;
- **warning** is listed; the row counts.

A row is told of every rule that it breaks, in one pass. Rules look only where they can say something: a date
that could not be read is told of once, as unreadable, and not as missing too; a dossier not (yet) received
needs no date of receipt, channel or due date. Sentences name no dossier and no person.
"""


def document() -> str:
    """The whole of docs/rules.md."""
    return _HEAD + "".join(_section(subject, rules) for subject, rules in SUITES.items())


def _section(subject: str, rules: tuple[Told, ...]) -> str:
    lines = ["", f"## {subject}", "", "| rule | severity | what the district reads | regulation |", "|---|---|---|---|"]
    return "\n".join([*lines, *(_line(rule) for rule in rules)]) + "\n"


def _line(rule: Told) -> str:
    cited = "; ".join(numbers(rule.regulation))
    return f"| `{rule.id}` | {rule.severity} | {rule.sentence} | {cited} |"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
