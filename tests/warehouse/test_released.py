"""A warehouse of every released version comes to today's, on either database, with every figure that it had."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from contracts.codes import Series
from tests.servers import DATABASE, PostgresServer
from tests.warehouse.released import load_postgresql, load_sqlite, versions
from tests.warehouse.test_dumps import everything
from warehouse import audit_proof, read
from warehouse.database import open_unchanged, open_warehouse, reading
from warehouse.upgrade import HEAD, version_of

AGAIN = "a migration of a version that is not released yet has changed: python -m tests.warehouse.released VERSION"


@pytest.fixture(params=versions())
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sqlite", "postgresql"])
def of_version(request: pytest.FixtureRequest, version: str, tmp_path: Path) -> Engine:
    """A warehouse as that version left it, not brought up to date."""
    if request.param == "sqlite":
        load_sqlite(version, tmp_path / "warehouse.sqlite")
        return open_unchanged(f"sqlite:///{tmp_path}/warehouse.sqlite")
    url = str(request.getfixturevalue("postgres_database"))
    server: PostgresServer = request.getfixturevalue("postgres")
    load_postgresql(version, server, DATABASE)
    return open_unchanged(url)


def test_it_comes_to_today_with_every_figure(of_version: Engine) -> None:
    with reading(of_version) as connection:
        migration = version_of(connection)
        assert migration is not None
        before = everything(connection)
    engine = open_warehouse(of_version.url.render_as_string(hide_password=False))
    with reading(engine) as connection:
        assert version_of(connection) == HEAD
        after = everything(connection)
    assert {key: after.get(key) for key in before} == before, AGAIN
    found = [read.facts(engine, "2024Q4", ["khanh-son"], series=series) for series in Series]
    assert all(len(one) for one in found)
    assert len(read.indicators(engine, "2024Q4")) > 100
    assert audit_proof.prove(engine).entries == 3


def test_there_is_one_of_every_release() -> None:
    """0.1.0 is the first; setup/release refuses a version without its own."""
    assert "0.1.0" in versions()
