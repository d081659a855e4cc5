"""Counts with what they are a part of, and how a share moved."""

from __future__ import annotations

from fractions import Fraction

from reporting.formats import MISSING, count_text, percent_text, points_text, share
from reporting.quality.inputs import Checked
from reporting.quality.page import Cell, Tone

_SHADES: tuple[tuple[Fraction, Tone], ...] = (
    (Fraction(5), "s4"),
    (Fraction(1), "s3"),
    (Fraction(1, 10), "s2"),
    (Fraction(0), "s1"),
)
"""From so many percent of the rows on."""
_MUCH = Fraction(1, 2)
"""Percentage points of a rise that must be seen."""
SHADES = (
    Cell("0", "không có"),
    Cell("12", "dưới 0,1% số dòng đã đọc", tone="s1"),
    Cell("12", "từ 0,1% đến dưới 1%", tone="s2"),
    Cell("12", "từ 1% đến dưới 5%", tone="s3"),
    Cell("12", "từ 5% trở lên", tone="s4"),
)


def rated(part: int | None, whole: int | None, *, tone: Tone = "") -> Cell:
    """0,32% over 104/32.104."""
    if part is None or whole is None:
        return Cell(MISSING)
    return Cell(percent_text(part, whole), f"{count_text(part)}/{count_text(whole)}", tone=tone)


def shaded(rows: int, of: int | None) -> Cell:
    """A number with the shade of its share, the lightest where it is a share of nothing; a true zero is quiet."""
    if rows == 0:
        return Cell("0", tone="zero")
    percent = share(rows, of) if of else None
    tone: Tone = next((tone for least, tone in _SHADES if percent >= least), "s1") if percent is not None else "s1"
    return Cell(count_text(rows), tone=tone)


def moved(now: Checked, before: Checked | None) -> Cell:
    """How the share set aside moved against the period before, in percentage points, in a sign and in words."""
    if not now.loaded:
        return Cell(MISSING)
    if before is None:
        return Cell(MISSING, "kỳ trước chưa có số liệu")
    was, is_now = _aside(before), _aside(now)
    counts = f"{count_text(before.quarantined)}/{count_text(before.rows)}"
    basis = f"kỳ trước {percent_text(before.quarantined, before.rows)} ({counts})"
    points = points_text(is_now, was)
    if is_now is None or was is None:
        return Cell(MISSING, basis)
    if points.startswith("0"):
        return Cell("= không đổi", basis)
    sign = "▲ tăng" if is_now > was else "▼ giảm"
    return Cell(f"{sign} {points[1:]} điểm %", basis, tone="bad" if is_now - was >= _MUCH else "")


def _aside(checked: Checked) -> Fraction | None:
    assert checked.quarantined is not None and checked.rows is not None
    return share(checked.quarantined, checked.rows)
