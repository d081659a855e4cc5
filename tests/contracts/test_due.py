"""Due days are dated configuration: the newest rule of the level that holds on the cut-off, or none."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from contracts.codes import Level
from contracts.due import DueRule, rule_for
from contracts.errors import ConfigError
from contracts.province import read_province
from contracts.settings import REPOSITORY

RULES = (
    DueRule(levels=[Level.COMMUNE], working_days=2, valid_from=date(2023, 2, 1), source="cũ"),
    DueRule(levels=[Level.COMMUNE], working_days=1, valid_from=date(2025, 7, 1), source="mới"),
    DueRule(
        levels=[Level.DISTRICT],
        working_days=2,
        valid_from=date(2023, 2, 1),
        valid_to=date(2025, 6, 30),
        source="huyện",
    ),
)


@pytest.mark.parametrize(
    ("level", "cut_off", "source"),
    [
        (Level.COMMUNE, date(2022, 12, 14), None),
        (Level.COMMUNE, date(2023, 2, 1), "cũ"),
        (Level.COMMUNE, date(2025, 6, 30), "cũ"),
        (Level.COMMUNE, date(2025, 7, 1), "mới"),
        (Level.DISTRICT, date(2025, 6, 30), "huyện"),
        (Level.DISTRICT, date(2025, 9, 14), None),
        (Level.DEPARTMENT, date(2025, 9, 14), None),
    ],
)
def test_the_newest_rule_in_force_on_the_cut_off(level: Level, cut_off: date, source: str | None) -> None:
    found = rule_for(level, RULES, cut_off=cut_off)
    assert (found.source if found else None) == source


RULE = '[[due]]\nlevels = ["commune"]\nvalid_from = 2023-02-01\nsource = "x"\n'


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (RULE, "một trong hai"),
        (RULE + "working_days = 2\nday_of_month = 20\n", "một trong hai"),
        (RULE + "working_days = 0\n", "working_days"),
        (RULE + "day_of_month = 31\n", "day_of_month"),
        (RULE + "working_days = 2\nvalid_to = 2022-01-01\n", "valid_to"),
        (RULE.replace('"x"', '""') + "working_days = 2\n", "source"),
        (RULE.replace("commune", "village") + "working_days = 2\n", "levels"),
        (2 * (RULE + "working_days = 2\n"), "cấp «commune» có hai hạn cùng có hiệu lực từ 01/02/2023"),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, entry: str, said: str) -> None:
    folder = Path(shutil.copytree(REPOSITORY / "provinces" / "phu-tho", tmp_path / "phu-tho"))
    path = folder / "province.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{entry}", encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        read_province(folder)
    assert "province.toml:" in str(told.value)
    assert said in str(told.value)
