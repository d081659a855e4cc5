"""How far the tests of a file go together before they part: the first one goes, the others begin with a copy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from psycopg import sql

from tests.servers import DATABASE, PostgresServer


class Stages:
    """Homes as they were when a stage had been reached, and with a server what its database held then."""

    def __init__(self, folder: Path, server: PostgresServer | None = None) -> None:
        self._folder, self.server = folder, server

    def reach(self, name: str, go: Callable[[], object]) -> None:
        """This test's home, and the database, as `go` leaves them; what was there before it has to be the same for all
        that ask for that stage."""
        home, kept = Path(os.environ["CCHC_HOME"]), self._folder / name
        if kept.exists():
            shutil.rmtree(home)
            shutil.copytree(kept, home)
            self._copy(name, DATABASE)
        else:
            go()
            shutil.copytree(home, kept)
            self._copy(DATABASE, name)

    def _copy(self, database: str, to: str) -> None:
        if self.server is None:
            return
        for one in (database, to):
            self.server.cut_sessions(one)
        one, other = sql.Identifier(database), sql.Identifier(to)
        with self.server.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(other))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(other, one))


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Of a file whose warehouses are SQLite's."""
    return Stages(tmp_path_factory.mktemp("stages"))
