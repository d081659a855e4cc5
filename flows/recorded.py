"""A run of a period as the warehouse remembers it: who wanted it, from when to when, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import Engine

from contracts.errors import CchcError, Exit, WarehouseError
from flows import trace
from flows.place import Place
from warehouse import runs
from warehouse.runs import STOPPED, AskedBy


@dataclass
class Ending:
    """What the run says of itself before it ends."""

    exit_code: Exit = Exit.DONE
    said: str = ""


@contextmanager
def recorded(engine: Engine, place: Place, asked_by: AskedBy) -> Iterator[Ending]:
    """The block is one run; it holds the period's lock. An error of it is entered and goes on. A run that is killed
    stays without an end."""
    number = runs.begin(engine, place.period.id, as_of=place.as_of, asked_by=asked_by)
    ending = Ending()
    try:
        yield ending
    except BaseException as error:
        with suppress(WarehouseError):  # the error itself is to be heard, not what it leaves unwritten
            runs.end(engine, number, exit_code=_code(error), said=_sentence(error), made=False)
        raise
    runs.end(engine, number, exit_code=ending.exit_code, said=ending.said)


def _code(error: BaseException) -> int:
    return error.exit_code if isinstance(error, CchcError) else Exit.BUG


def _sentence(error: BaseException) -> str:
    if isinstance(error, CchcError):
        return str(error)
    return f"lỗi của phần mềm: {trace.describe(error)}" if isinstance(error, Exception) else STOPPED
