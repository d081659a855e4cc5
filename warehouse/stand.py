"""What stood of a period's sources when its figures were put together, held against what stands when they are entered;
and whether what stands was held against one another, so that no dossier of two sources counts in both.

A process that was thought dead may load its source meanwhile, and a run that stood still, its lock lost, may wake when
another one has read anew. What either put together is then of two moments: it is refused, and made again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Engine, select, update

from contracts.codes import PartitionState
from contracts.errors import CchcError, Exit
from warehouse import tables
from warehouse.database import writing
from warehouse.ledger import Partition

_table = tables.partition


class StandMoved(CchcError):
    """A source was read or counted while figures that hold it were put together."""

    exit_code = Exit.USAGE


def stand_of(partitions: Iterable[Partition]) -> str:
    """Each source's attempt and state, in a word that a task can be told."""
    return _written((p.source_id, p.attempt, p.state.value) for p in partitions)


def check_stand(connection: Connection, period_id: str, stand: str | None) -> None:
    """Raises StandMoved where a source of the period came further, or began anew, since; until the transaction ends,
    none does. None: of whoever put nothing together."""
    if stand is None:
        return
    columns = _table.c.source_id, _table.c.attempt, _table.c.state
    query = select(*columns).where(_table.c.period_id == period_id).with_for_update(read=True)
    if _written((row.source_id, row.attempt, str(row.state)) for row in connection.execute(query)) != stand:
        raise StandMoved(
            f"kỳ {period_id}: một tiến trình khác vừa đọc hoặc tính lại nguồn trong khi đang lập báo cáo",
            advice=f"không bản nào được ghi từ số liệu dở dang; chạy lại: cchc run {period_id}",
        )


def to_be_settled(engine: Engine, period_id: str) -> None:
    """The facts of a period, once a run has begun with it, are nothing for others until they are settled."""
    with writing(engine) as connection:
        never = _table.c.period_id == period_id, _table.c.settled.is_(None)
        connection.execute(update(_table).where(*never).values(settled=0))


def enter_settled(engine: Engine, period_id: str, stand: str) -> None:
    """No source leaves others anything else than it did when its facts were made. Raises StandMoved where the sources
    stand otherwise by now."""
    with writing(engine) as connection:
        check_stand(connection, period_id, stand)
        loaded = _table.c.period_id == period_id, _table.c.state == PartitionState.LOADED
        connection.execute(update(_table).where(*loaded).values(settled=_table.c.attempt))


def is_settled(partitions: Iterable[Partition]) -> bool:
    """Whether the facts that stand, of all sources of a period, may be added up: since they were settled none was made
    anew. One that is missing by now is named as missing, with what others leave to it."""
    loaded = (p for p in partitions if p.state is PartitionState.LOADED)
    return all(p.settled in {None, p.attempt} for p in loaded)


def _written(steps: Iterable[tuple[str, int, str]]) -> str:
    return "; ".join(sorted(f"{source_id} {attempt} {state}" for source_id, attempt, state in steps))
