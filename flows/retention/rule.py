"""Which versions and extracts may go: a pure rule over what is known of them.

A version is needed where it is the newest of its report, or where anybody ever checked, approved, published, withdrew,
unlocked or signed it. An extract is needed where a partition's facts, or a needed version's, were counted from it. Of a
version whose basis is not known every extract of its period is needed. All that is needed stays for ever."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

ReportKey = tuple[str, str, str]
"""period_id, scope, unit_code."""


@dataclass(frozen=True)
class VersionKnown:
    """printed: the day. events: whether anything ever became of it. signed: whether a copy came back. landings: source
    and beginning of the landing's checksum, None where that was not kept. removed: whether its files went before."""

    report: ReportKey
    version: int
    printed: date
    events: bool = False
    signed: bool = False
    landings: frozenset[tuple[str, str]] | None = frozenset()
    removed: bool = False


@dataclass(frozen=True)
class LandingKnown:
    """cut_off: of its period."""

    source_id: str
    period_id: str
    landing_id: str
    cut_off: date


def is_needed(one: VersionKnown, newest: dict[ReportKey, int]) -> bool:
    return one.version == newest[one.report] or one.events or one.signed


def newest_of(versions: Collection[VersionKnown]) -> dict[ReportKey, int]:
    found: dict[ReportKey, int] = {}
    for one in versions:
        found[one.report] = max(one.version, found.get(one.report, 0))
    return found


def needed(versions: Collection[VersionKnown]) -> list[VersionKnown]:
    newest = newest_of(versions)
    return [one for one in versions if is_needed(one, newest)]


def outlived_versions(versions: Collection[VersionKnown], *, before: date | None) -> list[VersionKnown]:
    """before: printed on an earlier day; None: none goes. One that went already is told again: files may be left."""
    newest = newest_of(versions)
    return [
        one
        for one in versions
        if not is_needed(one, newest) and (one.removed or (before is not None and one.printed < before))
    ]


def outlived_landings(
    landings: Collection[LandingKnown],
    versions: Collection[VersionKnown],
    counted: Collection[tuple[str, str]],
    *,
    gone: Collection[VersionKnown],
    before: date | None,
) -> Iterator[LandingKnown]:
    """counted: source and id of the landings from which the facts that stand were counted. gone: versions that go, or
    went: what they alone rest on may go, too."""
    left = [one for one in versions if one not in gone]
    unknown = {one.report[0] for one in left if one.landings is None}
    kept = {*counted, *(landing for one in left for landing in one.landings or ())}
    for landing in landings:
        old = before is not None and landing.cut_off < before
        if old and landing.period_id not in unknown and not _is_among(landing, kept):
            yield landing


def _is_among(landing: LandingKnown, kept: Collection[tuple[str, str]]) -> bool:
    """A version keeps the beginning of the checksum, and so does a folder's name: the shorter of the two decides."""
    return any(
        source == landing.source_id and (landing.landing_id.startswith(begin) or begin.startswith(landing.landing_id))
        for source, begin in kept
    )
