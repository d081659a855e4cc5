"""What is told beside the indicators needs the counts alone: another file's fault does not stand in its way."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.errors import ConfigError
from flows.over_time import over_time
from flows.place import Place, find_place
from flows.shown import shown
from reporting.gather import gather
from tests.quarter import moved
from tests.warehouse.test_standings import MORNING, VERIFIED
from warehouse import standings


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A province whose file of an index year that has points is broken."""
    monkeypatch.setenv("CCHC_HOME", str(tmp_path))
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    folder = moved.province(tmp_path)
    (folder / "index" / "2022.toml").write_text("[[criterion]\n", encoding="utf-8")
    found = find_place("2024Q4", province=str(folder))
    standings.add_points(found.open_warehouse(), 2022, [VERIFIED], by="Tổ thẩm định", at=MORNING)
    return found


def test_a_broken_index_file_does_not_stop_what_is_no_part_of_it(place: Place) -> None:
    engine = place.open_warehouse()
    known = {"province": place.province, "period": place.period, "as_of": place.as_of, "sources": place.sources()}
    with pytest.raises(ConfigError, match=r"2022\.toml"):
        gather(engine, **known)
    assert shown(place, place.province.units.root, field=None).median is None
    assert over_time(engine, place).empty
