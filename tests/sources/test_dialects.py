"""SQL Server and Oracle: what is asked of them, as text; and their errors, from the drivers that are really there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import oracledb
import pymssql
import pytest
import sqlglot
from sqlalchemy import func

from contracts.errors import ConfigError, SourceDrift, SourceUnreachable
from contracts.source_config import SourceConfig
from contracts.table_spec import SqlConnection, SqlTable
from sources.databases.oracle import OracleReader
from sources.databases.sql import SqlReader, compose
from sources.databases.sql_address import account
from sources.databases.sqlserver import SqlServerReader
from sources.exploring.explore import FoundTable
from sources.exploring.explore_sql import SqlExplorer
from sources.reader import open_reader
from tests.servers import free_port
from tests.sources.systems import SQL_COLUMNS, source, table_map

PASSWORD = "mật khẩu chim hoàng yến"
READERS = {"sqlserver": SqlServerReader, "oracle": OracleReader}


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_SECRET_MOT_CUA_USER", "cchc")
    monkeypatch.setenv("CCHC_SECRET_MOT_CUA_PASSWORD", PASSWORD)


def system(kind: Any, host: str = "127.0.0.1", *, tls: Any = "off", spec: SqlTable | None = None) -> SourceConfig:
    """A source of two columns; nobody listens there."""
    columns = {name: SQL_COLUMNS[name] for name in ("dossier_code", "received_date")}
    tables = {"dossiers": table_map("dossiers", columns, spec or SqlTable(from_="HoSo"))}
    made = source(Path("x"), tables, kind=kind)
    connection = SqlConnection(tls=tls)
    return replace(made, address=f"{kind}://{host}/mot_cua", secret="mot-cua", connection=connection, timeout_seconds=2)


def compiled(kind: str, spec: SqlTable, *, what: str) -> str:
    reader: SqlReader = READERS[kind](system(kind, spec=spec))
    query = compose(reader.source.tables["dossiers"], reader.dialect)
    asked = {"rows": query, "count": query.with_only_columns(func.count()), "look": query.limit(0)}[what]
    return " ".join(str(asked.compile(dialect=reader.dialect, compile_kwargs={"render_postcompile": True})).split())


JOINED = SqlTable(from_="HoSo h JOIN CoQuan c ON c.Ma = h.Ma", where="h.NgayTiepNhan <= :last")
QUERY = SqlTable(query="SELECT MaHoSo, NgayTiepNhan FROM HoSo -- hồ sơ")
MSSQL_COLUMNS = "CONVERT(NVARCHAR(MAX), [MaHoSo], 126) AS c0, CONVERT(NVARCHAR(MAX), [NgayTiepNhan], 126) AS c1"
ORACLE_COLUMNS = 'TO_CHAR("MaHoSo") AS c0, TO_CHAR("NgayTiepNhan") AS c1'
ASKED = [
    ("sqlserver", JOINED, "rows", f"SELECT {MSSQL_COLUMNS} FROM {JOINED.from_} WHERE (h.NgayTiepNhan <= %(last)s )"),
    ("sqlserver", QUERY, "rows", f"SELECT {MSSQL_COLUMNS} FROM ({QUERY.query} ) q"),
    ("sqlserver", QUERY, "look", f"SELECT TOP 0 {MSSQL_COLUMNS} FROM ({QUERY.query} ) q"),
    ("sqlserver", QUERY, "count", f"SELECT count(*) AS count_1 FROM ({QUERY.query} ) q"),
    ("oracle", JOINED, "rows", f"SELECT {ORACLE_COLUMNS} FROM {JOINED.from_} WHERE (h.NgayTiepNhan <= :last )"),
    ("oracle", QUERY, "rows", f"SELECT {ORACLE_COLUMNS} FROM ({QUERY.query} ) q"),
    ("oracle", QUERY, "look", f"SELECT {ORACLE_COLUMNS} FROM ({QUERY.query} ) q FETCH FIRST 0 ROWS ONLY"),
    ("oracle", QUERY, "count", f"SELECT count(*) AS count_1 FROM ({QUERY.query} ) q"),
]


@pytest.mark.parametrize(("kind", "spec", "what", "sql"), ASKED)
def test_the_columns_are_named_and_written_as_text(kind: str, spec: SqlTable, what: str, sql: str) -> None:
    assert compiled(kind, spec, what=what) == sql


@pytest.mark.parametrize(("kind", "quoted"), [("sqlserver", "[Mã]] hồ sơ]"), ("oracle", '"Mã] hồ sơ"')])
def test_a_name_is_quoted_as_the_system_wants_it(kind: str, quoted: str) -> None:
    reader = READERS[kind](system(kind))
    query = compose(reader.source.tables["dossiers"], reader.dialect, columns=["Mã] hồ sơ"])
    assert quoted in str(query.compile(dialect=reader.dialect))


@pytest.mark.parametrize("tls", ["off", "on"])
@pytest.mark.parametrize("kind", READERS)
def test_a_port_where_nobody_listens_is_told(kind: str, tls: str) -> None:
    config = system(kind, f"127.0.0.1:{free_port()}", tls=tls)
    with (
        pytest.raises(SourceUnreachable, match=r"không kết nối được tới máy chủ 127\.0\.0\.1") as caught,
        open_reader(config),
    ):
        pass
    assert PASSWORD not in f"{caught.value}{caught.value.__cause__}"


def test_a_host_that_nobody_knows_is_told() -> None:
    with pytest.raises(SourceUnreachable, match=r"không tìm thấy máy chủ khong\.co\.invalid"):
        OracleReader(system("oracle", "khong.co.invalid")).__enter__()


def test_a_certificate_that_the_driver_cannot_check_is_no_certificate() -> None:
    with pytest.raises(ConfigError, match="không kiểm tra được chứng chỉ"):
        SqlServerReader(system("sqlserver", tls="verify")).__enter__()


WRONG = [
    # address                                       what the operator is told
    ("oracle://127.0.0.1", "phải có dạng oracle://"),
    ("oracle:///mot_cua", "phải có dạng oracle://"),
    ("postgresql://127.0.0.1/mot_cua", "phải có dạng oracle://"),
    ("oracle://127.0.0.1/mot/cua", "phải có dạng oracle://"),
    ("oracle://127.0.0.1:cong/mot_cua", "sai ở cổng"),
    ("oracle://127.0.0.1/mot_cua?mode=sysdba", "có «mode» sau dấu «?»"),
    ("oracle://127.0.0.1/mot_cua?mode", "sau dấu «?»"),
]


@pytest.mark.parametrize(("address", "told"), WRONG)
def test_an_address_that_says_too_little_or_too_much_is_refused(address: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        OracleReader(replace(system("oracle"), address=address)).__enter__()
    assert told in str(caught.value)
    assert "source.toml" in str(caught.value)


def test_a_server_is_not_read_by_nobody() -> None:
    with pytest.raises(ConfigError, match="chưa ghi «secret»"):
        account(replace(system("oracle"), secret=""))


MSSQL_ERRORS = [
    # what the driver raises                                         kind of error      cause
    ((18456, b"Login failed: mat khau"), SourceUnreachable, "không nhận tài khoản hoặc mật khẩu"),
    ((20002, b"... DB-Lib error message 20002"), SourceUnreachable, "không kết nối được"),
    (("DB-Lib error message 20003, severity 6:",), SourceUnreachable, "hết thời gian chờ 2 giây"),
    ((1222, b""), SourceUnreachable, "đang bị khóa"),
    ((229, b""), SourceUnreachable, "GRANT SELECT (MaHoSo, NgayTiepNhan) ON HoSo"),
    ((208, b"Invalid object name"), SourceDrift, "bảng trong câu truy vấn không còn"),
    ((207, b"Invalid column name"), SourceDrift, "cột trong câu truy vấn không còn"),
    ((99999, b"?"), SourceUnreachable, "trả lỗi số 99999"),
]


@pytest.mark.parametrize(("args", "kind", "cause"), MSSQL_ERRORS)
def test_what_sql_server_means_by_a_number(args: tuple[Any, ...], kind: type[Exception], cause: str) -> None:
    told = SqlServerReader(system("sqlserver")).explained(pymssql.OperationalError(*args))
    assert type(told) is kind
    assert cause in told.cause
    assert not {"Login", "Invalid", "DB-Lib"} & set(str(told).split())


def test_sql_server_s_numbers_come_in_two_shapes() -> None:
    told = SqlServerReader(system("sqlserver")).explained(pymssql.OperationalError((18456, b"Login failed")))
    assert "mật khẩu" in told.cause


ORACLE_ERRORS = [
    # code          kind of error      cause
    ("ORA-01017", SourceUnreachable, "không nhận tài khoản hoặc mật khẩu"),
    ("ORA-12514", SourceUnreachable, "không có dịch vụ «mot_cua»"),
    ("DPY-4024", SourceUnreachable, "hết thời gian chờ 2 giây"),
    ("DPY-4011", SourceUnreachable, "giữa chừng"),
    ("ORA-01031", SourceUnreachable, "GRANT SELECT ON HoSo TO"),
    ("ORA-00942", SourceDrift, "bảng trong câu truy vấn không còn"),
    ("ORA-00904", SourceDrift, "cột trong câu truy vấn không còn"),
    ("ORA-01456", SourceDrift, "đòi ghi"),
    ("ORA-99999", SourceUnreachable, "trả lỗi ORA-99999"),
]


@pytest.mark.parametrize(("code", "kind", "cause"), ORACLE_ERRORS)
def test_what_oracle_means_by_a_code(code: str, kind: type[Exception], cause: str) -> None:
    said = SimpleNamespace(full_code=code, message="tuyệt mật")
    told = OracleReader(system("oracle")).explained(oracledb.DatabaseError(said))
    assert type(told) is kind
    assert cause in told.cause
    assert "tuyệt mật" not in str(told)


@pytest.mark.parametrize("kind", READERS)
def test_a_system_that_nobody_described_is_looked_at_in_its_own_words(kind: str) -> None:
    """No value of a date leaves the database, and of codes no more than their beginnings."""
    reader: SqlReader = READERS[kind](system(kind))
    explorer = SqlExplorer(reader)
    table = FoundTable("HoSo", {"TrangThai": "int", "NgayNhan": "varchar"}, SqlTable(from_="HoSo"))
    asked = {
        "codes": explorer.code_query(table, "TrangThai"),
        "shape": explorer.shape_query(table, "NgayNhan"),
    }
    said = {
        name: " ".join(str(query.compile(dialect=reader.dialect, compile_kwargs={"literal_binds": True})).split())
        for name, query in asked.items()
    }
    assert "DISTINCT" in said["codes"]
    assert "61" in said["codes"]
    assert said["shape"].count("replace(") >= 9
    assert "GROUP BY" in said["shape"]
    assert sqlglot.parse_one(said["codes"], read={"sqlserver": "tsql"}.get(kind, kind))
    assert sqlglot.parse_one(said["shape"], read={"sqlserver": "tsql"}.get(kind, kind))
    length = {"sqlserver": "LEN(", "oracle": "LENGTH("}[kind]
    assert length in said["shape"]
