"""What is asked of a database: the mapped columns, as text, of one moment; and never anything of a person."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from contracts.errors import SourceDrift, SourceUnreachable
from contracts.source_config import SourceConfig
from contracts.table_spec import SqlTable
from sources.databases.sql import compose
from sources.databases.sqlite import SqliteReader
from sources.reader import open_reader, probe
from tests.sources.systems import (
    DOSSIER,
    PERIOD,
    PERSON,
    SQL_COLUMNS,
    change,
    landed,
    rows_of,
    sqlite_source,
    table_map,
    with_spec,
    with_where,
)
from tests.tried import tried


def read(config: SourceConfig, name: str = "dossiers") -> list[tuple[str | None, ...]]:
    with open_reader(config) as reader:
        return [row for batch in reader.read(config.tables[name], PERIOD.window) for row in rows_of(batch)]


def with_value(place: int, value: object) -> tuple[object, ...]:
    return (*DOSSIER[:place], value, *DOSSIER[place + 1 :])


def test_the_query_names_the_mapped_columns_and_no_other(tmp_path: Path) -> None:
    query = str(compose(sqlite_source(tmp_path).tables["dossiers"], SQLiteDialect()))
    assert query.count("CAST(") == len(SQL_COLUMNS)
    assert "*" not in query
    assert not any(personal in query for personal in ("HoTen", "DienThoai", "DiaChi"))


def test_nothing_of_a_person_is_landed(tmp_path: Path) -> None:
    landing = landed(sqlite_source(tmp_path, pauses=[("a", "2024-10-16", None, 5)]), tmp_path / "landing")
    everything = b"".join(path.read_bytes() for path in landing.folder.iterdir())
    rows = b"".join(path.read_bytes() for path in landing.folder.glob("*.parquet"))
    texts = {text for name in landing.rows for row in rows_of(landing.table(name)) for text in row}
    assert not texts & {*PERSON, "riêng tư"}
    assert not any(word.encode() in everything for word in (*PERSON, "riêng tư"))
    assert b"HoTenChuHoSo" not in rows


@pytest.mark.parametrize(
    "spec",
    [
        {"where": "HoTenChuHoSo IS NOT NULL"},
        {"from_": "(SELECT *, HoTenChuHoSo AS x FROM HoSo) h"},
        {"from_": "HoSo JOIN (SELECT SoDienThoai FROM HoSo) p ON 1"},
    ],
)
def test_a_condition_on_personal_data_is_refused_by_the_database(tmp_path: Path, spec: dict[str, str]) -> None:
    with pytest.raises(SourceDrift, match=r"dữ liệu cá nhân «(HoTenChuHoSo|SoDienThoai)»"):
        read(with_spec(sqlite_source(tmp_path), **spec))


def test_personal_data_behind_a_view_reads_as_nothing(tmp_path: Path) -> None:
    config = sqlite_source(tmp_path)
    others = ", ".join(name for name, _ in SQL_COLUMNS.values() if name != "MaTTHC")
    change(config, f"CREATE VIEW KhungNhin AS SELECT {others}, HoTenChuHoSo AS MaTTHC FROM HoSo")
    [row] = read(with_spec(config, from_="KhungNhin"))
    assert row[0] == DOSSIER[0]
    assert row[1] is None


@pytest.mark.parametrize("statement", ["DELETE FROM HoSo", "UPDATE HoSo SET MaHoSo = ''", "DROP TABLE HoSo"])
def test_the_system_cannot_be_written_to(tmp_path: Path, statement: str) -> None:
    reader = SqliteReader(sqlite_source(tmp_path))
    connection = reader._connect()  # type: ignore[attr-defined]
    with pytest.raises(sqlite3.DatabaseError):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("written", "landed_as"),
    [
        ("0012", "0012"),
        (12, "12"),
        (1.5, "1.5"),
        ("", ""),
        (None, None),
        ("hai\ndòng", "hai\ndòng"),
        (" cách ", " cách "),
        ("Ho\u0300a", "Ho\u0300a"),
        (b"\xff\xfeA", "\\xff\\xfeA"),
        ("một\x00hai", "một\x00hai"),
    ],
)
def test_what_is_written_is_landed_unchanged(tmp_path: Path, written: object, landed_as: str | None) -> None:
    [row] = read(sqlite_source(tmp_path, [with_value(1, written)]))
    assert row[1] == landed_as


@settings(max_examples=tried(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=30))
def test_any_text_comes_back_as_it_was(tmp_path: Path, texts: list[str | None]) -> None:
    config = sqlite_source(tmp_path, [with_value(1, text) for text in texts])
    landing = landed(config, tmp_path / "landing")
    assert landing.table("dossiers", ["MaTTHC"])["MaTTHC"].to_pylist() == texts


@pytest.mark.parametrize("rows", [0, 1, 4_999, 5_000, 5_001, 12_345])
def test_every_row_is_read_whatever_the_batch(tmp_path: Path, rows: int) -> None:
    found = read(sqlite_source(tmp_path, [with_value(0, f"H32.30-241015-{n:05d}") for n in range(rows)]))
    assert [row[0] for row in found] == [f"H32.30-241015-{n:05d}" for n in range(rows)]


def test_the_window_is_bound_and_quotes_in_it_do_no_harm(tmp_path: Path) -> None:
    early, late = with_value(5, "2024-07-01"), with_value(5, "2025-01-01")
    config = sqlite_source(tmp_path, [early, DOSSIER, late])
    assert [row[5] for row in read(with_where(config, "NgayTiepNhan BETWEEN :first AND :last"))] == [DOSSIER[5]]
    assert len(read(with_where(config, "NgayTiepNhan > :first AND MaHoSo <> 'T\\:first'' OR'"))) == 2


def test_the_address_is_the_key_or_the_dossier_code(tmp_path: Path) -> None:
    config = sqlite_source(tmp_path)
    assert read(config)[0][-1] == DOSSIER[0]
    assert read(with_spec(config, key="rowid"))[0][-1] == "1"


def test_a_join_is_read_with_qualified_names(tmp_path: Path) -> None:
    config = sqlite_source(tmp_path, pauses=[(DOSSIER[0], "2024-10-16", None, 5)])
    columns = {**SQL_COLUMNS, "dossier_code": ("h.MaHoSo", ""), "returned_date": ("y.NgayYeuCau", "iso")}
    spec = SqlTable(from_="HoSo h LEFT JOIN YeuCau y ON y.MaHoSo = h.MaHoSo")
    joined = replace(config, tables={"dossiers": table_map("dossiers", columns, spec)})
    probe(joined)
    [row] = read(joined)
    assert (row[0], row[-2]) == (DOSSIER[0], "2024-10-16")


def test_all_tables_are_of_one_moment(tmp_path: Path) -> None:
    config = sqlite_source(tmp_path, pauses=[])
    change(config, "PRAGMA journal_mode = WAL")
    with open_reader(config) as reader:
        assert len(list(reader.read(config.tables["dossiers"], PERIOD.window))) == 1
        change(config, "INSERT INTO YeuCau VALUES ('muộn', '2024-10-16', NULL, 5, '')")
        assert list(reader.read(config.tables["pauses"], PERIOD.window)) == []
    assert len(read(config, "pauses")) == 1


LOST = [
    # what the vendor did                                          what the operator is told
    ("ALTER TABLE HoSo RENAME COLUMN NgayHenTra TO NgayHenTraKQ", "«NgayHenTra» (có thể nay là «NgayHenTraKQ»)"),
    ("ALTER TABLE HoSo DROP COLUMN LienThong", "không còn cột «LienThong»"),
    ("ALTER TABLE HoSo RENAME TO HoSoMoi", "không còn bảng «HoSo»"),
]


@pytest.mark.parametrize(("statement", "told"), LOST)
def test_drift_is_named(tmp_path: Path, statement: str, told: str) -> None:
    config = sqlite_source(tmp_path)
    before = probe(config)
    change(config, statement)
    with pytest.raises(SourceDrift) as caught:
        probe(config)
    assert told in str(caught.value)
    assert "cchc sources check huyen-thu" in caught.value.advice
    assert str(config.folder) in caught.value.advice
    with pytest.raises(SourceDrift):
        read(config)
    assert next(iter(before.tables["dossiers"])) == "HoSo.MaHoSo"


@pytest.mark.parametrize("mapped", ["HoSo", "h", "main", "h.json", "h.to_jsonb"])
def test_the_name_of_a_table_is_no_column(tmp_path: Path, mapped: str) -> None:
    config = with_spec(sqlite_source(tmp_path), from_="HoSo h", key=mapped)
    with pytest.raises(SourceDrift, match=f"không còn cột «{mapped}»"):
        probe(config)


def test_all_lost_columns_are_named_at_once(tmp_path: Path) -> None:
    config = sqlite_source(tmp_path)
    change(config, "ALTER TABLE HoSo DROP COLUMN LienThong", "ALTER TABLE HoSo DROP COLUMN NgayKetThuc")
    with pytest.raises(SourceDrift, match=r"«NgayKetThuc».*«LienThong»"):
        probe(config)


def test_a_condition_on_a_lost_column_is_drift(tmp_path: Path) -> None:
    with pytest.raises(SourceDrift, match="where"):
        probe(with_where(sqlite_source(tmp_path), "DaXoa IS NULL"))


def test_a_personal_column_is_never_proposed_for_a_lost_one(tmp_path: Path) -> None:
    config = sqlite_source(tmp_path)
    change(config, "ALTER TABLE HoSo RENAME COLUMN MaHoSo TO MaHoSoSDT")
    with pytest.raises(SourceDrift) as caught:
        probe(config)
    assert "SDT" not in str(caught.value)


def test_the_fingerprint_of_the_schema_follows_its_columns(tmp_path: Path) -> None:
    config = sqlite_source(tmp_path)
    first, again = probe(config), probe(config)
    change(config, "ALTER TABLE HoSo ADD COLUMN MucDo")
    assert first.fingerprint == again.fingerprint != probe(config).fingerprint


def no_file(path: Path) -> None:
    path.unlink()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def an_empty_file(path: Path) -> None:
    path.write_bytes(b"")


def a_text_file(path: Path) -> None:
    path.write_bytes(b"<html>B\xe1\xba\xa3o tr\xc3\xac</html>" * 200)


def a_damaged_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 : 2 * 4096] = b"\xff" * 4096
    path.write_bytes(content)


BAD_FILES = [
    (no_file, "không tìm thấy tệp"),
    (a_folder, "không phải là tệp"),
    (an_empty_file, "rỗng"),
    (a_text_file, "không phải là cơ sở dữ liệu SQLite"),
    (a_damaged_page, "hỏng"),
]


@pytest.mark.parametrize(("spoil", "told"), BAD_FILES)
def test_a_bad_file_is_told(tmp_path: Path, spoil: object, told: str) -> None:
    config = sqlite_source(tmp_path)
    spoil(Path(config.address))  # type: ignore[operator]
    with pytest.raises(SourceUnreachable) as caught:
        read(config)
    assert told in caught.value.cause
    assert caught.value.source_id == "huyen-thu"
    assert "Văn phòng huyện Thử" in caught.value.advice
    with pytest.raises(SourceUnreachable):
        landed(config, tmp_path / "landing")


def test_a_locked_database_is_told(tmp_path: Path) -> None:
    config = replace(sqlite_source(tmp_path), timeout_seconds=0.05)
    holder = sqlite3.connect(config.address, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SourceUnreachable, match=r"đang bị khóa, đã chờ 0\.05 giây"):
        probe(config)
    holder.close()


def test_a_query_without_end_is_stopped(tmp_path: Path) -> None:
    config = replace(sqlite_source(tmp_path), timeout_seconds=0.05)
    endless = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)"
    asked = with_where(config, f"(SELECT count(*) FROM {endless}) > 0")
    probe(asked)  # reads no row, so does not run the query
    with pytest.raises(SourceUnreachable, match=r"hết thời gian chờ 0\.05 giây"):
        read(asked)


def test_time_spent_by_the_caller_is_not_the_system_s(tmp_path: Path) -> None:
    config = replace(sqlite_source(tmp_path, [DOSSIER] * 10_001), timeout_seconds=0.2)
    late = 0.0
    with open_reader(config) as reader:
        for batch in reader.read(config.tables["dossiers"], PERIOD.window):
            late += batch.num_rows
            reader._deadline -= 10  # type: ignore[attr-defined]
    assert late == 10_001


def test_an_error_holds_no_value_of_the_query(tmp_path: Path) -> None:
    config = with_where(sqlite_source(tmp_path), "KhongCo = :first AND TrangThai = 'bí mật'")
    with pytest.raises(SourceDrift) as caught:
        read(config)
    assert caught.value.__cause__ is not None
    assert PERIOD.window.first_day.isoformat() not in f"{caught.value}{caught.value.__cause__}"
    assert "bí mật" not in str(caught.value)


def test_a_count_that_differs_is_told(tmp_path: Path) -> None:
    """random() makes the system answer differently to the same question."""
    config = with_where(sqlite_source(tmp_path, [DOSSIER] * 2_000), "random() > 0")
    with pytest.raises(SourceUnreachable, match="nhưng hệ thống đếm"):
        for _ in range(5):
            read(config)


LOST_IN_A_QUERY = [
    # query.sql, of MaHoSo                                                             what is said to be lost
    ("SELECT h.MaHoSo, x.Xong FROM HoSo h JOIN YeuCau x ON x.MaHoSo = h.MaHoSo", "«YeuCau.Xong»"),
    ("SELECT h.MaHoSo FROM HoSo h JOIN XuLy x ON x.MaHoSo = h.Ma", "«XuLy», «HoSo.Ma»"),
    ("SELECT MaHoSo FROM HoSo WHERE DaXoa = 0", "«HoSo.DaXoa»"),
    ("SELECT MaHoSo AS ma FROM HoSo WHERE DaXoa = 0 ORDER BY ma", "«HoSo.DaXoa»"),
    ("SELECT MaHoSo FROM HoSo UNION ALL SELECT MaHoSo FROM HoSoCu", "«HoSoCu»"),
    ("WITH c AS (SELECT MaHoSo FROM HoSoCu) SELECT c.MaHoSo FROM c", "«HoSoCu»"),
    ("SELECT q.MaHoSo FROM (SELECT h.MaHoSo, h.Xong FROM HoSo h) q", "«HoSo.Xong»"),
]


@pytest.mark.parametrize(("query", "lost"), LOST_IN_A_QUERY)
def test_what_a_query_has_lost_is_named_with_its_file(tmp_path: Path, query: str, lost: str) -> None:
    config = with_spec(sqlite_source(tmp_path), from_="", query=query)
    with pytest.raises(SourceDrift) as caught:
        probe(config)
    assert f"query.sql không chạy được: hệ thống không còn {lost} →" in str(caught.value)
    assert "query.sql," in caught.value.advice
