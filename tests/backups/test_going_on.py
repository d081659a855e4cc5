"""Backups while a run goes on, of a process that is killed, and on a disk that refuses."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from contracts.codes import PartitionState
from contracts.errors import UsageError
from contracts.settings import Settings
from flows.backups.checking import checked
from flows.backups.copying import Into
from flows.backups.making import Made, back_up, newest_of
from flows.backups.manifest import BackedUp, table_file
from flows.backups.record import last_backup
from flows.backups.restoring import restore
from flows.place import find_place
from tests.backups.conftest import Settle
from tests.quarter.command import CCHC, REPOSITORY
from tests.quarter.test_planning import load
from warehouse import audit, counted, dumps, ledger
from warehouse.audit_proof import FaultKind
from warehouse.database import open_warehouse, reading
from warehouse.layouts import layout_of
from warehouse.upgrade import HEAD

SOURCE, DAYS = "khanh-son", ("2024-12-13", "2024-12-14")
BACKUPS, MANY = 2, 1000


def counting(settings: dict[str, str]) -> None:
    """Count one source again and again, by turns as of two days: facts and the dossiers behind them are replaced."""
    os.environ.update(settings)
    while True:
        for day in DAYS:
            load(find_place("2024Q4", as_of=day), SOURCE)


@contextmanager
def a_run_going_on() -> Iterator[None]:
    settings = {name: value for name, value in os.environ.items() if name.startswith("CCHC_")}
    process: BaseProcess = multiprocessing.get_context("forkserver").Process(target=counting, args=(settings,))
    process.start()
    try:
        yield
        assert process.is_alive()
    finally:
        process.kill()
        process.join()


def test_backups_while_a_run_goes_on_are_each_of_one_moment(lived_in: Path, tmp_path: Path) -> None:
    """In each, facts and ledger belong together, and the dossiers behind facts that stand are there."""
    known = dict(_stored_as_of(day) for day in DAYS)
    assert len(known) == 2
    made = []
    with a_run_going_on():
        for _ in range(BACKUPS):
            _until_counted_again(_warehouse())
            made.append(back_up(tmp_path / "backups", who="ai"))
    for one in made:
        assert one.manifest.absent == ()
        facts = [tuple(row.values()) for row in _rows(one, "fact") if row["source_id"] == SOURCE]
        (stands,) = [
            row for row in _rows(one, "partition") if (row["period_id"], row["source_id"]) == ("2024Q4", SOURCE)
        ]
        assert facts == known[stands["load_fingerprint"]]
        behind = [path for path in one.manifest.files if path.startswith(f"home/counted/2024Q4/{SOURCE}/")]
        named = counted.name_of(stands["landing_id"], stands["load_fingerprint"], stands["across"])
        assert [Path(path).name for path in behind] == ([named] if stands["state"] == PartitionState.LOADED else [])


def _rows(made: Made, name: str) -> list[dict[str, Any]]:
    """Of a table in the backup, in the order of its key."""
    (table,) = (one for one in layout_of(made.manifest.migration) if one.name == name)
    with (made.folder / table_file(name)).open("rb") as packed:
        return list(dumps.rows_in(packed, table))


def _stored_as_of(day: str) -> tuple[str | None, list[Any]]:
    load(find_place("2024Q4", as_of=day), SOURCE)
    return _stored()


def _stored() -> tuple[str | None, list[Any]]:
    """What the ledger says of the facts that stand, and these facts."""
    stands = ledger.partition(_warehouse(), "2024Q4", SOURCE)
    (table,) = (one for one in layout_of(HEAD) if one.name == "fact")
    made = table.table()
    with reading(_warehouse()) as connection:
        query = select(made).where(made.c.source_id == SOURCE).order_by(*made.primary_key)
        return stands.load_fingerprint, [tuple(row) for row in connection.execute(query)]


def _until_counted_again(engine: Engine) -> None:
    before = ledger.partition(engine, "2024Q4", SOURCE).attempt
    _until(lambda: ledger.partition(engine, "2024Q4", SOURCE).attempt > before)


def _warehouse() -> Engine:
    return open_warehouse(Settings().database_url("khanh-hoa"))


def test_facts_that_are_replaced_while_their_dossiers_are_copied_are_read_again(
    lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The snapshot names a file that a run has removed meanwhile: the next snapshot is whole."""
    put, replaced = Into.put, []

    def replacing(into: Into, path: str, *given: Any, **more: Any) -> BackedUp:
        if f"counted/2024Q4/{SOURCE}" in path and not replaced:
            replaced.append(path)
            load(find_place("2024Q4", as_of=DAYS[0]), SOURCE)
        return put(into, path, *given, **more)

    monkeypatch.setattr(Into, "put", replacing)
    manifest = back_up(tmp_path / "backups", who="ai").manifest
    assert manifest.absent == ()
    (stands,) = [path for path in manifest.files if f"counted/2024Q4/{SOURCE}" in path]
    assert [stands] != replaced


def test_marks_of_the_trail_are_those_of_the_snapshot(
    lived_in: Path, tmp_path: Path, at: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry that is added while files are copied has no mark in the backup; a mark that accused somebody has."""
    put, entered = Into.put, []

    def entering(into: Into, path: str, *given: Any, **more: Any) -> BackedUp:
        if not entered:
            entered.append(audit.enter(_warehouse(), audit.Deed("view", who="lan")))
        return put(into, path, *given, **more)

    monkeypatch.setattr(Into, "put", entering)
    first = back_up(tmp_path / "first", who="ai")
    (marks,) = (lived_in / "khanh-hoa" / "logs").glob("audit-*.marks")
    with marks.open("a", encoding="utf-8") as file:
        file.write(f"99 {'a' * 64} 2024-12-16T08:00:00+07:00\n")
    second = back_up(tmp_path / "second", who="ai")
    at(tmp_path / "sound")
    assert restore(first.folder, who="ai").compared.proof.is_sound
    at(tmp_path / "accused")
    assert [fault.kind for fault in restore(second.folder, who="ai").compared.proof.faults] == [FaultKind.TAIL]


def test_a_killed_backup_leaves_nothing_that_looks_like_one(lived_in: Path, tmp_path: Path) -> None:
    for number in range(MANY):  # so that there is time to kill it
        (lived_in / "khanh-hoa" / "returns" / "2024Q4" / f"{number}.xlsx").write_bytes(b"PK")
    to = tmp_path / "backups"
    environment = {**os.environ, "CCHC_HOME": str(lived_in)}
    command = [str(CCHC), "backup", "--to", str(to)]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL)
    _until(lambda: any(to.glob(".part-khanh-hoa-*/home")))
    process.kill()
    process.wait()
    (half,) = to.glob(".part-*")
    assert newest_of(to, "khanh-hoa") is None
    assert last_backup("khanh-hoa") is None
    with pytest.raises(UsageError, match="không phải là một bản sao lưu đã làm xong"):
        checked(half)
    made = back_up(to, who="ai")
    assert [path for path in to.iterdir() if path.is_dir()] == [made.folder]


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_disk_that_refuses_leaves_nothing_and_says_so(command: str, lived_in: Path, tmp_path: Path) -> None:
    """No file may grow beyond a limit, which stands for a disk without room: the message is the machine's own."""
    to, into = tmp_path / "backups", tmp_path / "elsewhere"
    words = ["--to", str(to / "full")]
    if command == "restore":
        words = [str(back_up(to, who="ai").folder), "--into", str(into)]
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 200; exec {CCHC} {command} {' '.join(words)}"],
        cwd=REPOSITORY,
        env={**os.environ, "CCHC_HOME": str(lived_in)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "LỖI: tệp lớn quá mức hệ điều hành cho phép" in done.stderr
    left = [path for folder in (to / "full", into) for path in folder.glob("*") if path.is_dir()]
    assert left == []
    assert not any((to / "full").glob(".part-*"))


def _until(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.01)
