"""A filled sheet of points: every mistake at its cell, and nothing taken in with one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from contracts.criteria_file import read_indices
from contracts.criteria_points import FilledSheet, PointEntry, PointKind, entries_of
from contracts.decimals import plain_decimal, typed_number
from contracts.errors import ConfigError
from contracts.units import read_units
from tests.transforms.tables import read_table

KHANH_HOA = Path(__file__).parents[2] / "provinces" / "khanh-hoa"
UNITS = read_units(KHANH_HOA / "agencies.csv")
INDICES = read_indices(KHANH_HOA, 2022, UNITS)
LETTERS = {"Năm": "A", "Mã cơ quan": "B", "Mã tiêu chí": "D", "Điểm": "G", "Tài liệu kiểm chứng": "H", "Ghi chú": "I"}


def entries(text: str, kind: PointKind = PointKind.VERIFIED) -> tuple[PointEntry, ...]:
    """The first row of the table is row 2 of the sheet; «-» is an empty cell."""
    rows = [{head: "" if cell == "-" else cell for head, cell in row.items()} for row in read_table(text)]
    sheet = FilledSheet(Path("diem.xlsx"), list(enumerate(rows, start=2)), LETTERS)
    return entries_of(sheet, INDICES, UNITS, kind=kind)


HEAD = "| Năm | Mã cơ quan | Mã tiêu chí | Điểm | Tài liệu kiểm chứng | Ghi chú |\n"


def test_what_is_filled_in_is_entered_and_what_is_empty_is_not() -> None:
    found = entries(
        HEAD
        + """
        | 2022 | H32.37.06 | 1     | -    | - | -          |
        | 2022 | H32.37.06 | 1.1   | 3,5  | - | đúng hạn   |
        | 2022 | 22714     | 1.2   | 0    | - | -          |
        | 2022 | H32.37.06 | 1.3   | -    | - | -          |
        | 2022 | H32.37.06 | 1.4   | hủy  | - | nhập nhầm  |
        """
    )
    verified = PointKind.VERIFIED
    assert found == (
        PointEntry("H32.37.06", "1.1", verified, Decimal("3.5"), note="đúng hạn"),
        PointEntry("H32.37.01", "1.2", verified, Decimal(0)),
        PointEntry("H32.37.06", "1.4", verified, None, note="nhập nhầm"),
    )


MISTAKES = """
| Năm  | Mã cơ quan | Mã tiêu chí | Điểm  | Tài liệu kiểm chứng | Ghi chú | ô  | báo lỗi                            |
| 2021 | H32.37.06  | 1.1         | 3     | -                   | -       | A2 | không phải năm đang nhập (2022)    |
| 2022 | H32.99     | 1.1         | 3     | -                   | -       | B2 | không thuộc bộ chỉ số              |
| 2022 | H32.37     | 1.1         | 3     | -                   | -       | B2 | không thuộc bộ chỉ số              |
| 2022 | H32.37.06  | 9.9         | 3     | -                   | -       | D2 | không có tiêu chí «9.9»            |
| 2022 | H32.37.06  | 1           | 3     | -                   | -       | D2 | chấm điểm ở tiêu chí con           |
| 2022 | H32.37.06  | 1.1         | 4,5   | -                   | -       | G2 | lớn hơn điểm tối đa 4              |
| 2022 | H32.37.06  | 1.1         | -1    | -                   | -       | G2 | không phải là số không âm          |
| 2022 | H32.37.06  | 1.1         | tốt   | -                   | -       | G2 | không phải là số không âm          |
| 2022 | H32.37.06  | 1.1         | 1.250 | -                   | -       | G2 | hiểu được hai cách                 |
| 2022 | H32.37.06  | 1.1         | -     | Kế hoạch 01         | -       | G2 | chưa có điểm                       |
"""


@pytest.mark.parametrize("row", read_table(MISTAKES), ids=lambda row: row["báo lỗi"])
def test_a_mistake_names_its_cell(row: dict[str, str]) -> None:
    where, said = row["ô"], row["báo lỗi"]
    cells = " | ".join(row[head] for head in LETTERS)
    with pytest.raises(ConfigError) as raised:
        entries(HEAD + f"| {cells} |")
    assert f"ô {where}: " in raised.value.cause and said in raised.value.cause
    assert raised.value.line == 2 and "chưa lưu gì" in raised.value.advice


def test_all_mistakes_are_told_at_once_and_twice_is_one() -> None:
    with pytest.raises(ConfigError) as raised:
        entries(
            HEAD
            + """
            | 2022 | H32.37.06 | 1.1 | 9 | - | - |
            | 2022 | H32.37.06 | 1.2 | 2 | - | - |
            | 2022 | 22729     | 1.2 | 1 | - | - |
            """
        )
    told = [raised.value.cause, *(other.cause for other in raised.value.others)]
    assert len(told) == 2 and "ô D4" in told[1] and "đã có ở dòng 3" in told[1]


def test_a_self_assessment_names_its_evidence() -> None:
    row = "| 2022 | H32.37.06 | 1.1 | 4 | - | - |"
    with pytest.raises(ConfigError, match="ô H2: điểm tự chấm phải ghi tài liệu kiểm chứng"):
        entries(HEAD + row, PointKind.SELF)
    assert entries(HEAD + row, PointKind.VERIFIED)
    assert entries(HEAD + row.replace("| 4 | - |", "| 4 | 67/KH-UBND |"), PointKind.SELF)
    assert entries(HEAD + row.replace("| 4 |", "| 0 |"), PointKind.SELF), "for no points there is nothing to show"


NUMBERS = """
| gõ        | hiểu là |
| 0         | 0       |
| 2,5       | 2.5     |
| 2.5       | 2.5     |
| 89.20     | 89.2    |
| 1.234,5   | 1234.5  |
| 62.4375   | 62.4375 |
| 1.234     | -       |
| 1,234.5   | -       |
| +3        | -       |
| 1e2       | -       |
| ٣         | -       |
"""


@pytest.mark.parametrize("row", read_table(NUMBERS), ids=lambda row: row["gõ"])
def test_numbers_as_they_are_typed(row: dict[str, str]) -> None:
    if row["hiểu là"] == "-":
        with pytest.raises(ValueError, match="«"):
            typed_number(row["gõ"])
    else:
        assert plain_decimal(typed_number(row["gõ"])) == row["hiểu là"]
