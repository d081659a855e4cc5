"""A machine of Khánh Hòa on which nothing has run yet, looked at from within the tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from contracts.settings import REPOSITORY
from tests.servers import postgres, postgres_database
from warehouse import owner
from warehouse.database import open_warehouse

__all__ = ["postgres", "postgres_database"]

NOW = "2024-12-16T08:00:00+07:00"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o750)
    monkeypatch.setenv("CCHC_HOME", str(folder))
    monkeypatch.setenv("CCHC_PROVINCE", str(REPOSITORY / "provinces" / "khanh-hoa"))
    monkeypatch.setenv("CCHC_SECRETS", str(tmp_path / "secrets"))
    monkeypatch.setenv("CCHC_NOW", NOW)
    return folder


@pytest.fixture
def file(home: Path) -> Path:
    """The embedded warehouse's, up to date and Khánh Hòa's."""
    path = home / "khanh-hoa" / "warehouse.sqlite"
    owner.claim(open_warehouse(f"sqlite:///{path}"), "khanh-hoa")
    return path


@pytest.fixture
def engine(file: Path) -> Engine:
    return open_warehouse(f"sqlite:///{file}")
