"""Units with dates: codes that are used again, trees, and mistakes told with file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from contracts.codes import Level
from contracts.errors import ConfigError, UsageError
from contracts.units import UnitTree, read_units
from tests.transforms.tables import read_table

HEAD = "agency_code,unit_code,name,level,parent,valid_from,valid_to,verified"
KHANH_SON = f"""{HEAD}
H32,56,Tỉnh Khánh Hòa,province,,,,no
H32.02,,Sở Nội vụ,department,H32,,,no
H32.37,575,Huyện Khánh Sơn,district,H32,,2025-06-30,no
H32.37.01,22714,Thị trấn Tô Hạp,commune,H32.37,,2025-06-30,no
H32.37.02,22729,Xã Sơn Trung,commune,H32.37,,2025-06-30,no
H32.101,22714,Xã Khánh Sơn,commune,H32,2025-07-01,,no
"""


@pytest.fixture
def tree(tmp_path: Path) -> UnitTree:
    return read_units(written(tmp_path, KHANH_SON))


def written(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "agencies.csv"
    path.write_text(text, encoding=encoding)
    return path


FOUND = """
| mã        | vào ngày   | đơn vị          |
| 22714     | 2025-06-30 | Thị trấn Tô Hạp |
| 22714     | 2025-07-01 | Xã Khánh Sơn    |
| 22714     | 2018-01-01 | Thị trấn Tô Hạp |
| 575       | 2025-06-30 | Huyện Khánh Sơn |
| H32.37.01 | 2024-12-14 | Thị trấn Tô Hạp |
| H32.02    | 2026-12-14 | Sở Nội vụ       |
"""


@pytest.mark.parametrize("row", read_table(FOUND), ids=lambda row: f"{row['mã']} {row['vào ngày']}")
def test_a_code_names_the_unit_of_that_day(tree: UnitTree, row: dict[str, str]) -> None:
    assert tree.find(row["mã"], on=date.fromisoformat(row["vào ngày"])).name == row["đơn vị"]


@pytest.mark.parametrize(
    ("code", "day"), [("575", date(2025, 7, 1)), ("99999", date(2024, 1, 1)), ("", date(2024, 1, 1))]
)
def test_a_code_that_names_no_unit_that_day_is_told(tree: UnitTree, code: str, day: date) -> None:
    with pytest.raises(UsageError, match=f"{day:%d/%m/%Y}"):
        tree.find(code, on=day)


def test_a_department_goes_by_its_agency_code(tree: UnitTree) -> None:
    assert tree.by_agency("H32.02").unit_code == "H32.02"


def test_subtree_children_and_root(tree: UnitTree) -> None:
    assert [u.agency_code for u in tree.subtree("H32.37")] == ["H32.37", "H32.37.01", "H32.37.02"]
    assert [u.agency_code for u in tree.children("H32")] == ["H32.02", "H32.37", "H32.101"]
    assert {u.agency_code for u in tree.subtree("H32")} == {u.agency_code for u in tree}
    assert tree.root.name == "Tỉnh Khánh Hòa"


def test_the_district_level_ends_on_30_6_2025(tree: UnitTree) -> None:
    assert [u.name for u in tree.at_level(Level.DISTRICT, on=date(2025, 6, 30))] == ["Huyện Khánh Sơn"]
    assert tree.at_level(Level.DISTRICT, on=date(2025, 7, 1)) == ()
    assert [u.name for u in tree.at_level(Level.COMMUNE, on=date(2025, 7, 1))] == ["Xã Khánh Sơn"]
    assert len(tree.valid_on(date(2025, 6, 30))) == 5


def test_a_file_saved_by_excel_is_read_alike(tmp_path: Path, tree: UnitTree) -> None:
    spoiled = KHANH_SON.replace("\n", "\r\n").replace("Sở Nội vụ", " Sở Nội vụ ")
    assert read_units(written(tmp_path, spoiled, encoding="utf-8-sig")) == tree


MISTAKES = {
    "không có dòng nào": (HEAD, None, "không có cơ quan nào"),
    "thiếu cột": ("agency_code,name\nH32,Tỉnh\n", 1, "unit_code"),
    "dòng thiếu ô": (f"{HEAD}\nH32,56,Tỉnh Khánh Hòa,province\n", 2, "số ô"),
    "mã lặp lại": (KHANH_SON + "H32.02,,Sở Tư pháp,department,H32,,,no\n", 8, "H32.02 lặp lại"),
    "cấp trên đứng sau": (f"{HEAD}\nH32.37,575,Huyện,district,H32,,,no\n", 2, "cấp trên H32"),
    "thiếu cấp trên": (KHANH_SON + "H32.03,,Sở Tư pháp,department,,,,no\n", 8, "thiếu cấp trên"),
    "hai tỉnh": (KHANH_SON + "H44,25,Tỉnh Phú Thọ,province,,,,no\n", 8, "thiếu cấp trên"),
    "cấp không có": (KHANH_SON.replace("district", "huyện"), 4, "«huyện»"),
    "ngày sai dạng": (KHANH_SON.replace("2025-07-01", "01/07/2025"), 7, "«01/07/2025»"),
    "ngày ngược": (KHANH_SON.replace("2025-07-01,", "2025-07-01,2025-06-30"), 7, "valid_from sau valid_to"),
    "thiếu tên": (KHANH_SON.replace("Sở Nội vụ", ""), 3, "thiếu agency_code hoặc name"),
}


@pytest.mark.parametrize("defect", MISTAKES)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, defect: str) -> None:
    text, line, said = MISTAKES[defect]
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        read_units(path)
    assert (error.value.file, error.value.line) == (path, line)
    assert said in error.value.cause


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="không có tệp này"):
        read_units(tmp_path / "agencies.csv")
