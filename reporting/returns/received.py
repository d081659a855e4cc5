"""Whose returns have come and whose have not, in words."""

from __future__ import annotations

from contracts.units import UnitTree
from reporting.formats import count_text, listed
from reporting.returns.sums import Sums
from reporting.returns.texts import of_units
from reporting.wording import inline

NAMED = 12
"""Units named; of more it is said how many they are."""


def received_sentence(sums: Sums, tree: UnitTree) -> str:
    """Of the report's units."""
    said = f"Đã nhận phiếu báo cáo của {of_units(len(sums.received), len(sums.asked))} đơn vị."
    return f"{said} Chưa gửi phiếu: {_named(sums.missing, tree)}." if sums.missing else said


def _named(codes: list[str], tree: UnitTree) -> str:
    units = [tree.by_agency(code) for code in codes]
    names = [inline(unit) for unit in units[:NAMED]]
    more = len(units) - NAMED
    return f"{', '.join(names)} và {count_text(more)} đơn vị khác" if more > 0 else listed(names)
