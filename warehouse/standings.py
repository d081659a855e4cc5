"""Points of the provincial index, and imported places. Only ever added to: the newest entry counts, the earlier ones
stay, and nothing that was computed here comes in their place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, RowMapping, select

from contracts.criteria_points import PointEntry, PointKind
from contracts.rankings import IndexName, Ranking, RankingKind
from warehouse import tables
from warehouse.bulk import insert_all
from warehouse.database import reading, writing

_points, _rankings = tables.criterion_points, tables.imported_ranking

E = TypeVar("E")


@dataclass(frozen=True)
class Entered(Generic[E]):
    """What one import did. added: entries for which there was none; replaced: (before, now) that differ; unchanged: how
    many say what stands there already, which are not entered again."""

    added: tuple[E, ...]
    replaced: tuple[tuple[E, E], ...]
    unchanged: int


@dataclass(frozen=True)
class Stored(Generic[E]):
    """An entry, and who entered it when."""

    entry: E
    entered_by: str
    entered_at: datetime


def add_points(
    engine: Engine, year: int, entries: Collection[PointEntry], *, by: str, at: datetime
) -> Entered[PointEntry]:
    """Enter what differs from what stands; all of it or nothing."""
    with writing(engine) as connection:
        stand = {_point_key(s.entry): s.entry for s in _stored_points(connection, year)}
        done = _compared(entries, stand, _point_key)
        rows = [_point_row(entry, year) | {"entered_by": by, "entered_at": at} for entry in _changed(done)]
        insert_all(connection, _points, rows)
    return done


def points(engine: Engine, year: int) -> list[Stored[PointEntry]]:
    """What stands for the year, the newest entry of each (unit, criterion, kind), in the order of these; points None
    where they were taken back."""
    with reading(engine) as connection:
        return sorted(_stored_points(connection, year), key=lambda s: _point_key(s.entry))


def years_with_points(engine: Engine) -> list[int]:
    """Years for which verified points were ever entered, oldest first."""
    column = _points.c.year
    query = select(column).where(_points.c.kind == PointKind.VERIFIED.value).distinct().order_by(column)
    with reading(engine) as connection:
        return list(connection.scalars(query))


def verified_points(engine: Engine, year: int) -> dict[tuple[str, str], Decimal]:
    """(agency code, criterion id) → verified points."""
    return {
        (s.entry.agency_code, s.entry.criterion_id): s.entry.points
        for s in points(engine, year)
        if s.entry.kind is PointKind.VERIFIED and s.entry.points is not None
    }


def add_rankings(engine: Engine, entries: Collection[Ranking], *, by: str, at: datetime) -> Entered[Ranking]:
    """Enter what differs from what stands; all of it or nothing."""
    with writing(engine) as connection:
        stand = {s.entry.key: s.entry for s in _stored_rankings(connection)}
        done = _compared(entries, stand, lambda entry: entry.key)
        rows = [_ranking_row(entry) | {"entered_by": by, "entered_at": at} for entry in _changed(done)]
        insert_all(connection, _rankings, rows)
    return done


def rankings(engine: Engine) -> list[Stored[Ranking]]:
    """What stands, the newest entry of each key, without those that were taken back; in the order of their keys."""
    with reading(engine) as connection:
        stand = [s for s in _stored_rankings(connection) if not s.entry.withdrawn]
    return sorted(stand, key=lambda s: s.entry.key)


def _compared(entries: Iterable[E], stand: dict[Any, E], key: Callable[[E], Hashable]) -> Entered[E]:
    added, replaced, unchanged = [], [], 0
    for entry in entries:
        before = stand.get(key(entry))
        if before is None:
            added.append(entry)
        elif before == entry:
            unchanged += 1
        else:
            replaced.append((before, entry))
    return Entered(tuple(added), tuple(replaced), unchanged)


def _changed(done: Entered[E]) -> list[E]:
    return [*done.added, *(now for _, now in done.replaced)]


def _point_key(entry: PointEntry) -> tuple[str, str, str]:
    return (entry.agency_code, entry.criterion_id, entry.kind.value)


def _stored_points(connection: Connection, year: int) -> list[Stored[PointEntry]]:
    rows = connection.execute(select(_points).where(_points.c.year == year).order_by(_points.c.id)).mappings()
    newest = {tuple(row[name] for name in ("agency_code", "criterion_id", "kind")): row for row in rows}
    return [Stored(_point(row), row["entered_by"], row["entered_at"]) for row in newest.values()]


def _point(row: RowMapping) -> PointEntry:
    return PointEntry(
        row["agency_code"],
        row["criterion_id"],
        PointKind(row["kind"]),
        None if row["points"] is None else Decimal(row["points"]),
        row["evidence"],
        row["note"],
    )


def _point_row(entry: PointEntry, year: int) -> dict[str, Any]:
    return asdict(entry) | {"year": year, "kind": entry.kind.value, "points": _text(entry.points)}


def _stored_rankings(connection: Connection) -> list[Stored[Ranking]]:
    rows = connection.execute(select(_rankings).order_by(_rankings.c.id)).mappings()
    entries = (Stored(_ranking(row), row["entered_by"], row["entered_at"]) for row in rows)
    return [*{stored.entry.key: stored for stored in entries}.values()]


def _ranking(row: RowMapping) -> Ranking:
    given = {name: value for name, value in row.items() if name not in {"id", "index_id", "entered_by", "entered_at"}}
    score = None if row["score"] is None else Decimal(row["score"])
    kinds = {"kind": RankingKind(row["kind"]), "index": IndexName(row["index_id"]), "score": score}
    return Ranking(**{**given, **kinds})


def _ranking_row(entry: Ranking) -> dict[str, Any]:
    row = asdict(entry) | {"index_id": entry.index.value, "kind": entry.kind.value, "score": _text(entry.score)}
    del row["index"]
    return row


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
