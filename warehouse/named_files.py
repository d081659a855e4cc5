"""The files that a warehouse names: those of the register, and the dossiers behind the facts. Read from the very
snapshot that is copied, at whatever migration it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sqlalchemy import Connection, Select, Table, and_, select

from contracts.codes import PartitionState
from warehouse.counted import name_of
from warehouse.layouts import TableLayout
from warehouse.retained import REMOVED

COUNTED, RETURNS = "counted", "returns"
_REGISTERED = ("report_version", "report_file", "signed_copy")
_OF_VERSION = ("period_id", "scope", "unit_code", "version")


@dataclass(frozen=True)
class NamedFile:
    """path: as the warehouse tells it, relative to the home. sha256: as it was entered; None where it never was, and
    the file's own name tells its content. partition: period and source of a file that may give way to a newer one."""

    path: str
    sha256: str | None = None
    partition: tuple[str, str] | None = None


def named_files(connection: Connection, layout: Sequence[TableLayout], province_id: str) -> Iterator[NamedFile]:
    """Those that a run may remove meanwhile come first. Not those of versions whose files went by age: nobody misses
    them."""
    tables = {table.name: table.table() for table in layout}
    yield from counted_files(connection, layout, province_id)
    seen: set[tuple[str, str]] = set()
    for table in (tables[name] for name in _REGISTERED if name in tables):
        for row in connection.execute(_kept(table, tables["report_version"])):
            if tuple(row) not in seen:
                seen.add(tuple(row))
                yield NamedFile(row.path, row.sha256)
    if "returned_file" in tables:
        yield from _returned(connection, tables["returned_file"], province_id)


def _kept(table: Table, versions: Table) -> Select[tuple[str, str]]:
    query = select(table.c.path, table.c.sha256).order_by(table.c.path, table.c.sha256)
    if table is versions:
        return query.where(versions.c.status != REMOVED)
    same = and_(*(table.c[name] == versions.c[name] for name in _OF_VERSION))
    return query.where(~select(versions.c.version).where(same, versions.c.status == REMOVED).exists())


def _returned(connection: Connection, table: Table, province_id: str) -> Iterator[NamedFile]:
    """As flows.returns lays them down."""
    columns = table.c.period_id, table.c.agency_code, table.c.sha256
    for row in connection.execute(select(*columns).distinct().order_by(*columns)):
        file = PurePosixPath(province_id, RETURNS, row.period_id, row.agency_code, f"{row.sha256[:16]}.xlsx")
        yield NamedFile(str(file), row.sha256)


def landings(connection: Connection, layout: Sequence[TableLayout]) -> Iterator[str]:
    """Folders of the extracts that partitions hold, as the warehouse tells them."""
    table = next(one for one in layout if one.name == "partition").table()
    query = select(table.c.landing_path).where(table.c.landing_path.is_not(None)).distinct()
    yield from connection.scalars(query.order_by(table.c.landing_path))


def counted_files(connection: Connection, layout: Sequence[TableLayout], province_id: str) -> Iterator[NamedFile]:
    """Of every partition that is loaded; one that was counted before there were such files has none."""
    table = next(one for one in layout if one.name == "partition").table()
    columns = (table.c[name] for name in ("period_id", "source_id", "landing_id", "load_fingerprint", "across"))
    query = select(*columns).where(table.c.state == PartitionState.LOADED).order_by(*list(table.primary_key))
    for row in connection.execute(query):
        name = name_of(row.landing_id, row.load_fingerprint, row.across)
        file = PurePosixPath(province_id, COUNTED, row.period_id, row.source_id, name)
        yield NamedFile(str(file), partition=(row.period_id, row.source_id))
