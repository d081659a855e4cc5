"""Three ways are given the same rules and name the same dossiers: what the benchmark compares is the same answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import _validate_input as synthetic
from benchmarks import validate
from expectations.suites import DOSSIER_RULES

NAMES = ("dossiers.parquet", "pauses.parquet", "elsewhere.parquet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic")
    synthetic.write(folder, rows=12_000)
    return folder


@pytest.mark.parametrize("sources", [1, 2])
def test_ours_plain_great_expectations_and_pandera_name_the_same_dossiers(folder: Path, sources: int) -> None:
    ways = (validate.ours, validate.obvious, validate.pandera)
    ours, obvious, pandera = (validate.summary(way(str(folder), sources)) for way in ways)
    assert ours == obvious == pandera


def test_every_rule_is_broken_and_no_more_dossiers_than_were_spoilt(folder: Path) -> None:
    told = validate.summary(validate.ours(str(folder), 1))
    assert set(told) == {rule.id for rule in DOSSIER_RULES}
    assert sum(count for count, _ in told.values()) <= 2 * 12_000 * synthetic.BAD


def test_the_input_is_the_same_each_time(folder: Path, tmp_path: Path) -> None:
    synthetic.write(tmp_path, rows=12_000)
    assert [(tmp_path / name).read_bytes() for name in NAMES] == [(folder / name).read_bytes() for name in NAMES]
