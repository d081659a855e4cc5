"""A quarter on one machine, with its files in a shared store; then other machines with the same warehouse and store,
and nothing else."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.roles import Role
from contracts.settings import Settings
from flows.place import find_place
from portal.house import House
from tests.portal.conftest import browsers
from tests.quarter.command import Office
from tests.quarter.moved import province
from tests.servers import postgres, postgres_database
from tests.servers.process import free_port
from tests.servers.s3 import BUCKET, S3Server
from warehouse import accounts, counted, ledger

__all__ = ["postgres", "postgres_database"]
QUARTER = "2024Q4"
SOURCES = ("khanh-son", "truong-sa")
"""A database, and a workbook."""


@pytest.fixture
def first(khanh_hoa_unread: Office, s3: S3Server, postgres_database: str, tmp_path: Path) -> Office:
    """A province of two small systems."""
    folder = province(tmp_path, unit_reports=False, only=SOURCES)
    shutil.copytree(khanh_hoa_unread.systems, tmp_path / "systems")
    settings = {
        "CCHC_SYSTEMS": str(tmp_path / "systems"),
        "CCHC_WAREHOUSE_URL": postgres_database,
        "CCHC_STORE": f"s3://{BUCKET}/kho",
        "CCHC_STORE_ENDPOINT": s3.endpoint,
        "CCHC_SECRET_STORE_ACCESS_KEY": s3.access_key,
        "CCHC_SECRET_STORE_SECRET_KEY": s3.secret_key,
    }
    return Office(tmp_path / "may-1", province=str(folder), settings=settings)


def another(office: Office, number: int) -> Office:
    """A machine on which nothing lies yet."""
    home = office.home.with_name(f"may-{number}")
    home.mkdir()
    return replace(office, home=home)


def told(office: Office) -> dict[str, Any]:
    """What `cchc status` says, with places below the home."""
    said = office.cchc("status", QUARTER, "--json").stdout
    assert str(office.home) in said
    return {"said": said.replace(str(office.home), "<home>")}


def test_a_quarter_goes_on_on_any_machine(first: Office, s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    first.cchc("run", QUARTER)
    second = another(first, 2)
    assert told(second) == told(first)
    printed = first.report(QUARTER)

    said = second.cchc("report", QUARTER).stdout
    assert "không đổi" in said
    assert sha256(second.report(QUARTER)["path"]) == printed["sha256"]
    assert second.cchc("verify", second.report(QUARTER)["path"]).returncode == 0

    second.cchc("rerun", QUARTER, "--source", SOURCES[0])
    assert second.report(QUARTER)["version"] == 1, "the same rows give the same report"

    _a_store_that_is_away_enters_nothing(second, printed)
    _a_landing_is_counted_again_elsewhere(another(first, 3))
    _the_portal_hands_out_and_lists(another(first, 4), printed, monkeypatch)


def sha256(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _a_store_that_is_away_enters_nothing(office: Office, printed: dict[str, Any]) -> None:
    """The source fails by name, and the report that would say so is not entered; with the store all is as it was."""
    away = {**office.settings, "CCHC_STORE_ENDPOINT": f"http://127.0.0.1:{free_port()}", "CCHC_STORE_PATIENCE": "1"}
    done = replace(office, settings=away).cchc("rerun", QUARTER, "--source", SOURCES[0], expect=2)
    assert "kho dùng chung s3://xa-phuong/kho, khi ghi tệp khanh-hoa/reports" in " ".join(done.stderr.split())
    status = office.status(QUARTER)
    (failed,) = [source for source in status["sources"] if source["state"] == "failed"]
    assert failed["id"] == SOURCES[0]
    assert "kho dùng chung" in failed["error"]
    assert len(status["reports"]) == 1
    office.cchc("run", QUARTER)
    assert office.report(QUARTER)["sha256"] == printed["sha256"]


def _a_landing_is_counted_again_elsewhere(office: Office) -> None:
    """By other rules, from what another machine landed: no system is read."""
    policy = Path(office.province) / "province.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("quarantine_share = 0.05", "quarantine_share = 0.06"), encoding="utf-8")
    assert policy.read_text(encoding="utf-8") != text
    shutil.move(office.settings["CCHC_SYSTEMS"], f"{office.settings['CCHC_SYSTEMS']}-away")
    office.cchc("report", QUARTER)
    landed = sorted(
        path.parent.parent.name for path in (office.home / "khanh-hoa" / "landing").glob("*/*/*/manifest.json")
    )
    assert len(landed) == len(SOURCES)


def _the_portal_hands_out_and_lists(office: Office, printed: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in office.environment.items():
        monkeypatch.setenv(name, text)
    monkeypatch.setenv("CCHC_PORTAL_URL", "http://testserver")
    house = House.of(Settings())
    whom: dict[str, Any] = {"name": "Lan", "unit_code": "", "created_by": "quan", "must_change": False}
    accounts.add(house.engine, login="lan", role=Role.STAFF, **whom)
    answer = browsers(house)("lan").get(f"/bao-cao/{QUARTER}/56/1/pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    place = find_place(QUARTER)
    for source in SOURCES:
        partition = ledger.partition(house.engine, QUARTER, source)
        found = counted.read(place.home / "counted", partition)
        assert found is not None
        assert len(found)
