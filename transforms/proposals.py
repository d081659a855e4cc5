"""What our indicators propose for criteria of the provincial index: evidence for the appraisal team, never a score.

A proposal stands beside the verified points and replaces nothing (docs/domain.md §5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from contracts.configfile import Mistakes
from contracts.criteria import Criterion, FromIndicator, ProvincialIndex
from contracts.criteria_file import mistake
from contracts.units import Unit, UnitTree
from transforms.indicators import Indicator, valid_on
from transforms.rounding import round_half_up


@dataclass(frozen=True)
class Proposal:
    """Points that a criterion would have by our counts. points: two decimals, None where nothing can be proposed;
    why_none: why, in Vietnamese."""

    unit: Unit
    criterion: Criterion
    source: FromIndicator
    numerator: int | None = None
    denominator: int | None = None
    points: Decimal | None = None
    why_none: str = ""


def check_sources(index: ProvincialIndex) -> None:
    """Every indicator that the criteria name is a share of ours, of that calendar, of which more is better. Raises
    ConfigError with file and line, all mistakes at once."""
    known = {indicator.id: indicator for indicator in valid_on(index.as_of)}
    mistakes = Mistakes()
    for criterion, source in _sourced(index):
        if said := _unfit(source, known.get(source.indicator)):
            mistakes.add([mistake(index, criterion, "from_indicator", f"chỉ tiêu «{source.indicator}» {said}")])
    mistakes.tell()


def _unfit(source: FromIndicator, indicator: Indicator | None) -> str:
    if indicator is None:
        return "không có trong danh mục chỉ tiêu của năm này"
    if indicator.unit != "%" or indicator.direction != "higher":
        return "phải là tỷ lệ phần trăm mà cao hơn là tốt hơn"
    if indicator.series is not source.series:
        return f'tính theo lịch «{indicator.series}», ghi series = "{indicator.series}"'
    return ""


def _sourced(index: ProvincialIndex) -> Iterator[tuple[Criterion, FromIndicator]]:
    return ((c, c.from_indicator) for c in index.leaves if c.from_indicator)


def periods_of(index: ProvincialIndex) -> tuple[str, ...]:
    """Ids of the periods whose indicators are asked for."""
    return tuple(dict.fromkeys(f"{index.year}{source.period}" for _, source in _sourced(index)))


def proposals(index: ProvincialIndex, tree: UnitTree, indicators: dict[str, pd.DataFrame]) -> tuple[Proposal, ...]:
    """One a unit and criterion that has an indicator and applies. indicators: period id → as stored, of all fields."""
    found = {period: _by_key(frame) for period, frame in indicators.items()}
    return tuple(
        _proposal(unit, criterion, source, found.get(f"{index.year}{source.period}", {}))
        for unit in index.units(tree)
        for criterion, source in _sourced(index)
        if criterion in index.applicable(unit)
    )


_Row = tuple[int | None, int | None, bool]


def _by_key(frame: pd.DataFrame) -> dict[tuple[str, str, str], _Row]:
    """(scope, agency code, indicator) → numerator, denominator, complete."""
    keys = zip(frame["scope"], frame["agency_code"], frame["indicator"], strict=True)
    counts = ([None if pd.isna(v) else int(v) for v in frame[name]] for name in ("numerator", "denominator"))
    return dict(zip(keys, zip(*counts, frame["complete"].astype(bool), strict=True), strict=True))


def _proposal(
    unit: Unit, criterion: Criterion, source: FromIndicator, rows: dict[tuple[str, str, str], _Row]
) -> Proposal:
    own = rows.get(("unit", unit.agency_code, source.indicator))  # a unit with none below has only these
    tree = rows.get(("tree", unit.agency_code, source.indicator), own)
    row = tree if source.scope == "tree" else own
    numerator, denominator, complete = row or (None, None, False)
    if numerator is None or denominator is None:
        return Proposal(unit, criterion, source, why_none="chưa có số liệu")
    counted = Proposal(unit, criterion, source, numerator, denominator)
    if not complete:
        return replace(counted, why_none="số liệu chưa đầy đủ")
    if not denominator:
        return replace(counted, why_none="không phát sinh hồ sơ")
    points = proposed_points(source, Fraction(numerator, denominator), maximum=criterion.max)
    return replace(counted, points=points)


def proposed_points(source: FromIndicator, share: Fraction, *, maximum: Decimal) -> Decimal:
    """In proportion up to the target, or of the highest step that is reached; two decimals, half up."""
    if source.target is not None:
        reached = min(Fraction(1), share / Fraction(source.target))
        return round_half_up(reached * Fraction(maximum))
    earned = [step.points for step in source.steps if share >= Fraction(step.at_least)]
    return earned[-1] if earned else Decimal(0)
