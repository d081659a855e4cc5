"""What was counted before the first stored period: opening balances of cumulative counts, `openings.toml`.

Entered by hand from a text that is named. A cumulative count is such a balance and the stored periods after it.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from pydantic import Field

from contracts.configfile import Strict, build, line_of, read_toml
from contracts.errors import ConfigError
from contracts.units import UnitTree

FILE = "openings.toml"


class Opening(Strict):
    """indicator: id of a count (cchc indicators list). unit: agency code, with all below it. since: the first day that
    the balance counts; up_to: the last one, the end of a period. source: the text that has it. verified: whether
    somebody has checked it there."""

    indicator: str = Field(min_length=1)
    unit: str
    since: date
    up_to: date
    count: int = Field(ge=0)
    source: str = Field(min_length=1)
    verified: bool


class _Openings(Strict):
    openings: list[Opening] = Field(default=[], alias="opening")


def read_openings(path: Path, tree: UnitTree) -> tuple[Opening, ...]:
    """The balances in the file's order; none where there is no such file. Raises ConfigError."""
    if not path.exists():
        return ()
    found = build(_Openings, read_toml(path), path=path).openings
    if said := _mistake(found, tree):
        raise ConfigError(said, file=path, line=line_of(path, ["opening"]))
    return tuple(found)


def _mistake(found: list[Opening], tree: UnitTree) -> str:
    for opening in found:
        if not tree.has_agency(opening.unit):
            return f"đơn vị «{opening.unit}» không có trong agencies.csv"
        if opening.since > opening.up_to:
            return f"số dư của {opening.indicator}: since phải trước hoặc bằng up_to"
    twice = [key for key, times in Counter((o.indicator, o.unit) for o in found).items() if times > 1]
    return f"{twice[0][0]} của {twice[0][1]} có hai số dư đầu, chỉ được có một" if twice else ""
