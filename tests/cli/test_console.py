"""Tables on the terminals that there are: eighty columns wide over SSH."""

from __future__ import annotations

import pytest
from rich.console import Console

from cli import console

COUNTS = ("Phải nộp", "Đã có", "Đúng hạn", "Đầy đủ")
RATES = ("Tỷ lệ có", "Tỷ lệ đúng hạn", "Tỷ lệ đầy đủ")


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Console:
    made = Console(width=80, record=True, highlight=False, emoji=False)
    monkeypatch.setattr(console, "out", made)
    return made


def test_names_are_read_beside_seven_columns_of_figures(narrow: Console) -> None:
    made = console.table("Đơn vị", *COUNTS, *RATES, right=(*COUNTS, *RATES))
    made.add_row("Huyện Khánh Vĩnh", "15", "15", "15", "15", "100,00%", "100,00%", "100,00%")
    narrow.print(made)
    said = narrow.export_text().splitlines()
    assert all(len(line) <= 80 for line in said)
    assert any("Huyện Khánh" in line and "100,00%" in line for line in said)
    assert [line for line in said if "…" in line] == []


def test_a_wide_screen_has_a_head_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = Console(width=200, record=True)
    monkeypatch.setattr(console, "out", wide)
    wide.print(console.table("Đơn vị", *RATES, right=RATES))
    assert any("Tỷ lệ đúng hạn" in line for line in wide.export_text().splitlines())
