"""A province in which things were done: reports published, a signed copy and a return taken, people who sign in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.roles import Role
from contracts.settings import Settings
from tests.homes import built_once, copy_of
from tests.quarter.command import Office
from tests.quarter.moved import province
from tests.servers import postgres, postgres_database
from warehouse import accounts, audit, register, sessions, signed_copies
from warehouse.database import open_warehouse

__all__ = ["postgres", "postgres_database"]

Settle = Callable[..., None]
SOURCES = ("khanh-son", "cam-ranh", "van-ninh")
"""Among them two that both have a dossier."""


@pytest.fixture(scope="session")
def of_three(khanh_hoa_unread: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """2024Q3 and 2024Q4 run in a province of these: what a backup must have does not depend on how much there is. Tests
    must not change it."""

    def office(home: Path) -> Office:
        systems = {"CCHC_SYSTEMS": str(khanh_hoa_unread.systems)}
        return Office(home, province=str(home / "configured" / "khanh-hoa"), settings=systems)

    def build(home: Path) -> None:
        province(home / "configured", unit_reports=False, only=SOURCES)
        for period in ("2024Q3", "2024Q4"):
            office(home).cchc("run", period)

    return office(built_once(tmp_path_factory, "backups", build))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, of_three: Office) -> Settle:
    """Make this process that of a command at that home, in that warehouse."""

    def settle(home: Path, *, warehouse: str = "", province: str = of_three.province) -> None:
        given = {"CCHC_HOME": str(home), "CCHC_PROVINCE": province, "CCHC_WAREHOUSE_URL": warehouse}
        for name, value in (given | of_three.settings | {"CCHC_NOW": of_three.now}).items():
            monkeypatch.setenv(name, value)

    return settle


@pytest.fixture
def lived_in(of_three: Office, tmp_path: Path, at: Settle) -> Path:
    """Its home; a test may change it. This process is at it."""
    home = tmp_path / "home"
    copy_of(of_three.home, home)
    at(home)
    _live(home)
    return home


def _live(home: Path) -> None:
    engine = open_warehouse(Settings().database_url("khanh-hoa"))
    person = {"role": Role.STAFF, "created_by": "quan", "password": "$argon2id$v=19$m=65536,t=3,p=4$c2Fs$aGFzaA"}
    lan = accounts.add(engine, login="lan", name="Lan", **person)  # type: ignore[arg-type]
    sessions.begin(engine, lan.id, via="password", lasts=timedelta(hours=1))
    version = next(v for v in register.versions(engine, "2024Q4") if v.scope == "province")
    content = Path(version.path).read_bytes() + b"% signed\n"

    def keep() -> str:
        place = Path(version.path).with_name("bao-cao-cchc-2024Q4-khanh-hoa-v1-da-ky-1.pdf")
        place.write_bytes(content)
        return str(place)

    checksum = hashlib.sha256(content).hexdigest()
    signed_copies.add(engine, version, path=keep, sha256=checksum, size=len(content), by_whom="Lan", verdict="{}")
    returned = home / "khanh-hoa" / "returns" / "2024Q4" / "H32.37"
    returned.mkdir(parents=True)
    (returned / "0123456789abcdef.xlsx").write_bytes(b"PK a return")
    for action in ("login", "view", "approve"):
        audit.enter(engine, audit.Deed(action, who="lan", period_id="2024Q4"))
    unfinished = home / "khanh-hoa" / "landing" / "khanh-son" / "2024Q4" / ".part-abc"
    unfinished.mkdir()
    (unfinished / "dossiers-00000.parquet").write_bytes(b"half")


def all_files(folder: Path) -> dict[str, bytes]:
    """Path below the folder → bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
