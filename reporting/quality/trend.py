"""The last periods, source by source: two small lines, and their figures beneath."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from reporting.formats import MISSING, count_text, percent_text, share
from reporting.forms import ROMAN
from reporting.quality.inputs import Checked, QualityInput, SourceQuality
from reporting.quality.overview import name_of
from reporting.quality.page import Cell, Dot, Group, Head, Line, Row, Table, Trend, TrendRow
from reporting.quality.rated import rated
from transforms.rounding import round_half_up

WIDTH, HEIGHT, MARGIN = 150, 36, 5
"""Of a drawing, in its own units."""
Points = Sequence[Fraction | None]
_NONE = Fraction(0)


def trend(given: QualityInput) -> Trend | None:
    """None where the ledger knows no earlier period."""
    if len(given.periods) < 2:
        return None
    most_aside = max((p for s in given.sources for p in _asides(s) if p is not None), default=_NONE)
    most_broken = max((p for s in given.sources for p in _broken(s) if p is not None), default=_NONE)
    first, last = (short(given.periods[n].id) for n in (0, -1))
    top = round_half_up(most_aside)
    return Trend(
        caption=f"Từ {first} đến {last}; trục đứng chung cho mọi nguồn, từ 0 đến {f'{top:f}'.replace('.', ',')}%"
        f" (tỷ lệ loại) và từ 0 đến {count_text(int(most_broken))} (số quy tắc có vi phạm)",
        heads=("Nguồn", "Tỷ lệ loại", "Số quy tắc có vi phạm"),
        rows=tuple(_row(s, given, most_aside, most_broken) for s in given.sources),
        table=_table(given),
    )


def short(period_id: str) -> str:
    """2024Q4 → Quý IV/2024, 2024M07 → Tháng 7/2024; another period by its own name."""
    if found := re.fullmatch(r"(\d{4})Q([1-4])", period_id):
        return f"Quý {ROMAN[int(found[2]) - 1]}/{found[1]}"
    if found := re.fullmatch(r"(\d{4})M(\d\d)", period_id):
        return f"Tháng {int(found[2])}/{found[1]}"
    return period_id


def _asides(source: SourceQuality) -> Points:
    return [share(c.quarantined or 0, c.rows or 0) if c and c.loaded else None for c in source.trend]


def _broken(source: SourceQuality) -> Points:
    return [Fraction(c.broken or 0) if c and c.loaded else None for c in source.trend]


def _row(source: SourceQuality, given: QualityInput, most_aside: Fraction, most_broken: Fraction) -> TrendRow:
    names = [short(p.id) for p in given.periods]
    asides = [percent_text(c.quarantined, c.rows) if c and c.loaded else MISSING for c in source.trend]
    broken = [count_text(c.broken) if c and c.loaded else MISSING for c in source.trend]
    return TrendRow(
        name=name_of(source),
        aside=line(_asides(source), asides, names=names, most=most_aside, what="Tỷ lệ loại"),
        broken=line(_broken(source), broken, names=names, most=most_broken, what="Số quy tắc có vi phạm"),
    )


def line(points: Points, texts: Sequence[str], *, names: Sequence[str], most: Fraction, what: str) -> Line:
    """A line of these points; `most` is at the top, 0 at the foot. A point that is not known is a gap."""
    placed = [None if p is None else _dot(n, len(points), p, most) for n, p in enumerate(points)]
    parts: list[list[Dot]] = [[]]
    for dot in placed:
        if dot is None:
            parts.append([])
        else:
            parts[-1].append(dot)
    told = "; ".join(f"{name}: {'chưa có' if t == MISSING else t}" for name, t in zip(names, texts, strict=True))
    return Line(
        alt=f"{what} – {told}",
        segments=tuple(" ".join(f"{d.x},{d.y}" for d in part) for part in parts if len(part) > 1),
        dots=tuple(d for d in placed if d is not None),
        last=texts[-1],
    )


def _dot(place: int, places: int, value: Fraction, most: Fraction) -> Dot:
    across = Fraction(place, max(1, places - 1)) * (WIDTH - 2 * MARGIN) + MARGIN
    up = value / most * (HEIGHT - 2 * MARGIN) if most else _NONE
    return Dot(f"{round_half_up(across, places=1):f}", f"{round_half_up(HEIGHT - MARGIN - up, places=1):f}")


def _table(given: QualityInput) -> Table:
    """A row a source, two columns a period."""
    pairs = [(Head("Tỷ lệ loại", "figure"), Head("Quy tắc", "figure")) for _ in given.periods]
    return Table(
        id="bang-xu-huong",
        caption="Số liệu của các đường trên",
        heads=(Head("Nguồn"), *(head for pair in pairs for head in pair)),
        groups=(Group("", 1), *(Group(short(p.id), 2) for p in given.periods)),
        rows=tuple(Row((Cell(name_of(s)), *(cell for c in s.trend for cell in _pair(c)))) for s in given.sources),
        notes=("– là kỳ mà nguồn chưa có số liệu. Dưới mỗi tỷ lệ là số dòng loại ra trên số dòng đã đọc.",),
        matrix=True,
    )


def _pair(checked: Checked | None) -> tuple[Cell, Cell]:
    if checked is None or not checked.loaded:
        return Cell(MISSING), Cell(MISSING)
    return rated(checked.quarantined, checked.rows), Cell(count_text(checked.broken))
