"""What stood of a period's sources when its figures were put together, held against what stands when they are entered.

A process that was thought dead may load its source meanwhile, and a run that stood still, its lock lost, may wake when
another one has read anew. What either put together is then of two moments: it is refused, and made again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from contracts.errors import CchcError, Exit
from warehouse import tables
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


def _written(steps: Iterable[tuple[str, int, str]]) -> str:
    return "; ".join(sorted(f"{source_id} {attempt} {state}" for source_id, attempt, state in steps))
