"""The ledger: whose warehouse this is, and where each (period, source) stands.

Grain stands with each table. Counts are counts of dossiers.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Table

from contracts.codes import PartitionState
from warehouse.column_types import Lying, Moment, Words
from warehouse.tables._shared import SENTENCE, identity, key, metadata, of_partition, one_of

owner = Table(
    "owner",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("province_id", Words(), nullable=False),
    Column("since", Moment(), nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)
"""One row: the province whose warehouse this is."""

warehouse_mark = Table(
    "warehouse_mark",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("mark", Words(), nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)
"""One row: what tells this warehouse from every other one; in no figure, in no report. A restored one keeps it."""

partition = Table(
    "partition",
    metadata,
    key("period_id"),
    key("source_id"),
    Column("state", Words(), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("rows", Integer),
    Column("accepted", Integer),
    Column("quarantined", Integer),
    Column("error", Words(SENTENCE)),
    Column("advice", Words(SENTENCE)),
    Column("error_kind", Words()),
    Column("landing_id", Words()),
    Column("landing_path", Lying()),
    Column("extracted_at", Moment()),
    Column("extract_fingerprint", Words()),
    Column("load_fingerprint", Words()),
    Column("as_of", Date),
    Column("across", Words()),
    Column("settled", Integer),
    Column("updated_at", Moment(), nullable=False),
    one_of("state", PartitionState),
)
"""One row a (period, source): the ledger. rows counts landed rows of dossiers. across: which of its dossiers were left
to other sources in the facts that stand; see counted_elsewhere. settled: the attempt whose facts were held against all
others last; 0: none of a run that is to do so; NULL: it was never to be (of a version before 0016)."""

partition_event = Table(
    "partition_event",
    metadata,
    identity(),
    Column("period_id", Words(), nullable=False),
    Column("source_id", Words(), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", Words(), nullable=False),
    Column("at", Moment(), nullable=False),
    Column("detail", Words(SENTENCE), nullable=False),
    of_partition(),
    one_of("state", PartitionState),
    Index(None, "period_id", "source_id", "id"),
)
"""One row a change of a partition's state, only ever added to."""
