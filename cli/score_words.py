"""How scores are written on the screen: Vietnamese decimals, partial sums said to be partial, ranks with their base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.table import Table

from cli import console
from contracts.codes import Level
from contracts.index_766 import classes_on
from contracts.published import GROUP_LABELS, Group

if TYPE_CHECKING:
    import pandas as pd

MISSING = "–"
ESTIMATED = "Điểm tính tại đây là ước tính; điểm chính thức là điểm công bố trên Cổng Dịch vụ công quốc gia."
LEVELS = {
    Level.PROVINCE: "tỉnh",
    Level.DEPARTMENT: "sở, ban, ngành",
    Level.DISTRICT: "huyện",
    Level.COMMUNE: "xã, phường",
}
_RIGHT = ("Điểm", "Tối đa", "Xếp hạng")


def shows_tables() -> bool:
    """A person reads a table; another program, CSV."""
    return console.out.is_terminal


def group_label(group_id: str) -> str:
    return GROUP_LABELS[Group(group_id)] if group_id in set(Group) else "Tổng điểm"


def points(value: float | None) -> str:
    """17.35 → 17,35; a score that is not known is a dash."""
    return MISSING if value is None else f"{value:.2f}".replace(".", ",")


def most(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def sums_table(sums: pd.DataFrame) -> Table:
    """Groups and totals of which anything is known, an agency after the other."""
    made = console.table("Cơ quan", "Nhóm", *_RIGHT, "Ghi chú", right=_RIGHT, title="Cộng theo nhóm (ước tính)")
    for row in records(sums[sums["known_items"] > 0]):
        rank = f"{row['rank']}/{row['base']} {LEVELS[Level(row['level'])]}" if row["rank"] and row["base"] > 1 else ""
        name, maximum = group_label(row["group_id"]), most(row["max_score"])
        made.add_row(console.plain(row["agency_code"]), name, points(row["score"]), maximum, rank, note(row))
    return made


def note(row: Mapping[str, Any]) -> str:
    """What a sum lacks, or its class."""
    if row["known_items"] < row["items"]:
        known = f"{points(row['known_score'])}/{most(row['known_max'])} điểm"
        return f"mới có {row['known_items']}/{row['items']} chỉ tiêu: {known}; chưa phải điểm của cả nhóm"
    return str(row["class_label"])


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values; what is missing is None."""
    known = frame.astype(object).where(frame.notna(), None)
    return [dict(zip(known.columns, row, strict=True)) for row in known.itertuples(index=False)]


def remarks(on: date) -> Iterator[str]:
    """What must be known before a score is used."""
    yield ESTIMATED
    classes = classes_on(on)
    if classes and not classes.verified:
        cuts = ", ".join(f"{label} từ {most(float(least))}" for label, least in classes.bands[:-1])
        yield f"Mức xếp loại ({cuts}) chưa được văn bản nào xác nhận."
