"""Small builds of the demonstration systems, shared by the tests of this folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import demo
from contracts.province import Province, read_province
from contracts.settings import REPOSITORY
from demo.making import make_world

SCALE = 0.04
EARLY, LATE = date(2024, 12, 16), date(2025, 1, 20)


def province(province_id: str) -> Province:
    return read_province(REPOSITORY / "provinces" / province_id)


def _built(tmp_path_factory: pytest.TempPathFactory, at: date) -> Path:
    systems = tmp_path_factory.mktemp("systems")
    demo.build("khanh-hoa", systems=systems, at=at, scale=SCALE)
    return systems


@pytest.fixture(scope="session")
def early(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Khánh Hòa's systems as they are two days after the cut-off of 2024Q4."""
    return _built(tmp_path_factory, EARLY)


@pytest.fixture(scope="session")
def late(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same systems five weeks later."""
    return _built(tmp_path_factory, LATE)


@pytest.fixture(scope="session")
def phu_tho() -> pd.DataFrame:
    """The whole world of Phú Thọ, not written to files."""
    return make_world(province("phu-tho"), seed=demo.SEED, scale=1.0)


@pytest.fixture(scope="session")
def khanh_hoa() -> pd.DataFrame:
    return make_world(province("khanh-hoa"), seed=demo.SEED, scale=0.2)
