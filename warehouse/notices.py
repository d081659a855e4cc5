"""What people are told of: causes, each entered once while it stands.

A cause that is found gone is over; where it comes back, it is another occurrence and is told again. Whom to tell is
decided once for each, in the transaction that puts the messages into the outbox (warehouse.notice_messages)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, and_, exists, insert, or_, select, text, true, update

from contracts import clock
from contracts.codes import PartitionState
from contracts.notices import NoticeKind, Way
from warehouse import runs, tables
from warehouse.bulk import insert_missing
from warehouse.database import is_postgresql, reading, writing
from warehouse.notice_messages import STILL_NEWS

LASTING = (NoticeKind.SOURCE_FAILED, NoticeKind.OVERDUE, NoticeKind.NEW_VERSION)
"""Somebody who is to be told from today on is told of these, too, where they stand already."""

_table = tables.notice
_messages = tables.notice_message
_told = tables.notice_told


@dataclass(frozen=True)
class Cause:
    """cause: what makes it the same one. source_id: "" where it is of the whole period; units: agency codes that it
    concerns. subject: one line; body: lines, the last one says what to do, with this command. path: of the portal."""

    cause: str
    kind: NoticeKind
    period_id: str
    source_id: str
    units: tuple[str, ...]
    subject: str
    body: str
    command: str
    path: str


@dataclass(frozen=True)
class Notice(Cause):
    """One occurrence of a cause."""

    id: int
    raised_at: datetime
    over_at: datetime | None
    addressed_at: datetime | None


@dataclass(frozen=True)
class Draft:
    """A message to be. mark: the same for the same content to the same person. new, over: what stands in it."""

    mark: str
    way: Way
    recipient: str
    subject: str
    body: str
    new: tuple[Notice, ...]
    over: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Somebody to tell. drafts: of one period's notices, and of those told before that are over since."""

    way: Way
    recipient: str
    wants: Callable[[Notice], bool]
    drafts: Callable[[Sequence[Notice], Sequence[Notice]], Sequence[Draft]]


def settle(engine: Engine, causes: Sequence[Cause], *, kinds: Iterable[NoticeKind], period_id: str | None) -> None:
    """These are all causes of those kinds, of one period or, with None, of any: enter those that are new; what stood
    and is not among them is over. Of a period, its runs that have ended are told of by this."""
    of_period = true() if period_id is None else _table.c.period_id == period_id
    of = (_table.c.kind.in_(list(kinds)), _table.c.over_at.is_(None), of_period)
    with writing(engine) as connection:
        _alone(connection, engine)
        gone = and_(*of, _table.c.cause.not_in([one.cause for one in causes]))
        connection.execute(update(_table).where(gone).values(over_at=clock.now()))
        if causes:
            insert_missing(connection, _table, [_row(one) for one in causes])
        if period_id is not None:
            runs.mark_told(connection, period_id)


def address(engine: Engine, readers: Sequence[Reader]) -> None:
    """Put into the outbox what each reader is still to be told; what nobody wants to hear is done with."""
    with writing(engine) as connection:
        _alone(connection, engine)
        news = _news(connection)
        for reader in readers:
            for draft in _drafts(connection, reader, news):
                _enter(connection, draft)
        connection.execute(update(_table).where(_table.c.addressed_at.is_(None)).values(addressed_at=clock.now()))


def known(engine: Engine, period_id: str, kind: NoticeKind) -> list[Notice]:
    """Every occurrence that was entered, the oldest first."""
    of = and_(_table.c.period_id == period_id, _table.c.kind == kind)
    with reading(engine) as connection:
        return _found(connection, select(_table).where(of))


def standing(engine: Engine) -> list[Notice]:
    """What is not over."""
    with reading(engine) as connection:
        return _found(connection, select(_table).where(_table.c.over_at.is_(None)))


def by_message(engine: Engine, message_ids: Sequence[int]) -> dict[int, list[Notice]]:
    """What each of these messages tells of, without what it says to be over."""
    of = and_(_told.c.message_id.in_(message_ids), _told.c.is_over.is_(False))
    query = select(_told.c.message_id, _table).join_from(_told, _table, _told.c.notice_id == _table.c.id).where(of)
    found: dict[int, list[Notice]] = {}
    with reading(engine) as connection:
        for row in connection.execute(query.order_by(_table.c.id)).mappings():
            found.setdefault(row["message_id"], []).append(_notice(row))
    return found


def _news(connection: Connection) -> list[Notice]:
    """What was addressed to nobody yet, and what stands."""
    lasting = and_(_table.c.kind.in_(LASTING), _table.c.raised_at > clock.now() - STILL_NEWS)
    fresh = and_(_table.c.addressed_at.is_(None), _table.c.kind == NoticeKind.QUARTER_DONE)
    return _found(connection, select(_table).where(or_(fresh, and_(lasting, _table.c.over_at.is_(None)))))


def _drafts(connection: Connection, reader: Reader, news: Sequence[Notice]) -> Iterable[Draft]:
    already = set(connection.scalars(_told_to(reader, is_over=False)))
    wanted: dict[str, list[Notice]] = {}
    for notice in news:
        if notice.id not in already and reader.wants(notice):
            wanted.setdefault(notice.period_id, []).append(notice)
    for period_id, notices in sorted(wanted.items()):
        yield from reader.drafts(notices, _back(connection, reader, period_id))


def _back(connection: Connection, reader: Reader, period_id: str) -> list[Notice]:
    """Sources whose failure the reader was told of, which have figures now: one a source."""
    ledger = tables.partition
    loaded = and_(
        ledger.c.period_id == _table.c.period_id,
        ledger.c.source_id == _table.c.source_id,
        ledger.c.state == PartitionState.LOADED,
    )
    query = select(_table).where(
        _table.c.period_id == period_id,
        _table.c.source_id != "",
        _table.c.over_at.is_not(None),
        _table.c.id.in_(_told_to(reader, is_over=False)),
        _table.c.id.not_in(_told_to(reader, is_over=True)),
        exists().where(loaded),
    )
    return _found(connection, query)


def _told_to(reader: Reader, *, is_over: bool) -> Select[Any]:
    of = and_(_messages.c.way == reader.way, _messages.c.recipient == reader.recipient, _told.c.is_over.is_(is_over))
    return select(_told.c.notice_id).join(_messages, _messages.c.id == _told.c.message_id).where(of)


def _enter(connection: Connection, draft: Draft) -> None:
    at = clock.now()
    values = {name: getattr(draft, name) for name in ("mark", "way", "recipient", "subject", "body")}
    values |= {"made_at": at, "next_at": at, "tries": 0}
    number = connection.scalar(insert(_messages).values(values).returning(_messages.c.id))
    told = [{"message_id": number, "notice_id": one.id, "is_over": False} for one in draft.new]
    told += [{"message_id": number, "notice_id": one.id, "is_over": True} for one in draft.over]
    connection.execute(insert(_told), told)


def _row(cause: Cause) -> dict[str, Any]:
    given = {field.name: getattr(cause, field.name) for field in fields(Cause)}
    return given | {"units": json.dumps(cause.units), "raised_at": clock.now()}


def _alone(connection: Connection, engine: Engine) -> None:
    """Two must not both find that somebody is still to be told; in SQLite a writer is alone already."""
    if is_postgresql(engine):
        connection.execute(text("LOCK TABLE notice IN SHARE ROW EXCLUSIVE MODE"))


def _found(connection: Connection, query: Select[Any]) -> list[Notice]:
    return [_notice(row) for row in connection.execute(query.order_by(_table.c.id)).mappings()]


def _notice(row: RowMapping) -> Notice:
    given = {field.name: row[field.name] for field in fields(Notice)}
    return Notice(**given | {"kind": NoticeKind(row["kind"]), "units": tuple(json.loads(row["units"]))})
