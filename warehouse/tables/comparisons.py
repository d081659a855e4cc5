"""What sources and periods tell of one another.

Grain stands with each table. Counts are counts of dossiers.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Table

from warehouse.column_types import Words
from warehouse.tables._shared import key, metadata, of_partition, one_of

NOT_CONTINUED = ("not_carried", "not_open")
"""Open at the end of the period before and not carried over into this one; the other way about."""

counted_elsewhere = Table(
    "counted_elsewhere",
    metadata,
    key("period_id"),
    key("source_id"),
    key("dossier_code"),
    Column("elsewhere", Words(), nullable=False),
    Column("holds", Boolean, nullable=False),
    of_partition(),
)
"""One row a dossier that two systems hold: source_id leaves it to the source `elsewhere`, where it was received. holds:
it was found when the sources were compared last; else it was so when both were, which the period after has to know.
What shall be; what was done is in partition.across."""

continuity_dossier = Table(
    "continuity_dossier",
    metadata,
    key("period_id"),
    key("source_id"),
    key("kind"),
    key("dossier_code"),
    Column("agency_code", Words()),
    Column("reason", Words(), nullable=False),
    of_partition(),
    one_of("kind", NOT_CONTINUED),
)
"""One row a dossier that explains why what was carried over is not what was open at the end of the period before.
agency_code: of the unit whose figure it touches."""

deviation = Table(
    "deviation",
    metadata,
    key("period_id"),
    key("rule_id"),
    key("agency_code"),
    key("measure"),
    Column("compared_with", Words(), nullable=False),
    *(Column(name, BigInteger) for name in ("was", "now")),
    *(Column(name, Double) for name in ("was_value", "now_value")),
)
"""One row a figure of a unit that is not what something else lets expect. compared_with: a period, or what was
published. was, now: counts; was_value, now_value: ratios or scores, where it is not counts that differ."""
