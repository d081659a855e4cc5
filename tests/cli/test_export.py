"""An exported file is whole or not there, and a place that cannot be written is no bug."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cli.export import _write
from contracts.errors import UsageError

FRAME = pd.DataFrame({"period": ["2024Q4"], "early": [3]})


@pytest.mark.parametrize("name", ["f.csv", "f.parquet"])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(UsageError, match=name):
        _write(FRAME, tmp_path / name)
    assert [p.name for p in tmp_path.iterdir()] == [name], "half a file was left behind"


def test_where_it_cannot_be_written_is_told_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever types a name alone does not see in which folder the command works."""
    monkeypatch.chdir(tmp_path)
    Path("f.csv").mkdir()
    with pytest.raises(UsageError, match=f"không ghi được tệp {tmp_path}/f.csv"):
        _write(FRAME, Path("f.csv"))


def test_a_file_in_the_way_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError):
        _write(FRAME, tmp_path / "out" / "f.csv")
