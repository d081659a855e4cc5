"""Every test of the warehouse runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from tests.servers import postgres, postgres_database
from warehouse.database import open_warehouse

__all__ = ["postgres", "postgres_database"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a warehouse that does not exist yet, in a folder that does not exist yet."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_database"))
    return f"sqlite:///{tmp_path}/Khánh Hòa/warehouse.sqlite"


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of today's layout with nothing in it: to copy it takes a fiftieth of the time of making it."""
    path = tmp_path_factory.mktemp("empty") / "warehouse.sqlite"
    engine = open_warehouse(f"sqlite:///{path}")
    engine.dispose()
    return path


@pytest.fixture
def engine(url: str, empty_warehouse: Path) -> Engine:
    if path := make_url(url).database if url.startswith("sqlite") else None:
        Path(path).parent.mkdir(parents=True)
        shutil.copyfile(empty_warehouse, path)
    return open_warehouse(url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where reports lie."""
    return tmp_path
