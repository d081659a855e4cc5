"""Every test of the warehouse runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.servers import postgres, postgres_database
from warehouse.database import open_warehouse

__all__ = ["postgres", "postgres_database"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a warehouse that does not exist yet, in a folder that does not exist yet."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_database"))
    return f"sqlite:///{tmp_path}/Khánh Hòa/warehouse.sqlite"


@pytest.fixture
def engine(url: str) -> Engine:
    return open_warehouse(url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where reports lie."""
    return tmp_path
