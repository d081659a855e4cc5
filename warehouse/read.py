"""What stands in the warehouse, as frames. Rows come in the order of their keys, the same on every database.

Whoever asks which sources are loaded, and then what these gave, asks both of one moment: `one_moment`. Between two
moments another process may begin a source anew; it stands loaded by the first answer, gives no row by the second, and
a sum has 0 of it, without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, and_, exists, select

from contracts.codes import PartitionState, Series
from contracts.columns import FACT_KEYS, MEASURES, MEMOS
from warehouse import tables
from warehouse.database import reading
from warehouse.frames import INTEGER, TEXT, frame_of
from warehouse.ledger import Partition, partitions_on

_Query = Select[tuple[object, ...]]
_FACTS = {
    **dict.fromkeys(("source_id", *FACT_KEYS), TEXT),
    **dict.fromkeys((*MEASURES, *MEMOS), INTEGER),
}
_DURATIONS = {
    **dict.fromkeys(("source_id", "agency_code", "field"), TEXT),
    **dict.fromkeys(("days", "dossiers"), INTEGER),
}
_INDICATORS = {
    **dict.fromkeys(("unit_code", "agency_code", "scope", "indicator", "field"), TEXT),
    **dict.fromkeys(("numerator", "denominator"), "Int64"),
    **dict.fromkeys(("value", "score"), "float64"),
    "complete": "bool",
    "formula_version": TEXT,
}
_FINDINGS = {
    **dict.fromkeys(("source_id", "rule_id", "severity"), TEXT),
    "rows": INTEGER,
    **dict.fromkeys(("sentence", "regulation"), TEXT),
}
_REJECTED = {
    "source_id": TEXT,
    "row": INTEGER,
    **dict.fromkeys(("address", "dossier_code", "agency_code", "rules", "cells"), TEXT),
}


class Moment:
    """All periods as they stand at one and the same moment, whatever other processes enter meanwhile: the first look
    fixes it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, dict[str, Partition]] = {}

    def partitions(self, period_id: str) -> list[Partition]:
        """Every source of the period, by source id, as `ledger.partitions`."""
        return list(self._partitions(period_id).values())

    def facts(self, period_id: str, source_ids: Iterable[str], *, series: Series | None) -> pd.DataFrame:
        """Facts of the sources; source_id + FACT_KEYS + MEASURES + MEMOS. series: one of the two, or both if None.
        Raises ValueError for a source that is not loaded: it is missing, and what it gave before is not given out."""
        return frame_of(self._connection, _facts(period_id, self._loaded(period_id, source_ids), series), _FACTS)

    def durations(self, period_id: str, source_ids: Iterable[str]) -> pd.DataFrame:
        """How long dossiers took: source_id + DURATION_COLUMNS, and ValueError, as of `facts`."""
        return frame_of(self._connection, _durations(period_id, self._loaded(period_id, source_ids)), _DURATIONS)

    def indicators(self, period_id: str) -> pd.DataFrame:
        """As the function of that name."""
        return frame_of(self._connection, _indicators(period_id, by_field=False), _INDICATORS)

    def findings(self, period_id: str, *, loaded_only: bool = True) -> pd.DataFrame:
        """As the function of that name."""
        return frame_of(self._connection, _findings(period_id, loaded_only=loaded_only), _FINDINGS)

    def rejected(self, period_id: str) -> pd.DataFrame:
        """As the function of that name, of every source."""
        return frame_of(self._connection, _rejected(period_id), _REJECTED)

    def period_ids(self) -> list[str]:
        """As the function of that name."""
        return list(self._connection.scalars(_period_ids()))

    def _partitions(self, period_id: str) -> dict[str, Partition]:
        if period_id not in self._known:
            found = partitions_on(self._connection, period_id)
            self._known[period_id] = {partition.source_id: partition for partition in found}
        return self._known[period_id]

    def _loaded(self, period_id: str, source_ids: Iterable[str]) -> list[str]:
        known, wanted = self._partitions(period_id), sorted(set(source_ids))
        missing = [name for name in wanted if name not in known or known[name].state is not PartitionState.LOADED]
        if missing:
            raise ValueError(f"{period_id}: not loaded at this moment: {', '.join(missing)}")
        return wanted


@contextmanager
def one_moment(engine: Engine) -> Iterator[Moment]:
    """For whoever puts together what several reads tell. Nobody waits for it: others go on and write."""
    with reading(engine) as connection:
        yield Moment(connection)


def facts(engine: Engine, period_id: str, source_ids: Iterable[str], *, series: Series | None) -> pd.DataFrame:
    """Facts of those of the sources that are loaded; source_id + FACT_KEYS + MEASURES + MEMOS.

    A partition whose last attempt failed gives none, whatever was stored before. It is not told here which ones are
    missing, and the ledger tells it of another moment: who adds them up takes both from `one_moment`.
    series: one of the two, or both if None."""
    return _frame(engine, _facts(period_id, source_ids, series), _FACTS)


def indicators(engine: Engine, period_id: str, *, by_field: bool = False) -> pd.DataFrame:
    """Indicators of a period, of all fields together (field ""); with those of each field where `by_field` is on.
    numerator, denominator, value and score are missing where they are not known."""
    return _frame(engine, _indicators(period_id, by_field=by_field), _INDICATORS)


def findings(engine: Engine, period_id: str, *, loaded_only: bool = True) -> pd.DataFrame:
    """Findings of the loaded sources; of all of them, as last checked, where `loaded_only` is off."""
    return _frame(engine, _findings(period_id, loaded_only=loaded_only), _FINDINGS)


def rejected(engine: Engine, period_id: str, source_id: str | None = None) -> pd.DataFrame:
    """The quarantine of a period, or of one source in it, as last checked. For operators only: it has dossier
    codes."""
    return _frame(engine, _rejected(period_id, source_id), _REJECTED)


def period_ids(engine: Engine) -> list[str]:
    """Every period that the ledger knows, in order of their names."""
    with reading(engine) as connection:
        return list(connection.scalars(_period_ids()))


def _facts(period_id: str, source_ids: Iterable[str], series: Series | None) -> _Query:
    table = tables.fact
    wanted = table.c.source_id.in_(sorted(set(source_ids)))
    query = _select(table, _FACTS, period_id).where(wanted, _is_loaded(table))
    return query if series is None else query.where(table.c.series == series)


def _durations(period_id: str, source_ids: Iterable[str]) -> _Query:
    table = tables.duration
    wanted = table.c.source_id.in_(sorted(set(source_ids)))
    return _select(table, _DURATIONS, period_id).where(wanted, _is_loaded(table))


def _indicators(period_id: str, *, by_field: bool) -> _Query:
    query = _select(tables.indicator, _INDICATORS, period_id)
    return query if by_field else query.where(tables.indicator.c.field == "")


def _findings(period_id: str, *, loaded_only: bool) -> _Query:
    query = _select(tables.finding, _FINDINGS, period_id)
    return query.where(_is_loaded(tables.finding)) if loaded_only else query


def _rejected(period_id: str, source_id: str | None = None) -> _Query:
    query = _select(tables.rejected, _REJECTED, period_id)
    return query if source_id is None else query.where(tables.rejected.c.source_id == source_id)


def _period_ids() -> Select[tuple[str]]:
    column = tables.partition.c.period_id
    return select(column).distinct().order_by(column)


def _select(table: Table, kinds: dict[str, str], period_id: str) -> _Query:
    columns = [table.c[name] for name in kinds]
    return select(*columns).where(table.c.period_id == period_id).order_by(*table.primary_key)


def _is_loaded(table: Table) -> ColumnElement[bool]:
    partition = tables.partition
    same = and_(partition.c.period_id == table.c.period_id, partition.c.source_id == table.c.source_id)
    return exists().where(same, partition.c.state == PartitionState.LOADED)


def _frame(engine: Engine, query: _Query, kinds: dict[str, str]) -> pd.DataFrame:
    with reading(engine) as connection:
        return frame_of(connection, query, kinds)
