"""A shared store is of one warehouse: another one, of the same province or not, puts and removes nothing there."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from contracts.errors import UsageError
from flows import carried_out
from flows.place import find_place
from storage import finished
from tests.quarter.command import Office
from tests.storage.conftest import Place, at
from tests.storage.test_finished import CONTENT, REPORT, made
from warehouse import owner
from warehouse.database import open_warehouse

MARK = "khanh-hoa/.owner"
OTHERS = "3f2a91c0" * 4


def warehouse(home: Path) -> Engine:
    return open_warehouse(f"sqlite:///{home}/khanh-hoa/warehouse.sqlite")


@pytest.fixture
def first(on_disk: Place, home: Path) -> str:
    """The mark of the warehouse that wrote first."""
    mark = owner.claim(warehouse(home), "khanh-hoa")
    finished.keep(made(home))
    assert on_disk.keys() == [MARK, REPORT]
    return mark


def test_another_warehouse_is_refused(
    first: str, on_disk: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = at(tmp_path / "máy 2", monkeypatch)
    second = owner.claim(warehouse(other), "khanh-hoa")
    assert second != first
    said = rf"là của kho dữ liệu {first[:8]}, không phải kho dữ liệu đang dùng \({second[:8]}\)"
    path = made(other, content=b"%PDF of the other warehouse")
    for way in (finished.keep, finished.keep_sealed, finished.remove):
        with pytest.raises(UsageError, match=said):
            way(path)
    with pytest.raises(UsageError, match=said):
        carried_out.check(find_place("2024Q4"))
    assert on_disk.keys() == [MARK, REPORT]
    path.unlink()
    assert finished.bring(path)
    assert path.read_bytes() == CONTENT


def test_the_same_warehouse_writes_from_any_machine(
    first: str, on_disk: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = at(tmp_path / "máy 2", monkeypatch)
    assert owner.claim(warehouse(tmp_path / "máy 1"), "khanh-hoa") == first
    finished.keep(made(other, content=b"%PDF printed again"))
    assert on_disk.keys() == [MARK, REPORT]


def test_a_store_is_checked_and_taken_over(on_disk: Place, home: Path) -> None:
    office = Office(home, settings={"CCHC_STORE": on_disk.url})
    assert "thử được" in office.cchc("store", "check").stdout
    assert not list(home.rglob("*.sqlite")), "to look is to make nothing"
    on_disk.write(MARK, OTHERS.encode())
    assert "của kho dữ liệu 3f2a91c0; máy này chưa có kho dữ liệu" in office.cchc("store", "check").stdout
    owner.claim(warehouse(home), "khanh-hoa")
    assert "cchc store take 3f2a91c0" in " ".join(office.cchc("store", "check", expect=2).stderr.split())
    office.cchc("store", "take", "00000000", expect=2)
    assert "từ nay của kho dữ liệu" in office.cchc("store", "take", "3f2a91c0").stdout
    assert "thử được" in office.cchc("store", "check").stdout
