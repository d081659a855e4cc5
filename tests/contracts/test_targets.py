"""Targets are dated configuration: the newest that holds on the cut-off, or none; a mistake is told with its line."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from contracts.errors import ConfigError
from contracts.province import read_province
from contracts.settings import REPOSITORY
from contracts.targets import Target, target_for

TARGETS = (
    Target(indicator="ON_TIME_RESOLVED", percent=Decimal(90), valid_from=date(2023, 1, 1), source="cũ"),
    Target(
        indicator="ON_TIME_RESOLVED",
        percent=Decimal(95),
        valid_from=date(2024, 1, 1),
        valid_to=date(2024, 12, 31),
        source="mới",
    ),
)


@pytest.mark.parametrize(
    ("indicator", "cut_off", "source"),
    [
        ("ON_TIME_RESOLVED", date(2022, 12, 14), None),
        ("ON_TIME_RESOLVED", date(2023, 12, 14), "cũ"),
        ("ON_TIME_RESOLVED", date(2024, 12, 14), "mới"),
        ("ON_TIME_RESOLVED", date(2025, 3, 14), "cũ"),
        ("B", date(2024, 12, 14), None),
    ],
)
def test_the_newest_target_in_force_on_the_cut_off(indicator: str, cut_off: date, source: str | None) -> None:
    found = target_for(indicator, TARGETS, cut_off=cut_off)
    assert (found.source if found else None) == source


ENTRY = '[[target]]\nindicator = "ON_TIME_RESOLVED"\nvalid_from = 2024-01-01\nsource = "x"\n'


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (ENTRY, "percent"),
        (ENTRY.replace("ON_TIME", "ON_TIM") + "percent = 95\n", "indicator"),
        (ENTRY + "percent = 0\n", "percent"),
        (ENTRY + "percent = 101\n", "percent"),
        (ENTRY + "percent = 95\nvalid_to = 2023-01-01\n", "valid_to"),
        (ENTRY.replace('"x"', '""') + "percent = 95\n", "source"),
        (2 * (ENTRY + "percent = 95\n"), "«ON_TIME_RESOLVED» có hai mục tiêu cùng có hiệu lực từ 01/01/2024"),
    ],
)
def test_a_mistake_in_a_target_is_told(tmp_path: Path, entry: str, said: str) -> None:
    folder = tmp_path / "khanh-hoa"
    shutil.copytree(REPOSITORY / "provinces" / "khanh-hoa", folder)
    path = folder / "province.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n" + entry, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"province\.toml") as raised:
        read_province(folder)
    assert said in str(raised.value)
