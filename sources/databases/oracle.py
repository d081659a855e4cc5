"""Reading Oracle (from 12.1), with python-oracledb. Compiled and tested against the dialect, not run against a real
server.

Address: oracle://host:1521/service; no options. The account needs CREATE SESSION and SELECT on the tables or on views
of the columns that are read: Oracle grants SELECT on no single column.

Every transaction is READ ONLY, so all tables and their counts are of one moment. Values are written by TO_CHAR, dates
in the forms that the session was told: what NLS settings the server, the account or this machine has does not matter,
nor does it for a day that where compares with. Each call to the server ends after the source's time-out.
"""

from __future__ import annotations

import math
import socket
import ssl
from typing import Any

import oracledb
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from contracts.errors import SourceError
from contracts.table_spec import SqlConnection
from sources.databases.oracle_errors import explained
from sources.databases.sql import SqlReader
from sources.databases.sql_address import SqlAddress, account, ca_file, sql_address

_PORT = 1521
_MOMENT = "YYYY-MM-DD HH24:MI:SS"
_FORMS = {
    "NLS_DATE_FORMAT": _MOMENT,
    "NLS_TIMESTAMP_FORMAT": f"{_MOMENT}.FF6",
    "NLS_TIMESTAMP_TZ_FORMAT": f"{_MOMENT}.FF6TZH:TZM",
    "NLS_NUMERIC_CHARACTERS": ".,",
    "NLS_CALENDAR": "GREGORIAN",
    "NLS_COMP": "BINARY",
    "NLS_SORT": "BINARY",
    "TIME_ZONE": "+07:00",
}


class OracleReader(SqlReader):
    driver_error = (oracledb.Error, socket.gaierror)

    @property
    def place(self) -> SqlAddress:
        return sql_address(self.source, port=_PORT)

    def engine(self) -> Engine:
        engine = create_engine("oracle+oracledb://", creator=self._connect, poolclass=NullPool, hide_parameters=True)
        event.listen(engine, "begin", _begin)
        return engine

    def _connect(self) -> Any:
        place, reader = self.place, account(self.source)
        connection = oracledb.connect(
            user=reader.text("user"),
            password=reader.text("password"),
            host=place.host,
            port=place.port,
            service_name=place.database,
            tcp_connect_timeout=self.source.timeout_seconds,
            program="cchc",
            **self._tls(),
        )
        connection.call_timeout = math.ceil(1000 * self.source.timeout_seconds)
        with connection.cursor() as cursor:
            cursor.execute("ALTER SESSION SET " + " ".join(f"{name} = '{form}'" for name, form in _FORMS.items()))
        return connection

    def _tls(self) -> dict[str, Any]:
        wanted = self.source.connection
        assert isinstance(wanted, SqlConnection)
        if wanted.tls == "off":
            return {"protocol": "tcp"}
        authority = ca_file(self.source)
        context = ssl.create_default_context(cafile=str(authority) if authority else None)
        if wanted.tls == "on":
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return {"protocol": "tcps", "ssl_context": context, "ssl_server_dn_match": wanted.tls == "verify"}

    def restart_timeout(self) -> None:
        """Nothing to do: the driver keeps it."""

    def explained(self, error: BaseException | None) -> SourceError:
        return explained(self.source, error)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")
