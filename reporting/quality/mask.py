"""Codes of dossiers as they may be shown to somebody who may not see them.

A dossier code leads to a person through the public look-up, which anybody may ask many times. So a mask must leave too
little to be filled in by trying. Day and daily number go together: with the month and two digits of the number a few
dozen tries would find it. What stays is the agency, as our catalogue writes it, and the year: all dossiers of an agency
in a year. Of a code of any other form nothing stays, for a person's name or number may stand in the wrong column. Nor
does the number of signs tell the length of what they stand for."""

from __future__ import annotations

import re

from contracts.units import UnitTree

HIDDEN = "••••"
NONE = "(không có mã)"
_FORM = re.compile(r"(?P<agency>[A-Z0-9.]+)-(?P<year>\d{2})\d{4}-\d{4,}")


def masked(code: object, units: UnitTree) -> str:
    """H32.20-241015-0123 → H32.20-24••••-••••; ••••-24••••-•••• where the agency is not in the catalogue; •••• for
    whatever is no code of a desk; (không có mã) where there is none."""
    text = "" if code is None or code != code else str(code).strip()  # noqa: PLR0124 (missing is not itself)
    if not text:
        return NONE
    found = _FORM.fullmatch(text)
    if found is None:
        return HIDDEN
    agency = found["agency"] if units.has_agency(found["agency"]) else HIDDEN
    return f"{agency}-{found['year']}{HIDDEN}-{HIDDEN}"
