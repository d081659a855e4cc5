"""What was seen of a source: how it was built, and what changed between two landings.

Grain stands with each table. Counts are counts of dossiers.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from warehouse.column_types import Moment, Words
from warehouse.tables._shared import identity, metadata, of_partition, one_of

CHANGES = ("new", "vanished", "due_rewritten", "end_rewritten", "moved_over_cut_off")
"""Kinds of change between two landings; see transforms.snapshots."""

ACCEPTED_BY = ("run", "operator")

landing_change = Table(
    "landing_change",
    metadata,
    identity(),
    *(Column(name, Words(), nullable=False) for name in ("period_id", "source_id", "landing_id", "before_landing_id")),
    *(Column(name, Words(), nullable=False) for name in ("kind", "dossier_code", "column")),
    *(Column(name, Words()) for name in ("address", "was", "now")),
    Column("noted_at", Moment(), nullable=False),
    of_partition(),
    one_of("kind", CHANGES),
    Index(None, "period_id", "source_id", "id"),
)
"""One row a dossier, or a date of it, that one landing of a (period, source) gives otherwise than the landing before;
only ever added to. column: one of ours, "" where the dossier itself came or went. was, now: days. The dossier code is
personal data, as in quarantine."""

source_structure = Table(
    "source_structure",
    metadata,
    identity(),
    Column("source_id", Words(), nullable=False),
    Column("seen_at", Moment(), nullable=False),
    Column("fingerprint", Words(), nullable=False),
    Column("structure", Words(), nullable=False),
    Column("mapping", Words(), nullable=False),
    Column("accepted_by", Words(), nullable=False),
    one_of("accepted_by", ACCEPTED_BY),
    Index(None, "source_id", "id"),
)
"""One row a structure of a source that was accepted, only ever added to. structure: JSON, table → column → type.
mapping: JSON, table → source column → what it stood for then. Names alone, never content."""
