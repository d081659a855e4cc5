"""Ours beside what the national portal published: ratios with both their bases, where they differ too much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

import pandas as pd

from reporting.formats import MISSING, count_text, decimal_text, moment_text, points_text, share
from reporting.quality.details import Codes
from reporting.quality.inputs import QualityInput
from reporting.quality.page import Cell, Head, Row, Section, Table
from reporting.quality.rated import rated
from transforms.indicators import declared
from transforms.rounding import round_half_up

MOST_ROWS = 50


def published(given: QualityInput, codes: Codes) -> Section | None:
    """None where nothing published is known, or nothing of it can be compared."""
    table = given.reconciled
    if table is None or not table["difference"].notna().any():
        return None
    sized = table.assign(size=table["difference"].abs())
    ranked = sized[sized["differs"]].sort_values(
        ["size", "agency_code", "indicator"], ascending=[False, True, True], kind="stable"
    )
    rows = tuple(_row(one, codes) for one in ranked.head(MOST_ROWS).to_dict("records"))
    heads = (
        *(Head("Đơn vị"), Head("Chỉ tiêu")),
        *(Head(text, "figure") for text in ("Số công bố", "Tính từ hồ sơ", "Chênh lệch (điểm %)")),
    )
    more = len(ranked) - len(rows)
    notes = (f"Còn {count_text(more)} dòng chênh lệch nhỏ hơn; xem: cchc published compare {given.period.id}.",)
    shown = Table("bang-so-cong-bo", "Tỷ lệ khác số công bố", heads, rows, notes if more else ())
    return Section("so-cong-bo", "So với số liệu công bố", tuple(_said(table)), (shown,) if rows else ())


def _said(table: pd.DataFrame) -> Iterator[str]:
    known, differ = int(table["difference"].notna().sum()), int(table["differs"].sum())
    fetched: datetime = table["fetched_at"].dropna().max()
    yield (
        f"Số liệu của Cổng Dịch vụ công quốc gia, lấy {moment_text(fetched)}: đối chiếu được {count_text(known)} tỷ lệ,"
        f" khác quá mức {count_text(differ)}. Hai bên khác mẫu số và thời điểm thì tỷ lệ khác nhau, chưa phải là sai."
    )
    if refused := int((table["refused"] != "").sum()):
        yield f"{count_text(refused)} tỷ lệ không đặt cạnh nhau được vì hai số không cùng phạm vi."


def _row(one: Mapping[Any, Any], codes: Codes) -> Row:
    labels = {indicator.id: indicator.label for indicator in declared()}
    sides = [_side(one, side) for side in ("published", "our")]
    (theirs, _), (ours, _) = sides
    points = points_text(ours, theirs)
    cells = (Cell(codes.unit(one["agency_code"])), Cell(labels.get(one["indicator"], one["indicator"])))
    return Row((*cells, *(cell for _, cell in sides), Cell(points)))


def _side(one: Mapping[Any, Any], side: str) -> tuple[Fraction | None, Cell]:
    """The ratio in percent, from its counts where they are known, else as it was written."""
    parts = [one[f"{side}_{name}"] for name in ("numerator", "denominator")]
    if not any(pd.isna(part) for part in parts):
        numerator, denominator = map(int, parts)
        return share(numerator, denominator), rated(numerator, denominator)
    written = one[f"{side}_value"]
    if pd.isna(written):
        return None, Cell(MISSING)
    percent = 100 * Fraction(str(written))
    return percent, Cell(f"{decimal_text(round_half_up(percent))}%", "không công bố số gốc")
