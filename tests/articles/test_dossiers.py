"""The articles' figures that dossiers give: from counts of dossiers to the printed form, and what is never printed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from contracts.areas import areas_on
from contracts.code_maps import read_level_map
from contracts.codes import Channel, Level, Series, ServiceLevel
from contracts.columns import MEASURES, MEMOS
from contracts.openings import Opening
from contracts.periods import Span, parse_period
from contracts.province import Policy
from contracts.series_breaks import read_breaks
from contracts.units import Unit, UnitTree
from reporting.context import build_context
from reporting.formats import MISSING
from reporting.indicator_text import value_text, whole_text
from reporting.page import ReportContext, Row
from reporting.ratios import of_forms
from tests.articles.rows import article, row
from tests.reporting import sample
from tests.reporting.blocks import tables_of
from tests.transforms.tables import dossier_frame, fact_frame, pause_frame
from transforms.counts import facts_of
from transforms.cumulative import counted, cumulative
from transforms.indicators import Indicator, compute, declared
from transforms.over_time import PeriodFigures
from transforms.reconciliation import reconcile

NINE_MONTHS_2018 = date(2018, 9, 30)
VENDORS = Path(__file__).parents[2] / "provinces" / "khanh-hoa" / "vendors"


def unit(code: str, parent: str, level: Level) -> Unit:
    return Unit(code, code, code, level, parent, None, None, verified=True)


TREE = UnitTree(
    (
        unit("tỉnh", "", Level.PROVINCE),
        unit("huyện", "tỉnh", Level.DISTRICT),
        unit("xã 1", "huyện", Level.COMMUNE),
        unit("xã 2", "huyện", Level.COMMUNE),
    )
)


def named(indicator: str) -> Indicator:
    return next(one for one in declared() if one.id == indicator)


class Computed:
    """The indicators of these facts, as the product computes them."""

    def __init__(self, *rows: dict[str, object]) -> None:
        facts = fact_frame(*({"agency_code": "huyện"} | row for row in rows))
        self._found = compute(facts, units=TREE, on=NINE_MONTHS_2018, missing=frozenset())

    def counts(
        self, indicator: str, *, of: str = "huyện", scope: str = "unit", field: str = ""
    ) -> tuple[int, int | None]:
        found = self._found
        mine = (found["indicator"] == indicator) & (found["agency_code"] == of) & (found["scope"] == scope)
        (one,) = found[mine & (found["field"] == field)].to_dict("records")
        return int(one["numerator"]), None if pd.isna(one["denominator"]) else int(one["denominator"])

    def printed(self, indicator: str, **where: str) -> str:
        return value_text(named(indicator), *self.counts(indicator, **where))

    def with_base(self, indicator: str, **where: str) -> str:
        return whole_text(named(indicator), *self.counts(indicator, **where))


def vietnamese(figure: str, *, unit: str = "") -> str:
    """The CSV's figure as an official writes it: 96.11 → 96,11%; 2365 → 2.365."""
    if unit == "%":
        return f"{float(figure):.2f}%".replace(".", ",")
    return f"{int(figure):,}".replace(",", ".")


def online(offered: int, filed: int) -> dict[str, object]:
    """Received for procedures that are served online; so many of them filed online."""
    counts = {"level_known": offered, "offered": offered, "offered_online": filed}
    return {"received_online": filed, "received_in_person": offered - filed, "open_in_time": offered, **counts}


@article("A0-06")
def test_a_share_of_two_fields_is_that_of_their_sum() -> None:
    """Hộ tịch and Chứng thực: all in time, whatever Đất đai does."""
    found = Computed(
        {"field": "Hộ tịch", "received_online": 57, "early": 40, "on_time": 17},
        {"field": "Chứng thực", "received_in_person": 43, "on_time": 43},
        {"field": "Đất đai", "received_in_person": 5, "on_time": 3, "overdue": 2},
    )
    fields = [found.counts("ON_TIME_RESOLVED", field=field) for field in ("Hộ tịch", "Chứng thực")]
    together = (sum(n for n, _ in fields), sum(d or 0 for _, d in fields))
    assert value_text(named("ON_TIME_RESOLVED"), *together) == vietnamese(row("A0-06")["value"], unit="%") == "100,00%"
    assert found.printed("ON_TIME_RESOLVED") == "98,10%", "the office's own share is another"


@article("A0-07")
def test_online_at_level_three_or_four_of_all_received_in_a_field() -> None:
    found = Computed({"field": "Hộ tịch", **online(31, 31)}, {"field": "Đất đai", **online(20, 4)})
    assert found.with_base("OFFERED_ONLINE_OF_ALL", field="Hộ tịch") == "100,00% (31/31)"
    assert found.with_base("OFFERED_ONLINE_OF_ALL") == "68,63% (35/51)"


PHUC_THO = {"received_in_person": 2365, "early": 2000, "on_time": 350, "open_in_time": 11, "open_overdue": 4}


@article("A1-04", "A1-05")
def test_received_and_resolved_in_time_are_counts() -> None:
    found = Computed(PHUC_THO)
    assert found.printed("RECEIVED") == vietnamese(row("A1-04")["value"]) == "2.365"
    assert found.printed("RESOLVED_ON_TIME") == vietnamese(row("A1-05")["value"]) == "2.350"


@article("A1-06")
def test_in_time_of_received_is_ratio_c_and_named_so() -> None:
    found = Computed(PHUC_THO)
    assert found.printed("ON_TIME_PER_RECEIVED") == vietnamese(row("A1-06")["value"], unit="%") == "99,37%"
    assert found.with_base("ON_TIME_PER_RECEIVED") == "99,37% (2.350/2.365)"
    assert named("ON_TIME_PER_RECEIVED").mark == "C"
    assert found.printed("ON_TIME_RESOLVED") == "100,00%", "ratio A, of those resolved, is another"
    printed = [line for line in own_rows(page(PHUC_THO)) if "99,37%" in line.cells]
    assert printed and all(line.cells[0].startswith("C. ") and {"2.350", "2.365"} <= {*line.cells} for line in printed)


@article("A1-07")
def test_what_is_left_to_ratio_c_is_not_said_to_be_overdue() -> None:
    """The 15 are split: 11 open in time, 4 open overdue, none resolved late; who withdrew is not among them."""
    found = Computed(PHUC_THO)
    left = found.counts("RECEIVED")[0] - found.counts("RESOLVED_ON_TIME")[0]
    assert str(left) == row("A1-07")["value"]
    assert (found.printed("RESOLVED_OVERDUE"), found.printed("OPEN_OVERDUE")) == ("0", "4")
    said = repr(page(PHUC_THO)).lower()
    assert "15 quá hạn" not in said and "15 hồ sơ quá hạn" not in said and "quá hạn 15" not in said
    assert "phần còn lại của tỷ lệ c không phải là hồ sơ quá hạn" in said


def page(counts: dict[str, int]) -> ReportContext:
    """A report of one unit, of these counts alone."""
    of, period = sample.province(), parse_period("2024Q4")
    states = sample.source_states(of, period)
    district = of.units.find("570", on=period.cut_off)
    source = next(s for s in states if district.agency_code in s.units)
    facts = sample.frame([sample.fact(source.id, district, "Hộ tịch", received_online=0, **counts)])
    return build_context(sample.made_of(of, period, states, facts), unit=district)


def own_rows(context: ReportContext) -> list[Row]:
    """Rows of every table of our own."""
    tables = [*tables_of(context), *(table for part in context.further for table in part.tables)]
    return [line for table in tables for line in table.rows]


COMMUNES = ({"agency_code": "xã 1", **online(3112, 3000)}, {"agency_code": "xã 2", **online(3500, 3355)})


@article("A1-08", "A1-09", "A1-10")
def test_a_hundred_percent_is_printed_with_its_base() -> None:
    found = Computed(online(42, 42))
    assert found.counts("OFFERED_ONLINE") == (int(row("A1-08")["value"]), int(row("A1-09")["value"]))
    assert found.with_base("OFFERED_ONLINE") == "100,00% (42/42)"
    assert vietnamese(row("A1-10")["value"], unit="%") == "100,00%"


@article("A1-11", "A1-12", "A1-13")
def test_online_of_the_communes() -> None:
    found = Computed(online(42, 42), *COMMUNES)
    each = [found.counts("OFFERED_ONLINE", of=code) for code in ("xã 1", "xã 2")]
    together = (sum(n for n, _ in each), sum(d or 0 for _, d in each))
    assert [vietnamese(row(one)["value"]) for one in ("A1-11", "A1-12")] == ["6.355", "6.612"]
    assert value_text(named("OFFERED_ONLINE"), *together) == vietnamese(row("A1-13")["value"], unit="%") == "96,11%"
    assert whole_text(named("OFFERED_ONLINE"), *together) == "96,11% (6.355/6.612)"


@article("A1-14")
def test_a_whole_district_is_the_sum_of_its_counts_and_never_the_mean_of_its_shares() -> None:
    found = Computed(online(42, 42), *COMMUNES)
    assert found.with_base("OFFERED_ONLINE", scope="tree") == "96,14% (6.397/6.654)"
    assert vietnamese(row("A1-14")["value"], unit="%") == "96,14%"
    every = [
        found.printed(one.id, scope="tree")
        for one in of_forms(Span(NINE_MONTHS_2018, NINE_MONTHS_2018))
        if one.id in {"OFFERED_ONLINE", "ONLINE_RECEIVED", "OFFERED_ONLINE_OF_ALL"}
    ]
    assert every == ["96,14%"] * 3 and "98,06%" not in every


@article("A1-15")
def test_more_online_than_received_is_of_another_scope_and_not_printed_beside_it() -> None:
    """6.654 online of the district with its communes, beside 2.365 received at the office: refused, both left out."""
    conflict = row("A1-15")
    ours = pd.DataFrame(
        [("huyện", "tree", "ONLINE_SUBMISSION", "", int(conflict["numerator"]), 7000, True)],
        columns=["agency_code", "scope", "indicator", "field", "numerator", "denominator", "complete"],
    ).astype({"numerator": "Int64", "denominator": "Int64"})
    theirs = pd.DataFrame(
        [("huyện", "ONLINE_SUBMISSION", 100, int(conflict["denominator"]), None, NINE_MONTHS_2018)],
        columns=["agency_code", "indicator", "numerator", "denominator", "ratio", "fetched_at"],
    ).astype({"numerator": "Int64", "denominator": "Int64", "ratio": "float64"})
    (found,) = reconcile(ours, theirs, points=0.5).to_dict("records")
    assert "không cùng phạm vi" in found["refused"]
    figures = [value for name, value in found.items() if name.startswith(("our_", "published_"))]
    assert figures and all(pd.isna(value) for value in figures)


@article("A2-05", "A2-06", "A2-07")
def test_seven_months_of_a_ward() -> None:
    found = Computed({"received_in_person": 768, "early": 700, "on_time": 68})
    assert found.printed("RESOLVED") == vietnamese(row("A2-05")["value"]) == "768"
    assert found.printed("RESOLVED_OVERDUE") == row("A2-06")["value"] == "0", "a true zero is printed as 0"
    assert found.with_base("ON_TIME_RESOLVED") == "100,00% (768/768)"
    assert vietnamese(row("A2-07")["value"], unit="%") == "100,00%"
    period = parse_period("2019-01-01..2019-07-31")
    assert period.label == "Từ ngày 01/01/2019 đến ngày 31/07/2019", "a free range, printed with both days"


CHANNELS = {"received_online": 30, "received_in_person": 960, "received_postal": 10, "open_in_time": 1000}


@article("A2-10", "A3-16")
def test_the_channels_that_the_articles_only_call_low_have_figures() -> None:
    found = Computed(CHANNELS)
    assert found.with_base("ONLINE_RECEIVED") == "3,00% (30/1.000)"
    assert found.with_base("POSTAL_RECEIVED") == "1,00% (10/1.000)"
    assert found.with_base("IN_PERSON_RECEIVED") == "96,00% (960/1.000)"
    assert [row(one)["value"] for one in ("A2-10", "A3-16")] == ["no figure", "no figure"]


@article("A2-11")
def test_the_overdue_backlog_is_held_against_a_target_of_none() -> None:
    assert row("A2-11")["value"] == "target 0"
    assert Computed({"received_online": 9, "open_in_time": 9}).printed("OPEN_OVERDUE") == "0"
    assert Computed({"received_online": 9, "open_overdue": 9}).printed("OPEN_OVERDUE") == "9"


@article("A3-15")
def test_the_time_taken_beside_the_time_allowed() -> None:
    """«Giảm nhiều» has a figure: 612 of 1.020 working days allowed, 40% less."""
    resolved = {"received_online": 200, "early": 200, "processed": 200, "processing_days": 640}
    found = Computed({**resolved, "timed": 180, "timed_days": 612, "timed_limit_days": 1020})
    assert found.with_base("TIME_AGAINST_LIMIT") == "60,00% (612/1.020)"
    assert found.with_base("PROCESSING_DAYS") == "3,20 ngày làm việc (640/200)"
    assert row("A3-15")["value"] == "'giảm nhiều'"


FIELDS = ("Đất đai", "Đầu tư", "Xây dựng", "Lao động")


@article("A4-03")
def test_overdue_linked_dossiers_by_field_under_the_bound() -> None:
    """Four fields; the bound is held against the exact share, not the rounded one."""
    late = dict(zip(FIELDS, (12, 3, 9, 5), strict=True))
    found = Computed(
        *(
            {
                "field": field,
                "received_online": 250,
                "on_time": 250 - n,
                "overdue": n,
                "linked_known": 250,
                "linked_resolved": 250,
                "linked_overdue": n,
            }
            for field, n in late.items()
        )
    )
    assert found.with_base("LINKED_OVERDUE", field="Đất đai") == "4,80% (12/250)"
    assert found.with_base("LINKED_OVERDUE") == "2,90% (29/1.000)"
    overdue, resolved = found.counts("LINKED_OVERDUE")
    assert row("A4-03")["value"] == "<3" and Fraction(overdue, resolved or 0) < Fraction(3, 100)


@article("A4-09")
def test_online_at_level_three_or_four_names_its_denominator() -> None:
    """13,55% of all received; of those for which it was offered it is another share, and both are named."""
    found = Computed({**online(8000, 2710)}, {"received_in_person": 12000, "level_known": 12000, "open_in_time": 12000})
    assert found.with_base("OFFERED_ONLINE_OF_ALL") == "13,55% (2.710/20.000)"
    assert found.printed("OFFERED_ONLINE_OF_ALL") == vietnamese(row("A4-09")["value"], unit="%")
    assert found.with_base("OFFERED_ONLINE") == "33,88% (2.710/8.000)"
    labels = {named(one).label for one in ("OFFERED_ONLINE_OF_ALL", "OFFERED_ONLINE")}
    assert len(labels) == 2 and all("trên" in label for label in labels)


@article("A4-10")
def test_online_dossiers_since_2014_are_a_balance_and_a_stored_year() -> None:
    year = parse_period("2018Y", rule="calendar")
    counts = dict.fromkeys((*MEASURES, *MEMOS), 0) | {"received_online": 36_000, "open_in_time": 36_000}
    balance = Opening(
        indicator="RECEIVED_ONLINE",
        unit="tỉnh",
        since=date(2014, 1, 1),
        up_to=date(2017, 12, 31),
        count=80_000,
        source="báo cáo năm 2017",
        verified=False,
    )
    indicator = counted(balance, on=year.cut_off)
    stored = PeriodFigures(year, year.forms, {"tỉnh": counts}, {}, {})
    found = cumulative(balance, indicator, [TREE.root], parts=[stored])
    assert value_text(indicator, found.total, None) == vietnamese(row("A4-10")["value"]) == "116.000"
    lacking = PeriodFigures(year, year.forms, {"tỉnh": counts}, {"tỉnh": "chưa có số liệu của nguồn Nha Trang"}, {})
    missing = cumulative(balance, indicator, [TREE.root], parts=[lacking])
    assert value_text(indicator, missing.total, None) == MISSING and "Nha Trang" in missing.why_not


BY_POST = {
    "nộp và nhận qua bưu chính": (Channel.POSTAL, Channel.POSTAL),
    "nộp qua bưu chính, nhận trực tiếp": (Channel.POSTAL, Channel.IN_PERSON),
    "nộp trực tuyến, nhận qua bưu chính": (Channel.ONLINE, Channel.POSTAL),
    "nộp và nhận trực tiếp": (Channel.IN_PERSON, Channel.IN_PERSON),
}


@article("A4-11")
def test_a_dossier_that_came_and_went_by_post_counts_once() -> None:
    dossiers = dossier_frame(
        {
            "dossier_code": name,
            "status": "done",
            "channel": filed,
            "received_date": date(2018, 3, 1),
            "due_date": date(2018, 3, 9),
            "end_date": date(2018, 3, 8),
        }
        for name, (filed, _) in BY_POST.items()
    )
    returned = pd.Categorical([str(back) for _, back in BY_POST.values()], categories=[str(c) for c in Channel])
    year = parse_period("2018Y", rule="calendar")
    facts = facts_of(
        dossiers.assign(return_channel=returned), pause_frame([]), spans={Series.FORMS: year.forms}, policy=Policy()
    )
    assert int(facts["by_post"].sum()) == 3, "one of the three came and went by post"
    many = Computed(
        {
            "received_postal": 100_000,
            "received_online": 41_000,
            "on_time": 141_000,
            "returned_known": 141_000,
            "by_post_known": 141_000,
            "by_post": 141_000,
        }
    )
    assert many.printed("BY_POST") == vietnamese(row("A4-11")["value"]) == "141.000"


@article("A4-11")
def test_post_is_not_known_where_no_source_keeps_the_channel_of_the_result() -> None:
    facts = fact_frame({"agency_code": "huyện", "received_postal": 5, "on_time": 5})
    found = compute(facts, units=TREE, on=NINE_MONTHS_2018, missing=frozenset())
    assert found[found["indicator"] == "BY_POST"].set_index(["agency_code", "scope"])["value"].isna()[("huyện", "unit")]


@article("A2-09")
def test_seven_areas_were_the_former_wording_and_six_are_in_force() -> None:
    assert str(len(areas_on(date(2019, 7, 31)).names)) == row("A2-09")["value"] == "7"
    now = areas_on(date(2024, 12, 14))
    assert len(now.names) == 6 and now.verified and "76/NQ-CP" in now.resolution
    assert not areas_on(date(2019, 7, 31)).verified, "no public source of the former list was at hand"


@article("A4-25")
def test_the_online_centre_is_a_dated_break_of_the_series(tmp_path: Path) -> None:
    begun = row("A4-25")["value"]
    path = tmp_path / "breaks.toml"
    path.write_text(
        f'[[break]]\nsince = {begun}\nreason = "Trung tâm Dịch vụ hành chính công trực tuyến dùng phần mềm mới"\n'
        'source = "báo chí, năm 2018"\nverified = false\n',
        encoding="utf-8",
    )
    (broken,) = read_breaks(path, TREE)
    assert broken.since.isoformat() == "2018-09-01" and broken.touches("huyện", TREE)
    q2, q3, q4 = (parse_period(f"2018Q{n}", rule="calendar").forms for n in (2, 3, 4))
    assert broken.parts(q2, q3), "September is of the new series"
    assert broken.parts(q3, q4), "the third quarter is of both"
    assert not broken.parts(q4, parse_period("2019Q1", rule="calendar").forms)


@article("A4-26")
@pytest.mark.parametrize("vendor", ["a", "b"])
def test_levels_two_three_and_four_are_mapped_to_todays(vendor: str) -> None:
    known = read_level_map(VENDORS / vendor / "level_map.csv")
    assert set(row("A4-26")["value"].split(";")) <= set(known)
    assert [known[level] for level in ("2", "3", "4")] == [
        ServiceLevel.INFORMATION,
        ServiceLevel.PARTIAL,
        ServiceLevel.FULL,
    ]
