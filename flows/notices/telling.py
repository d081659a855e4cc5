"""After a run: enter what there is to tell, and send it. Whatever goes wrong here, the run ended as it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine

from contracts.errors import CchcError, WarehouseError
from contracts.notices import NoticeKind, read_notices
from contracts.periods import parse_period
from contracts.province import Province
from contracts.settings import Settings
from flows import trace
from flows.backups.record import last_backup
from flows.notices import causes, direct, words
from flows.notices.readers import readers_of
from flows.notices.sending import WITHIN, send_waiting
from flows.overdue import Kind, Overdue
from flows.place import Place, find_place
from warehouse import notices, runs
from warehouse.locks import going_on
from warehouse.notices import Cause


@contextmanager
def telling(engine: Engine, place: Place) -> Iterator[None]:
    """The block is a run, with its lock; afterwards people are told what there is to tell. Not where the run is stopped
    by whoever keeps the machine: he wants it to end."""
    try:
        yield
    except Exception:
        _quietly(engine, place)
        raise
    _quietly(engine, place)


def _quietly(engine: Engine, place: Place) -> None:
    """What is wrong with the configuration is told by `cchc notices` and `cchc doctor`; a bug goes to the log."""
    try:
        tell(engine, place)
    except CchcError:
        return
    except Exception as bug:
        trace.write_trace(bug, place.home / "logs")


def tell(engine: Engine, place: Place, *, within: float = WITHIN) -> None:
    """Enter the causes of the period as they stand, and send what waits. While a run goes on nothing is settled: it
    tells at its end."""
    enter(engine, place)
    send(engine, place.province, within=within)


def enter(engine: Engine, place: Place) -> None:
    if going_on(engine, place.period.id) is None:
        found = causes.of_period(engine, place)
        notices.settle(engine, found, kinds=causes.OF_A_RUN, period_id=place.period.id)


def enter_what_runs_left(engine: Engine) -> list[str]:
    """Of runs that ended, and died before they could tell. Returns what cannot be told, a sentence a period: one whose
    sources cannot be read any more holds back no other. Raises WarehouseError."""
    held_back = []
    for period_id in runs.untold(engine):
        try:
            enter(engine, find_place(period_id))
        except WarehouseError:
            raise
        except CchcError as error:
            held_back.append(f"chưa báo được kết quả kỳ {period_id}: {error}")
        except Exception as bug:
            held_back.append(f"chưa báo được kết quả kỳ {period_id}: {_of_bug(bug)}")
    return held_back


def send(engine: Engine, province: Province, *, within: float = WITHIN, at_once: bool = False) -> None:
    """Put what was entered into the outbox, and empty it. Raises ConfigError where notices.toml is wrong: then what was
    entered waits until it is mended."""
    settings = read_notices(province)
    notices.address(engine, readers_of(province, settings))
    send_waiting(engine, settings, within=within, at_once=at_once)


OF_PREFECT = frozenset({Kind.NO_SERVER, Kind.NO_SCHEDULE, Kind.PAUSED, Kind.SIDE_RUN_FAILED})
"""What the watchdog knows where it asked Prefect alone. Of backups it knows where they are made from this machine."""


def tell_watched(engine: Engine, province: Province, found: Sequence[Overdue], *, prefect_port: int | None) -> str:
    """What the watchdog found, all of it: what it does not find any more is over. prefect_port: None where Prefect was
    not asked. Also what runs that died left untold,
    and what waits. Returns why nobody could be told, "" where that went well or waits for its next try. Where nothing
    can be entered, people are told past the warehouse."""
    try:
        _enter_overdue(engine, province, found, prefect_port=prefect_port)
        held_back = enter_what_runs_left(engine)
        send(engine, province)
    except CchcError as error:
        direct.tell_unwatched(error, found)
        return str(error)
    except Exception as bug:
        direct.tell_unwatched(bug, found)
        return _of_bug(bug)
    direct.watched_again()
    return held_back[0] if held_back else ""


def _of_bug(bug: Exception) -> str:
    path = trace.write_trace(bug, Settings().home / "logs")
    return f"lỗi của phần mềm: {trace.describe(bug)} → gửi tệp {path} cho nhóm phát triển"


def _enter_overdue(engine: Engine, province: Province, found: Sequence[Overdue], *, prefect_port: int | None) -> None:
    causes = [_overdue(province, one, prefect_port) for one in found]
    kinds = {one.kind for one in found}
    answered = prefect_port is not None and Kind.NO_SERVER not in kinds
    unseen = frozenset[Kind]() if answered else OF_PREFECT - kinds
    if last_backup(province.id) is None:
        unseen |= {Kind.NO_BACKUP}
    causes += [one for one in notices.standing(engine) if words.kind_of_overdue(one.cause) in unseen]
    notices.settle(engine, causes, kinds=[NoticeKind.OVERDUE], period_id=None)


def _overdue(province: Province, found: Overdue, prefect_port: int | None) -> Cause:
    try:
        period = parse_period(found.period_id, rule=province.file.period_rule) if found.period_id else None
        source = None
        if period and found.source_id:
            source = province.source(found.source_id, period=period, systems=Settings().systems_folder)
    except CchcError:  # no such period or source any more: the words do without its name
        return words.overdue(found, source=None)
    if found.kind in OF_PREFECT:
        return words.overdue(found, source=None, look=f"cchc watchdog --prefect-port {prefect_port}")
    return words.overdue(found, source=source)
