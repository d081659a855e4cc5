"""The proposed `where` leaves out what is surely outside the period, and nothing else, in every database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from contracts.sql_text import check_parts
from sources.exploring.explore import DateColumn, WindowColumns
from sources.exploring.window_sql import window
from tests.servers.mariadb import ADMIN, ADMIN_PASSWORD, MariadbServer, mariadb  # noqa: F401  a fixture
from tests.servers.postgres import postgres, postgres_database  # noqa: F401  fixtures
from tests.tried import tried

FIRST, LAST, TODAY = "2024-09-15", "2024-12-14", "2024-12-16"
PERIOD = {"first": FIRST, "last": LAST, "today": TODAY}
CLOSED = ("done",)

CASES = """
received   | end        | status | kept | because
2024-10-01 | -          | open   | yes  | in the period
2024-09-15 | 2024-12-14 | done   | yes  | its first and its last day belong to it
2024-12-14 | -          | open   | yes  | received on the last day
2024-12-15 | -          | open   | no   | received after the last day
2024-12-17 | -          | open   | yes  | received after today: a mistake that has to be seen
2030-01-01 | -          | open   | yes  | the same
2024-06-01 | 2024-09-14 | done   | no   | ended before the period
2024-06-01 | 2024-09-15 | done   | yes  | ended on its first day
2024-06-01 | 2024-09-14 | halted | yes  | a code that is not known to close may still count as open
2024-06-01 | -          | open   | yes  | carried over
2024-10-01 | 2024-09-01 | done   | yes  | ended before it was received: a mistake
-          | -          | open   | yes  | no day of receipt
-          | 2024-12-01 | done   | yes  | the same
"""
UNREADABLE = """
received   | end        | status | kept | because
2024-10-32 | -          | open   | yes  | no such day
2024-12-32 | -          | open   | yes  | no such day, though it sorts after the last one
2024-06-01 | 2024-02-30 | done   | yes  | no such day, though it sorts before the first one
2024-06-01 | 2024-04-31 | done   | yes  | the same
2024-06-01 | 2024-13-01 | done   | yes  | no such month
2024-06-01 | chưa xong  | done   | yes  | a text
2024-06-01 | 0          | done   | yes  | a number
2024-06-01 | 1a24-01-01 | done   | yes  | a slip of the hand
2024-06-01 | 2024-01-01x | done  | yes  | the same
"""
Row = tuple[str | None, str | None, str]
FORMATS = ["iso", "%d/%m/%Y", "%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M:%S", "yyyyMMddHHmmss", "%H:%M %d/%m/%Y"]


def table(said: str) -> list[tuple[Row, bool]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in said.strip().splitlines()[1:]]
    return [((*(None if c == "-" else c for c in line[:2]), line[2]), line[3] == "yes") for line in lines]  # type: ignore[misc]


def written(day: str | None, format_: str) -> str | None:
    """An ISO day, or what is none, as that system would write it."""
    if day is None:
        return None
    pattern = {"iso": "%Y-%m-%d", "yyyyMMddHHmmss": "%Y%m%d%H%M%S"}.get(format_, format_)
    parts = day.split("-")
    if len(parts) != 3:
        return day
    parts[2], tail = parts[2].removesuffix("x"), "x" * parts[2].endswith("x")
    named = {"%Y": parts[0], "%m": parts[1], "%d": parts[2], "%H": "08", "%M": "30", "%S": "15"}
    for directive, value in named.items():
        pattern = pattern.replace(directive, value)
    return pattern + tail


def columns(format_: str, *, typed: bool = False) -> WindowColumns:
    return WindowColumns(DateColumn("NgayNhan", format_, typed), DateColumn("xong", format_, typed), "tt", CLOSED)


Kept = Callable[[str, Iterable[Row], bool], list[Row]]
"""where, rows, whether the days are typed → the rows that are read."""


def kept_by_sqlite(where: str, rows: Iterable[Row], _typed: bool = False) -> list[Row]:
    system = sqlite3.connect(":memory:")
    system.execute("CREATE TABLE t (n INTEGER, NgayNhan TEXT, xong TEXT, tt TEXT)")
    system.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", [(n, *row) for n, row in enumerate(rows)])
    found = system.execute(f"SELECT NgayNhan, xong, tt FROM t WHERE ({where}\n) ORDER BY n", PERIOD).fetchall()
    system.close()
    return found


@pytest.fixture
def kept_by_mariadb(mariadb: MariadbServer) -> Kept:  # noqa: F811
    url = f"mysql+pymysql://{ADMIN}:{ADMIN_PASSWORD}@127.0.0.1:{mariadb.port}/cua_so?charset=utf8mb4"
    mariadb.empty("cua_so")
    return by_server(url, day="datetime")


@pytest.fixture
def kept_by_postgresql(postgres_database: str) -> Kept:  # noqa: F811
    return by_server(postgres_database, day="timestamp")


def by_server(url: str, *, day: str) -> Kept:
    engine = create_engine(url)
    quote = engine.dialect.identifier_preparer.quote

    def kept(where: str, rows: Iterable[Row], typed: bool = False) -> list[Row]:
        type_ = day if typed else "varchar(40)"
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS t"))
            connection.execute(
                text(f"CREATE TABLE t (n int, {quote('NgayNhan')} {type_}, xong {type_}, tt varchar(9))")
            )
            connection.execute(
                text("INSERT INTO t VALUES (:n, :r, :e, :s)"),
                [{"n": n, "r": r, "e": e, "s": s} for n, (r, e, s) in enumerate(rows)],
            )
            query = text(f"SELECT {quote('NgayNhan')}, xong, tt FROM t WHERE ({where}\n) ORDER BY n")
            return [(_iso(r), _iso(e), s) for r, e, s in connection.execute(query, PERIOD)]

    return kept


def _iso(value: str | datetime | None) -> str | None:
    return value.date().isoformat() if isinstance(value, datetime) else value


def quote_of(kind: str) -> Callable[[str], str]:
    return (lambda name: f'"{name}"') if kind == "postgresql" else (lambda name: name)


def check(kind: str, kept: Kept, format_: str, cases: list[tuple[Row, bool]]) -> None:
    where = window(kind, columns(format_), quote_of(kind))
    check_parts(kind=kind, from_="t", where=where, file=Path("source.toml"))
    rows = [((written(r, format_), written(e, format_), s), stays) for (r, e, s), stays in cases]
    assert kept(where, [row for row, _ in rows], False) == [row for row, stays in rows if stays]


@pytest.mark.parametrize("format_", FORMATS)
def test_in_sqlite(format_: str) -> None:
    check("sqlite", kept_by_sqlite, format_, table(CASES) + table(UNREADABLE))


@pytest.mark.parametrize("format_", FORMATS)
def test_in_mariadb(kept_by_mariadb: Kept, format_: str) -> None:
    check("mariadb", kept_by_mariadb, format_, table(CASES) + table(UNREADABLE))


@pytest.mark.parametrize("format_", FORMATS)
def test_in_postgresql(kept_by_postgresql: Kept, format_: str) -> None:
    check("postgresql", kept_by_postgresql, format_, table(CASES) + table(UNREADABLE))


@pytest.mark.parametrize("kind", ["mariadb", "postgresql"])
def test_days_that_the_database_itself_holds_as_days(kind: str, request: pytest.FixtureRequest) -> None:
    """Moments of the last day still belong to it."""
    kept: Kept = request.getfixturevalue(f"kept_by_{kind}")
    where = window(kind, columns("iso", typed=True), quote_of(kind))
    check_parts(kind=kind, from_="t", where=where, file=Path("source.toml"))
    cases = table(CASES)
    rows = [(r and f"{r} 17:45:00", e and f"{e} 17:45:00", s) for (r, e, s), _ in cases]
    assert kept(where, rows, True) == [row for row, stays in cases if stays]


ZONED = [
    ("2024-06-01T08:00:00Z", "2024-09-14T17:30:00Z", "done"),  # 15/9, 00:30, in Vietnam
    ("2024-06-01T08:00:00Z", "2024-09-14 17:30:00.000+00:00", "done"),
    ("2024-06-01T08:00:00Z", "2024-09-14T12:30:00-0500", "done"),
    ("2024-12-15T00:30:00+09:00", None, "open"),  # 14/12, 22:30
]


@pytest.mark.parametrize("kind", ["sqlite", "mariadb", "postgresql"])
def test_a_moment_with_a_zone_may_lie_on_another_day(kind: str, request: pytest.FixtureRequest) -> None:
    kept: Kept = kept_by_sqlite if kind == "sqlite" else request.getfixturevalue(f"kept_by_{kind}")
    assert kept(window(kind, columns("iso"), quote_of(kind)), ZONED, False) == ZONED


def test_a_moment_whose_day_another_system_would_tell_in_its_own_zone_leaves_nothing_out() -> None:
    zoned = DateColumn("xong", "iso", typed=True, zoned=True)
    received = DateColumn("NgayNhan", "iso", typed=True)
    assert "xong" not in window("sqlserver", WindowColumns(received, zoned, "tt", CLOSED), str)
    assert window("sqlserver", WindowColumns(zoned, zoned, "tt", CLOSED), str) == ""


@pytest.mark.parametrize("kind", ["sqlserver", "oracle"])
@pytest.mark.parametrize("format_", FORMATS)
def test_for_a_system_that_cannot_be_run_here_it_is_well_formed(kind: str, format_: str) -> None:
    where = window(kind, columns(format_), quote_of(kind))
    check_parts(kind=kind, from_="t", where=where, file=Path("source.toml"))
    assert all(f":{bound}" in where for bound in PERIOD)


def test_nothing_is_left_out_for_its_end_where_no_closing_code_is_known() -> None:
    unknown = WindowColumns(DateColumn("NgayNhan", "iso"), DateColumn("xong", "iso"), "tt")
    assert "xong" not in window("sqlite", unknown, str)


@pytest.mark.parametrize("format_", ["?", "%d/%m"])
def test_days_that_are_not_understood_leave_nothing_out(format_: str) -> None:
    assert window("sqlite", columns(format_), str) == ""


days = st.dates(date(2024, 8, 1), date(2025, 1, 31)).map(date.isoformat)
texts = days | st.none() | st.text("0123456789-/ab", max_size=12)


@given(st.tuples(texts, texts, st.sampled_from(["done", "open"])))
@settings(max_examples=tried(300))
def test_what_is_left_out_is_surely_outside(row: Row) -> None:
    received, end, status = row
    if kept_by_sqlite(window("sqlite", columns("iso"), str), [row]):
        return
    after = _is_day(received) and LAST < received[:10] <= TODAY  # type: ignore[index]
    before = _is_day(end) and end[:10] < FIRST and status == "done"  # type: ignore[index]
    assert after or (before and not (_is_day(received) and received[:10] >= FIRST))  # type: ignore[index]


def _is_day(said: str | None) -> bool:
    try:
        date.fromisoformat((said or "")[:10])
    except ValueError:
        return False
    return set((said or "")[10:]) <= set("0123456789-/")
