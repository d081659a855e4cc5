"""What an account may do beyond what it needs: told as advice, for a password that leaks is worth what it may do."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from contracts.errors import SourceError
from contracts.personal import is_forbidden
from sources.databases.grants import grants
from sources.databases.sql import SqlReader, names_in
from sources.reader import Reader

_MAY_WRITE = {
    "postgresql": """
SELECT current_setting('is_superuser') = 'on' OR EXISTS (
  SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
    AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
""",
    "mariadb": """
SELECT EXISTS (
  SELECT 1 FROM (SELECT grantee, privilege_type FROM information_schema.user_privileges
    UNION ALL SELECT grantee, privilege_type FROM information_schema.schema_privileges
    UNION ALL SELECT grantee, privilege_type FROM information_schema.table_privileges
    UNION ALL SELECT grantee, privilege_type FROM information_schema.column_privileges) AS granted
  WHERE grantee = CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')
    AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'DROP', 'ALTER', 'CREATE', 'SUPER'))
""",
}
_MAY_WRITE["mysql"] = _MAY_WRITE["mariadb"]

_READABLE_IN_POSTGRESQL = """
SELECT DISTINCT a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE lower(c.relname) = ANY (:names) AND a.attnum > 0 AND NOT a.attisdropped
  AND has_schema_privilege(c.relnamespace, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
"""
_SHOWN = 5


def more_than_reading(reader: Reader) -> list[str]:
    """Vietnamese sentences on rights that should be taken back; none for kinds that do not tell."""
    if not isinstance(reader, SqlReader) or reader.source.kind not in _MAY_WRITE:
        return []
    try:
        with reader.transaction() as connection:
            return list(_sentences(reader, connection))
    except SourceError:  # an account that may not even ask this has few rights
        return []


def _sentences(reader: SqlReader, connection: Connection) -> Iterator[str]:
    if connection.scalar(text(_MAY_WRITE[reader.source.kind])):
        yield "NÊN SỬA: tài khoản ghi được vào hệ thống; đề nghị quản trị thu hồi, chỉ để quyền đọc (SELECT)"
    there = {name: list(reader.columns(connection, table)) for name, table in reader.source.tables.items()}
    if personal := sorted({column for column in _readable(reader, connection) if is_forbidden(column)}):
        more = f" … ({len(personal)} cột)" if len(personal) > _SHOWN else ""
        yield (
            f"NÊN SỬA: tài khoản đọc được cột dữ liệu cá nhân ({', '.join(personal[:_SHOWN])}{more}), cchc không đọc; "
            f"đề nghị quản trị chỉ cấp: {'; '.join(grants(reader.source, there=there))}"
        )


def _readable(reader: SqlReader, connection: Connection) -> Iterator[str]:
    """Columns, of the tables that are read, that the account may read."""
    for table in reader.source.tables.values():
        if reader.source.kind == "postgresql":
            names = sorted(name.lower() for name in names_in(table))
            yield from connection.scalars(text(_READABLE_IN_POSTGRESQL), {"names": names})
        else:
            yield from (name.rsplit(".", maxsplit=1)[-1] for name in reader.columns(connection, table))
