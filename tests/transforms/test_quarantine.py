"""Of rows that were in quarantine each one is told of once: it counts now, is there still, or is gone."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tests.expectations.tables import read_table
from transforms.quarantine import Fates, fates

BEFORE = """
| vị trí | mã hồ sơ           | sau đó                                    |
| 11     | H32.32-241001-0011 | đã sửa, nay được tính                     |
| 12     | -                  | đã cấp mã, nay được tính (cùng khóa)      |
| 13     | H32.32-241001-0013 | chưa sửa                                  |
| 14     | H32.32-241001-0014 | xóa khỏi hệ thống                         |
| -      | -                  | không mã, không khóa: không biết là dòng nào |
"""
AFTER = """
| vị trí | mã hồ sơ           |
| 13     | H32.32-241001-0013 |
| 15     | H32.32-241001-0015 |
"""
ACCEPTED = """
| vị trí | mã hồ sơ           |
| 11     | H32.32-241001-0011 |
| 12     | H32.32-241001-0012 |
| 16     | H32.32-241001-0016 |
"""


def frame(text: str) -> pd.DataFrame:
    rows = [{k: None if v == "-" else v for k, v in row.items()} for row in read_table(text)]
    return pd.DataFrame(
        {
            "address": pd.Series([row["vị trí"] for row in rows], dtype="str"),
            "dossier_code": pd.Series([row["mã hồ sơ"] for row in rows], dtype="str"),
        }
    )


def test_each_row_has_one_fate() -> None:
    assert fates(frame(BEFORE), frame(AFTER), frame(ACCEPTED)) == Fates(before=5, taken=2, still=1, gone=2, new=1)


ROWS = st.lists(st.tuples(st.sampled_from("abcd-"), st.sampled_from("1234-")), max_size=8).map(
    lambda rows: frame("| vị trí | mã hồ sơ |\n" + "\n".join(f"| {a} | {c} |" for a, c in rows))
)


@given(before=ROWS, after=ROWS, accepted=ROWS)
def test_the_numbers_add_up(before: pd.DataFrame, after: pd.DataFrame, accepted: pd.DataFrame) -> None:
    found = fates(before, after, accepted)
    assert found.before == len(before) == found.taken + found.still + found.gone
    assert 0 <= found.new <= len(after)
    assert fates(before, before, accepted) == Fates(len(before), 0, len(before), 0, 0), "nothing happened"
