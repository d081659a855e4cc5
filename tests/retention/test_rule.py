"""Whatever was printed, decided and read over the years: what anybody rests on is never among what goes."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.retention.rule import LandingKnown, VersionKnown, needed, outlived_landings, outlived_versions
from tests.tried import tried

TODAY = date(2026, 11, 22)
SOURCES, PERIODS = ("cam-lam", "nha-trang"), ("2020Q1", "2024Q4", "2026Q3")
CUT_OFFS = dict(zip(PERIODS, (date(2020, 3, 14), date(2024, 12, 14), date(2026, 9, 14)), strict=True))
IDS = tuple(f"{number:016x}" for number in range(4))
landing_ids = st.tuples(st.sampled_from(SOURCES), st.sampled_from(IDS))
days = st.integers(0, 3000).map(lambda ago: TODAY - timedelta(days=ago))
before = st.none() | st.integers(90, 2000).map(lambda ago: TODAY - timedelta(days=ago))


@st.composite
def histories(draw: st.DrawFn) -> list[VersionKnown]:
    """Reports with any number of versions, of which anything may have become."""
    found = []
    for report in draw(st.sets(st.tuples(st.sampled_from(PERIODS), st.just("unit"), st.sampled_from(("56", "570"))))):
        for version in range(1, draw(st.integers(1, 5)) + 1):
            landings = draw(st.none() | st.frozensets(landing_ids))
            decided = draw(st.sampled_from(((False, False), (True, False), (False, True), (False, False))))
            found.append(VersionKnown(report, version, draw(days), *decided, landings, removed=draw(st.booleans())))
    return found


landings = st.sets(st.tuples(st.sampled_from(SOURCES), st.sampled_from(PERIODS), st.sampled_from(IDS))).map(
    lambda found: [LandingKnown(source, period, name, CUT_OFFS[period]) for source, period, name in sorted(found)]
)


@settings(max_examples=tried(300), deadline=None)
@given(histories(), landings, st.sets(landing_ids), before, before)
def test_nothing_that_is_needed_goes(
    versions: list[VersionKnown],
    there: list[LandingKnown],
    counted: set[tuple[str, str]],
    old_draft: date | None,
    old_landing: date | None,
) -> None:
    gone = outlived_versions(versions, before=old_draft)
    kept = [one for one in versions if one not in gone]
    for one in versions:
        newest = max(other.version for other in versions if other.report == one.report)
        if one.version == newest or one.events or one.signed:
            assert one in kept
            assert one in needed(versions)
        elif old_draft is None or one.printed >= old_draft:
            assert one in kept or one.removed
    going = list(outlived_landings(there, versions, counted, gone=gone, before=old_landing))
    for landing in going:
        assert old_landing is not None
        assert landing.cut_off < old_landing
        assert (landing.source_id, landing.landing_id) not in counted
        for one in kept:
            assert one.landings is None or (landing.source_id, landing.landing_id) not in one.landings
            assert one.landings is not None or one.report[0] != landing.period_id
    left = [one for one in there if one not in going]
    assert list(outlived_landings(left, versions, counted, gone=gone, before=old_landing)) == []


@settings(max_examples=tried(100), deadline=None)
@given(histories(), landings, st.sets(landing_ids), before)
def test_what_nobody_rests_on_and_is_old_does_go(
    versions: list[VersionKnown], there: list[LandingKnown], counted: set[tuple[str, str]], old: date | None
) -> None:
    """Keeping everything would be safe, and no policy."""
    gone = outlived_versions(versions, before=old)
    rested_on = {*counted, *(name for one in versions if one not in gone for name in one.landings or ())}
    unknown = {one.report[0] for one in versions if one not in gone and one.landings is None}
    free = [one for one in there if (one.source_id, one.landing_id) not in rested_on and one.period_id not in unknown]
    going = list(outlived_landings(there, versions, counted, gone=gone, before=old))
    assert going == [one for one in free if old is not None and one.cut_off < old]


def test_a_version_that_keeps_the_beginning_of_a_checksum_keeps_the_extract() -> None:
    one = VersionKnown(("2020Q1", "unit", "56"), 1, TODAY, landings=frozenset({("cam-lam", IDS[1][:12])}))
    there = [LandingKnown("cam-lam", "2020Q1", IDS[1], CUT_OFFS["2020Q1"])]
    assert not list(outlived_landings(there, [one], (), gone=(), before=TODAY))
