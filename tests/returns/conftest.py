"""A machine of its own for each test, with the province that find_place reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.returns.whole_way import Office

UNITS = """
H99          | 56 | Tỉnh Khánh Hòa     | province   |           |            |
H99.02       |    | Sở Nội vụ          | department | H99       |            |
H99.31       | 575 | Huyện Khánh Sơn   | district   | H99       |            | 2025-06-30
H99.31.01    | 22729 | Xã Sơn Trung    | commune    | H99.31    |            | 2025-06-30
H99.31.02    | 22720 | Xã Thành Sơn    | commune    | H99.31    |            | 2025-06-30
H99.40       | 22732 | Xã Đông Khánh Sơn | commune  | H99       | 2025-07-01 |
"""

MakeOffice = Callable[..., Office]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeOffice:
    def make(
        period_id: str = "2024Q4", *, units: str = UNITS, now: str = "2024-12-16T08:00:00+07:00", own: str = ""
    ) -> Office:
        folder = tmp_path / "tinh"
        monkeypatch.setenv("CCHC_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("CCHC_PROVINCE", str(folder))
        monkeypatch.setenv("CCHC_NOW", now)
        return Office(folder, period_id, units, own=own)

    return make
