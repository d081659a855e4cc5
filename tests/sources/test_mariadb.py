"""What a MariaDB is asked for and gives: the mapped columns of one moment, as they were written, by least rights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.columns import Column
from contracts.source_config import ColumnMap, TableMap
from contracts.table_spec import SqlTable
from sources.databases import mariadb_rows
from sources.reader import probe
from tests.servers.mariadb import MariadbServer, mariadb  # noqa: F401  a fixture
from tests.sources.mariadb_systems import DATABASE, MAPPED, READER, System, read, system_of, with_value
from tests.sources.systems import (
    DOSSIER,
    PERSON,
    SQL_COLUMNS,
    landed,
    rows_of,
    table_map,
    with_spec,
    with_where,
)
from tests.tried import tried


@pytest.fixture
def system(mariadb: MariadbServer, monkeypatch: pytest.MonkeyPatch) -> System:  # noqa: F811
    return system_of(mariadb, monkeypatch)


def test_rights_on_the_mapped_columns_are_enough(system: System, tmp_path: Path) -> None:
    system.add(DOSSIER)
    system.run("INSERT INTO YeuCau VALUES ('a', '2024-10-16', NULL, '5', 'riêng tư')")
    found = probe(system.config)
    assert [name.removeprefix("HoSo.") for name in found.tables["dossiers"]] == list(MAPPED)
    landing = landed(system.config, tmp_path / "landing")
    assert landing.rows == {"dossiers": 1, "pauses": 1}
    texts = {text for name in landing.rows for row in rows_of(landing.table(name)) for text in row}
    assert not texts & {*PERSON, "riêng tư"}


WRITTEN = [
    # declared as                           written by SQL                      landed as
    ("VARCHAR(20)", "'0012'", "0012"),
    ("VARCHAR(20)", "''", ""),
    ("VARCHAR(20)", "NULL", None),
    ("VARCHAR(20)", r"'hai\ndòng\t\\n\0\'\"%'", "hai\ndòng\t\\n\0'\"%"),
    ("VARCHAR(20)", "' cách '", " cách "),
    ("VARCHAR(20)", "'Ho\u0300a Hòa 😀'", "Ho\u0300a Hòa 😀"),
    ("VARCHAR(20)", "REPEAT('đ', 20)", "đ" * 20),
    ("VARCHAR(20) CHARACTER SET latin1", "'café €'", "café €"),
    ("VARCHAR(20) CHARACTER SET utf8mb3", "'Khánh Hòa'", "Khánh Hòa"),
    ("VARCHAR(20) CHARACTER SET utf16", "'Đất 😀'", "Đất 😀"),
    ("VARCHAR(20) CHARACTER SET tis620", "'ก'", "ก"),
    ("CHAR(10)", "'ab'", "ab"),
    ("LONGTEXT", "REPEAT('ấ', 70000)", "ấ" * 70_000),
    ("INT(6) ZEROFILL", "42", "000042"),
    ("BIGINT UNSIGNED", "18446744073709551615", "18446744073709551615"),
    ("DECIMAL(12,2)", "-1.5", "-1.50"),
    ("DOUBLE", "0.1", "0.1"),
    ("DOUBLE", "1e300", "1e300"),
    ("BOOLEAN", "TRUE", "1"),
    ("BIT(1)", "b'1'", "1"),
    ("BIT(1)", "b'0'", "0"),
    ("BIT(1)", "NULL", None),
    ("BIT(12)", "b'100000001'", "257"),
    ("YEAR", "2024", "2024"),
    ("DATE", "'2024-10-15'", "2024-10-15"),
    ("DATE", "'0000-00-00'", "0000-00-00"),
    ("DATE", "'2024-02-31'", "2024-02-31"),
    ("DATE", "'2024-10-00'", "2024-10-00"),
    ("DATETIME", "'0000-00-00 00:00:00'", "0000-00-00 00:00:00"),
    ("DATETIME", "'2024-10-15 23:59:59'", "2024-10-15 23:59:59"),
    ("DATETIME(3)", "'2024-10-15 23:59:59.5'", "2024-10-15 23:59:59.500"),
    ("TIMESTAMP NULL", "'2024-10-15 23:30:00'", "2024-10-15 23:30:00"),
    ("TIMESTAMP NULL", "0", "0000-00-00 00:00:00"),
    ("TIME", "'-12:30'", "-12:30:00"),
    ("ENUM('Đang xử lý','Đã xong')", "'Đã xong'", "Đã xong"),
    ("ENUM('a')", "'khác'", ""),
    ("SET('1','5')", "'1,5'", "1,5"),
    ("JSON", """'{"ma": "Đ"}'""", '{"ma": "Đ"}'),
    ("UUID", "'123e4567-e89b-12d3-a456-426655440000'", "123e4567-e89b-12d3-a456-426655440000"),
    ("VARBINARY(20)", "'Đất'", "Đất"),
    ("VARBINARY(20)", "x'FFFE41'", "\\xff\\xfeA"),
    ("BLOB", "x'41C3'", "A\\xc3"),
]


def test_what_is_written_is_landed_unchanged(system: System) -> None:
    """All in one row: a column each."""
    names = [f"v{number}" for number in range(len(WRITTEN))]
    declared = ", ".join(f"{name} {one[0]}" for name, one in zip(names, WRITTEN, strict=True))
    system.run(
        "SET SESSION sql_mode = 'ALLOW_INVALID_DATES', SESSION time_zone = '+07:00'",
        f"CREATE TABLE MoiKieu (MaHoSo VARCHAR(40), {declared})",
        f"INSERT INTO MoiKieu VALUES ('a', {', '.join(one[1] for one in WRITTEN)})",
    )
    system.read_as_admin()
    mapped = [ColumnMap(Column(name, "text", name), name, "") for name in names]
    code = ColumnMap(Column("dossier_code", "text", "", required=True), "MaHoSo", "")
    table = TableMap("dossiers", SqlTable(from_="MoiKieu"), (code, *mapped))
    [row] = read(replace(system.config, tables={"dossiers": table}))
    assert [(*one[:2], found) for one, found in zip(WRITTEN, row[1:-1], strict=True)] == WRITTEN
    assert row[0] == row[-1] == "a"


@settings(max_examples=tried(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=300), min_size=1, max_size=30))
def test_any_text_comes_back_as_the_database_casts_it(system: System, texts: list[str | None]) -> None:
    system.run("CREATE OR REPLACE TABLE HoSo (MaHoSo VARCHAR(40), MaTTHC VARCHAR(300))")
    system.server.insert(DATABASE, "HoSo", [("a", text) for text in texts])
    columns = {"dossier_code": ("MaHoSo", ""), "field": ("MaTTHC", "")}
    config = replace(system.config, tables={"dossiers": table_map("dossiers", columns, SqlTable(from_="HoSo"))})
    found = [row[1] for row in read(config)]
    assert found == [row[0] for row in system.run("SELECT CAST(MaTTHC AS CHAR CHARACTER SET utf8mb4) FROM HoSo")]
    assert found == texts


@pytest.mark.parametrize("batch", [1, 1_000, 4 << 20])
def test_every_row_is_read_whatever_the_batch(system: System, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(mariadb_rows, "_BATCH", batch)
    for rows in (0, 1, 2, 49, 50, 1_000):
        system.run(
            "DELETE FROM HoSo",
            f"INSERT INTO HoSo (MaHoSo) SELECT CONCAT('H32-', seq) FROM seq_1_to_1000 WHERE seq <= {rows}",
        )
        assert [row[0] for row in read(system.config)] == [f"H32-{n + 1}" for n in range(rows)]


def test_the_window_is_bound_and_quotes_and_percents_in_it_do_no_harm(system: System) -> None:
    early, late = with_value("NgayTiepNhan", "2024-07-01"), with_value("NgayTiepNhan", "2025-01-01")
    system.add(early, DOSSIER, late)
    within = with_where(system.config, "NgayTiepNhan BETWEEN :first AND :last AND MaHoSo LIKE 'H32%%-0001'")
    assert [row[5] for row in read(within)] == [DOSSIER[5]]
    odd = with_where(system.config, r"NgayTiepNhan > :first AND MaHoSo <> 'T\:first'' OR %s %(x)s'")
    assert len(read(odd)) == 2


def test_a_join_is_read_with_qualified_names(system: System) -> None:
    system.add(DOSSIER)
    system.run(f"INSERT INTO YeuCau VALUES ('{DOSSIER[0]}', '2024-10-16', NULL, '5', 'riêng tư')")
    columns = {**SQL_COLUMNS, "dossier_code": ("h.MaHoSo", ""), "returned_date": ("y.NgayYeuCau", "iso")}
    spec = SqlTable(from_="HoSo h LEFT JOIN YeuCau y ON y.MaHoSo = h.MaHoSo")
    joined = replace(system.config, tables={"dossiers": table_map("dossiers", columns, spec)})
    assert {name.split(".")[0] for name in probe(joined).tables["dossiers"]} == {"HoSo", "YeuCau"}
    [row] = read(joined)
    assert (row[0], row[-2]) == (DOSSIER[0], "2024-10-16")


def test_a_query_of_ones_own_is_read(system: System) -> None:
    system.add(DOSSIER, DOSSIER)
    given_names = ", ".join(name for name in MAPPED if name != "MaTTHC")
    query = f"SELECT MAX(CONCAT('%', MaTTHC)) AS MaTTHC, {given_names} FROM HoSo GROUP BY {given_names}"
    asked = with_spec(system.config, from_="", query=query)
    probe(asked)
    assert [row[1] for row in read(asked)] == [f"%{DOSSIER[1]}"]


def test_a_table_in_another_database_is_read(system: System, mariadb: MariadbServer) -> None:  # noqa: F811
    system.add(DOSSIER)
    mariadb.empty("luu_tru")
    system.run("CREATE TABLE luu_tru.HoSo2023 AS SELECT * FROM HoSo")
    mariadb.run(f"GRANT SELECT ({', '.join(MAPPED)}) ON luu_tru.HoSo2023 TO {READER}")
    archive = with_spec(system.config, from_="luu_tru.HoSo2023")
    assert next(iter(probe(archive).tables["dossiers"])) == "luu_tru.HoSo2023.MaHoSo"
    assert len(read(archive)) == 1


def test_the_types_are_those_that_the_server_says(system: System) -> None:
    types = {name.removeprefix("HoSo."): kind for name, kind in probe(system.config).tables["dossiers"].items()}
    assert types["NgayTiepNhan"] == "datetime"
    assert types["MaHoSo"] == "varchar(40)"
    before = probe(system.config).fingerprint
    system.run("ALTER TABLE HoSo MODIFY NgayTiepNhan VARCHAR(30)")
    assert probe(system.config).fingerprint != before
    assert DATABASE in system.config.address
