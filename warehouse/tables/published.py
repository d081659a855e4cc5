"""What others published.

Grain stands with each table. Counts are counts of dossiers.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Table

from contracts.published import Group
from warehouse.column_types import Moment, Words
from warehouse.tables._shared import key, metadata, one_of

published_figure = Table(
    "published_figure",
    metadata,
    key("period_id"),
    key("agency_code"),
    key("indicator"),
    Column("fetched_at", Moment(), primary_key=True),
    Column("group_id", Words(), nullable=False),
    *(Column(name, Words()) for name in ("agency_name", "level")),
    *(Column(name, BigInteger) for name in ("numerator", "denominator")),
    *(Column(name, Double) for name in ("ratio", "score", "max_score")),
    *(Column(name, Words()) for name in ("quality_flag", "quality_message", "source")),
    one_of("group_id", Group),
)
"""One row a (period, agency, indicator) that the national portal published, at each fetch; only ever added to. What it
published as null is null, and never 0. agency_code: the portal's, which is ours where we know it. source: who gave the
file that it was imported from; null for what was fetched from the portal."""
