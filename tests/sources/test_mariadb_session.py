"""The session is ours: of one moment, read-only, of no habits but its own, and it ends with the reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymysql
import pytest

from contracts.errors import SourceDrift, SourceUnreachable
from sources.databases import mariadb_rows
from sources.databases.mariadb import MariadbReader
from sources.landing import land
from sources.reader import open_reader, probe
from tests.servers.mariadb import MariadbServer, mariadb  # noqa: F401  a fixture
from tests.sources.mariadb_systems import READER, System, read, system_of
from tests.sources.systems import (
    DOSSIER,
    PERIOD,
    with_where,
)


@pytest.fixture
def system(mariadb: MariadbServer, monkeypatch: pytest.MonkeyPatch) -> System:  # noqa: F811
    return system_of(mariadb, monkeypatch)


HABITS = {
    "sql_mode": "'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,NO_ZERO_DATE,PAD_CHAR_TO_FULL_LENGTH'",
    "time_zone": "'+00:00'",
    "sql_select_limit": "1",
    "max_join_size": "1",
    "tx_isolation": "'READ-UNCOMMITTED'",
    "autocommit": "0",
    "character_set_server": "latin1",
    "max_statement_time": "0",
    "max_error_count": "0",
    "completion_type": "'CHAIN'",
    "old_mode": "'ZERO_DATE_TIME_CAST'",
    "init_connect": "\"SET NAMES latin1, time_zone = '-08:00', sql_mode = 'ORACLE'\"",
}


@pytest.fixture
def server_of_habits(system: System) -> Iterator[System]:
    before = {name: system.run(f"SELECT @@GLOBAL.{name}")[0][0] for name in HABITS}
    system.run(*(f"SET GLOBAL {name} = {value}" for name, value in HABITS.items()))
    yield system
    with system.server.connect() as connection, connection.cursor() as cursor:
        for name, value in before.items():
            cursor.execute(f"SET GLOBAL {name} = %s", [value])


def test_habits_of_the_server_change_nothing(server_of_habits: System) -> None:
    system = server_of_habits
    system.run("ALTER TABLE HoSo MODIFY NgayTiepNhan TIMESTAMP NULL, MODIFY MaTTHC CHAR(20)")
    system.run(
        "SET SESSION time_zone = '+07:00', SESSION sql_mode = ''",
        "INSERT INTO HoSo (MaHoSo, MaTTHC, MaCoQuan, NgayTiepNhan, NgayHenTra) VALUES"
        " ('a', 'Hòa', '\"', '2024-10-15 23:30:00', '0000-00-00'), ('b', 'Hòa', '\"', NULL, NULL)",
    )
    asked = with_where(system.config, r"""MaCoQuan = '\"' AND (MaTTHC = "Hòa" OR MaTTHC || 'x')""")
    probe(asked)
    assert [row[:2] + row[5:7] for row in read(asked)] == [
        ("a", "Hòa", "2024-10-15 23:30:00", "0000-00-00"),
        ("b", "Hòa", None, None),
    ]


def test_all_tables_and_counts_are_of_one_moment(server_of_habits: System) -> None:
    system = server_of_habits
    system.add(DOSSIER)
    with open_reader(system.config) as reader:
        system.add(DOSSIER)
        assert sum(b.num_rows for b in reader.read(system.config.tables["dossiers"], PERIOD.window)) == 1
        system.run("INSERT INTO YeuCau VALUES ('muộn', '2024-10-16', NULL, '5', '')")
        assert list(reader.read(system.config.tables["pauses"], PERIOD.window)) == []
    assert len(read(system.config, "pauses")) == 1


def test_a_count_that_differs_is_told(system: System) -> None:
    """rand() makes the server answer differently to the same question."""
    system.add(*[DOSSIER] * 500)
    with pytest.raises(SourceUnreachable, match="nhưng hệ thống đếm"):
        for _ in range(5):
            read(with_where(system.config, "rand() > 0.5"))


WRITES = [
    "DELETE FROM HoSo",
    "UPDATE HoSo SET MaHoSo = ''",
    "INSERT INTO YeuCau VALUES ('', '', '', '', '')",
    "REPLACE INTO YeuCau VALUES ('', '', '', '', '')",
    "DROP TABLE HoSo",
    "TRUNCATE HoSo",
    "ALTER TABLE HoSo DROP COLUMN MaHoSo",
    "CREATE TABLE Moi (a INT)",
    "CREATE DATABASE moi",
    "SELECT MaHoSo FROM HoSo FOR UPDATE",
    "CALL GhiThem()",
]
REFUSED = 1792  # ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION


@pytest.mark.parametrize("statement_before", ["SELECT 1", "COMMIT"])
def test_nothing_is_written_even_by_an_account_that_may(system: System, statement_before: str) -> None:
    """Nor once the transaction has ended."""
    system.add(DOSSIER)
    system.run("CREATE PROCEDURE GhiThem() INSERT INTO YeuCau VALUES ('', '', '', '', '')")
    system.read_as_admin()
    answers: dict[str, object] = {}
    with MariadbReader(system.config) as reader:
        driver: Any = reader._connection.connection.driver_connection  # type: ignore[union-attr]
        with driver.cursor() as cursor:
            for statement in WRITES:
                cursor.execute(statement_before)
                try:
                    answers[statement] = cursor.execute(statement)
                except pymysql.err.Error as error:
                    answers[statement] = error.args[0]
    assert answers == dict.fromkeys(WRITES, REFUSED)
    assert [len(read(system.config)), len(read(system.config, "pauses"))] == [1, 0]


def test_a_query_that_would_write_is_told(system: System) -> None:
    system.run(
        "SET GLOBAL log_bin_trust_function_creators = 1",
        "CREATE FUNCTION GhiThem() RETURNS INT BEGIN INSERT INTO YeuCau VALUES ('', '', '', '', ''); RETURN 1; END",
    )
    system.add(DOSSIER)
    system.read_as_admin()
    with pytest.raises(SourceDrift, match="đòi ghi vào hệ thống"):
        read(with_where(system.config, "GhiThem() = 1"))


def test_a_reader_that_is_left_early_leaves_nothing_behind(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mariadb_rows, "_BATCH", 10_000)
    system.add(*[DOSSIER] * 5_000)
    with open_reader(system.config) as reader:
        batches = reader.read(system.config.tables["dossiers"], PERIOD.window)
        assert next(iter(batches)).num_rows < 5_000
        batches.close()  # type: ignore[attr-defined]
    sessions = f"SELECT count(*) FROM information_schema.processlist WHERE user = '{READER}'"
    system.server.wait_for(sessions, 0)
    assert len(read(system.config)) == 5_000


def test_the_session_ends_cut_off_in_the_middle_and_nothing_is_landed(
    system: System, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """More rows than the wire holds, so that the server is still sending."""
    monkeypatch.setattr(mariadb_rows, "_BATCH", 10_000)
    system.run("INSERT INTO HoSo (MaHoSo, MaTTHC) SELECT CONCAT(REPEAT('H', 30), seq), 'x' FROM seq_1_to_200000")
    seen = []

    def cut(rows: int) -> None:
        if not seen:
            system.server.cut_sessions(READER)
        seen.append(rows)

    with pytest.raises(SourceUnreachable, match=r"mất kết nối với máy chủ 127\.0\.0\.1 giữa chừng"):
        land(system.config, PERIOD, root=tmp_path, progress=cut)
    assert 0 < sum(seen) < 200_000
    assert not list(tmp_path.rglob("manifest.json"))
