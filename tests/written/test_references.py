"""A figure in a written part is the one of the tables, and «–» where that is not known."""

from __future__ import annotations

import pytest

from contracts.columns import FORM_COLUMNS
from contracts.periods import parse_period
from reporting.context import build_context
from reporting.formats import percent_text
from reporting.scope import scope_of
from reporting.written.references import Catalogue, Quoted
from tests.reporting import sample
from tests.reporting.blocks import table
from transforms.indicators import declared


def quoted(unit: str | None = None, **more: object) -> Quoted:
    given = sample.report_input(**more)  # type: ignore[arg-type]
    return Quoted(given, scope_of(given, given.province.units.find(unit, on=given.as_of) if unit else None))


def test_columns_are_those_of_the_form_s_total() -> None:
    for unit in (None, "570"):
        given = sample.report_input()
        found = build_context(given, unit=given.province.units.find(unit, on=given.as_of) if unit else None)
        total = found.by_field.form.rows[-1].cells
        ours = quoted(unit)
        assert tuple(ours.text(f"cột {n}") for n in FORM_COLUMNS) == total


def test_ratios_are_those_of_the_table_with_both_counts() -> None:
    found = table(build_context(sample.report_input(), unit=None), "kèm tử số")
    ours = quoted()
    for row in found.rows[:3]:
        name = f"tỷ lệ {row.cells[0][0]}"
        assert (ours.text(f"{name}, tử số"), ours.text(f"{name}, mẫu số"), ours.text(name)) == row.cells[2:]
        assert ours.text(f"{name}, đầy đủ") == f"{row.cells[4]} ({row.cells[2]}/{row.cells[3]})"


def test_every_indicator_goes_by_its_id() -> None:
    ours = quoted()
    for indicator in declared():
        if indicator.valid_on(sample.report_input().as_of):
            assert ours.catalogue.find(indicator.id) is not None, indicator.id
    assert ours.text("RECEIVED_ONLINE") == ours.text("cột 4"), "a count that is a column by another name"


SPELLED = """
Cột (10)             | cột 10
TỶ LỆ  a             | tỷ lệ A
tỉ lệ B,tử số        | tỷ lệ B, tử số
online_received      | ONLINE_RECEIVED
luỹ kế năm, cột 7    | lũy kế năm, cột 7
Tiếp nhận trực tiếp  | tiếp nhận trực tiếp
"""


@pytest.mark.parametrize("line", SPELLED.strip().splitlines())
def test_case_spaces_and_spelling_do_not_matter(line: str) -> None:
    written, name = (part.strip() for part in line.split("|"))
    found = quoted().catalogue.find(written)
    assert found is not None
    assert found.name == name


UNKNOWN = """
cột 14               | {cột 4}
ty le A              | {tỷ lệ A}
ONLINE_RECEVED       | {ONLINE_RECEIVED}
cột 3, tử số         | {cột 3}
tỷ lệ A, mẫu         | {tỷ lệ A}
"""


@pytest.mark.parametrize("line", UNKNOWN.strip().splitlines())
def test_of_an_unknown_one_the_near_ones_are_named(line: str) -> None:
    written, near = (part.strip() for part in line.split("|"))
    ours = quoted()
    assert ours.catalogue.find(written) is None
    assert near in ours.catalogue.near(written)
    assert ours.text(written) == "–"


def test_what_is_not_known_is_a_dash_and_never_0() -> None:
    sources = [s.id for s in sample.report_input().sources]
    ours = quoted(missing=sources, with_previous=False)
    assert {ours.text_of(one) for one in ours.catalogue.listed} == {"–"}
    assert ours.text("tỷ lệ A, tử số") == ours.text("tỷ lệ A, đầy đủ") == "–"


def test_a_period_has_its_own_indicators() -> None:
    """The index's formulas are in force since 23/6/2022."""
    known = {name: parse_period(name) for name in ("2024Q4", "2021Q4")}
    found = {name: Catalogue(p.spans(p.cut_off)).find("PROGRESS_ON_TIME") for name, p in known.items()}
    assert (found["2024Q4"] is not None, found["2021Q4"]) == (True, None)


def test_the_share_is_made_of_the_counts() -> None:
    ours = quoted()
    counts = [int(ours.text(f"tỷ lệ A, {part}").replace(".", "")) for part in ("tử số", "mẫu số")]
    assert ours.text("tỷ lệ A") == percent_text(*counts)
