"""Days from which a province's figures are no longer those of the same thing: a new software version, another scope of
counting. Dated configuration, `breaks.toml`; a unit that began or ended needs no entry: agencies.csv says so already.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field

from contracts.configfile import Strict, build, line_of, read_toml
from contracts.errors import ConfigError
from contracts.periods import Span
from contracts.units import UnitTree


class SeriesBreak(Strict):
    """since: the first day of the new series. units: agency codes, each with all below it; none: the whole province.
    reason: a clause that the report prints. source: the text behind it. verified: whether somebody has checked it."""

    since: date
    units: list[str] = []
    reason: str = Field(min_length=1)
    source: str = Field(min_length=1)
    verified: bool

    def touches(self, agency_code: str, tree: UnitTree) -> bool:
        """Whether figures of the unit with all below it are broken: it, one above it or one below it is named."""
        if not self.units:
            return True
        below = {u.agency_code for u in tree.subtree(agency_code)}
        return any(code in below or agency_code in {u.agency_code for u in tree.subtree(code)} for code in self.units)

    def parts(self, before: Span, now: Span) -> bool:
        """Whether one of the two has days of the old series, and one of the new."""
        return before.first_day < self.since <= now.last_day


class _Breaks(Strict):
    breaks: list[SeriesBreak] = Field(default=[], alias="break")


def read_breaks(path: Path, tree: UnitTree) -> tuple[SeriesBreak, ...]:
    """The breaks in the order of their days; none where there is no such file. Raises ConfigError."""
    if not path.exists():
        return ()
    found = build(_Breaks, read_toml(path), path=path).breaks
    unknown = [code for one in found for code in one.units if not tree.has_agency(code)]
    if unknown:
        line = line_of(path, ["break", "units"])
        raise ConfigError(f"đơn vị «{unknown[0]}» không có trong agencies.csv", file=path, line=line)
    return tuple(sorted(found, key=lambda one: one.since))
