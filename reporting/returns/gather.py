"""Who is asked what in a period, and what was returned."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine

from contracts.periods import Period, same_period_last_year
from contracts.province import Province
from contracts.return_form import Form
from contracts.units import Unit
from reporting.returns.inputs import Returns
from reporting.scope import valid_in
from warehouse import returned


def forms(province: Province, period: Period) -> Iterator[Form]:
    """One a unit that exists on any day of the period and is asked something, in the catalogue's order."""
    for unit in province.units:
        if form := form_of(province, period, unit):
            yield form


def form_of(province: Province, period: Period, unit: Unit) -> Form | None:
    """None where the unit did not exist in the period, or is asked nothing. What stands at the period's end is asked of
    those that exist then: of a unit that has ended, whoever took its place has it, and a sum would have it twice."""
    lines = province.questions.of(unit.level, period) if valid_in(unit, period.forms) else ()
    if not unit.valid_on(period.cut_off):
        lines = tuple(line for line in lines if line.measured != "at_end")
    return Form(province.id, unit, period, lines) if lines else None


def gather_returns(engine: Engine, province: Province, period: Period) -> Returns | None:
    """None where no unit has returned anything for the period: the province does not use returns, or not yet."""
    found = _gathered(engine, province, period)
    if not found.received:
        return None
    last_year = same_period_last_year(period)
    before = _gathered(engine, province, last_year) if last_year else None
    return found.beside(before)


def _gathered(engine: Engine, province: Province, period: Period) -> Returns:
    asked = {form.unit.agency_code: frozenset(line.id for line in form.lines) for form in forms(province, period)}
    lines, derived = province.questions.asked, province.questions.derived_in(period)
    return Returns(period, lines, derived, asked, returned.newest(engine, period.id))
