"""Ranks as official tables give them: 1, 2, 2, 4, each with its base."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.tables import read_table
from transforms.ranks import Base, Rank, change, competition_ranks, why_no_change

PLACES = """
| trường hợp                       | điểm                  | hạng      |
| mỗi đơn vị một điểm              | 80 90 70              | 2 1 3     |
| hai đơn vị bằng điểm             | 95 90 90 80           | 1 2 2 4   |
| ba đơn vị cùng đứng đầu          | 90 80 90 90           | 1 4 1 1   |
| đơn vị chưa có điểm không có hạng | 90 - 80               | 1 - 2     |
| không đơn vị nào có điểm         | - -                   | - -       |
| điểm 0 vẫn được xếp hạng         | 0 - 5                 | 2 - 1     |
| hơn nhau ở số lẻ thứ ba          | 89.196 89.204 89.2    | 3 1 2     |
"""


@pytest.mark.parametrize("row", read_table(PLACES), ids=lambda row: row["trường hợp"])
@pytest.mark.parametrize("kind", [Fraction, Decimal, float])
def test_places(row: dict[str, str], kind: type) -> None:
    values = pd.Series([None if v == "-" else kind(v) for v in row["điểm"].split()], dtype=object)
    found = competition_ranks(values)
    assert ["-" if pd.isna(v) else str(v) for v in found] == row["hạng"].split()


def test_the_least_can_be_the_best() -> None:
    assert [*competition_ranks(pd.Series([3, 1, 2, 1]), higher_is_better=False)] == [4, 1, 3, 1]


def test_values_are_compared_exactly() -> None:
    """6244/7000 and 892/1000 are one score; a third and its nearest float are not."""
    same = pd.Series([Fraction(6244, 7000), Decimal("0.892")], dtype=object)
    assert [*competition_ranks(same)] == [1, 1]
    apart = pd.Series([Fraction(1, 3), 1 / 3], dtype=object)
    assert sorted(competition_ranks(apart)) == [1, 2]


def test_ranks_keep_the_index_and_a_missing_value_of_any_kind_has_none() -> None:
    values = pd.Series([90.0, np.nan, 80.0], index=["22714", "22717", "22720"])
    found = competition_ranks(values)
    assert [*found.index] == [*values.index] and str(found.dtype) == "Int64"
    assert [*found.isna()] == [False, True, False]
    assert competition_ranks(pd.Series([], dtype=float)).empty


SCORES = st.lists(st.one_of(st.none(), st.integers(0, 6).map(lambda n: Fraction(n, 3))), max_size=12)


@given(SCORES)
def test_the_place_is_one_more_than_the_number_of_those_that_are_better(scores: list[Fraction | None]) -> None:
    known = [s for s in scores if s is not None]
    expected = [None if s is None else 1 + sum(other > s for other in known) for s in scores]
    found = competition_ranks(pd.Series(scores, dtype=object))
    assert [None if pd.isna(v) else int(v) for v in found] == expected


@given(SCORES)
def test_places_of_tied_units_add_up(scores: list[Fraction | None]) -> None:
    """n units hold the places 1…n between them; k units that share a place would have filled k places."""
    found = competition_ranks(pd.Series(scores, dtype=object)).dropna()
    filled = sum(place + k for place, size in found.value_counts().items() for k in range(size))
    assert filled == len(found) * (len(found) + 1) // 2


@given(SCORES.flatmap(lambda scores: st.tuples(st.just(scores), st.permutations(range(len(scores))))))
def test_the_order_of_units_does_not_matter(drawn: tuple[list[Fraction | None], list[int]]) -> None:
    scores, order = drawn
    ranks = competition_ranks(pd.Series(scores, dtype=object))
    shuffled = competition_ranks(pd.Series(scores, dtype=object).iloc[order])
    assert shuffled.sort_index().equals(ranks)


CHANGES = """
| trước đây         | nay               | số bậc | vì sao không so sánh                                     |
| 7/8 Khánh Sơn     | 1/8 Khánh Sơn     | 6      |                                                          |
| 1/8 Khánh Sơn     | 7/8 Khánh Sơn     | -6     |                                                          |
| 2/8 Khánh Sơn     | 2/8 Khánh Sơn     | 0      |                                                          |
| 63/63 tỉnh        | 41/63 tỉnh        | 22     |                                                          |
| 41/63 tỉnh        | 11/34 tỉnh        | -      | cơ sở xếp hạng khác nhau (63 và 34 tỉnh)                 |
| 1/8 Khánh Sơn     | 3/8 thành phố     | -      | cơ sở xếp hạng khác nhau (8 Khánh Sơn và 8 thành phố)    |
| 1/8 Khánh Sơn     | 12/122 toàn tỉnh  | -      | cơ sở xếp hạng khác nhau (8 Khánh Sơn và 122 toàn tỉnh)  |
| 1/? toàn tỉnh     | 1/? toàn tỉnh     | -      | không rõ số đơn vị được xếp hạng                         |
"""


@pytest.mark.parametrize("row", read_table(CHANGES), ids=lambda row: f"{row['trước đây']} → {row['nay']}")
def test_places_gained(row: dict[str, str]) -> None:
    before, now = _rank(row["trước đây"]), _rank(row["nay"])
    gained = change(now, before)
    assert ("-" if gained is None else str(gained)) == row["số bậc"]
    said = why_no_change(now, before)
    assert said == (f"Không so sánh thứ hạng do {row['vì sao không so sánh']}" if gained is None else "")


def _rank(text: str) -> Rank:
    place, _, rest = text.partition("/")
    size, _, group = rest.partition(" ")
    return Rank(int(place), Base(None if size == "?" else int(size), group))


def test_a_rank_is_written_with_its_base() -> None:
    assert Rank(12, Base(122, "xã, phường của tỉnh")).text == "12/122"
    assert Rank(1, Base(None, "huyện của tỉnh")).text == "1"
    assert Rank(1200, Base(3321, "xã")).text == "1.200/3.321"
    assert Base(34, "tỉnh").text == "34 tỉnh"


@pytest.mark.parametrize("place", [0, 9])
def test_a_place_that_the_base_does_not_have_is_refused(place: int) -> None:
    with pytest.raises(ValueError, match="8 xã"):
        Rank(place, Base(8, "xã"))
