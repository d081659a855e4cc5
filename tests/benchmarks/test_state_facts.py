"""Three ways that share no code count the same dossiers: what the benchmark compares is the same answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import _state_facts_input as synthetic
from benchmarks import state_facts
from contracts.columns import MEMOS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic")
    synthetic.write(folder, rows=30_000)
    return folder


def test_ours_plain_pandas_and_sql_give_the_same_facts(folder: Path) -> None:
    ours, obvious, sql = (
        state_facts.summary(way(str(folder))) for way in (state_facts.ours, state_facts.obvious, state_facts.duckdb)
    )
    assert ours == obvious == sql


def test_every_column_and_note_is_put_to_the_test(folder: Path) -> None:
    counted = state_facts.summary(state_facts.ours(str(folder)))
    assert all(counted[name] > 0 for name in (*state_facts.COUNTS, *MEMOS))


def test_the_input_is_the_same_each_time(folder: Path, tmp_path: Path) -> None:
    synthetic.write(tmp_path, rows=30_000)
    for name in ("dossiers.parquet", "pauses.parquet"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
