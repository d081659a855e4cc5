"""Which values of a column may be shown as codes: few, short, and nothing that looks like a person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from sources.exploring.explore import LONGEST_CODE, MOST_CODES, Code

_NUMBER = re.compile(r"(\d[\s.-]?){9}")
"""A telephone, an identity card, a dossier."""


def code_list(rows: Iterable[tuple[str, ...]]) -> list[Code] | None:
    """Each (code, label) once, as canonical reads it, sorted; None where they are no codes, or a code has two labels.
    Rows without a code are left out; of a longer list no more than MOST_CODES + 1 are looked at."""
    found: set[tuple[str, ...]] = set()
    for raw in rows:
        row = tuple(" ".join(unicodedata.normalize("NFC", cell).split()) for cell in raw)
        if not row[0]:
            continue
        found.add(row)
        if len(found) > MOST_CODES or any(len(cell) > LONGEST_CODE or _NUMBER.search(cell) for cell in row):
            return None
    if len({row[0] for row in found}) < len(found):
        return None
    return [Code(*row) for row in sorted(found)]
