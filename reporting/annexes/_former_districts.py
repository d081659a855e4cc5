"""Territories of former districts, beside themselves before 1/7/2025: a historical grouping, no level of government."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from contracts.former_districts import FormerDistrict, former_districts
from contracts.series_breaks import SeriesBreak
from contracts.units import UnitTree
from reporting.annexes._changes import ON_TIME, basis, change, shares, shown
from reporting.break_marks import BreakMarks
from reporting.formats import count_text, date_text, listed
from reporting.inputs import History
from reporting.origin import Origin
from reporting.page import Column, Note, Row, Table
from reporting.wording import inline
from transforms.over_time import (
    PART_CHANGED,
    UNFINISHED,
    Change,
    Obstacle,
    PeriodFigures,
    between,
    broken_between,
    changed,
    within,
)

_WHAT = (
    "Nhóm theo địa bàn huyện cũ, không phải cấp chính quyền: trước ngày {day} gồm cơ quan cấp huyện và các xã, phường,"
    " thị trấn của huyện; từ ngày {day} gồm các xã, phường, đặc khu kế thừa. Chỉ so sánh khi toàn bộ địa bàn huyện cũ"
    " thuộc các đơn vị mới và các đơn vị này không gồm địa bàn nào khác. Thủ tục từng do cấp huyện giải quyết, nay do"
    " cơ quan cấp tỉnh giải quyết, không nằm trong nhóm."
)


def district_tables(origin: Origin, history: History, breaks: Collection[SeriesBreak] = ()) -> Iterator[Table]:
    """One a period that is compared with, where the report's own has days after the districts and that one has days
    before their end."""
    ever = former_districts(origin.scope.tree)
    for then in history.compared:
        if ended := [district for district in ever if _straddles(district, history.now, then)]:
            yield _table(origin, history.now, then, ended, breaks)


def _straddles(district: FormerDistrict, now: PeriodFigures, then: PeriodFigures) -> bool:
    return then.span.first_day <= district.last_day < now.span.last_day


def _table(
    origin: Origin,
    now: PeriodFigures,
    then: PeriodFigures,
    districts: list[FormerDistrict],
    breaks: Collection[SeriesBreak],
) -> Table:
    marks = BreakMarks()
    (indicator,) = (i for i in shares(now.span.last_day) if i.id == ON_TIME)
    rows = []
    for district in districts:
        found = _obstacle(district, now, then, origin.scope.tree, breaks)
        one = changed(indicator, district.units, now, then, why_not=found.why)
        rows.append(Row("unit", (_name(district), *_cells(one)), marks.of(found)))
    day = date_text(min(d.first_day_after for d in districts))
    return Table(
        caption=f"Tỷ lệ A theo địa bàn huyện cũ, so với {within(then.period.label)}",
        unit="Đơn vị tính: hồ sơ, %",
        columns=(
            Column("Địa bàn huyện cũ (đơn vị hiện nay)", "wide"),
            *(Column(head, "figure") for head in ("Kỳ này", "Số hồ sơ", then.period.label, "Số hồ sơ")),
            Column("Tăng (+), giảm (−)", "figure"),
        ),
        rows=tuple(rows),
        notes=(Note("", _WHAT.format(day=day)), *marks.notes),
        source=origin.line(),
    )


def _name(district: FormerDistrict) -> str:
    now = listed([inline(unit) for unit in district.since]) or count_text(None)
    return f"Địa bàn {inline(district.district)} cũ ({now})"


def _obstacle(
    district: FormerDistrict,
    now: PeriodFigures,
    then: PeriodFigures,
    tree: UnitTree,
    breaks: Collection[SeriesBreak],
) -> Obstacle:
    if district.why_not_whole:
        return Obstacle(district.why_not_whole, is_break=True)
    if now.unfinished:
        return Obstacle(UNFINISHED)
    units = district.units
    broken = broken_between(units, now, then, tree=tree, breaks=breaks)
    found = broken if broken.why else between(units, now, then)
    answered = ({figures.parts.get(u.agency_code) for u in figures.of(units)} for figures in (now, then))
    return found if found.why or next(answered) == next(answered) else Obstacle(PART_CHANGED, is_break=True)


def _cells(found: Change) -> tuple[str, ...]:
    indicator = found.indicator
    sides = [text for f in (found.now, found.before) for text in (shown(indicator, f), basis(indicator, f))]
    return (*sides, change(found))
