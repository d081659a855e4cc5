"""Extracts of a paging system that break off, and what they leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.errors import SourceUnreachable
from sources import reader
from sources.landing import Landing, parquet, parts
from tests.sources import paging
from tests.sources.paging import PAGE_ROWS, PagingSystem
from tests.sources.systems import PERIOD, landed

PAGES = 8
ALL = [("dossiers", page) for page in range(PAGES)]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts, groups and pages that end at different rows."""
    monkeypatch.setitem(reader.READERS, paging.KIND, paging.READER)  # type: ignore[arg-type]
    monkeypatch.setattr(parts, "PART_ROWS", 32)
    monkeypatch.setattr(parquet, "ROW_GROUP", 12)
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "landing"


@pytest.fixture
def system(tmp_path: Path) -> PagingSystem:
    return PagingSystem(tmp_path, dossiers=PAGES * PAGE_ROWS)


@pytest.fixture
def undisturbed(system: PagingSystem, tmp_path: Path) -> Landing:
    landing = landed(system.config, tmp_path / "undisturbed")
    assert system.asked() == ALL
    return landing


def names(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "huyen-thu" / PERIOD.id).iterdir() if path.name != ".lock")


def unfinished(root: Path) -> Path:
    [folder] = (root / "huyen-thu" / PERIOD.id).glob(".unfinished-*")
    return folder


def broken_off(system: PagingSystem, root: Path, *, at: int = 5) -> Path:
    """An extract that got no answer to that page; what it left."""
    system.break_at(at)
    with pytest.raises(SourceUnreachable):
        landed(system.config, root)
    assert system.asked()[-1] == ("dossiers", at - 1)
    system.break_at()
    return unfinished(root)


def pages(*numbers: int) -> list[tuple[str, int]]:
    return [("dossiers", number) for number in numbers]
