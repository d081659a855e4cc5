"""Every table of the warehouse. A change here needs a migration; a test compares the two.

Grain stands with each table. Counts are counts of dossiers.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
)

from contracts.codes import PartitionState, Series, Severity
from contracts.columns import MEASURES, MEMOS, OPEN, RECEIVED, RESOLVED
from contracts.published import Group
from warehouse.column_types import Moment, Words

SENTENCE = 2_000
"""Characters kept of an error or an advice: enough for a person, too few for a dump."""


INDICATOR_SCOPES = ("unit", "tree")
"""A unit's own dossiers, or those of its whole tree."""

REPORT_SCOPES = ("province", "unit")

CHANGES = ("new", "vanished", "due_rewritten", "end_rewritten", "moved_over_cut_off")
"""Kinds of change between two landings; see transforms.snapshots."""

NOT_CONTINUED = ("not_carried", "not_open")
"""Open at the end of the period before and not carried over into this one; the other way about."""

ACCEPTED_BY = ("run", "operator")
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _key(name: str) -> Column[str]:
    return Column(name, Words(), primary_key=True)


def _identity() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def _one_of(name: str, values: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{name} IN ({listed})", name=f"{name}_known")


def _of_partition() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["period_id", "source_id"], ["partition.period_id", "partition.source_id"])


owner = Table(
    "owner",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("province_id", Words(), nullable=False),
    Column("since", Moment(), nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)
"""One row: the province whose warehouse this is."""

partition = Table(
    "partition",
    metadata,
    _key("period_id"),
    _key("source_id"),
    Column("state", Words(), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("rows", Integer),
    Column("accepted", Integer),
    Column("quarantined", Integer),
    Column("error", Words(SENTENCE)),
    Column("advice", Words(SENTENCE)),
    Column("error_kind", Words()),
    Column("landing_id", Words()),
    Column("landing_path", Words()),
    Column("extracted_at", Moment()),
    Column("extract_fingerprint", Words()),
    Column("load_fingerprint", Words()),
    Column("as_of", Date),
    Column("across", Words()),
    Column("updated_at", Moment(), nullable=False),
    _one_of("state", PartitionState),
)
"""One row a (period, source): the ledger. rows counts landed rows of dossiers. across: which of its dossiers were left
to other sources in the facts that stand; see counted_elsewhere."""

partition_event = Table(
    "partition_event",
    metadata,
    _identity(),
    Column("period_id", Words(), nullable=False),
    Column("source_id", Words(), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", Words(), nullable=False),
    Column("at", Moment(), nullable=False),
    Column("detail", Words(SENTENCE), nullable=False),
    _of_partition(),
    _one_of("state", PartitionState),
    Index(None, "period_id", "source_id", "id"),
)
"""One row a change of a partition's state, only ever added to."""

fact = Table(
    "fact",
    metadata,
    _key("period_id"),
    _key("source_id"),
    _key("series"),
    _key("agency_code"),
    _key("field"),
    _key("procedure_code"),
    Column("unit_code", Words(), nullable=False),
    *(Column(name, Integer, nullable=False) for name in (*MEASURES, *MEMOS)),
    _of_partition(),
    _one_of("series", Series),
    *(CheckConstraint(f"{name} >= 0", name=f"{name}_not_negative") for name in (*MEASURES, *MEMOS)),
    CheckConstraint(f"{' + '.join(RECEIVED)} = {' + '.join((*RESOLVED, *OPEN))}", name="form_identity"),
    sqlite_with_rowid=False,
)
"""One row a (period, source, series, agency, field, procedure), of the agency's own dossiers. The last line of
defence of form II.06a/VPCP/KSTT stands here, too: (3) = (7) + (11)."""

finding = Table(
    "finding",
    metadata,
    _key("period_id"),
    _key("source_id"),
    _key("rule_id"),
    Column("severity", Words(), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("sentence", Words(), nullable=False),
    Column("regulation", Words(), nullable=False),
    _of_partition(),
    _one_of("severity", Severity),
)
"""One row a rule that a source's rows broke, with how many rows broke it."""

rejected = Table(
    "rejected",
    metadata,
    _key("period_id"),
    _key("source_id"),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("address", Words()),
    Column("dossier_code", Words()),
    Column("agency_code", Words()),
    Column("rules", Words(), nullable=False),
    Column("cells", Words()),
    _of_partition(),
)
"""Quarantine: one row a landed row that counts nowhere. rules: rule ids joined by a comma. cells: where a person finds
what the rules are about. The dossier code is pseudonymous personal data (Luật 91/2025/QH15): it goes into no report
and no log."""

counted_elsewhere = Table(
    "counted_elsewhere",
    metadata,
    _key("period_id"),
    _key("source_id"),
    _key("dossier_code"),
    Column("elsewhere", Words(), nullable=False),
    _of_partition(),
)
"""One row a dossier that two systems hold: source_id leaves it to the source `elsewhere`, where it was received. What
shall be; what was done is in partition.across."""

continuity_dossier = Table(
    "continuity_dossier",
    metadata,
    _key("period_id"),
    _key("source_id"),
    _key("kind"),
    _key("dossier_code"),
    Column("agency_code", Words()),
    Column("reason", Words(), nullable=False),
    _of_partition(),
    _one_of("kind", NOT_CONTINUED),
)
"""One row a dossier that explains why what was carried over is not what was open at the end of the period before.
agency_code: of the unit whose figure it touches."""

deviation = Table(
    "deviation",
    metadata,
    _key("period_id"),
    _key("rule_id"),
    _key("agency_code"),
    _key("measure"),
    Column("compared_with", Words(), nullable=False),
    *(Column(name, BigInteger) for name in ("was", "now")),
    *(Column(name, Double) for name in ("was_value", "now_value")),
)
"""One row a figure of a unit that is not what something else lets expect. compared_with: a period, or what was
published. was, now: counts; was_value, now_value: ratios or scores, where it is not counts that differ."""

landing_change = Table(
    "landing_change",
    metadata,
    _identity(),
    *(Column(name, Words(), nullable=False) for name in ("period_id", "source_id", "landing_id", "before_landing_id")),
    *(Column(name, Words(), nullable=False) for name in ("kind", "dossier_code", "column")),
    *(Column(name, Words()) for name in ("address", "was", "now")),
    Column("noted_at", Moment(), nullable=False),
    _of_partition(),
    _one_of("kind", CHANGES),
    Index(None, "period_id", "source_id", "id"),
)
"""One row a dossier, or a date of it, that one landing of a (period, source) gives otherwise than the landing before;
only ever added to. column: one of ours, "" where the dossier itself came or went. was, now: days. The dossier code is
personal data, as in quarantine."""

source_structure = Table(
    "source_structure",
    metadata,
    _identity(),
    Column("source_id", Words(), nullable=False),
    Column("seen_at", Moment(), nullable=False),
    Column("fingerprint", Words(), nullable=False),
    Column("structure", Words(), nullable=False),
    Column("mapping", Words(), nullable=False),
    Column("accepted_by", Words(), nullable=False),
    _one_of("accepted_by", ACCEPTED_BY),
    Index(None, "source_id", "id"),
)
"""One row a structure of a source that was accepted, only ever added to. structure: JSON, table → column → type.
mapping: JSON, table → source column → what it stood for then. Names alone, never content."""

indicator = Table(
    "indicator",
    metadata,
    _key("period_id"),
    _key("scope"),
    _key("agency_code"),
    _key("indicator"),
    Column("unit_code", Words(), nullable=False),
    Column("numerator", BigInteger),
    Column("denominator", BigInteger),
    Column("value", Double),
    Column("score", Double),
    Column("complete", Boolean, nullable=False),
    Column("formula_version", Words(), nullable=False),
    _one_of("scope", INDICATOR_SCOPES),
)
"""One row a (period, scope, agency, indicator). complete: no source below the agency is missing."""

published_figure = Table(
    "published_figure",
    metadata,
    _key("period_id"),
    _key("agency_code"),
    _key("indicator"),
    Column("fetched_at", Moment(), primary_key=True),
    Column("group_id", Words(), nullable=False),
    *(Column(name, Words()) for name in ("agency_name", "level")),
    *(Column(name, BigInteger) for name in ("numerator", "denominator")),
    *(Column(name, Double) for name in ("ratio", "score", "max_score")),
    *(Column(name, Words()) for name in ("quality_flag", "quality_message")),
    _one_of("group_id", Group),
)
"""One row a (period, agency, indicator) that the national portal published, at each fetch; only ever added to. What it
published as null is null, and never 0. agency_code: the portal's, which is ours where we know it."""

report_version = Table(
    "report_version",
    metadata,
    _key("period_id"),
    _key("scope"),
    _key("unit_code"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("status", Words(), nullable=False),
    Column("path", Words(), nullable=False),
    Column("sha256", Words(), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("input_digest", Words(), nullable=False),
    Column("created_at", Moment(), nullable=False),
    Column("reason", Words(SENTENCE), nullable=False),
    _one_of("scope", REPORT_SCOPES),
)
"""One row a version of a report, only ever added to."""
