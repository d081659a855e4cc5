"""Published figures from a CSV, for a province that does not reach the portal's interface (docs/operate/scorecard.md).

Three forms, told apart by their columns: one line an indicator; Tiến độ, one line an agency; Thanh toán, one line an
agency. An empty cell is what was published as null, and never 0; nothing is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from contracts.configfile import Mistakes
from contracts.errors import ConfigError
from contracts.figures_file import Row, cells_of, check_once, rows_of, tell
from contracts.index_766 import groups_on, items_on, level_of
from contracts.published import Group, PublishedFigure

_VALUES = ("numerator", "denominator", "ratio", "score")
_TEXTS = ("agency_name", "quality_flag", "quality_message")
_PROGRESS = ("dossiers", "on_time_or_in_time", "official_score")
_PAYMENT = (
    *(
        "paid_online",
        "financial_obligation",
        "procedures_paid_online",
        "procedures_fee_online",
        "fee_bearing_procedures",
    ),
    "official_score",
)
_PAYMENT_ITEMS = {
    "PAYMENT_DOSSIERS": ("paid_online", "financial_obligation"),
    "PAYMENT_PROCEDURES_PAID": ("procedures_paid_online", "fee_bearing_procedures"),
    "PAYMENT_PROCEDURES_FEE": ("procedures_fee_online", "fee_bearing_procedures"),
}
"""Indicator → columns of its numerator and denominator."""
Readers = Mapping[str, Callable[[str], Any]]


@dataclass(frozen=True)
class _Place:
    """What a line may name: agencies of the province; indicators in force, each with its group and most points."""

    agencies: Container[str]
    indicators: Mapping[str, tuple[Group, Fraction]]


@dataclass(frozen=True)
class _Form:
    """columns: by which the form is known. keys: what may stand once. readers: of a line; figures: what it says."""

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    readers: Callable[[Row, _Place], Readers]
    figures: Callable[[Mapping[str, Any]], Iterator[dict[str, Any]]]


def read_published_file(path: Path, *, period_id: str, on: date, agencies: Container[str]) -> list[PublishedFigure]:
    """The file's figures in its order, without their source. on: the day whose indicators may be named. agencies: codes
    of the province's catalogue. Raises UsageError where there is no such file, ConfigError with every mistake of it."""
    rows = rows_of(path, columns=("agency_code",))
    form = _form(rows[0])
    place = _Place(agencies, _indicators(on))
    mistakes = Mistakes()
    values = [cells_of(row, form.readers(row, place), mistakes) for row in rows]
    check_once(rows, form.keys, mistakes)
    tell(mistakes)
    return [
        PublishedFigure(period_id=period_id, group_id=place.indicators[figure["indicator"]][0], **_named(of), **figure)
        for of in values
        for figure in form.figures(of)
    ]


def _indicators(on: date) -> dict[str, tuple[Group, Fraction]]:
    found = {item.id: (item.group, item.max_points) for item in items_on(on)}
    return found | {group.id.whole: (group.id, group.max_points) for group in groups_on(on)}


def _form(first: Row) -> _Form:
    for form in (_PROGRESS_FORM, _PAYMENT_FORM):
        if set(form.columns) <= first.cells.keys():
            return form
    if "indicator" in first.cells and set(_VALUES) & first.cells.keys():
        return _GENERAL_FORM
    raise ConfigError(
        f"không nhận ra mẫu tệp; cần các cột agency_code, indicator và ít nhất một trong {', '.join(_VALUES)}",
        file=first.path,
        line=1,
        advice=f"hoặc dùng mẫu Tiến độ ({', '.join(_PROGRESS)}) hay mẫu Thanh toán ({', '.join(_PAYMENT)}); xem "
        "docs/operate/scorecard.md",
    )


def _named(of: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "agency_code": of["agency_code"],
        "agency_name": of.get("agency_name") or of.get("name"),
        "level": of.get("level"),
    }


def _agency(row: Row, place: _Place, column: str) -> str:
    code = row.text(column)
    if code not in place.agencies:
        raise row.refusal(
            column, f"không có cơ quan «{code}» trong agencies.csv của tỉnh: sửa mã, hoặc bổ sung cơ quan"
        )
    return code


def _indicator(row: Row, place: _Place, column: str) -> str:
    named = row.text(column)
    if named not in place.indicators:
        raise row.refusal(column, f"không có chỉ tiêu «{named}»; xem docs/scoring-766.md")
    return named


def _level(row: Row, column: str) -> str | None:
    text = row.cells.get(column, "")
    try:
        return level_of(text, agency_code=row.cells["agency_code"]) and text if text else None
    except ValueError as wrong:
        raise row.refusal(column, str(wrong)) from None


def _optional(row: Row, column: str) -> str | None:
    return row.cells.get(column) or None


def _number(row: Row, column: str, *, most: Fraction | int | None = None) -> float | None:
    found = row.decimal(column, most=most)
    return None if found is None else float(found)


def _general(row: Row, place: _Place) -> Readers:
    of_indicator = place.indicators.get(row.cells["indicator"])
    most = of_indicator[1] if of_indicator else None
    return {
        "agency_code": partial(_agency, row, place),
        "indicator": partial(_indicator, row, place),
        "level": partial(_level, row),
        **dict.fromkeys(_TEXTS, partial(_optional, row)),
        **dict.fromkeys(("numerator", "denominator"), row.count),
        "ratio": partial(_number, row, most=1),
        **dict.fromkeys(("score", "max_score"), partial(_number, row, most=most)),
    }


def _general_figures(of: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    names = ("indicator", *_VALUES, "max_score", "quality_flag", "quality_message")
    yield {name: of[name] for name in names}


def _by_agency(group: Group, counts: tuple[str, ...]) -> Callable[[Row, _Place], Readers]:
    """Readers of a form with a line an agency: its counts, and the score of the group."""

    def readers(row: Row, place: _Place) -> Readers:
        return {
            "agency_code": partial(_agency, row, place),
            "name": partial(_optional, row),
            **dict.fromkeys(counts, row.count),
            "official_score": partial(_number, row, most=place.indicators[group.whole][1]),
        }

    return readers


def _progress_figures(of: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    counts = {"numerator": of["on_time_or_in_time"], "denominator": of["dossiers"]}
    yield {"indicator": "PROGRESS_ON_TIME", **counts, "score": of["official_score"]}


def _payment_figures(of: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for indicator, (numerator, denominator) in _PAYMENT_ITEMS.items():
        yield {"indicator": indicator, "numerator": of[numerator], "denominator": of[denominator]}
    yield {"indicator": Group.PAYMENT.whole, "score": of["official_score"]}


_GENERAL_FORM = _Form(("indicator",), ("agency_code", "indicator"), _general, _general_figures)
_PROGRESS_FORM = _Form(_PROGRESS, ("agency_code",), _by_agency(Group.PROGRESS, _PROGRESS[:-1]), _progress_figures)
_PAYMENT_FORM = _Form(_PAYMENT, ("agency_code",), _by_agency(Group.PAYMENT, _PAYMENT[:-1]), _payment_figures)
