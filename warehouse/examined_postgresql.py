"""A PostgreSQL server looked at: version, encoding, rights, whether it may be written, connections left, its clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from contracts.fitness import Fitness, good, unfit, warning
from warehouse import tables
from warehouse.database import reading

OLDEST = 13
FEWEST = 10
"""Connections that a portal, a run and an operator need beside what is taken already."""
TOLD, WRONG = timedelta(seconds=30), timedelta(minutes=5)

_ABOUT = text(
    """
    SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
           CAST(current_setting('server_version_num') AS integer) / 10000 AS major,
           current_setting('server_encoding') AS encoding,
           pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS read_only,
           current_user AS account,
           current_schema() AS schema,
           has_schema_privilege(current_schema(), 'CREATE') AS may_create
    """
)
_CONNECTIONS = text(
    """
    SELECT CAST(current_setting('max_connections') AS integer)
           - CAST(current_setting('superuser_reserved_connections') AS integer)
           - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')
    """
)
_REFUSED = text(
    """
    SELECT tablename FROM pg_tables
    WHERE schemaname = current_schema() AND tablename = ANY(:names)
      AND NOT (has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')
               AND has_table_privilege(format('%I.%I', schemaname, tablename), 'INSERT'))
    ORDER BY tablename LIMIT 1
    """
)


def of_server(engine: Engine) -> Fitness:
    """Raises WarehouseError where it does not answer."""
    with reading(engine) as connection:
        about = connection.execute(_ABOUT).one()
        found = _of_database(about) or _of_rights(connection, about) or _of_connections(connection)
    return found or good(f"PostgreSQL {about.version}, {about.encoding}, tài khoản {about.account} đủ quyền")


def ahead(engine: Engine) -> timedelta:
    """By how much its clock is before this machine's; negative behind. To half of the time that the question takes."""
    with reading(engine) as connection:
        connection.execute(text("SELECT 1"))
        before = datetime.now(UTC)
        theirs: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        after = datetime.now(UTC)
    return theirs - (before + (after - before) / 2)


def _of_database(about: Row[Any]) -> Fitness | None:
    if about.major < OLDEST:
        return unfit(f"PostgreSQL {about.version} quá cũ, cần từ {OLDEST}", "nâng cấp máy chủ PostgreSQL")
    if about.encoding != "UTF8":
        said = f"cơ sở dữ liệu ở mã {about.encoding}, không giữ được chữ tiếng Việt"
        command = "sudo -u postgres createdb --encoding=UTF8 --template=template0 --owner=cchc cchc"
        return unfit(said, "lập cơ sở dữ liệu khác ở mã UTF8 rồi khôi phục vào đó", command)
    if about.read_only:
        return unfit("máy chủ PostgreSQL đang chỉ cho đọc (máy dự phòng?)", "trỏ CCHC_WAREHOUSE_URL tới máy chủ chính")
    return None


def _of_rights(connection: Connection, about: Row[Any]) -> Fitness | None:
    account, schema = about.account, about.schema or "public"
    grant = f"sudo -u postgres psql -d {connection.engine.url.database} -c"
    if not about.may_create:
        said = f"tài khoản {account} không được tạo bảng trong lược đồ {schema}"
        what = f'GRANT USAGE, CREATE ON SCHEMA {schema} TO "{account}"'
        return unfit(said, "cấp quyền", f"{grant} '{what}'")
    refused = connection.scalar(_REFUSED, {"names": sorted(tables.metadata.tables)})
    if refused:
        said = f"tài khoản {account} không được đọc, ghi bảng {refused}"
        return unfit(
            said, "trao các bảng cho tài khoản này", f'{grant} \'ALTER TABLE "{refused}" OWNER TO "{account}"\''
        )
    return None


def _of_connections(connection: Connection) -> Fitness | None:
    left = int(connection.scalar(_CONNECTIONS) or 0)
    if left >= FEWEST:
        return None
    what = "SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC"
    command = f'sudo -u postgres psql -c "{what}"'
    return warning(f"máy chủ PostgreSQL chỉ còn {left} kết nối", "xem ai đang giữ; tăng max_connections", command)
