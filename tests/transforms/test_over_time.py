"""A unit's figures beside those of another period: exact, with both bases, and refused over a break."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import Series
from contracts.columns import FACT_KEYS, MEASURES, MEMOS
from contracts.errors import ConfigError
from contracts.periods import Period, Span, parse_period
from contracts.responsibility import Responsibility
from contracts.series_breaks import SeriesBreak, read_breaks
from contracts.units import UnitTree, read_units
from tests.transforms.tables import read_table
from transforms.indicators import Indicator, declared
from transforms.over_time import (
    FORMULA_CHANGED,
    NOBODY,
    PART_CHANGED,
    PARTLY_TOLD,
    TOLD_OF_A_PART,
    UNFINISHED,
    UNITS_CHANGED,
    Change,
    Figure,
    PeriodFigures,
    changed,
    compared,
    figures_of,
    obstacle,
    same_formula,
)

UNITS = """agency_code,unit_code,name,level,parent,valid_from,valid_to,verified
H32,56,Tỉnh Khánh Hòa,province,,,,no
H32.02,,Sở Nội vụ,department,H32,,,no
H32.31,569,Thành phố Cam Ranh,district,H32,,2025-06-30,no
H32.37,575,Huyện Khánh Sơn,district,H32,,2025-06-30,no
H32.37.01,22714,Thị trấn Tô Hạp,commune,H32.37,,2025-06-30,no
H32.101,22714,Xã Khánh Sơn,commune,H32,2025-07-01,,no
"""
OVERDUE = next(i for i in declared() if i.id == "OVERDUE_RESOLVED")
Q4, BEFORE, LAST_YEAR = parse_period("2024Q4"), parse_period("2024Q3"), parse_period("2023Q4")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> UnitTree:
    path = tmp_path_factory.mktemp("units") / "agencies.csv"
    path.write_text(UNITS, encoding="utf-8")
    return read_units(path)


class Source:
    """What answers for units."""

    def __init__(self, name: str, *units: str, responsibility: Responsibility | None = None) -> None:
        self.id = name
        self.units = units
        self.responsibility = responsibility or Responsibility()


ALL = (Source("tinh", "H32.02"), Source("cam-ranh", "H32.31"), Source("khanh-son", "H32.37"))


def facts(*rows: tuple[str, str, dict[str, int]]) -> pd.DataFrame:
    """source_id, agency_code and counts."""
    keys = {**dict.fromkeys(FACT_KEYS, "x"), "series": Series.FORMS.value}
    made = [
        {**keys, **dict.fromkeys((*MEASURES, *MEMOS), 0), "source_id": s, "agency_code": a, **n} for s, a, n in rows
    ]
    return pd.DataFrame(made, columns=["source_id", *FACT_KEYS, *MEASURES, *MEMOS])


def figures(
    tree: UnitTree,
    period: Period = Q4,
    *rows: tuple[str, str, dict[str, int]],
    sources: tuple[Source, ...] = ALL,
    unusable: dict[str, str] | None = None,
    until: date | None = None,
) -> PeriodFigures:
    span = period.forms if until is None else period.forms.until(until)
    return figures_of(period, facts(*rows), span=span, sources=sources, unusable=unusable or {}, tree=tree)


def test_counts_are_those_of_the_unit_with_all_below_it(tree: UnitTree) -> None:
    found = figures(
        tree, Q4, ("khanh-son", "H32.37", {"early": 3}), ("khanh-son", "H32.37.01", {"early": 4, "overdue": 1})
    )
    sums = found.sums(tree.subtree("H32.37"))
    assert sums is not None and (sums["early"], sums["overdue"], sums["on_time"]) == (7, 1, 0)
    assert found.sums(tree.subtree("H32.31")) == dict.fromkeys((*MEASURES, *MEMOS), 0)  # a true zero


def test_what_a_source_lacks_is_not_known_and_no_zero(tree: UnitTree) -> None:
    found = figures(
        tree, Q4, ("cam-ranh", "H32.31", {"early": 9}), unusable={"khanh-son": "chưa có số liệu"}, sources=ALL[1:]
    )
    assert found.sums(tree.subtree("H32.37")) is None and found.sums(tree.subtree("H32")) is None
    assert found.why_lacking(tree.subtree("H32.37")) == "chưa có số liệu"
    assert found.why_lacking([tree.by_agency("H32.02")]) == NOBODY
    assert found.sums(tree.subtree("H32.31")) is not None


POINTS = """
| nay           | trước         | điểm     | so sánh          |
| 168/10000     | 252/10000     | -84/100  | giảm 0,84 điểm   |
| 1/3           | 1/3           | 0        | không đổi        |
| 2/3           | 1/3           | 100/3    | không làm tròn   |
| 5/0           | 1/3           | -        | không có mẫu số  |
"""


@pytest.mark.parametrize("row", read_table(POINTS), ids=lambda row: row["so sánh"])
def test_a_share_changes_in_percentage_points(row: dict[str, str]) -> None:
    now, before = (Figure(*map(int, row[name].split("/"))) for name in ("nay", "trước"))
    found = Change(OVERDUE, now, before)
    assert found.difference == (None if row["điểm"] == "-" else Fraction(row["điểm"]))
    assert found.percent is None  # never «giảm 1,5 lần»


def count_of(name: str) -> Indicator:
    return replace(OVERDUE, id="column_7", unit="hồ sơ", numerator=(name,), denominator=(), by_field=False)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_count_changes_by_so_many_and_by_so_much_of_what_it_was(now: int, before: int) -> None:
    found = Change(count_of("early"), Figure(now), Figure(before))
    assert found.difference == now - before
    assert found.percent == (Fraction(100 * (now - before), before) if before else None)


@given(*[st.integers(0, 10**5)] * 2, *[st.integers(1, 10**5)] * 2)
def test_a_change_back_is_the_same_change(n: int, m: int, of_n: int, of_m: int) -> None:
    one, other = Figure(n, of_n), Figure(m, of_m)
    there, back = Change(OVERDUE, one, other).difference, Change(OVERDUE, other, one).difference
    assert there is not None and back is not None and there == -back


def test_what_is_not_known_is_not_compared() -> None:
    for now, before in ((None, Figure(1, 2)), (Figure(1, 2), None), (None, None)):
        assert Change(OVERDUE, now, before).difference is None
    assert Change(OVERDUE, Figure(1, 2), Figure(1, 4), why_not="đứt chuỗi").difference is None


def test_shares_of_all_and_of_a_part_of_the_dossiers_are_not_compared() -> None:
    part = compared(OVERDUE, Figure(1, 2, partial=True), Figure(1, 2), before=BEFORE, why_not="")
    assert part.why_not == PARTLY_TOLD and part.difference is None


def test_shares_of_a_part_of_the_dossiers_then_and_now_are_not_compared() -> None:
    """Of half the dossiers then and of nine tenths now: what differs may be the part alone."""
    part = compared(OVERDUE, Figure(9, 90, partial=True), Figure(1, 50, partial=True), before=BEFORE, why_not="")
    assert part.why_not == TOLD_OF_A_PART and part.difference is None


def test_another_formula_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = replace(OVERDUE, formula_version="2", valid_from=date(2024, 9, 15))
    older = replace(OVERDUE, valid_to=date(2024, 9, 14))
    monkeypatch.setattr("transforms.over_time.declared", lambda: (older, newer))
    assert not same_formula(newer, BEFORE) and same_formula(newer, Q4)
    assert compared(newer, Figure(1, 2), Figure(1, 2), before=BEFORE, why_not="").why_not == FORMULA_CHANGED


def test_the_indicator_over_all_units_is_that_of_their_sums(tree: UnitTree) -> None:
    now = figures(
        tree, Q4, ("cam-ranh", "H32.31", {"early": 42}), ("khanh-son", "H32.37", {"early": 90, "overdue": 10})
    )
    then = figures(tree, LAST_YEAR, ("khanh-son", "H32.37.01", {"early": 3, "overdue": 1}))
    found = changed(OVERDUE, tree.subtree("H32"), now, then, why_not="")
    assert (found.now, found.before) == (Figure(10, 142), Figure(1, 4))
    assert found.difference == Fraction(1000, 142) - 25


STANDS = """
| đơn vị | kỳ này | kỳ kia | đứt chuỗi | vì |
| H32.37 | 2024Q4 | 2024Q3 | không     |    |
| H32.37 | 2025Q2 | 2024Q2 | không     |    |
| H32    | 2025Q2 | 2024Q2 | không     |    |
| H32.37 | 2025Q3 | 2025Q2 | có        | tổ chức đơn vị |
| H32    | 2025Q3 | 2025Q2 | có        | tổ chức đơn vị |
| H32    | 2025Q4 | 2025Q3 | có        | tổ chức đơn vị |
| H32.02 | 2025Q4 | 2025Q3 | không     |    |
| H32.101 | 2026Q4 | 2025Q4 | không    |    |
| H32.101 | 2025Q4 | 2024Q4 | có       | tổ chức đơn vị |
| H32    | 2026Q4 | 2025Q4 | không     |    |
| H32    | 2026Q3 | 2025Q3 | có        | tổ chức đơn vị |
"""
LATER = (*ALL, Source("xa", "H32.101"))


@pytest.mark.parametrize("row", read_table(STANDS), ids=lambda row: f"{row['đơn vị']} {row['kỳ này']} {row['kỳ kia']}")
def test_a_unit_that_began_or_ended_between_the_two_breaks_the_series(tree: UnitTree, row: dict[str, str]) -> None:
    now, then = (figures(tree, parse_period(row[name]), sources=LATER) for name in ("kỳ này", "kỳ kia"))
    found = obstacle(tree.by_agency(row["đơn vị"]), now, then, tree=tree, breaks=())
    assert found.is_break == (row["đứt chuỗi"] == "có")
    assert found.why == (UNITS_CHANGED if row["vì"] else "")


def test_a_running_period_and_a_missing_source_are_gaps_and_no_breaks(tree: UnitTree) -> None:
    unit = tree.by_agency("H32.37")
    running = obstacle(unit, figures(tree, until=date(2024, 11, 1)), figures(tree, BEFORE), tree=tree, breaks=())
    assert (running.why, running.is_break) == (UNFINISHED, False)
    lacking = figures(tree, BEFORE, unusable={"khanh-son": "chưa có số liệu của nguồn Khánh Sơn"})
    found = obstacle(unit, figures(tree), lacking, tree=tree, breaks=())
    assert found.why == "thiếu số liệu quý III năm 2024: chưa có số liệu của nguồn Khánh Sơn" and not found.is_break
    assert not obstacle(tree.by_agency("H32.31"), figures(tree), lacking, tree=tree, breaks=()).why


def test_another_part_of_the_dossiers_breaks_the_series(tree: UnitTree) -> None:
    without = Responsibility(except_procedures=frozenset({"1.001193"}))
    then = figures(tree, BEFORE, sources=(*ALL[:2], Source("khanh-son", "H32.37", responsibility=without)))
    found = obstacle(tree.by_agency("H32.37"), figures(tree), then, tree=tree, breaks=())
    assert (found.why, found.is_break) == (PART_CHANGED, True)
    later = Responsibility(since=date(2024, 9, 15))
    again = figures(tree, BEFORE, sources=(*ALL[:2], Source("moi", "H32.37", responsibility=later)))
    assert not obstacle(tree.by_agency("H32.37"), figures(tree), again, tree=tree, breaks=()).why


CENTRE = SeriesBreak(
    since=date(2018, 9, 1),
    units=["H32.37"],
    reason="dùng phần mềm một cửa phiên bản mới",
    source="Báo, 2018",
    verified=False,
)

BREAKS = """
| đơn vị    | kỳ này | kỳ kia | đứt chuỗi |
| H32.37    | 2018Q4 | 2018Q3 | có        |
| H32.37.01 | 2018Q4 | 2018Q3 | có        |
| H32       | 2018Q4 | 2018Q3 | có        |
| H32.31    | 2018Q4 | 2018Q3 | không     |
| H32.37    | 2018Q3 | 2018Q2 | có        |
| H32.37    | 2018Q2 | 2018Q1 | không     |
| H32.37    | 2019Q1 | 2018Q4 | không     |
| H32.37    | 2019Q3 | 2018Q3 | có        |
| H32.37    | 2019Q4 | 2018Q4 | không     |
"""


@pytest.mark.parametrize("row", read_table(BREAKS), ids=lambda row: f"{row['đơn vị']} {row['kỳ này']} {row['kỳ kia']}")
def test_a_new_version_of_the_software_breaks_the_series_of_its_units(tree: UnitTree, row: dict[str, str]) -> None:
    """A4-25: the online centre's software since 1/9/2018."""
    now, then = (figures(tree, parse_period(row[name], rule="calendar")) for name in ("kỳ này", "kỳ kia"))
    found = obstacle(tree.by_agency(row["đơn vị"]), now, then, tree=tree, breaks=(CENTRE,))
    assert found.is_break == (row["đứt chuỗi"] == "có")
    if found.is_break:
        assert found.why == "dùng phần mềm một cửa phiên bản mới từ ngày 01/09/2018"


def written(folder: Path, text: str) -> Path:
    path = folder / "breaks.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_breaks_are_dated_configuration(tree: UnitTree, tmp_path: Path) -> None:
    entry = '[[break]]\nsince = {day}\nunits = ["H32.37"]\nreason = "đổi phần mềm"\nsource = "Báo"\nverified = false\n'
    path = written(tmp_path, entry.format(day="2020-01-01") + entry.format(day="2018-09-01"))
    assert [b.since.year for b in read_breaks(path, tree)] == [2018, 2020]
    assert read_breaks(tmp_path / "none.toml", tree) == ()
    everywhere = SeriesBreak(since=date(2018, 9, 1), reason="x", source="y", verified=True)
    assert all(everywhere.touches(u.agency_code, tree) for u in tree)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[break]]\nsince = 2018-09-01\nreason = "x"\nsource = "y"\nverified = true\nunits = ["H99"]\n', "H99"),
        ('[[break]]\nsince = 2018-09-01\nreason = "x"\nsource = "y"\n', "verified"),
        ("[[breaks]]\nsince = 2018-09-01\n", "breaks"),
        ('[[break]]\nsince = 2018-09-01\nreason = ""\nsource = "y"\nverified = true\n', "reason"),
    ],
)
def test_a_mistake_in_the_breaks_is_told_with_its_file(tree: UnitTree, tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as told:
        read_breaks(written(tmp_path, text), tree)
    assert "breaks.toml" in str(told.value)


def test_the_days_of_a_span_choose_its_units(tree: UnitTree) -> None:
    across = figures(tree, parse_period("2025Q3"), sources=LATER)
    assert {u.agency_code for u in across.of(tree)} == {u.agency_code for u in tree}
    after = figures(tree, parse_period("2025Q4"), sources=LATER)
    assert {u.agency_code for u in after.of(tree)} == {"H32", "H32.02", "H32.101"}
    assert after.why_lacking(tree.subtree("H32.37")) == "đơn vị không tồn tại trong kỳ"
    assert across.span == Span(date(2025, 6, 15), date(2025, 9, 14))
