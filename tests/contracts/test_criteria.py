"""A provincial index is data of a year: whole, typed, and every mistake told at its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from contracts.codes import Level
from contracts.criteria import ProvincialIndex
from contracts.criteria_file import index_years, read_index, read_indices
from contracts.errors import ConfigError, UsageError
from contracts.units import Unit, UnitTree, read_units

KHANH_HOA = Path(__file__).parents[2] / "provinces" / "khanh-hoa"


def unit(code: str, name: str, level: Level, parent: str = "") -> Unit:
    return Unit(code, code, name, level, parent, None, None, False)


TREE = UnitTree(
    (
        unit("H36", "Tỉnh Hà Nam", Level.PROVINCE),
        unit("H36.01", "Sở Nội vụ", Level.DEPARTMENT, "H36"),
        unit("H36.02", "Thanh tra tỉnh", Level.DEPARTMENT, "H36"),
        unit("H36.30", "Huyện Lý Nhân", Level.DISTRICT, "H36"),
    )
)
WHOLE = """
name = "Chỉ số CCHC"
decision = "Quyết định thử"
version = "1"
verified = false
levels = ["department", "district"]

[[band]]
label = "Tốt"
at_least = 80

[[band]]
label = "Khá"
at_least = 0

[[ranking]]
among = "all"
group = "cơ quan"

[[criterion]]
id = "1"
label = "Chỉ đạo, điều hành"
max = 4

[[criterion]]
id = "2"
label = "Thủ tục hành chính"
max = 6.5
except_units = ["H36.02"]

[[criterion]]
id = "2.1"
label = "Công khai"
max = 2.5

[[criterion]]
id = "2.2"
label = "Đúng hạn"
max = 4
from_indicator.indicator = "ON_TIME_RESOLVED"
from_indicator.steps = [
  { at_least = 0.9, points = 2 },
  { at_least = 0.95, points = 4 },
]

[[criterion]]
id = "T"
label = "Điểm thưởng"
max = 2
kind = "bonus"
"""


def read(folder: Path, text: str, name: str = "2023.toml") -> ProvincialIndex:
    path = folder / "index" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_index(path, TREE)


def test_a_file_becomes_a_tree(tmp_path: Path) -> None:
    index = read(tmp_path, WHOLE)
    assert (index.year, index.as_of) == (2023, date(2023, 12, 31))
    assert [c.id for c in index.leaves] == ["1", "2.1", "2.2", "T"]
    assert [c.id for c in index.groups] == ["1", "2", "T"]
    assert index.by_id["2"].max == Decimal("6.5")
    assert [c.id for c in index.line_to(index.by_id["2.2"])] == ["2.2", "2"]
    assert {c.id: index.kind_of(c) for c in index.leaves} == {
        "1": "regular",
        "2.1": "regular",
        "2.2": "regular",
        "T": "bonus",
    }
    assert [u.name for u in index.units(TREE)] == ["Sở Nội vụ", "Thanh tra tỉnh", "Huyện Lý Nhân"]


def test_what_a_group_does_not_apply_to_its_parts_do_not_either(tmp_path: Path) -> None:
    """Hà Nam drops the criteria on procedures for bodies that have none."""
    index = read(tmp_path, WHOLE)
    applied = {u.name: [c.id for c in index.applicable(u)] for u in index.units(TREE)}
    assert applied["Thanh tra tỉnh"] == ["1", "T"]
    assert applied["Sở Nội vụ"] == ["1", "2.1", "2.2", "T"]


MISTAKES = {
    "sums that do not add up": (
        ("max = 6.5", "max = 6"),
        "max = 6",
        "tiêu chí 2: max là 6, nhưng các tiêu chí ngay bên dưới cộng lại được 6.5",
    ),
    "an id twice": (('id = "2.2"', 'id = "2.1"'), None, "tiêu chí 2.1 lặp lại"),
    "no parent": (('id = "2.2"', 'id = "3.2"'), 'id = "3.2"', "tiêu chí cấp trên 3 phải đứng trước"),
    "a unit that is not there": (
        ('["H36.02"]', '["H36.99"]'),
        'except_units = ["H36.99"]',
        "«H36.99» không có trong agencies.csv",
    ),
    "steps that fall": (("at_least = 0.95", "at_least = 0.85"), None, "phải tăng dần"),
    "a step above the maximum": (("points = 4", "points = 5"), None, "lớn hơn max"),
    "proportion and steps": (
        ("from_indicator.steps", "from_indicator.target = 0.9\nfrom_indicator.steps"),
        None,
        "ghi một trong hai",
    ),
    "an indicator on a group": (
        ("max = 6.5", 'max = 6.5\nfrom_indicator = { indicator = "A", target = 1 }'),
        "from_indicator = {",
        "không có tiêu chí con",
    ),
    "a period that is none": (
        ("from_indicator.steps", 'from_indicator.period = "Q5"\nfrom_indicator.steps'),
        None,
        "period «Q5»",
    ),
    "bands that rise": (("at_least = 80", "at_least = 0"), None, "giảm dần"),
    "no lowest band": (("at_least = 0\n", "at_least = 10\n"), None, "mức cuối phải có at_least = 0"),
    "a word that is not known": (
        ('label = "Công khai"', 'label = "Công khai"\nweight = 2'),
        "weight = 2",
        "không có trong cấu hình",
    ),
    "text for a number": (("max = 2.5", 'max = "hai"'), 'max = "hai"', "phải là số"),
    "no points at all": (("max = 2.5", "max = 0"), "max = 0", "số quá nhỏ"),
    "a bonus below a group": (
        ('label = "Công khai"', 'label = "Công khai"\nkind = "bonus"'),
        'kind = "bonus"',
        "ở nhóm cấp một",
    ),
    "a group's name with another word": (('group = "cơ quan"', 'group = "{huyện}"'), None, "chỉ được viết {parent}"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_line(tmp_path: Path, name: str) -> None:
    (old, new), at, said = MISTAKES[name]
    assert WHOLE.count(old) >= 1
    text = WHOLE.replace(old, new, 1)
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, text)
    told = [raised.value, *raised.value.others]
    found = next((one for one in told if said in one.cause), None)
    assert found is not None, [one.cause for one in told]
    assert found.line is not None
    if at is not None:
        assert text.splitlines()[found.line - 1].startswith(at)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace("max = 6.5", "max = 6").replace('["H36.02"]', '["H36.98", "H36.99"]')
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, text)
    assert len(raised.value.others) == 2


def test_two_files_of_a_year_have_no_level_in_common(tmp_path: Path) -> None:
    read(tmp_path, WHOLE.replace('["department", "district"]', '["department"]'), "2023-so.toml")
    read(tmp_path, WHOLE.replace('["department", "district"]', '["district"]'), "2023-huyen.toml")
    assert [i.path.name for i in read_indices(tmp_path, 2023, TREE)] == ["2023-huyen.toml", "2023-so.toml"]
    read(tmp_path, WHOLE, "2023.toml")
    with pytest.raises(ConfigError, match="cấp d"):
        read_indices(tmp_path, 2023, TREE)


def test_a_year_without_a_file_and_a_name_without_a_year_are_told(tmp_path: Path) -> None:
    read(tmp_path, WHOLE)
    with pytest.raises(UsageError, match="đã khai: 2023"):
        read_indices(tmp_path, 2024, TREE)
    (tmp_path / "index" / "mới.toml").write_text(WHOLE, encoding="utf-8")
    with pytest.raises(ConfigError, match="tên tệp phải là năm"):
        index_years(tmp_path)


SAME = {
    "nothing": (None, True),
    "another version": (('version = "1"', 'version = "2"'), False),
    "other weights": (("max = 2.5", "max = 1.5"), False),
    "another unit left out": (('["H36.02"]', '["H36.01"]'), False),
    "other words alone": (('label = "Công khai"', 'label = "Công khai, minh bạch"'), True),
}


@pytest.mark.parametrize("name", SAME)
def test_years_are_alike_where_they_are_scored_on_the_same_criteria(tmp_path: Path, name: str) -> None:
    change, alike = SAME[name]
    later = WHOLE if change is None else WHOLE.replace(*change)
    if name == "other weights":
        later = later.replace("max = 6.5", "max = 5.5")
    before, now = read(tmp_path, WHOLE, "2022.toml"), read(tmp_path, later, "2023.toml")
    assert now.is_like(before) is alike


@pytest.mark.parametrize("year", index_years(KHANH_HOA))
def test_the_province_s_own_files_are_right_and_say_that_they_are_unverified(year: int) -> None:
    units = read_units(KHANH_HOA / "agencies.csv")
    (index,) = read_indices(KHANH_HOA, year, units)
    assert not index.file.verified and index.file.note
    son_trung = next(u for u in index.units(units) if u.unit_code == "22729")
    assert sum(c.max for c in index.applicable(son_trung)) == 70
