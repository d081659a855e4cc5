"""Places then and now: joined only within one base, on the scale of that base."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest

from contracts.rankings import Ranking
from reporting.charts.places import MOST_ROWS, index_chart, published_chart
from reporting.page import PlaceRow, PlacesChart
from tests.reporting import charted, places
from transforms.rankings import results

OLD, NEW = places.province()[:2]


def published(*rankings: Ranking) -> PlacesChart | None:
    newest = {(r.unit, r.index, r.area): r for r in sorted(results(rankings), key=lambda r: r.year)}
    return published_chart(list(newest.values()), rankings)


def units(chart: PlacesChart | None) -> list[PlaceRow]:
    assert chart is not None
    return [row for row in chart.rows if row.kind == "unit"]


def test_the_communes_of_the_district_by_their_place() -> None:
    table = charted.index_2022()
    found = index_chart(table, [s for s in table.standings if s.whole.verified])
    assert found is not None
    groups = [row.name for row in found.rows if row.kind == "group"]
    assert groups == ["8 xã, phường, thị trấn của huyện Khánh Sơn"]
    rows = units(found)
    assert rows[0].name == "Xã Sơn Trung"
    assert (rows[0].years, rows[0].before_text, rows[0].now_text, rows[0].change) == (
        "2021, 2022",
        "7/8",
        "1/8",
        "tăng 6 bậc",
    )
    nows = [Decimal(row.now) for row in rows]
    assert nows == sorted(nows, reverse=True)
    assert (nows[0], nows[-1]) == (100, 0)


def test_a_place_lies_on_the_scale_of_its_base() -> None:
    (row,) = units(published(OLD, NEW))
    assert (row.before, row.now) == ("69.355", "74.194")  # (63 − 20) / 62, (63 − 17) / 62
    assert (row.left, row.width) == ("69.355", "4.839")


@pytest.mark.parametrize(
    "other",
    [
        replace(NEW, base_size=34, place=11),
        replace(NEW, base_size=None),
        replace(NEW, base_group="tỉnh trực thuộc khối"),
        replace(NEW, year=2025, published_on=None),
        replace(NEW, gained=5),
        replace(NEW, place=None, base_size=None, base_group="", rating="Khá"),
    ],
    ids=["other size", "size not known", "other group", "a year between", "contradicts what was published", "no place"],
)
def test_places_of_different_bases_are_not_joined(other: Ranking) -> None:
    assert published(OLD, other) is None


def test_one_edition_is_no_chart() -> None:
    assert published(NEW) is None
    assert index_chart(charted.index_2022(), []) is None


def test_what_is_not_drawn_is_counted() -> None:
    found = published(OLD, NEW, *places.son_trung()[1:])
    assert found is not None
    assert "Không vẽ 1 thứ hạng không có hạng năm trước trên cùng cơ sở xếp hạng." in [n.text for n in found.notes]


def communes(moves: Iterable[tuple[int, int]], size: int = 60) -> list[Ranking]:
    """One a pair of places, of two years."""
    found = []
    for number, (before, now) in enumerate(moves):
        one = replace(OLD, unit_code="", unit_name=f"Xã {number:02}", base_size=size, base_group="xã", score=None)
        found += [replace(one, place=before), replace(one, place=now, year=2023, published_on=None)]
    return found


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        ([(3, 3)], "Xã 00, chỉ số cải cách hành chính (PAR INDEX), hạng 3/60 năm 2022, 3/60 năm 2023, giữ nguyên."),
        (
            [(3, 1), (2, 4), (5, 5)],
            "So sánh 3 thứ hạng với năm trước: 1 tăng, 1 giảm và 1 giữ nguyên hạng; tăng nhiều nhất: Xã 00",
        ),
        ([(3, 3), (4, 4)], "So sánh 2 thứ hạng với năm trước: 2 giữ nguyên hạng."),
        ([(n + 1, n) for n in range(1, 6)], "tăng 1 bậc và 2 dòng khác."),
    ],
)
def test_the_same_in_words(moves: list[tuple[int, int]], said: str) -> None:
    found = published(*communes(moves))
    assert found is not None
    assert said in found.alt


def test_of_many_those_that_moved_most() -> None:
    found = published(*communes([(1, 1 + n) for n in range(50)]))
    rows = units(found)
    assert len(rows) == MOST_ROWS
    assert [row.change for row in rows] == [f"giảm {n} bậc" for n in range(20, 50)]


def test_the_only_one_of_its_base_is_the_first() -> None:
    (row,) = units(published(*communes([(1, 1)], size=1)))
    assert (row.before, row.now, row.width) == ("100.000", "100.000", "0.000")
