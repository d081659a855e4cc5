"""What all tables share: the metadata with its naming convention, and the columns and constraints that come back."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Integer, MetaData

from warehouse.column_types import Words

SENTENCE = 2_000
"""Characters kept of an error or an advice: enough for a person, too few for a dump."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def key(name: str) -> Column[str]:
    return Column(name, Words(), primary_key=True)


def identity() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def one_of(name: str, values: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{name} IN ({listed})", name=f"{name}_known")


def of_partition() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["period_id", "source_id"], ["partition.period_id", "partition.source_id"])
