"""The outbox: letters and calls that are to go out, each until it has.

Sent at least once, in practice once: a try is entered before it is made, with the moment of the next one. A process
that dies between sending and saying so leaves a message that goes out again, with the same mark (Message-ID), by which
whoever gets it knows it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Select, and_, exists, func, not_, or_, select, true, update

from contracts import clock
from contracts.notices import Way
from warehouse import tables
from warehouse.database import reading, writing

DELAYS = tuple(timedelta(minutes=m) for m in (5, 20, 60, 240, 720, 1440))
"""After the first try, the second, …; the last of them from then on."""
MOST_TRIES = 10
IN_FLIGHT = timedelta(minutes=2)
"""No try takes longer (flows.notices.sending): one that has said nothing for so long is dead."""

NO_LONGER = "không còn trong notices.toml"
"""Why a message was given up that nobody wants any more."""
TAKEN_UP_AFTER = timedelta(days=1)
STILL_NEWS = timedelta(days=30)

_table = tables.notice_message
_waits = and_(_table.c.sent_at.is_(None), _table.c.dropped_at.is_(None))


@dataclass(frozen=True)
class Message:
    """tries: begun; error: of the last one, None while it goes on; next_at: not to be tried before; dropped_at: when it
    was given up."""

    id: int
    mark: str
    way: Way
    recipient: str
    subject: str
    body: str
    made_at: datetime
    tries: int
    tried_at: datetime | None
    next_at: datetime | None
    sent_at: datetime | None
    dropped_at: datetime | None
    error: str | None

    @property
    def waits(self) -> bool:
        return self.sent_at is None and self.dropped_at is None


def due(engine: Engine, *, at_once: bool = False) -> list[Message]:
    """What is to be tried now, what was tried least first. at_once: also what has yet to wait, but for what another
    process is sending. A moment that is farther off than any delay was entered by a clock that was wrong."""
    now = clock.now()
    mine = or_(_table.c.next_at <= now, _table.c.next_at > now + DELAYS[-1])
    if at_once:
        old = or_(_table.c.tried_at <= now - IN_FLIGHT, _table.c.tried_at > now)
        mine = or_(mine, _table.c.tries == 0, _table.c.error.is_not(None), old)
    return _found(engine, select(_table).where(_waits, mine).order_by(_table.c.tries, _table.c.id))


def claim(engine: Engine, message: Message) -> bool:
    """Enter that it is tried now: true for the one process that may."""
    return _tried(engine, message, error=None)


def missed(engine: Engine, message: Message, error: str) -> None:
    """It was its turn, and what takes it is known not to answer: as a try that failed."""
    if _tried(engine, message, error=error) and message.tries + 1 >= MOST_TRIES:
        drop(engine, message, error)


def sent(engine: Engine, message: Message) -> None:
    with writing(engine) as connection:
        is_it = _table.c.id == message.id
        connection.execute(update(_table).where(is_it).values(sent_at=clock.now(), dropped_at=None, error=None))


def failed(engine: Engine, message: Message, error: str) -> None:
    """The try that was claimed came to nothing; the last of them gives it up."""
    values: dict[str, Any] = {"error": error}
    if message.tries + 1 >= MOST_TRIES:
        values["dropped_at"] = clock.now()
    with writing(engine) as connection:
        connection.execute(update(_table).where(_table.c.id == message.id, _waits).values(values))


def drop(engine: Engine, message: Message, why: str) -> None:
    """It is not tried any more."""
    with writing(engine) as connection:
        values = {"dropped_at": clock.now(), "error": why}
        connection.execute(update(_table).where(_table.c.id == message.id, _waits).values(values))


def take_up_again(engine: Engine, *, at_once: bool = False) -> None:
    """What was given up a day ago, or longer, and tells of something that still stands: one more try, with the same
    words. Else a server that was away for a week would leave people without a word of what they can still mend."""
    now = clock.now()
    told, notice = tables.notice_told, tables.notice
    stands = and_(told.c.message_id == _table.c.id, told.c.is_over.is_(False), notice.c.over_at.is_(None))
    still = select(told.c.message_id).join(notice, notice.c.id == told.c.notice_id).where(stands).exists()
    long_ago = true() if at_once else _table.c.dropped_at <= now - TAKEN_UP_AFTER
    chosen = (_table.c.dropped_at.is_not(None), _table.c.made_at > now - STILL_NEWS, long_ago, still)
    with writing(engine) as connection:
        connection.execute(update(_table).where(*chosen).values(dropped_at=None, next_at=now))


def sent_since(engine: Engine, moment: datetime) -> int:
    """How many went out."""
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).where(_table.c.sent_at >= moment)) or 0


def unsent(engine: Engine) -> list[Message]:
    """What waits to go out, the oldest first."""
    return _found(engine, select(_table).where(_waits).order_by(_table.c.id))


def lost_since(engine: Engine, moment: datetime) -> list[Message]:
    """What was given up since, of those whom nothing has reached after it. Not what nobody wants any more."""
    later = _table.alias()
    mine = and_(later.c.way == _table.c.way, later.c.recipient == _table.c.recipient)
    reached = exists().where(mine, later.c.sent_at > _table.c.dropped_at)
    wanted = or_(_table.c.error.is_(None), _table.c.error != NO_LONGER)
    query = select(_table).where(_table.c.dropped_at >= moment, wanted, not_(reached))
    return _found(engine, query.order_by(_table.c.id))


def recent(engine: Engine, *, at_most: int) -> list[Message]:
    """The newest first."""
    return _found(engine, select(_table).order_by(_table.c.id.desc()).limit(at_most))


def last_number(engine: Engine) -> int:
    """Of the newest message; 0 before the first."""
    with reading(engine) as connection:
        return connection.scalar(select(func.max(_table.c.id))) or 0


def after(engine: Engine, number: int) -> list[Message]:
    """Messages made since that one, the oldest first."""
    return _found(engine, select(_table).where(_table.c.id > number).order_by(_table.c.id))


def _tried(engine: Engine, message: Message, *, error: str | None) -> bool:
    now = clock.now()
    next_at = now + DELAYS[min(message.tries, len(DELAYS) - 1)]
    values = {"tries": message.tries + 1, "tried_at": now, "next_at": next_at, "error": error}
    mine = and_(_table.c.id == message.id, _table.c.tries == message.tries, _waits)
    with writing(engine) as connection:
        return connection.execute(update(_table).where(mine).values(values)).rowcount == 1


def _found(engine: Engine, query: Select[Any]) -> list[Message]:
    with reading(engine) as connection:
        rows: Sequence[Any] = connection.execute(query).mappings().all()
    return [Message(**{field.name: row[field.name] for field in fields(Message)}) for row in rows]
