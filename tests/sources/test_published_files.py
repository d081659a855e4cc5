"""A published file is kept whole or not at all, under a name that every backup can keep."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from contracts.clock import VIETNAM
from sources.interfaces import published_files
from sources.interfaces.published_files import keep

AT = datetime(2026, 10, 5, 8, 0, tzinfo=VIETNAM)


def test_a_kill_leaves_nothing_that_looks_like_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Path(os.fsdecode(os.fsencode(tmp_path) + b"/c\\ng b\xff.CSV"))
    given.write_bytes(b"so,lieu\n")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(published_files, "sync", _killed)
        keep(given, period_id="2026Q3", source="công văn số 1", at=AT, home=tmp_path / "published")
    assert not list((tmp_path / "published").glob("*/*"))
    folder = keep(given, period_id="2026Q3", source="công văn số 1", at=AT, home=tmp_path / "published")
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "so-cong-bo.csv"]
    assert (folder / "so-cong-bo.csv").read_bytes() == given.read_bytes()


def _killed(_path: object) -> None:
    raise KeyboardInterrupt
