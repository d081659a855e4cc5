"""The provincial index: exact scores over what applies, classes by the year's bands, ranks among whole groups."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.criteria import ProvincialIndex
from tests import khanh_son
from tests.contracts.test_criteria import TREE, WHOLE, read
from tests.transforms.tables import read_table
from tests.tried import tried
from transforms.criteria import NOTHING, Standing, change_of, rating_of, standings

INDEX, TREE_OF_KHANH_HOA = khanh_son.index(2022), khanh_son.tree()
COMMUNES = tuple(khanh_son.INVENTED[2022])


def of(year: int) -> dict[str, Standing]:
    found = standings(khanh_son.index(year), TREE_OF_KHANH_HOA, khanh_son.verified(year))
    return {one.unit.agency_code: one for one in found if one.unit.parent == khanh_son.KHANH_SON}


SON_TRUNG = """
| năm  | điểm  | tối đa | chỉ số | xếp loại | hạng |
| 2021 | 52.50 | 70     | 75     | Khá      | 7/8  |
| 2022 | 62.44 | 70     | 89.2   | Tốt      | 1/8  |
"""


@pytest.mark.parametrize("row", read_table(SON_TRUNG), ids=lambda row: row["năm"])
def test_son_trung_rose_from_seventh_to_first(row: dict[str, str]) -> None:
    found = of(int(row["năm"]))[khanh_son.SON_TRUNG]
    assert (found.whole.points, found.whole.maximum) == (Decimal(row["điểm"]), Decimal(row["tối đa"]))
    assert found.score == Fraction(row["chỉ số"])
    assert found.rating == row["xếp loại"]
    (rank,) = found.ranks
    assert rank is not None and rank.text == row["hạng"]
    assert rank.base.group == "xã, phường, thị trấn của huyện Khánh Sơn"


def test_the_whole_table_has_ties_as_official_tables_do() -> None:
    ranks = {code: one.ranks[0].place for code, one in of(2022).items() if one.ranks[0]}
    assert ranks == dict(zip(COMMUNES, [2, 7, 5, 5, 3, 1, 4, 8], strict=True))


def test_the_change_since_the_year_before() -> None:
    now, before = of(2022)[khanh_son.SON_TRUNG], of(2021)[khanh_son.SON_TRUNG]
    found = change_of(now, before, index=INDEX, index_before=khanh_son.index(2021))
    assert (found.points, found.places, found.breaks) == (Fraction("14.2"), (6,), ())


def test_a_year_of_other_criteria_is_a_break() -> None:
    old = INDEX.file.model_copy(update={"version": "cũ"})
    before = ProvincialIndex(2021, old, INDEX.path)
    found = change_of(of(2022)[khanh_son.SON_TRUNG], of(2021)[khanh_son.SON_TRUNG], index=INDEX, index_before=before)
    assert (found.points, found.places) == (None, (None,))
    assert found.breaks == ("Không so sánh năm 2022 với năm 2021 do bộ tiêu chí khác nhau",)


def test_ranks_of_another_number_of_communes_are_not_subtracted() -> None:
    left_out = INDEX.file.model_copy(update={"except_units": ["H32.37.08"]})
    index = ProvincialIndex(2021, left_out, INDEX.path)
    seven = {s.unit.agency_code: s for s in standings(index, TREE_OF_KHANH_HOA, khanh_son.verified(2021))}
    found = change_of(of(2022)[khanh_son.SON_TRUNG], seven[khanh_son.SON_TRUNG], index=INDEX, index_before=index)
    assert found.points == Fraction("14.2"), "the points of a unit do not depend on who else was ranked"
    assert found.places == (None,)
    assert "(7 và 8 xã, phường, thị trấn của huyện Khánh Sơn)" in found.breaks[0]


def test_without_a_year_before_nothing_is_said_to_have_changed() -> None:
    found = change_of(of(2022)[khanh_son.SON_TRUNG], None, index=INDEX, index_before=None)
    assert (found.points, found.places, found.breaks) == (None, (None,), ())


def test_a_criterion_that_is_not_verified_leaves_the_unit_without_index_and_its_group_without_ranks() -> None:
    verified = khanh_son.verified(2022)
    del verified["H32.37.08", "7.3"]
    found = {s.unit.agency_code: s for s in standings(INDEX, TREE_OF_KHANH_HOA, verified)}
    last = found["H32.37.08"]
    assert (last.whole.verified, last.whole.criteria) == (18, 19)
    assert (last.score, last.rating) == (None, None)
    assert last.whole.points == Decimal("45.30"), "what is verified so far is known"
    for code in COMMUNES:
        assert found[code].ranks == (None,)
        assert found[code].why_unranked[0].startswith("Chưa xếp hạng: 1/8")
    assert found[khanh_son.SON_TRUNG].score == Fraction("89.2")
    assert found["H32.30.01"].score is None, "a district where nothing is verified"


def test_points_above_a_maximum_that_was_lowered_since_are_no_score(tmp_path: Path) -> None:
    index = read(tmp_path, WHOLE)
    verified = {("H36.02", "1"): Decimal("4.5"), ("H36.02", "T"): Decimal(0)}
    found = {s.unit.agency_code: s for s in standings(index, TREE, verified)}["H36.02"]
    assert (found.score, found.whole.verified, found.whole.criteria) == (None, 1, 2)


def test_nought_is_a_score_and_nothing_is_none(tmp_path: Path) -> None:
    index = read(tmp_path, WHOLE)
    nought = {("H36.02", "1"): Decimal(0), ("H36.02", "T"): Decimal(0)}
    found = {s.unit.agency_code: s for s in standings(index, TREE, nought)}
    assert (found["H36.02"].score, found["H36.02"].rating) == (0, "Khá")
    assert found["H36.01"].score is None


HA_NAM = """
| đơn vị | 1 | 2.1 | 2.2 | T | điểm | tối đa | chỉ số  |
| H36.01 | 4 | 2   | 3   | 0 | 9    | 10.5   | 600/7   |
| H36.02 | 3 | -   | -   | 0 | 3    | 4      | 75      |
| H36.30 | 4 | 2.5 | 4   | 1 | 11.5 | 10.5   | 2300/21 |
"""


@pytest.mark.parametrize("row", read_table(HA_NAM), ids=lambda row: row["đơn vị"])
def test_what_does_not_apply_leaves_the_maximum_and_a_bonus_does_not_raise_it(
    tmp_path: Path, row: dict[str, str]
) -> None:
    code = row["đơn vị"]
    verified = {(code, c): Decimal(row[c]) for c in ("1", "2.1", "2.2", "T") if row[c] != "-"}
    found = {s.unit.agency_code: s for s in standings(read(tmp_path, WHOLE), TREE, verified)}[code]
    assert (found.whole.points, found.whole.maximum) == (Decimal(row["điểm"]), Decimal(row["tối đa"]))
    assert found.score == Fraction(row["chỉ số"])


def test_points_of_what_does_not_apply_count_nothing(tmp_path: Path) -> None:
    verified = {("H36.02", c): Decimal(1) for c in ("1", "2.1", "T")}
    found = {s.unit.agency_code: s for s in standings(read(tmp_path, WHOLE), TREE, verified)}["H36.02"]
    assert (found.whole.points, found.whole.maximum) == (Decimal(2), Decimal(4))


def test_a_penalty_is_taken_away(tmp_path: Path) -> None:
    index = read(tmp_path, WHOLE.replace('"bonus"', '"penalty"'))
    verified = {("H36.02", "1"): Decimal(3), ("H36.02", "T"): Decimal(1)}
    found = {s.unit.agency_code: s for s in standings(index, TREE, verified)}["H36.02"]
    assert (found.whole.points, found.score) == (Decimal(2), 50)


BANDS = """
| chỉ số      | xếp loại   |
| 100         | Tốt        |
| 89.2        | Tốt        |
| 85          | Tốt        |
| 84.9999     | Khá        |
| 84          | Khá        |
| 50          | Trung bình |
| 0           | Yếu        |
"""


@pytest.mark.parametrize("row", read_table(BANDS), ids=lambda row: row["chỉ số"])
def test_a_class_is_that_of_the_exact_score(row: dict[str, str]) -> None:
    assert rating_of(INDEX, Fraction(row["chỉ số"])) == row["xếp loại"]


@st.composite
def points_of(draw: st.DrawFn) -> dict[tuple[str, str], Decimal]:
    """Points for the criteria of three communes, some of them missing."""
    found = {}
    for unit in INDEX.units(TREE_OF_KHANH_HOA)[-3:]:
        for criterion in INDEX.leaves:
            quarters = draw(st.none() | st.integers(0, int(criterion.max * 4)))
            if quarters is not None:
                found[unit.agency_code, criterion.id] = Decimal(quarters) / 4
    return found


@settings(max_examples=tried(40))
@given(points_of(), st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter_and_parts_add_up(
    verified: dict[tuple[str, str], Decimal], dice: random.Random
) -> None:
    shuffled = list(verified.items())
    dice.shuffle(shuffled)
    found = standings(INDEX, TREE_OF_KHANH_HOA, verified)
    assert found == standings(INDEX, TREE_OF_KHANH_HOA, dict(shuffled))
    for one in found:
        assert sum(one.parts.values(), start=NOTHING) == one.whole
        own = {key: points for key, points in verified.items() if key[0] == one.unit.agency_code}
        assert (one.whole.points, one.whole.verified) == (sum(own.values()), len(own))
        assert one.whole.maximum == 70
        assert (one.score is None) == (len(own) < len(INDEX.leaves))


def test_a_score_between_districts_and_communes_is_ranked_in_its_own_group(tmp_path: Path) -> None:
    """The units of one group are those below one parent, or all."""
    text = WHOLE.replace('among = "all"\ngroup = "cơ quan"', 'among = "parent"\ngroup = "đơn vị của {parent}"')
    index = read(tmp_path, text)
    verified = {(u.agency_code, c.id): c.max for u in index.units(TREE) for c in index.applicable(u)}
    ranks = {one.ranks[0].text: one.ranks[0].base.text for one in standings(index, TREE, verified) if one.ranks[0]}
    assert set(ranks.values()) == {"3 đơn vị của tỉnh Hà Nam"}
