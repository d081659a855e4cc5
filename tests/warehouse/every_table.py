"""A row in every table, whatever the migration: values of every kind, that keep the checks and refer to one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, inspect, select

from contracts.columns import OPEN, RECEIVED, RESOLVED
from warehouse.layouts import ONE_ROW, TableLayout, layout_of
from warehouse.tables.reports import REPORT_SCOPES
from warehouse.upgrade import version_of

MOMENT = datetime(2024, 12, 16, 1, 0, 0, 123456, tzinfo=UTC)
FORM = {*RECEIVED, *RESOLVED, *OPEN}


def put_a_row_into_every_table(connection: Connection, number: int) -> None:
    """Row `number` of each; columns of the same name have the same value in all tables, so that keys are found."""
    migration = version_of(connection)
    assert migration is not None
    found = inspect(connection)
    of_one = {"id": 1, "province_id": "khanh-hoa", "since": MOMENT, "mark": "0a1b" * 8}
    for table in layout_of(migration):
        if table.name not in ONE_ROW:
            rules = _Rules(found.get_check_constraints(table.name), found.get_columns(table.name))
            row = {name: _value(table, rules, name, number) for name in table.columns}
        elif number == 1:
            row = {name: of_one[name] for name in table.columns}
        else:
            continue
        made = table.table()
        if table.name == "audit_entry":
            row["number"] = (connection.scalar(select(func.max(made.c.number))) or 0) + 1
        connection.execute(insert(made).values(row))


class _Rules:
    """What checks let stand in a column, and which may be empty."""

    def __init__(self, checks: Sequence[Any], columns: Sequence[Any]) -> None:
        self._checks = {str(one["name"]): str(one["sqltext"]) for one in checks}
        self.may_be_empty = {one["name"] for one in columns if one["nullable"]}

    def known(self, table: str, column: str) -> list[str]:
        return re.findall(r"'([^']*)'", self._checks.get(f"ck_{table}_{column}_known", ""))


def _value(table: TableLayout, rules: _Rules, name: str, number: int) -> Any:
    if table.name == "fact" and name in FORM:
        return 0
    if number % 3 == 0 and name in rules.may_be_empty:
        return None
    if table.name == "returned_figure" and name == "state":
        return "given"
    if known := REPORT_SCOPES if name == "scope" and table.name != "indicator" else rules.known(table.name, name):
        return known[number % len(known)]
    kinds = {
        "words": f"{name} {number}: «Hộ tịch», '\"\\,\n\t=1+1",
        "moment": MOMENT + timedelta(minutes=number),
        "integer": number,
        "number": number + 0.1,
        "yes_no": number % 2 == 0,
        "day": date(2024, 12, 16) + timedelta(days=number),
        "octets": bytes([0, 255, number % 256]),
    }
    return kinds[table.columns[name]]
