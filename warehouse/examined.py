"""The warehouse looked at as it is: nothing is created, nothing brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, func, select

from contracts.fitness import Fitness, good, unfit, warning
from warehouse import locks, tables
from warehouse.database import is_postgresql, open_unchanged, reading, sqlite_file
from warehouse.runs import Run
from warehouse.upgrade import HEAD, version_of


@dataclass(frozen=True)
class Examined:
    """version: the migration at which it is; None where it has no tables of ours yet."""

    engine: Engine
    version: str | None

    @property
    def is_current(self) -> bool:
        return self.version == HEAD


def examine(url: str) -> Examined | None:
    """None where there is none yet. Raises WarehouseError where it does not answer."""
    engine = open_unchanged(url)
    if not is_postgresql(engine) and not sqlite_file(engine).exists():
        return None
    with reading(engine) as connection:
        return Examined(engine, version_of(connection))


def of_version(found: Examined | None, province_id: str) -> Fitness:
    """Where it is, at which version, and whose."""
    if found is None or found.version is None:
        return good("chưa có; lượt chạy đầu tiên sẽ lập")
    if found.version > HEAD:
        return unfit(
            f"kho ở phiên bản {found.version}, bản cchc này chỉ biết đến {HEAD}",
            "cài bản cchc mới hơn, hoặc khôi phục kho từ bản sao lưu trước khi nâng cấp",
        )
    if not found.is_current:
        return warning(
            f"kho ở phiên bản {found.version}, lệnh tiếp theo sẽ nâng lên {HEAD}",
            "sao lưu trước, vì bản cũ không mở được kho đã nâng",
        )
    with reading(found.engine) as connection:
        owner = connection.scalar(select(tables.owner.c.province_id))
    if owner not in {None, province_id}:
        said = f"kho này là của tỉnh «{owner}», không phải «{province_id}»"
        return unfit(said, "mỗi tỉnh một kho: sửa CCHC_WAREHOUSE_URL hoặc CCHC_PROVINCE")
    return good(f"{_place(found.engine)}, phiên bản {found.version}")


def _place(engine: Engine) -> str:
    if not is_postgresql(engine):
        return str(sqlite_file(engine))
    return f"PostgreSQL «{engine.url.database}» trên {engine.url.host or engine.url.query.get('host') or 'máy này'}"


def newest_moment(found: Examined) -> datetime | None:
    """When something was last entered; None before the first. A clock that shows less has been set back."""
    with reading(found.engine) as connection:
        moments = [moment for moment in _moments(connection) if moment]
    return max(moments, default=None)


def _moments(connection: Connection) -> Iterator[datetime | None]:
    """By the key of each table: of millions of entries none but the last is looked at."""
    for table, column, key in (
        (tables.partition_event, "at", "id"),
        (tables.audit_entry, "at", "number"),
        (tables.period_run, "began_at", "id"),
        (tables.period_run, "ended_at", "id"),
    ):
        yield _last(connection, table, column, key)
    extracted = tables.partition.c.extracted_at
    yield connection.scalar(select(extracted).where(extracted.is_not(None)).order_by(extracted.desc()).limit(1))


def _last(connection: Connection, table: Table, column: str, key: str) -> datetime | None:
    moment: datetime | None = connection.scalar(select(table.c[column]).order_by(table.c[key].desc()).limit(1))
    return moment


@dataclass(frozen=True)
class UnfinishedRun:
    """The newest run of a period, without an end. goes_on: what holds the period's lock; "" where nobody does."""

    run: Run
    goes_on: str


def unfinished_runs(found: Examined) -> list[UnfinishedRun]:
    """By period. Of one that nobody holds the process was killed, or the machine went down."""
    table = tables.period_run
    newest = select(func.max(table.c.id)).group_by(table.c.period_id)
    query = select(table).where(table.c.id.in_(newest), table.c.ended_at.is_(None)).order_by(table.c.period_id)
    with reading(found.engine) as connection:
        open_ones = [Run(**row) for row in connection.execute(query).mappings()]
    return [UnfinishedRun(run, _holder(found.engine, run.period_id)) for run in open_ones]


def _holder(engine: Engine, period_id: str) -> str:
    busy = locks.going_on(engine, period_id)
    return busy.cause if busy else ""
