"""The versions of a period's reports that stand published, with what they printed."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlalchemy import Engine

from reporting.kept import Kept, PublishedVersion
from warehouse import printed, publications
from warehouse.publications import ReportKey
from warehouse.register import ReportVersion


def issued(engine: Engine, period_id: str) -> tuple[PublishedVersion, ...]:
    """One of each report of which a version stands published, and the version that this one restates, if it does."""
    stands = publications.standing(publications.events(engine, period_id))
    found = (_issued(engine, period_id, key, one.version, one.at) for key, one in sorted(stands.items()))
    return tuple(one for one in found if one is not None)


def kept_by(engine: Engine, period_id: str, key: ReportKey, version: int) -> Kept | None:
    """What a version printed; None where it was printed before that was kept."""
    document = printed.kept(engine, (period_id, *key, version))
    return None if document is None else Kept.from_json(document)


@lru_cache(maxsize=32)
def kept_of(engine: Engine, version: ReportVersion) -> Kept | None:
    """The same for who asks again and again: what a version printed never changes. It is megabytes, so few are held."""
    return kept_by(engine, version.period_id, version.key, version.version)


def _issued(
    engine: Engine, period_id: str, key: ReportKey, version: int, published_at: datetime
) -> PublishedVersion | None:
    kept = kept_by(engine, period_id, key, version)
    if kept is None:
        return None
    base = kept.restates and _issued(engine, period_id, key, *kept.restates)
    return PublishedVersion(*key, version, published_at, kept, base)
