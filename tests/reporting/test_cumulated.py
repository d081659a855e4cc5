"""Cumulative counts read from a warehouse, and printed: the balance, the periods, or the period that is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from contracts.errors import ConfigError
from contracts.openings import read_openings
from contracts.periods import parse_period
from contracts.province import Province
from reporting.annexes._cumulative import cumulative_table
from reporting.cumulated import cumulated
from reporting.history import Shelf, figures_now
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Table
from reporting.scope import scope_of
from tests.reporting import sample
from tests.warehouse.examples import land
from tests.warehouse.examples import replace as put
from transforms.cumulative import Cumulative
from transforms.over_time import PeriodFigures
from warehouse import ledger
from warehouse.database import open_warehouse
from warehouse.read import one_moment

BALANCE = """
[[opening]]
indicator = "RECEIVED_ONLINE"
unit = "H32"
since = 2014-01-01
up_to = 2024-03-14
count = 116000
source = "Báo cáo cải cách hành chính năm 2018"
verified = false
"""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_warehouse(f"sqlite:///{tmp_path}/warehouse.sqlite")


def province(text: str, folder: Path) -> Province:
    path = folder / "openings.toml"
    path.write_text(text, encoding="utf-8")
    real = sample.province()
    return replace(real, openings=read_openings(path, real.units))


def load(engine: Engine, of: Province, period_id: str, *, online: int, without: str = "") -> None:
    """Every source of the province loaded at the cut-off; the first of them received so many dossiers online."""
    period = parse_period(period_id)
    for place, source in enumerate(of.sources(period=period, systems=Path())):
        land(engine, source.id, period_id=period_id)
        if source.id == without:
            continue
        ledger.mark_validated(engine, period_id, source.id, accepted=online, quarantined=0)
        unit = of.units.by_agency(source.units[0])
        rows = (
            [sample.fact(source.id, unit, "Hộ tịch", received_online=online, open_in_time=online)] if not place else []
        )
        settled = {"load_fingerprint": of.counting_fingerprint, "as_of": period.cut_off}
        put(engine, source.id, sample.frame(rows), period_id=period_id, **settled)


def now(of: Province, period_id: str = "2024Q4") -> PeriodFigures:
    period = parse_period(period_id)
    states = sample.source_states(of, period)
    unit = of.units.by_agency(states[0].units[0])
    facts = sample.frame([sample.fact(states[0].id, unit, "Hộ tịch", received_online=5, open_in_time=5)])
    return figures_now(of, period, span=period.forms, facts=facts, sources=states)


def stored(engine: Engine, of: Province, folder: Path | None = None) -> tuple[Cumulative, ...]:
    """folder: where the province's files are looked for by whoever tells of a mistake in them."""
    with one_moment(engine) as moment:
        return cumulated(Shelf(moment, replace(of, folder=folder or of.folder), now(of)))


def table(of: Province, found: tuple[object, ...]) -> Table:
    given: ReportInput = replace(sample.report_input(), province=of, cumulative=found)  # type: ignore[arg-type]
    made = cumulative_table(given, Origin(scope_of(given, None), given.period, given.spans))
    assert made is not None
    return made


def test_balance_and_periods_make_the_count(engine: Engine, tmp_path: Path) -> None:
    of = province(BALANCE, tmp_path)
    for period_id, online in (("2024Q2", 30), ("2024Q3", 40)):
        load(engine, of, period_id, online=online)
    found = stored(engine, of)
    assert [(one.total, [p.id for p in one.parts]) for one in found] == [(116_075, ["2024Q2", "2024Q3", "2024Q4"])]
    printed = table(of, found)
    name = "Số hồ sơ tiếp nhận trực tuyến, từ ngày 01/01/2014 đến ngày 14/12/2024"
    assert printed.rows[0].cells == (name, "116.000", "75", "116.075")
    assert printed.notes[0].text == (
        "Số dư đầu, đến hết ngày 14/03/2024: Báo cáo cải cách hành chính năm 2018; số này chưa được kiểm chứng."
        " Cộng các kỳ: 2024Q2, 2024Q3, 2024Q4."
    )


def test_a_missing_period_gives_no_figure_and_is_named(engine: Engine, tmp_path: Path) -> None:
    of = province(BALANCE, tmp_path)
    load(engine, of, "2024Q3", online=40)
    found = stored(engine, of)
    printed = table(of, found)
    assert printed.rows[0].cells[1:] == ("116.000", "–", "–")
    assert (
        "Chưa tính được số lũy kế: thiếu kỳ 2024Q2 (từ ngày 15/03/2024 đến ngày 14/06/2024)." in printed.notes[0].text
    )


def test_a_period_without_one_of_its_sources_gives_no_figure(engine: Engine, tmp_path: Path) -> None:
    of = province(BALANCE, tmp_path)
    load(engine, of, "2024Q2", online=30, without="cam-lam")
    load(engine, of, "2024Q3", online=40)
    (one,) = stored(engine, of)
    assert one.total is None and one.why_not.startswith("kỳ 2024Q2 chưa đủ số liệu: chưa có số liệu của nguồn")


def test_a_period_counted_by_another_policy_gives_no_figure(engine: Engine, tmp_path: Path) -> None:
    of = province(BALANCE, tmp_path)
    load(
        engine,
        replace(
            of, file=of.file.model_copy(update={"policy": of.file.policy.model_copy(update={"stopped_is": "closed"})})
        ),
        "2024Q2",
        online=30,
    )
    load(engine, of, "2024Q3", online=40)
    (one,) = stored(engine, of)
    assert one.total is None and "quy định khác" in one.why_not


def test_a_balance_that_ends_within_the_period_gives_no_figure(engine: Engine, tmp_path: Path) -> None:
    of = province(BALANCE.replace("2024-03-14", "2024-10-31"), tmp_path)
    (one,) = stored(engine, of)
    assert one.total is None and one.why_not == "số dư đầu tính đến ngày 31/10/2024, nằm giữa kỳ 2024Q4"


def test_a_later_balance_says_nothing_of_an_earlier_period(engine: Engine, tmp_path: Path) -> None:
    of = province(BALANCE.replace("2024-03-14", "2024-12-14"), tmp_path)
    assert stored(engine, of) == ()


def test_a_break_of_the_series_is_told_beside_the_count(engine: Engine, tmp_path: Path) -> None:
    from contracts.series_breaks import SeriesBreak

    broken = SeriesBreak(since=date(2018, 9, 1), reason="hệ thống mới", source="quyết định", verified=False)
    of = replace(province(BALANCE.replace("2024-03-14", "2024-09-14"), tmp_path), breaks=(broken,))
    printed = table(of, stored(engine, of))
    assert printed.notes[1].text == "Chuỗi số liệu thay đổi từ ngày 01/09/2018: hệ thống mới."


MISTAKES = {
    'unit = "H99"': "«H99» không có trong agencies.csv",
    "count = -1": "«opening.0.count»",
    "since = 2025-01-01": "since phải trước hoặc bằng up_to",
    'indicator = "ON_TIME_RESOLVED"': "không cộng dồn được",
    'indicator = "NO_SUCH"': "không có chỉ tiêu «NO_SUCH»",
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_in_a_balance_is_told_with_its_file(line: str, engine: Engine, tmp_path: Path) -> None:
    key = line.split(" = ", maxsplit=1)[0]
    lines = [line if one.startswith(f"{key} =") else one for one in BALANCE.splitlines()]
    with pytest.raises(ConfigError, match=MISTAKES[line]):
        of = province("\n".join(lines), tmp_path)
        stored(engine, of, tmp_path)


def test_one_count_has_one_balance(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="hai số dư đầu"):
        province(BALANCE + BALANCE, tmp_path)


def test_a_unit_without_a_balance_has_no_such_table() -> None:
    given = sample.report_input()
    assert cumulative_table(given, Origin(scope_of(given, None), given.period, given.spans)) is None
