"""What a version of a report keeps of itself: every figure that it printed, what they rest on, and what it restates.

Plain data that goes through JSON unharmed: it must be read by every later version of this software."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

TREE, OWN = "tree", "own"


class Cell(NamedTuple):
    """What a figure is of. agency_code: the unit, whose: `tree` with all below it or `own` dossiers alone. field: one
    field, "" for all. figure: `column_3` … `column_13` of form II.06, another count, or an indicator's id."""

    agency_code: str
    whose: str
    field: str
    figure: str


class Counts(NamedTuple):
    """A count, or the two counts of a ratio."""

    numerator: int
    denominator: int | None = None


Figures = Mapping[Cell, Counts]
"""Only what is known: a cell that is not there was printed «–», or was not there at all. It is never 0."""


@dataclass(frozen=True)
class SourceBasis:
    """What one source's figures rest on. Of a source that is not loaded only its state is known.

    read_at: ISO moment. landing_id: begins the checksum of what was read. corrections: digests of those applied.
    meaning: digest of its column and code maps; counting: of the way of counting; counts: of its counts in this
    report, so that a source whose figures are as they were is told from one that moved some."""

    id: str
    name: str
    state: str
    read_at: str = ""
    landing_id: str = ""
    rows: int | None = None
    accepted: int | None = None
    quarantined: int | None = None
    corrections: tuple[str, ...] = ()
    meaning: str = ""
    counting: str = ""
    counts: str = ""


@dataclass(frozen=True)
class Basis:
    """What all figures of a report rest on. as_of: ISO day; policy, procedures, units: digests; formulas: indicator id
    → version; others: digest of what other periods add to cumulative figures, "" where that was not kept."""

    as_of: str
    policy: str
    procedures: str
    units: str
    formulas: Mapping[str, str]
    sources: tuple[SourceBasis, ...]
    others: str = ""


class Restated(NamedTuple):
    """The published version whose figures a version restates, and when that was published."""

    version: int
    published_at: datetime


class WrittenBasis(NamedTuple):
    """Of a part that an office wrote: which version, by whom, and whether it stands or was taken back."""

    version: int
    by_whom: str
    stands: bool


@dataclass(frozen=True)
class Kept:
    """Everything that a version keeps. written: by part, what offices wrote."""

    figures: Figures
    basis: Basis
    restates: Restated | None = None
    written: Mapping[str, WrittenBasis] = field(default_factory=dict)

    def to_json(self) -> str:
        """The same text for the same content."""
        restates = self.restates and {
            "version": self.restates.version,
            "published_at": self.restates.published_at.isoformat(),
        }
        rows = [[*cell, *counts] for cell, counts in sorted(self.figures.items())]
        whole: dict[str, Any] = {"figures": rows, "basis": asdict(self.basis), "restates": restates}
        if self.written:
            whole["written"] = self.written
        return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Kept:
        """Also of a version that kept less than one keeps now, or more."""
        whole = json.loads(text)
        figures = {Cell(*row[:4]): Counts(*row[4:]) for row in whole["figures"]}
        restates = whole["restates"] and Restated(
            whole["restates"]["version"], datetime.fromisoformat(whole["restates"]["published_at"])
        )
        written = {part: WrittenBasis(*row[:3]) for part, row in whole.get("written", {}).items()}
        return cls(figures, _basis(whole["basis"]), restates, written)


def _basis(said: dict[str, object]) -> Basis:
    known = Basis.__dataclass_fields__
    of_source = SourceBasis.__dataclass_fields__
    sources = said["sources"]
    assert isinstance(sources, list)
    rebuilt = []
    for source in sources:
        values = {name: value for name, value in source.items() if name in of_source}
        rebuilt.append(SourceBasis(**values | {"corrections": tuple(values.get("corrections", ()))}))
    return Basis(**{name: value for name, value in said.items() if name in known} | {"sources": tuple(rebuilt)})  # type: ignore[arg-type]


@dataclass(frozen=True)
class PublishedVersion:
    """A version that was published and stands. base: the published version that it restates itself, if it does."""

    scope: str
    unit_code: str
    version: int
    published_at: datetime
    kept: Kept
    base: PublishedVersion | None = None
