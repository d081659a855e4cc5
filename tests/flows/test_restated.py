"""Which report is meant: the province's, whether it is named or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.place import find_place
from flows.restated import report_of


@pytest.mark.parametrize("named", ["56", "H32"])
def test_the_province_by_its_code_is_the_provinces_report(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCHC_HOME", str(tmp_path))
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    place = find_place("2024Q4", province="provinces/khanh-hoa")
    assert report_of(place, named) == report_of(place, None)
    assert report_of(place, "570").key == ("unit", "570")
