"""The audit trail: what is hashed is what stands there, nobody changes it, and whoever does is found."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select, text

from contracts.errors import CriticalCheckError, WarehouseError
from tests.tried import tried
from tests.warehouse.processes import python, said
from warehouse import audit, audit_marks, audit_search, owner, tables
from warehouse.audit import Deed, Entry
from warehouse.audit_marks import Mark
from warehouse.audit_proof import Fault, FaultKind, prove
from warehouse.audit_search import Wanted
from warehouse.database import is_postgresql, open_warehouse, reading, writing

LENGTH = 8
TEXTS = ("who", "role", "action", "result", "period_id", "unit_code", "about", "address", "before", "digest")
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CCHC_HOME", str(tmp_path))
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00.250+07:00")
    return tmp_path


@pytest.fixture
def trail(engine: Engine, home: Path) -> Engine:
    """A chain of eight entries and its marks."""
    owner.claim(engine, "khanh-hoa")
    for number in range(1, LENGTH + 1):
        audit.enter(engine, deed(number))
    return engine


def deed(number: int = 1, **said: Any) -> Deed:
    known = {"who": "lan", "role": "staff", "period_id": "2024Q4", "unit_code": "570", "address": "10.0.0.1"}
    return Deed("download", **{**known, "version": number, "about": {"tệp": f"bản {number}"}, **said})


def entries(engine: Engine) -> list[Entry]:
    return list(audit_search.every(engine, Wanted()))


def faults(engine: Engine, noted: Mark | None = None) -> list[tuple[str, int, int]]:
    return [(one.kind.value, one.first, one.last) for one in prove(engine, noted=noted).faults]


@contextmanager
def behind_its_back(engine: Engine) -> Iterator[Connection]:
    """As somebody with all rights in the database, who takes the triggers away and lays them back."""
    if is_postgresql(engine):
        with writing(engine) as connection:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
            yield connection
            connection.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER ALL"))
        return
    with writing(engine) as connection:
        known = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for trigger in known:
            connection.execute(text(f"DROP TRIGGER {trigger.name}"))
        yield connection
        for trigger in known:
            connection.execute(text(trigger.sql))


def forget_marks(home: Path) -> None:
    for file in audit_marks.files(home / "khanh-hoa" / "logs"):
        file.unlink()


def rechained(connection: Connection, first: int) -> None:
    """All digests from that number on, reckoned anew: what somebody does who knows how they are made."""
    table = tables.audit_entry
    rows = [dict(row) for row in connection.execute(select(table).order_by(table.c.number)).mappings()]
    digests = {row["number"]: row["digest"] for row in rows}
    for row in rows:
        if row["number"] < first:
            continue
        said = {**row, "before": digests.get(row["number"] - 1, "")}
        del said["digest"]
        digests[row["number"]] = audit.digest_of(said)
        changed = {"before": said["before"], "digest": digests[row["number"]]}
        connection.execute(table.update().where(table.c.number == row["number"]).values(changed))


def test_a_chain_as_it_was_entered_is_sound(trail: Engine, home: Path) -> None:
    found = entries(trail)
    assert [one.number for one in found] == list(range(1, LENGTH + 1))
    assert [one.before for one in found] == ["", *(one.digest for one in found[:-1])]
    proof = prove(trail)
    assert proof.is_sound and not proof.unmarked
    assert (proof.entries, proof.marks, proof.head) == (LENGTH, LENGTH, Mark(LENGTH, found[-1].digest))


def test_marks_are_for_the_account_of_the_program_alone(trail: Engine, home: Path) -> None:
    (file,) = (home / "khanh-hoa" / "logs").iterdir()
    assert file.name == "audit-2024-12.marks"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [mark.digest for mark in audit_marks.marks(file.parent)] == [one.digest for one in entries(trail)]


@given(said=st.lists(st.fixed_dictionaries(dict.fromkeys(("who", "result", "unit_code", "key", "about"), ANY_TEXT))))
@settings(max_examples=tried(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_hashed_is_what_the_database_gives_back(trail: Engine, said: list[dict[str, str]]) -> None:
    with writing(trail) as connection:
        for one in said:
            about = {one.pop("key"): one.pop("about") * 200, "danh sách": [one["who"]] * 30, "lồng": {"a": one["who"]}}
            audit.enter_within(connection, trail, deed(**one, about=about, version=None))
    assert prove(trail).is_sound


def test_an_action_that_nobody_declared_is_refused(trail: Engine) -> None:
    with pytest.raises(ValueError, match="that contracts"):
        audit.enter(trail, Deed("nhìn"))
    assert len(entries(trail)) == LENGTH


def test_what_came_to_nothing_leaves_neither_entry_nor_mark(trail: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(trail) as connection:
        audit.enter_within(connection, trail, deed())
        raise ZeroDivisionError
    proof = prove(trail)
    assert proof.is_sound and (proof.entries, proof.marks) == (LENGTH, LENGTH)


CHANGES = (
    "UPDATE audit_entry SET who = 'minh' WHERE number = 3",
    "DELETE FROM audit_entry WHERE number = 3",
    "INSERT INTO audit_entry SELECT number + 100, at, who, role, action, result, period_id, unit_code, version,"
    " about, address, before, 'x' FROM audit_entry WHERE number = 3",
)
REPLACED = ", ".join(column.name for column in tables.audit_entry.columns).replace("who", "'minh'", 1)
OWN_CHANGES = {
    "sqlite": (f"INSERT OR REPLACE INTO audit_entry SELECT {REPLACED} FROM audit_entry WHERE number = 3",),
    "postgresql": ("TRUNCATE audit_entry",),
}


@pytest.mark.parametrize(
    ("url", "statement"),
    [(database, statement) for database, own in OWN_CHANGES.items() for statement in (*CHANGES, *own)],
    indirect=["url"],
)
def test_the_database_refuses_every_change(trail: Engine, statement: str) -> None:
    before = entries(trail)
    with pytest.raises((WarehouseError, CriticalCheckError)), writing(trail) as connection:
        connection.execute(text(statement))
    assert entries(trail) == before


@given(column=st.sampled_from(TEXTS), number=st.integers(1, LENGTH), put=ANY_TEXT)
@settings(max_examples=tried(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_text_is_found_whatever_it_is(trail: Engine, column: str, number: int, put: str) -> None:
    was = next(one for one in entries(trail) if one.number == number)
    table = tables.audit_entry
    with behind_its_back(trail) as connection:
        connection.execute(table.update().where(table.c.number == number).values({column: put}))
    with reading(trail) as connection:
        stored = connection.scalar(select(table.c[column]).where(table.c.number == number))
    expected = [] if stored == getattr(was, column) else [("changed", number, number)]
    assert faults(trail) == expected
    with behind_its_back(trail) as connection:
        connection.execute(table.update().where(table.c.number == number).values({column: getattr(was, column)}))
    assert prove(trail).is_sound


@pytest.mark.parametrize("change", ["version = 7", "version = NULL"])
@pytest.mark.parametrize("number", [1, 4, LENGTH])
def test_a_changed_number_of_a_version_is_found(trail: Engine, change: str, number: int) -> None:
    with behind_its_back(trail) as connection:
        connection.execute(text(f"UPDATE audit_entry SET {change} WHERE number = {number}"))
    assert faults(trail) == [("changed", number, number)]


def test_a_moment_changed_by_a_fraction_of_a_second_is_found(trail: Engine) -> None:
    later = "at + interval '0.5 second'" if is_postgresql(trail) else "replace(at, '00.000000', '00.500000')"
    with behind_its_back(trail) as connection:
        connection.execute(text(f"UPDATE audit_entry SET at = {later} WHERE number = 5"))
    assert faults(trail) == [("changed", 5, 5)]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("put", ["x'fffe'", "'không phải ngày'", "CAST(x'ff41' AS TEXT)", "3.5"])
@pytest.mark.parametrize("column", ["at", "about", "version", "digest"])
def test_a_cell_that_is_no_value_of_its_column_does_not_stop_the_reading(trail: Engine, column: str, put: str) -> None:
    """PostgreSQL's columns take nothing else."""
    with behind_its_back(trail) as connection:
        connection.execute(text(f"UPDATE audit_entry SET {column} = {put} WHERE number = 5"))
    assert faults(trail) == [("changed", 5, 5)]


Tamper = Callable[[Connection], object]


def run(*statements: str) -> Tamper:
    return lambda connection: [connection.execute(text(one)) for one in statements]


SWAP = run(
    "UPDATE audit_entry SET number = 99 WHERE number = 4",
    "UPDATE audit_entry SET number = 4 WHERE number = 5",
    "UPDATE audit_entry SET number = 5 WHERE number = 99",
)


def rewritten(connection: Connection) -> None:
    connection.execute(text("UPDATE audit_entry SET who = 'minh' WHERE number = 4"))
    rechained(connection, 4)


def taken_out(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit_entry WHERE number = 4"))
    for number in range(5, LENGTH + 1):
        connection.execute(text(f"UPDATE audit_entry SET number = {number - 1} WHERE number = {number}"))
    rechained(connection, 4)


def one_rehashed(connection: Connection) -> None:
    connection.execute(text("UPDATE audit_entry SET who = 'minh' WHERE number = 4"))
    rechained_one(connection, 4)


def rechained_one(connection: Connection, number: int) -> None:
    table = tables.audit_entry
    row = dict(connection.execute(select(table).where(table.c.number == number)).mappings().one())
    del row["digest"]
    connection.execute(table.update().where(table.c.number == number).values(digest=audit.digest_of(row)))


@pytest.mark.parametrize(
    ("tamper", "with_marks", "without_marks"),
    [
        (run("DELETE FROM audit_entry WHERE number = 1"), [("missing", 1, 1)], [("missing", 1, 1)]),
        (run("DELETE FROM audit_entry WHERE number IN (4, 5)"), [("missing", 4, 5)], [("missing", 4, 5)]),
        (run("DELETE FROM audit_entry WHERE number > 5"), [("tail", 6, 8)], []),
        (run("DELETE FROM audit_entry"), [("tail", 1, 8)], []),
        (SWAP, [("changed", 4, 5)], [("changed", 4, 5)]),
        (one_rehashed, [("rewritten", 4, 4)], [("unlinked", 4, 5)]),
        (rewritten, [("rewritten", 4, 8)], []),
        (taken_out, [("rewritten", 4, 7), ("tail", 8, 8)], []),
    ],
    ids=["first removed", "removed", "tail", "all", "order", "one rehashed", "all rehashed", "removed and rehashed"],
)
def test_what_was_done_behind_its_back_is_named(
    trail: Engine, home: Path, tamper: Tamper, with_marks: list[Any], without_marks: list[Any]
) -> None:
    noted = Mark(LENGTH, entries(trail)[-1].digest)
    with behind_its_back(trail) as connection:
        tamper(connection)
    assert faults(trail) == with_marks
    forget_marks(home)
    assert faults(trail) == without_marks
    assert faults(trail, noted=noted), "the head that somebody wrote down finds it without a mark"


def test_an_entry_in_the_place_of_one_that_was_cut_off_is_found(trail: Engine) -> None:
    with behind_its_back(trail) as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE number > 6"))
    audit.enter(trail, deed(who="minh"))
    assert faults(trail) == [("replaced", 7, 7), ("tail", 8, 8)]


def test_an_entry_without_a_mark_is_told(trail: Engine, home: Path) -> None:
    forget_marks(home)
    audit.enter(trail, deed())
    proof = prove(trail)
    assert proof.is_sound and proof.unmarked == [(1, LENGTH)]


def test_a_head_that_was_written_down(trail: Engine) -> None:
    fifth = entries(trail)[4]
    assert faults(trail, noted=Mark(5, fifth.digest)) == []
    assert faults(trail, noted=Mark(5, fifth.digest[:12])) == []
    assert faults(trail, noted=Mark(4, fifth.digest)) == [("noted", 4, 4)]
    assert faults(trail, noted=Mark(99, fifth.digest)) == [("tail", 9, 99)]


ENTER_MANY = """
import sys
from warehouse import audit
from warehouse.database import open_warehouse
engine = open_warehouse(sys.argv[1])
print("ready", flush=True); sys.stdin.readline()
for number in range(20):
    audit.enter(engine, audit.Deed("view", who=sys.argv[2]))
print("done", flush=True)
"""


def test_many_at_once_make_one_chain(trail: Engine, url: str) -> None:
    with python(ENTER_MANY, url, "p1") as one, python(ENTER_MANY, url, "p2") as other:
        assert said(one) == said(other) == "ready"
        for process in (one, other):
            process.stdin.write("\n")
            process.stdin.flush()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: audit.enter(trail, deed(number)), range(40)))
        assert said(one) == said(other) == "done"
    proof = prove(trail)
    assert proof.is_sound and (proof.entries, proof.marks, proof.unmarked) == (LENGTH + 80, LENGTH + 80, [])


def test_entries_are_found_by_who_what_where_and_when(trail: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", "2024-12-17T00:00:00+07:00")
    audit.enter(trail, Deed("login", who="minh", result="sai mật khẩu"))
    audit.enter(trail, deed(unit_code="568", period_id="2024Q3"))
    assert [one.number for one in audit_search.newest(trail, Wanted(), most=3)] == [10, 9, 8]
    assert [one.number for one in audit_search.newest(trail, Wanted(), most=3, older_than=8)] == [7, 6, 5]
    assert [one.number for one in audit_search.next_newer(trail, Wanted(), most=3, newer_than=5)] == [8, 7, 6]
    for wanted, numbers in [
        (Wanted(who="minh"), [9]),
        (Wanted(action="login"), [9]),
        (Wanted(unit_code="568"), [10]),
        (Wanted(period_id="2024Q3", who="lan"), [10]),
        (Wanted(first=date(2024, 12, 17)), [9, 10]),
        (Wanted(last=date(2024, 12, 16)), list(range(1, 9))),
        (Wanted(first=date(1, 1, 1), last=date(9999, 12, 31), action="login"), [9]),
        (Wanted(who="lan\x00"), []),
    ]:
        assert [one.number for one in audit_search.every(trail, wanted)] == numbers, wanted
    assert audit_search.logins(trail) == ["lan", "minh"]


def test_a_warehouse_of_nobody_yet_has_entries_without_marks(url: str, home: Path) -> None:
    engine = open_warehouse(url)
    audit.enter(engine, deed())
    assert prove(engine).is_sound
    assert not list(home.rglob("*.marks"))


def test_every_kind_of_fault_has_a_sentence() -> None:
    from cli.audit import sentence

    assert len({sentence(Fault(kind, 3, 4)) for kind in FaultKind}) == len(FaultKind)
