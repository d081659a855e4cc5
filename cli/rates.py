"""cchc rates: who was to report for a period, who did, in time and whole."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterable, Iterator
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.console import figure, out
from contracts import clock
from contracts.codes import Level

if TYPE_CHECKING:
    from flows.rates import ReportingRates
    from transforms.reporting_rates import Due, Rates, UnitReport

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_LEVELS = {Level.DEPARTMENT: "sở, ban, ngành", Level.DISTRICT: "cấp huyện", Level.COMMUNE: "cấp xã"}
_NO_RULE = "chưa khai trong province.toml nên không tính tỷ lệ đúng hạn"
_NAMED = 8
_COUNTS = ("Phải nộp", "Đã có", "Đúng hạn", "Đầy đủ")
_RATES = ("Tỷ lệ có", "Tỷ lệ đúng hạn", "Tỷ lệ đầy đủ")


def rates(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Kỳ báo cáo: 2024Q4, 2024M07, 2024Y …")],
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
) -> None:
    """Đơn vị nào phải có số liệu trong kỳ, đơn vị nào đã có, có đúng hạn và có đầy đủ không."""
    from flows.place import find_place
    from flows.rates import rates as gathered

    place = find_place(period)
    found = gathered(place.open_warehouse(), place)
    if as_json:
        typer.echo(json.dumps(_document(found), ensure_ascii=False, indent=1))
    else:
        _show(found)


def _show(found: ReportingRates) -> None:
    span = found.period.forms
    out.print(
        f"[bold]{found.root.name} · {found.period.label}[/] ({span.first_day:%d/%m/%Y} – {span.last_day:%d/%m/%Y})"
    )
    for line in _due_lines(found):
        out.print(console.plain(line), soft_wrap=True)
    made = console.table("Đơn vị", *_COUNTS, *_RATES, right=(*_COUNTS, *_RATES))
    for name, counts in _rows(found):
        made.add_row(name, *_cells(counts))
    made.add_section()
    made.add_row(f"[bold]{found.root.name}[/]", *_cells(found.total))
    out.print(made)
    out.print(
        "Mỗi dòng gồm đơn vị và các đơn vị cấp dưới. Mọi tỷ lệ tính trên số đơn vị phải nộp; đúng hạn là lần đầu đọc"
    )
    out.print("được số liệu sau ngày chốt mà dùng được, nên lần chạy muộn của tỉnh cũng làm đơn vị thành muộn.")
    for title, kind in (("CHƯA CÓ", "missing"), ("MUỘN", "late"), ("CHƯA ĐẦY ĐỦ", "lacking")):
        for reason, names in _by_reason(found.units, kind).items():
            out.print(f"[bold red]{title}:[/] {console.plain(f'{reason} – {names}')}", soft_wrap=True)
    if any(unit.missing for unit in found.units):
        out.print(f"Vì sao, liên hệ ai: cchc status {found.period.id}")


def _rows(found: ReportingRates) -> Iterator[tuple[str, Rates]]:
    """The units right below the province: those of the level that reports are made for each on its own, the others a
    row a level; each on its own where no such level is set."""
    for level, name in _LEVELS.items():
        below = [u.unit for u in found.units if u.unit.parent == found.root.agency_code and u.unit.level is level]
        counts = [found.rates[unit.agency_code] for unit in below]
        if below and found.unit_level not in {None, level}:
            yield f"{name.capitalize()} ({len(below)})", reduce(operator.add, counts)
        else:
            parts = {u.unit.agency_code: _part(u) for u in found.units}
            yield from zip((unit.name + parts[unit.agency_code] for unit in below), counts, strict=True)


def _due_lines(found: ReportingRates) -> Iterator[str]:
    """Each due day once, with the levels that it is for, its weekday and the text behind it."""
    levels: dict[str, list[str]] = {}
    for level, name in _LEVELS.items():
        if any(unit.unit.level is level for unit in found.units):
            said = _due(found.due[level]) if level in found.due else _NO_RULE
            levels.setdefault(said, []).append(name)
    for said, names in levels.items():
        yield f"Hạn của {', '.join(names)}: {said}"
    if Level.PROVINCE in found.due:
        yield f"Hạn gửi báo cáo của tỉnh: {_due(found.due[Level.PROVINCE])}"


def _due(due: Due) -> str:
    if due.day is None:
        return f"chưa tính được, lịch ngày nghỉ chưa có năm này ({due.source})"
    rest = ", là ngày nghỉ" if due.on_rest_day else ""
    ahead = ", chưa qua hạn" if due.day >= clock.today() else ""
    return f"{_day(due.day)}{rest}{ahead}. Căn cứ: {due.source}"


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


def _part(report: UnitReport) -> str:
    """The days on which the unit existed, where that is not the whole period."""
    if report.is_whole:
        return ""
    return f" (chỉ từ {report.part.first_day:%d/%m/%Y} đến {report.part.last_day:%d/%m/%Y})"


def _cells(rates: Rates) -> list[str]:
    counts = (rates.expected, rates.received, rates.on_time, rates.complete)
    ratios = (rates.reporting_rate, rates.rate_on_time, rates.completeness)
    shown = ["–" if ratio is None else f"{ratio}%".replace(".", ",") for ratio in ratios]
    return [*("–" if count is None else figure(count) for count in counts), *shown]


def _by_reason(units: Iterable[UnitReport], kind: str) -> dict[str, str]:
    """Reason → how many units, and the first of them."""
    found: dict[str, list[str]] = {}
    for unit in units:
        for reason in getattr(unit, kind):
            found.setdefault(reason, []).append(unit.unit.name)
    return {
        reason: f"{len(names)} đơn vị: {', '.join(names[:_NAMED])}{' …' if len(names) > _NAMED else ''}"
        for reason, names in found.items()
    }


def _document(found: ReportingRates) -> dict[str, Any]:
    span = found.period.forms
    return {
        "period": found.period.id,
        "from": span.first_day.isoformat(),
        "to": span.last_day.isoformat(),
        "due": {str(level): vars(due) | {"day": _iso(due.day)} for level, due in found.due.items()},
        "total": _counts(found.total),
        "units": [_unit(report, found.rates[report.unit.agency_code]) for report in found.units],
    }


def _unit(report: UnitReport, rates: Rates) -> dict[str, Any]:
    return {
        "agency_code": report.unit.agency_code,
        "unit_code": report.unit.unit_code,
        "name": report.unit.name,
        "level": str(report.unit.level),
        "from": report.part.first_day.isoformat(),
        "to": report.part.last_day.isoformat(),
        "due": _iso(report.due),
        "sources": list(report.sources),
        "came_at": report.came_at.isoformat() if report.came_at else None,
        "received": report.received,
        "on_time": report.on_time,
        "complete": report.complete,
        "missing": list(report.missing),
        "late": list(report.late),
        "lacking": list(report.lacking),
        "with_below": _counts(rates),
    }


def _counts(rates: Rates) -> dict[str, Any]:
    ratios = {name: getattr(rates, name) for name in ("reporting_rate", "rate_on_time", "completeness")}
    return vars(rates) | {name: None if ratio is None else float(ratio) for name, ratio in ratios.items()}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
