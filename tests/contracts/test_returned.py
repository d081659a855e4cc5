"""What is asked: every line is whole, dated and sourced; a province adds lines and switches them off."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from contracts.codes import Level
from contracts.errors import ConfigError
from contracts.periods import parse_period
from contracts.returned import AREAS, Kind, kind_of, read_questions

NATIONAL = read_questions(Path("không có"))
LINE = """
[[indicator]]
id = "own"
area = 2
label = "Dòng của tỉnh"
definition = "Đếm."
unit = "cuộc"
kind = "count"
levels = ["commune"]
source = "Kế hoạch của tỉnh"
verified = true
"""


def test_every_area_is_asked_about() -> None:
    assert {line.area for line in NATIONAL.asked} == set(range(len(AREAS)))


@pytest.mark.parametrize("level", Level)
def test_every_level_is_asked(level: Level) -> None:
    assert len(NATIONAL.of(level, parse_period("2024Q4"))) > 20


def test_the_lines_say_that_nobody_verified_them() -> None:
    assert {line.verified for line in (*NATIONAL.asked, *NATIONAL.derived)} == {False}


def test_a_part_is_asked_of_whom_its_whole_is_asked() -> None:
    lines = {line.id: line for line in NATIONAL.asked}
    for line in NATIONAL.asked:
        if line.part_of:
            whole = lines[line.part_of]
            assert set(line.levels) <= set(whole.levels) and set(line.periods) <= set(whole.periods), line.id
    for derived in NATIONAL.derived:
        assert {lines[term].area for term in derived.terms} == {derived.area}, derived.id


# kỳ                        loại
KINDS = """
2024M07                  | month
2024Q4                   | quarter
2024H1                   | half_year
2024T9                   | nine_months
2024Y                    | year
2018-01-01..2018-09-30   | range
"""


@pytest.mark.parametrize("line", KINDS.strip().splitlines())
def test_kinds_of_period(line: str) -> None:
    name, kind = (part.strip() for part in line.split("|"))
    assert kind_of(parse_period(name)) == kind


def own(folder: Path, text: str) -> Path:
    (folder / "returns.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_province_adds_lines_and_switches_lines_off(tmp_path: Path) -> None:
    found = read_questions(own(tmp_path, f'off = ["staff_quota", "inspections"]\n{LINE}'))
    ids = [line.id for line in found.asked]
    assert "own" in ids and not {"staff_quota", "inspections"} & set(ids)
    assert [line.area for line in found.asked] == sorted(line.area for line in found.asked)
    assert not [d.id for d in found.derived if "staff_quota" in d.terms], "nothing follows from what is not asked"


def test_a_line_is_asked_in_its_days_and_periods(tmp_path: Path) -> None:
    text = LINE + 'valid_from = 2024-01-01\nvalid_to = 2024-12-31\nperiods = ["quarter"]\n'
    found = read_questions(own(tmp_path, text))
    asked = {
        name: "own" in [line.id for line in found.of(Level.COMMUNE, parse_period(name))]
        for name in ("2023Q4", "2024Q1", "2024Q4", "2024Y", "2025Q1")
    }
    assert asked == {"2023Q4": False, "2024Q1": True, "2024Q4": True, "2024Y": False, "2025Q1": False}
    line = next(line for line in found.asked if line.id == "own")
    assert line.holds_on(date(2024, 6, 1)) and line.kind is Kind.COUNT


WRONG = {
    "unknown-line-switched-off": ('off = ["khong_co"]', "khong_co"),
    "line-of-a-national-id": (LINE.replace('"own"', '"staff_quota"'), "lặp lại: staff_quota"),
    "share-without-halves": (LINE.replace('"count"', '"share"'), "numerator và denominator"),
    "choice-without-choices": (LINE.replace('"count"', '"choice"'), "ít nhất hai lựa chọn"),
    "choice-with-a-comma": (LINE.replace('"count"', '"choice"\nchoices = ["a, b", "c"]'), "dấu phẩy"),
    "part-of-nothing": (LINE + 'part_of = "khong_co"', "part_of «khong_co»"),
    "part-of-another-kind": (LINE + 'part_of = "satisfaction"', "cùng loại"),
    "part-of-a-text": (LINE.replace('"count"', '"text"') + 'part_of = "pilots"', "chỉ dùng cho"),
    "area-seven": (LINE.replace("area = 2", "area = 7"), "area"),
    "unknown-level": (LINE.replace('"commune"', '"xã"'), "levels"),
    "mistyped-key": (LINE + 'levls = ["district"]', "levls"),
    "id-with-a-dash": (LINE.replace('"own"', '"own-line"'), "id"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_names_the_file(tmp_path: Path, name: str) -> None:
    text, said = WRONG[name]
    with pytest.raises(ConfigError, match=r"returns\.toml") as caught:
        read_questions(own(tmp_path, text))
    assert said in " ".join(map(str, (caught.value, *caught.value.others)))
