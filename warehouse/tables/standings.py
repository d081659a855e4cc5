"""The provincial index, and places in indices that others publish.

Grain stands with each table. Points and scores are decimals as text, exactly as they were entered: 62.44.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table

from contracts.criteria_points import PointKind
from contracts.rankings import RankingKind
from warehouse.column_types import Moment, Words
from warehouse.tables._shared import identity, metadata, one_of

criterion_points = Table(
    "criterion_points",
    metadata,
    identity(),
    Column("year", Integer, nullable=False),
    *(Column(name, Words(), nullable=False) for name in ("agency_code", "criterion_id", "kind")),
    Column("points", Words()),
    *(Column(name, Words(), nullable=False) for name in ("evidence", "note", "entered_by")),
    Column("entered_at", Moment(), nullable=False),
    one_of("kind", PointKind),
    Index(None, "year", "agency_code", "criterion_id", "kind", "id"),
)
"""One row an entry of points for a (year, unit, criterion, kind), only ever added to; the newest counts. points: null
where earlier ones were taken back."""

imported_ranking = Table(
    "imported_ranking",
    metadata,
    identity(),
    *(Column(name, Words(), nullable=False) for name in ("kind", "index_id", "area")),
    Column("year", Integer, nullable=False),
    *(Column(name, Words(), nullable=False) for name in ("unit_code", "unit_name")),
    *(Column(name, Integer) for name in ("place", "base_size", "gained")),
    Column("score", Words()),
    *(Column(name, Words(), nullable=False) for name in ("base_group", "score_unit", "rating", "aim")),
    *(Column(name, Words(), nullable=False) for name in ("source", "note")),
    Column("published_on", Date),
    *(Column(name, Boolean, nullable=False) for name in ("verified", "withdrawn")),
    Column("entered_by", Words(), nullable=False),
    Column("entered_at", Moment(), nullable=False),
    one_of("kind", RankingKind),
    Index(None, "index_id", "area", "year", "unit_code", "id"),
)
"""One row an entry of what somebody published of a unit in an index and year, or of what it aims at, only ever added
to; the newest counts. score: decimal as text, null where none was published."""
