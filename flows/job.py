"""What one partition's work needs, and what may be done to it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from contracts.codes import Series
from contracts.periods import Period, Span
from contracts.province import Province
from contracts.source_config import SourceConfig, digest
from transforms.deadlines import WorkingCalendar

FORMULA_VERSION = "5"
"""Raise it when the same landing would give other facts, or more of the dossiers behind them: every partition
is then counted again."""

one_at_a_time = threading.Lock()
"""Held over a source's frames: of several at once they would only add up in memory, as Python counts one at a time."""


class Action(StrEnum):
    EXTRACT = "extract"  # read the source, then count
    COUNT = "count"  # count again from the last landing
    KEEP = "keep"  # nothing changed; ask only whether the source still answers


@dataclass(frozen=True)
class Neighbour:
    """The same source in the adjacent period before, whose open dossiers must be carried over into this one.

    load_fingerprint: of its facts and what they were counted from; None where they are not to be compared with."""

    period_id: str
    load_fingerprint: str | None


@dataclass(frozen=True)
class Job:
    """What one partition's work needs; everything in it can be sent to another process. attempt: the ledger's number
    of what is done with it now; None before it has begun. afresh: nothing of a broken extract is wanted."""

    province: Province
    source: SourceConfig
    period: Period
    as_of: date
    landing_root: Path
    before: Neighbour | None = None
    attempt: int | None = None
    afresh: bool = False

    @property
    def spans(self) -> dict[Series, Span]:
        return self.period.spans(self.as_of)

    @property
    def load_fingerprint(self) -> str:
        """Changes when the same landing must be counted again. Begins with the province's counting fingerprint, and
        ends with what was corrected."""
        counted = [self.source.meaning_fingerprint, self.province.policy_fingerprint, str(self.spans)]
        all_else = digest([FORMULA_VERSION, *counted, self.before.load_fingerprint if self.before else None])
        return "+".join((f"{self.province.counting_fingerprint}-{all_else}", *self._corrected))

    def lacks_correction(self, load_fingerprint: str | None) -> bool:
        """Whether something was corrected when that was counted which no longer is: only a new extract can tell whether
        the system has been mended."""
        return not {*(load_fingerprint or "").split("+")[1:]} <= {*self._corrected}

    @property
    def _corrected(self) -> list[str]:
        in_force = (c for c in self.source.corrections if c.in_force(self.period.cut_off))
        said = ([c.dossier_code, c.column, c.was, c.value] for c in in_force)
        return sorted(digest(one)[:16] for one in said)

    @property
    def calendar(self) -> WorkingCalendar | None:
        """For the time that dossiers took; None where not all of their pauses are read, without which no time is
        known: what ends in a period may have been paused before it."""
        pauses = self.source.tables.get("pauses")
        if pauses is None or pauses.leaves_out_what_was_before:
            return None
        return WorkingCalendar(self.province.rest_days)

    @property
    def counted_root(self) -> Path:
        """Where the dossiers behind the facts lie; see warehouse.counted."""
        return self.landing_root.parent / "counted"

    @property
    def key(self) -> dict[str, Any]:
        """What every table of the warehouse calls the partition by."""
        return {"period_id": self.period.id, "source_id": self.source.id}
