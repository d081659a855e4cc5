"""A province of three small sources, each of another kind, so that every one can be made to fail in its own way."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.quarter.command import Office
from tests.quarter.moved import Table, as_json, configure, declared, province, taken
from tests.servers import PostgresServer
from tests.servers.http import Asked, JsonServer, Reply
from tests.servers.wire import Wire, wire

DATABASE, INTERFACE, BOOK = "khanh-son", "khanh-vinh", "truong-sa"
"""A PostgreSQL at the end of a wire, a REST interface, and a workbook that somebody sends."""
SOURCES = (DATABASE, INTERFACE, BOOK)
PERIOD = "2024Q4"
SECRETS = {"CCHC_SECRET_KHANH_SON_USER": "doc", "CCHC_SECRET_KHANH_SON_PASSWORD": "mk"}

_DATABASE = """kind = "postgresql"
address = "postgresql://127.0.0.1:{port}/khanh_son"
secret = "khanh-son"
timeout_seconds = 2

[connection]
tls = "off"

[tables.dossiers]
from = '"HoSo"'
key = "Id"

[tables.pauses]
from = '"HoSoYeuCau"'
key = "Id"
"""
_INTERFACE = """kind = "rest"
address = "{url}"
timeout_seconds = 2

[connection]
pause_seconds = 0

[tables.dossiers]
path = "/hoso"
key = "Id"
rows = "data.items"
paging = {{ {paging} }}

[tables.pauses]
path = "/hosoyeucau"
key = "Id"
rows = "data.items"
paging = {{ {paging} }}
"""
_PAGING = 'style = "page", param = "page", size_param = "size", size = 1000, total = "data.total"'
_TYPES = {"number": "integer", "date": "timestamp", "text": "text", "quote": '"'}


class Interface(JsonServer):
    """A district's dossiers and pauses, each list at a path of its own."""

    def __init__(self, tables: dict[str, Table]) -> None:
        super().__init__()
        self.lists = {f"/{table.name.lower()}": as_json(table) for table in tables.values()}

    def _usual(self, asked: Asked) -> Reply:
        self.rows = self.lists[asked.path]
        return super()._usual(replace(asked, path="/hoso"))


@dataclass(frozen=True)
class Systems:
    """What the province reads, and how it is configured to do so."""

    folder: Path
    books: Path
    server: PostgresServer
    wire: Wire
    interface: Interface

    @property
    def settings(self) -> dict[str, str]:
        return SECRETS | {"CCHC_SYSTEMS": str(self.books)}

    @property
    def book(self) -> Path:
        return self.books / "khanh-hoa" / BOOK / f"{PERIOD}.xlsx"

    def office(self, home: Path, **settings: str) -> Office:
        return Office(home, province=str(self.folder), settings=self.settings | settings)


@contextmanager
def systems(khanh_hoa_unread: Office, server: PostgresServer, folder: Path) -> Iterator[Systems]:
    configured = province(folder, unit_reports=False, only=SOURCES)
    shutil.copytree(khanh_hoa_unread.systems / "khanh-hoa" / BOOK, folder / "systems" / "khanh-hoa" / BOOK)
    _fill(server, taken(khanh_hoa_unread.systems / "khanh-hoa" / f"{DATABASE}.sqlite"))
    interface = Interface(taken(khanh_hoa_unread.systems / "khanh-hoa" / f"{INTERFACE}.sqlite"))
    with ExitStack() as ending:
        ending.callback(interface.stop)
        line = ending.enter_context(wire(server.port))
        configure(configured, DATABASE, _DATABASE.format(port=line.port))
        configure(configured, INTERFACE, _INTERFACE.format(url=interface.url, paging=_PAGING))
        yield Systems(configured, folder / "systems", server, line, interface)


def _fill(server: PostgresServer, tables: dict[str, Table]) -> None:
    with server.connect() as connection:
        connection.execute("CREATE DATABASE khanh_son")
        connection.execute("CREATE ROLE doc LOGIN PASSWORD 'mk'")
    with server.connect("khanh_son") as connection, connection.cursor() as cursor:
        for table in tables.values():
            cursor.execute(f'CREATE TABLE "{table.name}" ({declared(table, _TYPES)})')
            with cursor.copy(f'COPY "{table.name}" FROM STDIN') as copy:
                for row in table.rows:
                    copy.write_row(row)
            cursor.execute(f'GRANT SELECT ON "{table.name}" TO doc')
