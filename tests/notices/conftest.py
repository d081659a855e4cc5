from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.notices.world import NOW, World, province_folder
from warehouse.database import open_warehouse


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse without anything in it, to be copied: making one takes half a second."""
    file = tmp_path_factory.mktemp("empty") / "warehouse.sqlite"
    open_warehouse(f"sqlite:///{file}")
    return file


@pytest.fixture
def world(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    folder = province_folder(tmp_path)
    given = {"CCHC_HOME": tmp_path / "home", "CCHC_PROVINCE": folder, "CCHC_SECRETS": tmp_path / "secrets"}
    for name, value in given.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("CCHC_NOW", NOW)
    (tmp_path / "secrets").mkdir(mode=0o700)
    (tmp_path / "home" / "khanh-hoa").mkdir(parents=True)
    shutil.copy(empty, tmp_path / "home" / "khanh-hoa" / "warehouse.sqlite")
    return World(folder, tmp_path / "home")


def keep_secret(name: str, text: str) -> None:
    """In the secrets folder, for its owner alone."""
    file = Path(os.environ["CCHC_SECRETS"]) / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
