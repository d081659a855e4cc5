"""Returns of units. Only ever added to: a later return stands beside the earlier one, and the newest counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, select

from contracts.answers import Answer, Received, Return
from contracts.returned import Kind, State
from warehouse import tables
from warehouse.bulk import insert_all
from warehouse.database import reading, writing

_file, _figure = tables.returned_file, tables.returned_figure
_ANSWER = tuple(field.name for field in fields(Answer))
_HEAD = ("period_id", "agency_code", "form_version", "prepared_by", "prepared_on", "approved_by", "document")


def add(engine: Engine, content: Return, *, sha256: str, file_name: str, received_at: datetime) -> Received:
    """Enter a return as the unit's newest, all of it or nothing. The same file again as the newest is not entered
    twice: what was entered is given back."""
    with writing(engine) as connection:
        newest = _newest_file(connection, content)
        if newest is not None and newest.sha256 == sha256:
            return Received(content, newest.number, newest.received_at, sha256, newest.file_name)
        number = 1 if newest is None else newest.number + 1
        key = {"period_id": content.period_id, "agency_code": content.agency_code, "number": number}
        head = {name: getattr(content, name) for name in _HEAD}
        row = {**head, **key, "received_at": received_at, "sha256": sha256, "file_name": file_name}
        insert_all(connection, _file, [row])
        insert_all(connection, _figure, [key | _row(place, a) for place, a in enumerate(content.answers)])
    return Received(content, number, received_at, sha256, file_name)


def newest(engine: Engine, period_id: str) -> dict[str, Received]:
    """By agency code, the return that counts."""
    return {received.content.agency_code: received for received in history(engine, period_id)}


def history(engine: Engine, period_id: str, agency_code: str | None = None) -> list[Received]:
    """Every return of the period, or of one unit in it, by unit and number."""
    files, figures = _of(_file, period_id, agency_code), _of(_figure, period_id, agency_code)
    order = (_file.c.agency_code, _file.c.number)
    with reading(engine) as connection:
        heads = connection.execute(select(_file).where(*files).order_by(*order)).mappings().all()
        rows = connection.execute(select(_figure).where(*figures).order_by(_figure.c.position)).mappings().all()
    answers: dict[tuple[str, int], list[Answer]] = {}
    for row in rows:
        answers.setdefault((row["agency_code"], row["number"]), []).append(_answer(row))
    return [_received(head, answers.get((head["agency_code"], head["number"]), ())) for head in heads]


def _of(table: Any, period_id: str, agency_code: str | None) -> list[ColumnElement[bool]]:
    wanted = [table.c.period_id == period_id]
    return [*wanted, table.c.agency_code == agency_code] if agency_code is not None else wanted


def _newest_file(connection: Connection, content: Return) -> Any:
    mine = _of(_file, content.period_id, content.agency_code)
    last = select(func.max(_file.c.number)).where(*mine).scalar_subquery()
    return connection.execute(select(_file).where(*mine, _file.c.number == last)).one_or_none()


def _row(place: int, answer: Answer) -> dict[str, Any]:
    amount = None if answer.amount is None else f"{answer.amount:f}"
    known = {name: getattr(answer, name) for name in _ANSWER}
    return known | {"position": place, "amount": amount, "kind": answer.kind.value, "state": answer.state.value}


def _answer(row: Any) -> Answer:
    known = {name: row[name] for name in _ANSWER}
    amount = None if row["amount"] is None else Decimal(row["amount"])
    return Answer(**known | {"kind": Kind(row["kind"]), "state": State(row["state"]), "amount": amount})


def _received(head: Any, answers: Iterable[Answer]) -> Received:
    content = Return(**{name: head[name] for name in _HEAD}, answers=tuple(answers))
    return Received(content, head["number"], head["received_at"], head["sha256"], head["file_name"])
