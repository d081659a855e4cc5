"""Kinds of system, and what a source.toml says of each: how to connect, and where a table's rows stand."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field, field_validator

from contracts.configfile import Strict
from contracts.rest_spec import RestConnection, RestTable, TableSpec

SqlKind = Literal["sqlite", "postgresql", "mariadb", "mysql", "sqlserver", "oracle"]
FileKind = Literal["excel", "csv"]
Kind = Literal["sqlite", "postgresql", "mariadb", "mysql", "sqlserver", "oracle", "excel", "csv", "rest"]

SQL_KINDS: frozenset[str] = frozenset(get_args(SqlKind))
FILE_KINDS: frozenset[str] = frozenset(get_args(FileKind))
DELIMITERS = ",;\t|"
"""What may stand between the cells of a CSV."""

SENT_FILES = FILE_KINDS
"""Kinds that somebody sends as files: to see whether one changed costs no more than to read it."""


class SqlTable(TableSpec):
    """`from` is a table or a join; `where` may use :first and :last (ISO days of the window) and :today, and must let
    rows through whose dates are empty, unreadable or still to come, so that they are quarantined and not lost.
    query: text of query.sql (query_<table>.sql for another table than dossiers), in place of `from`."""

    from_: str = ""
    where: str = ""
    query: str = ""


class FileTable(TableSpec):
    """Every file and sheet that fits is read, in the order of file names and of sheets in their workbook.

    file: name or pattern («*.xlsx») below the address, which then is a folder; empty where the address itself names
    the file, or is a pattern. files: how many must have come, where that is agreed: without it, a commune whose file
    is lacking looks like one without dossiers. sheet: name or pattern («Xã *»); the first that can be seen if empty;
    no sheet of a CSV. header_row: row (of a CSV: line), from 1, on which the column heads begin; header_rows: on how
    many rows they stand. A head on several is «upper / lower», and a merged head counts for each column below it.
    total_row: each ends with a row of totals, so that one without it was not sent whole: nothing else shows that the
    end of a CSV was cut off where a line ends."""

    file: str = ""
    files: int = Field(default=0, ge=0)
    sheet: str = ""
    header_row: int = Field(default=1, ge=1)
    header_rows: int = Field(default=1, ge=1, le=10)
    total_row: bool = False

    @field_validator("file")
    @classmethod
    def _below(cls, file: str) -> str:
        if file.startswith(("/", "\\")) or {"..", "**"} & set(file.replace("\\", "/").split("/")):
            raise ValueError("phải là tên hoặc mẫu tên tệp bên dưới địa chỉ, không có / ở đầu, không có .. hay **")
        return file


class SqlConnection(Strict):
    """tls: off, on (encrypted, the server's certificate not checked), verify (checked against `ca_file`, or the
    machine's authorities). legacy: an old server that speaks old protocols only."""

    tls: Literal["off", "on", "verify"] = "on"
    ca_file: str = ""
    legacy: bool = False


class FileConnection(Strict):
    """encoding: of a CSV's text, or of a workbook's cells typed in an old Vietnamese font (tcvn3, vni). delimiter: of a
    CSV; found out from its heads if empty. known_hosts: file with the SFTP server's key, in the source's folder; a
    server that is not in it is refused. endpoint, region: of an S3 store; ca_file: authorities of its certificate, in
    the source's folder, where they are not the machine's own."""

    encoding: Literal["utf-8", "utf-16", "windows-1258", "tcvn3", "vni"] = "utf-8"
    delimiter: str = ""
    known_hosts: str = "known_hosts"
    endpoint: str = ""
    region: str = ""
    ca_file: str = ""

    @field_validator("delimiter")
    @classmethod
    def _one_sign(cls, delimiter: str) -> str:
        if delimiter and delimiter not in set(DELIMITERS):
            raise ValueError("phải là một trong: , ; | hoặc ký tự tab (\\t)")
        return delimiter


Connection = SqlConnection | FileConnection | RestConnection
AnyTable = SqlTable | FileTable | RestTable


def table_model(kind: Kind) -> type[AnyTable]:
    if kind in SQL_KINDS:
        return SqlTable
    return FileTable if kind in FILE_KINDS else RestTable


def connection_model(kind: Kind) -> type[Connection]:
    if kind in SQL_KINDS:
        return SqlConnection
    return FileConnection if kind in FILE_KINDS else RestConnection
