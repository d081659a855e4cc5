"""Reporting rates: of the units that existed, what came, in time and whole; counts are added, then divided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.clock import VIETNAM
from contracts.codes import Channel, Level, PartitionState
from contracts.periods import Span, parse_period
from contracts.province import read_province
from contracts.responsibility import Elsewhere, Responsibility
from contracts.settings import REPOSITORY
from contracts.units import Unit, UnitTree, read_units
from tests.transforms.tables import read_table
from transforms.deadlines import WorkingCalendar, day_of_month_after
from transforms.reporting_rates import NOTHING, Delivery, Due, UnitReport, dues, rates_of, rolled_up, unit_reports

KHANH_HOA = read_province(REPOSITORY / "provinces" / "khanh-hoa")
PHU_THO = read_province(REPOSITORY / "provinces" / "phu-tho")
Q4 = parse_period("2024Q4").forms
CUT_OFF = Q4.last_day
ON_TIME = datetime(2024, 12, 17, 23, 59, tzinfo=VIETNAM)


def unit(code: str, parent: str, level: Level, *, first: date | None = None, last: date | None = None) -> Unit:
    return Unit(code, code, f"Đơn vị {code}", level, parent, first, last, verified=True)


TREE = UnitTree(
    (
        unit("H", "", Level.PROVINCE),
        unit("H.S", "H", Level.DEPARTMENT),
        unit("H.A", "H", Level.DISTRICT),
        unit("H.A.1", "H.A", Level.COMMUNE),
        unit("H.A.2", "H.A", Level.COMMUNE),
        unit("H.B", "H", Level.DISTRICT),
    )
)
GOOD = Delivery(
    "a",
    ("H.A",),
    Responsibility(),
    state=PartitionState.LOADED,
    as_of=CUT_OFF,
    read_at=ON_TIME,
    came_at=ON_TIME,
    counted={"H.A": 95, "H.A.1": 1},
    lost={"H.A": 5},
)
DUE = {level: Due(date(2024, 12, 17), on_rest_day=False, source="QĐ") for level in Level}


def reports(*deliveries: Delivery, tree: UnitTree = TREE, span: Span = Q4) -> dict[str, UnitReport]:
    found = unit_reports(tree, deliveries, span=span, due=DUE, share=0.05)
    return {report.unit.agency_code: report for report in found}


CASES = """
changed                       | received | on_time | complete | why
nothing                       | yes      | yes     | yes      | -
never asked                   | no       | no      | no       | chờ trích xuất
failed                        | no       | no      | no       | LỖI
read a day late               | yes      | no      | yes      | có số liệu từ 00:01 ngày 18/12/2024, hạn 17/12/2024
never read after the cut-off  | yes      | no      | no       | chưa được đọc lần nào sau ngày chốt
counted as of an earlier day  | yes      | yes     | no       | số liệu chưa tính đến hết ngày chốt 14/12/2024
a part in another system      | yes      | yes     | no       | chưa gồm hồ sơ đất đai, ở Hệ thống của Bộ
a part elsewhere later on     | yes      | yes     | yes      | -
six in a hundred lost         | yes      | yes     | no       | 6 trong 100 hồ sơ bị loại, quá mức cho phép
all lost                      | yes      | yes     | no       | 1 trong 1 hồ sơ bị loại, quá mức cho phép
nothing counted, nothing lost | yes      | yes     | yes      | -
"""
"""why: what a reason ends with, - for none."""
LATE = datetime(2024, 12, 18, 0, 1, tzinfo=VIETNAM)
EARLY = datetime(2024, 12, 14, 23, 0, tzinfo=VIETNAM)
LAND = Elsewhere(what="hồ sơ đất đai", system="Hệ thống của Bộ", since=date(2024, 12, 14))
CHANGED = {
    "nothing": GOOD,
    "never asked": Delivery("a", ("H.A",), Responsibility()),
    "failed": replace(GOOD, state=PartitionState.FAILED),
    "read a day late": replace(GOOD, came_at=LATE, read_at=LATE),
    "never read after the cut-off": replace(GOOD, came_at=None, read_at=EARLY),
    "counted as of an earlier day": replace(GOOD, as_of=date(2024, 12, 13)),
    "a part in another system": replace(GOOD, elsewhere=(LAND,)),
    "a part elsewhere later on": replace(GOOD, elsewhere=(LAND.model_copy(update={"since": date(2024, 12, 15)}),)),
    "six in a hundred lost": replace(GOOD, counted={"H.A": 94}, lost={"H.A": 6}),
    "all lost": replace(GOOD, counted={}, lost={"H.A": 1}),
    "nothing counted, nothing lost": replace(GOOD, counted=None, lost=None),
}


@pytest.mark.parametrize("case", read_table(CASES), ids=lambda case: case["changed"])
def test_what_counts_as_received_on_time_and_complete(case: dict[str, str]) -> None:
    found = reports(CHANGED[case["changed"]])["H.A"]
    outcome = (found.received, found.on_time, found.complete)
    assert outcome == tuple(case[name] == "yes" for name in ("received", "on_time", "complete"))
    reasons = (*found.missing, *found.late, *found.lacking)
    assert any(reason.endswith(case["why"]) for reason in reasons) or (case["why"], reasons) == ("-", ())


def test_every_case_is_in_the_table() -> None:
    assert {case["changed"] for case in read_table(CASES)} == set(CHANGED)


def test_a_unit_for_which_nobody_answers_is_expected_and_not_received() -> None:
    found = reports(GOOD)["H.B"]
    assert (found.received, found.on_time, found.complete) == (False, False, False)
    assert found.missing == ("không có nguồn nào phụ trách",)
    assert "H" not in reports(GOOD), "the province reports, it is not reported by"


def test_all_sources_that_answer_for_a_unit_must_have_come() -> None:
    online, desk = (
        replace(GOOD, id=name, responsibility=Responsibility(channels=frozenset({channel})), lost={})
        for name, channel in (("cong", Channel.ONLINE), ("mot-cua", Channel.IN_PERSON))
    )
    both = reports(online, desk)["H.A"]
    assert (both.sources, both.received, both.came_at) == (("cong", "mot-cua"), True, ON_TIME)
    one = reports(online, replace(desk, state=PartitionState.NOT_RECEIVED))["H.A"]
    assert (one.received, one.missing) == (False, ("nguồn «mot-cua»: chưa nhận được",))
    late = reports(online, replace(desk, came_at=LATE))["H.A"]
    assert (late.on_time, late.came_at) == (False, LATE)


def test_counts_are_added_up_and_then_divided() -> None:
    bad = replace(GOOD, id="s", units=("H.S",), state=PartitionState.FAILED)
    found = rolled_up(reports(GOOD, bad).values(), TREE)
    assert {code: (r.expected, r.received, r.on_time, r.complete) for code, r in found.items()} == {
        "H": (5, 3, 3, 3),
        "H.S": (1, 0, 0, 0),
        "H.A": (3, 3, 3, 3),
        "H.A.1": (1, 1, 1, 1),
        "H.A.2": (1, 1, 1, 1),
        "H.B": (1, 0, 0, 0),
    }
    assert (found["H"].reporting_rate, found["H.A"].completeness) == (Decimal("60.00"), Decimal("100.00"))


def test_of_nothing_expected_there_is_no_rate() -> None:
    assert NOTHING.reporting_rate is NOTHING.rate_on_time is NOTHING.completeness is None


def test_without_a_due_day_nothing_is_said_of_time() -> None:
    found = unit_reports(TREE, [GOOD], span=Q4, due={Level.COMMUNE: DUE[Level.COMMUNE]}, share=0.05)
    by_code = {r.unit.agency_code: r for r in found}
    assert by_code["H.A"].on_time is None
    assert by_code["H.A.1"].on_time is True
    total = rolled_up(found, TREE)["H.A"]
    assert (total.on_time, total.rate_on_time, total.received) == (None, None, 3)


states = st.sampled_from([None, *PartitionState])
moments = st.sampled_from([None, EARLY, ON_TIME, LATE])
deliveries = st.builds(
    Delivery,
    id=st.sampled_from(["a", "b"]),
    units=st.sampled_from([("H.A",), ("H.S", "H.B"), ("H",), ("H.A.1",)]),
    responsibility=st.just(Responsibility()),
    state=states,
    as_of=st.sampled_from([None, CUT_OFF, date(2024, 12, 1)]),
    read_at=moments,
    came_at=moments,
    counted=st.just({"H.A": 10}),
    lost=st.sampled_from([{}, {"H.A": 3}]),
)


@given(st.lists(deliveries, max_size=4))
def test_nothing_is_on_time_or_whole_that_was_not_received(given_: list[Delivery]) -> None:
    found = unit_reports(TREE, given_, span=Q4, due=DUE, share=0.05)
    for report in found:
        assert report.received or not (report.on_time or report.complete)
        assert report.received == (not report.missing)
    total = rolled_up(found, TREE)["H"]
    assert total.expected == len(TREE.units) - 1
    assert total == sum(map(rates_of, found), start=NOTHING)
    assert total.expected >= total.received >= max(total.on_time or 0, total.complete)


CUT_OFFS = """
period | unit's due | province's due
2024Q3 | 17/09/2024 | 20/09/2024
2025Q2 | 17/06/2025 | 20/06/2025
2025Q3 | 16/09/2025 | 20/09/2025
2026Q1 | 17/03/2026 | 20/03/2026
2026Q2 | 16/06/2026 | 20/06/2026
2026Q3 | 16/09/2026 | 20/09/2026
2026Q4 | 16/12/2026 | 20/12/2026
"""
RESTING = {date(2025, 9, 20), date(2026, 6, 20), date(2026, 9, 20), date(2026, 12, 20)}


@pytest.mark.parametrize("row", read_table(CUT_OFFS), ids=lambda row: row["period"])
def test_due_days_are_those_of_the_regulation_and_do_not_move(row: dict[str, str]) -> None:
    cut_off = parse_period(row["period"]).cut_off
    found = dues(KHANH_HOA.file.due, WorkingCalendar(KHANH_HOA.rest_days), cut_off=cut_off)
    for level in (Level.DEPARTMENT, Level.DISTRICT, Level.COMMUNE):
        assert f"{found[level].day:%d/%m/%Y}" == row["unit's due"]
    own = found[Level.PROVINCE]
    assert f"{own.day:%d/%m/%Y}" == row["province's due"]
    assert own.on_rest_day == (own.day in RESTING)


def test_a_due_day_in_a_year_whose_days_off_are_unknown_is_not_guessed() -> None:
    after = date(max(KHANH_HOA.rest_days).year, 12, 31)
    found = dues(KHANH_HOA.file.due, WorkingCalendar(KHANH_HOA.rest_days), cut_off=after)
    assert found[Level.COMMUNE].day is None
    assert dues(KHANH_HOA.file.due, WorkingCalendar({}), cut_off=date(2022, 12, 14)) == {}


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        (date(2024, 12, 14), 20, date(2024, 12, 20)),
        (date(2024, 12, 20), 20, date(2025, 1, 20)),
        (date(2025, 1, 31), 28, date(2025, 2, 28)),
        (date(2024, 12, 31), 5, date(2025, 1, 5)),
    ],
)
def test_the_first_such_day_after_a_day(day: date, number: int, found: date) -> None:
    assert day_of_month_after(day, number) == found


SUCCESSORS = """H32.90,22714,Xã Khánh Sơn,commune,H32,2025-07-01,,no
H32.91,22732,Xã Đông Khánh Sơn,commune,H32,2025-07-01,,no
"""
"""Of the district Khánh Sơn (575), by their codes of the statistics office; agency codes are not known yet."""
REORGANISED = parse_period("2025Q3").forms


@pytest.fixture
def reorganised(tmp_path: Path) -> UnitTree:
    """The province's own units, and two of the communes that took Khánh Sơn's place on 1/7/2025."""
    text = (KHANH_HOA.folder / "agencies.csv").read_text(encoding="utf-8")
    (tmp_path / "agencies.csv").write_text(text.rstrip("\n") + "\n" + SUCCESSORS, encoding="utf-8")
    return read_units(tmp_path / "agencies.csv")


def test_a_unit_is_expected_for_the_days_on_which_it_existed(reorganised: UnitTree) -> None:
    found = reports(tree=reorganised, span=REORGANISED)
    before, after = Span(date(2025, 6, 15), date(2025, 6, 30)), Span(date(2025, 7, 1), date(2025, 9, 14))
    assert {code: found[code].part for code in ("H32.37", "H32.37.01", "H32.90", "H32.91", "H32.02")} == {
        "H32.37": before,
        "H32.37.01": before,
        "H32.90": after,
        "H32.91": after,
        "H32.02": REORGANISED,
    }
    assert [found[code].is_whole for code in ("H32.37", "H32.90", "H32.02")] == [False, False, True]
    assert "H32.22" not in found, "dissolved in 2018"


@pytest.mark.parametrize(
    ("period", "expected", "not_expected"),
    [
        ("2025Q2", {"H32.37", "H32.37.01"}, {"H32.90", "H32.91"}),
        ("2025Q3", {"H32.37", "H32.37.01", "H32.90", "H32.91"}, set()),
        ("2025Q4", {"H32.90", "H32.91"}, {"H32.37", "H32.37.01", "H32.30"}),
    ],
)
def test_a_district_is_expected_to_its_last_day_and_its_successors_from_their_first(
    reorganised: UnitTree, period: str, expected: set[str], not_expected: set[str]
) -> None:
    found = set(reports(tree=reorganised, span=parse_period(period).forms))
    assert expected <= found
    assert not not_expected & found


def test_phu_tho_expects_its_163_agencies_from_the_first_of_july() -> None:
    counts = {}
    for name in ("2025Q2", "2025Q3", "2026Q3"):
        found = reports(tree=PHU_THO.units, span=parse_period(name).forms)
        counts[name] = (len(found), sum(report.is_whole for report in found.values()))
    assert counts == {"2025Q2": (0, 0), "2025Q3": (163, 0), "2026Q3": (163, 163)}
