"""Points and imported places: only ever added to, the newest counts, and what differs is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select

from contracts.clock import VIETNAM
from contracts.criteria_points import PointEntry, PointKind
from contracts.rankings import IndexName, Ranking, RankingKind
from warehouse import standings, tables
from warehouse.database import reading

MORNING = datetime(2023, 1, 9, 8, 30, tzinfo=VIETNAM)
EVENING = MORNING + timedelta(hours=9)
SELF = PointEntry("H32.37.06", "1.1", PointKind.SELF, Decimal("3.50"), "Kế hoạch số 01/KH-UBND", "đã ban hành")
VERIFIED = PointEntry("H32.37.06", "1.1", PointKind.VERIFIED, Decimal("3.25"))
KIEN_GIANG = Ranking(
    kind=RankingKind.RESULT,
    index=IndexName.SIPAS,
    year=2022,
    unit_code="91",
    unit_name="Tỉnh Kiên Giang",
    source="Bộ Nội vụ công bố ngày 19/4/2023",
    place=24,
    base_size=63,
    base_group="tỉnh, thành phố",
    gained=34,
    score=Decimal("83.07"),
    published_on=date(2023, 4, 19),
    verified=True,
)


def count(engine: Engine, table: str) -> int:
    with reading(engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(tables.metadata.tables[table])) or 0)


def test_points_come_back_exactly_and_in_order(engine: Engine) -> None:
    other = replace(VERIFIED, agency_code="H32.37.01", points=Decimal(0))
    done = standings.add_points(engine, 2022, [VERIFIED, SELF, other], by="Tổ thẩm định", at=MORNING)
    assert (len(done.added), done.replaced, done.unchanged) == (3, (), 0)
    found = standings.points(engine, 2022)
    assert [stored.entry for stored in found] == [other, SELF, VERIFIED]
    assert {(s.entered_by, s.entered_at) for s in found} == {("Tổ thẩm định", MORNING)}
    assert standings.points(engine, 2021) == []


def test_self_assessed_points_are_never_taken_for_verified_ones(engine: Engine) -> None:
    standings.add_points(engine, 2022, [SELF], by="UBND xã", at=MORNING)
    assert standings.verified_points(engine, 2022) == {}
    standings.add_points(engine, 2022, [VERIFIED], by="Tổ thẩm định", at=EVENING)
    assert standings.verified_points(engine, 2022) == {("H32.37.06", "1.1"): Decimal("3.25")}


@pytest.mark.parametrize("at", [EVENING, MORNING], ids=["later", "in the same second"])
def test_a_later_entry_counts_and_the_difference_is_told(engine: Engine, at: datetime) -> None:
    standings.add_points(engine, 2022, [SELF, VERIFIED], by="A", at=MORNING)
    lower = replace(VERIFIED, points=Decimal("2.75"))
    done = standings.add_points(engine, 2022, [SELF, lower], by="B", at=at)
    assert (done.added, done.replaced, done.unchanged) == ((), ((VERIFIED, lower),), 1)
    assert standings.verified_points(engine, 2022) == {("H32.37.06", "1.1"): Decimal("2.75")}
    assert count(engine, "criterion_points") == 3, "the earlier entry stays, what says the same is not entered twice"


def test_points_that_are_taken_back_count_no_longer(engine: Engine) -> None:
    standings.add_points(engine, 2022, [VERIFIED], by="A", at=MORNING)
    standings.add_points(engine, 2022, [replace(VERIFIED, points=None)], by="A", at=EVENING)
    assert standings.verified_points(engine, 2022) == {}
    assert [s.entry.points for s in standings.points(engine, 2022)] == [None]


def test_a_place_comes_back_as_it_was_published(engine: Engine) -> None:
    bare = Ranking(RankingKind.TARGET, IndexName.PAR_INDEX, 2023, "", "Tỉnh Kiên Giang", "Kế hoạch", rating="Khá")
    standings.add_rankings(engine, [bare, KIEN_GIANG], by="Sở Nội vụ", at=MORNING)
    assert [stored.entry for stored in standings.rankings(engine)] == [KIEN_GIANG, bare]


def test_places_of_two_bases_stand_side_by_side(engine: Engine) -> None:
    """Huyền Tụng was 12th of the province's 122 communes, and first of the city's 8."""
    ward = {"kind": RankingKind.RESULT, "index": IndexName.EGOV, "year": 2018, "unit_code": "1846"}
    of_all = Ranking(
        **ward, unit_name="Phường Huyền Tụng", source="UBND tỉnh", place=12, base_size=122, base_group="xã của tỉnh"
    )
    of_city = replace(of_all, place=1, base_size=8, base_group="xã, phường của thành phố Bắc Kạn")
    done = standings.add_rankings(engine, [of_all, of_city], by="A", at=MORNING)
    assert len(done.added) == 2 and not done.replaced


def test_a_place_that_is_published_again_otherwise_is_a_difference(engine: Engine) -> None:
    standings.add_rankings(engine, [KIEN_GIANG], by="A", at=MORNING)
    corrected = replace(KIEN_GIANG, place=25, gained=33)
    done = standings.add_rankings(engine, [corrected], by="B", at=EVENING)
    assert done.replaced == ((KIEN_GIANG, corrected),)
    assert [s.entry.place for s in standings.rankings(engine)] == [25]
    standings.add_rankings(engine, [replace(corrected, withdrawn=True)], by="B", at=EVENING)
    assert standings.rankings(engine) == []
    assert count(engine, "imported_ranking") == 3
