"""Widths of columns from what stands in them: nothing is cut off, on any page that a table may come to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest

from reporting import column_widths as widths
from reporting.fonts import TEMPLATES
from reporting.page import Column, Kind, Row, Table
from reporting.render import environment, plain_pdf, typeset
from tests.reporting.pdf import POINT, Sheet, collisions, sheets

PAGE_LEFT, PAGE_RIGHT = 30.0, 194.0
LONGEST = "Ban Quản lý Dự án Đầu tư xây dựng các công trình giao thông và nông nghiệp, phát triển nông thôn"
Shape = Literal["wide", "text", "label", "figure"]

NINE_DIGITS = ("987.654.321", "987.654.321/987.654.321", "100,00%")
SHAPES: dict[str, tuple[tuple[Shape, ...], tuple[tuple[str, ...], ...]]] = {
    "figures": (("wide", "figure", "figure", "figure"), ((LONGEST, *NINE_DIGITS), ("Sở Y tế", "0", "0", "–"))),
    "labels": (
        ("wide", "label", "label", "figure", "figure"),
        (("Thị xã Ninh Hòa", "đã tổng hợp", "19:34 22/11/2026", "987.654.321", "0,04%"),),
    ),
    "many": (
        ("label", "figure", "figure", "figure", "figure", "figure", "figure"),
        (("Sở, ban, ngành", *["987.654.321"] * 6), ("Tổng cộng", *["0"] * 6)),
    ),
    "two texts": (
        ("wide", "label", "text"),
        ((LONGEST, "cảnh báo", "Huyện Khánh Sơn: 1; " * 9), ("a", "b", "M" * 900)),
    ),
    "texts alone": (("wide", "text"), ((LONGEST, "x"),)),
    "long words": (("wide", "figure"), (("W" * 300, "987.654.321"),)),
}


def table(name: str, kind: Kind = "unit", marks: str = "a,b") -> Table:
    shapes, rows = SHAPES[name]
    columns = tuple(Column(f"Số hồ sơ giải quyết đúng hạn ({n})", shape) for n, shape in enumerate(shapes))
    head = Row("group", ("Một hàng đầu mục rất dài " * 6, *[""] * (len(shapes) - 1)), "")
    return Table("Bảng 1. Thử", "hồ sơ", columns, (head, *(Row(kind, row, marks) for row in rows)), (), "Nguồn.")


def printed(path: Path, one: Table) -> list[Sheet]:
    place = '<link rel="stylesheet" href="print.css">{% import "macros.html" as place %}{{ place.own_table(table) }}'
    html = environment().from_string(f'<html lang="vi">{place}').render(table=one)
    path.write_bytes(typeset(html, plain_pdf)[1])
    return sheets(path)


@pytest.mark.parametrize("kind", ["unit", "total"])
@pytest.mark.parametrize("name", SHAPES)
def test_nothing_is_cut_off_or_printed_over_another(name: str, kind: Kind, tmp_path: Path) -> None:
    one = table(name, kind)
    pages = printed(tmp_path / "table.pdf", one)
    words = [word for page in pages for word in page.words]
    for figure in (
        cell for row in one.rows for cell, c in zip(row.cells, one.columns, strict=True) if c.kind == "figure"
    ):
        assert not figure or figure in {word.text for word in words}
    assert min(word.left for word in words) >= PAGE_LEFT - 0.1
    assert max(word.right for word in words) <= PAGE_RIGHT + 0.1
    assert [collisions(page) for page in pages] == [[] for _ in pages]


@pytest.mark.parametrize("name", SHAPES)
def test_columns_fill_the_page_and_no_more(name: str) -> None:
    given = [float(width.removesuffix("em")) for width in widths.column_widths(table(name))]
    assert widths.PAGE - 1 < sum(given) <= widths.PAGE + 0.1 or name == "texts alone"


def test_figures_alike_have_columns_alike() -> None:
    found = widths.column_widths(table("many"))
    assert len(set(found[1:])) == 1


def test_two_texts_share_by_what_they_say() -> None:
    shapes: tuple[Shape, ...] = ("wide", "text")
    columns = tuple(Column("Nội dung", shape) for shape in shapes)
    rows = tuple(Row("unit", ("Nội dung dài " * 12, "ngắn thôi"), "") for _ in range(5))
    left, right = (float(w[:-2]) for w in widths.column_widths(Table("", "", columns, rows, (), "")))
    assert left > 2 * right


def test_the_page_is_that_of_the_style_sheet() -> None:
    """The sum in ems holds for this size of type between these margins."""
    style = (TEMPLATES / "print.css").read_text(encoding="utf-8")
    own = re.search(r"^table\.own \{ table-layout: fixed; font-size: ([\d.]+)pt", style, re.MULTILINE)
    margins = re.search(r"^  margin: \d+mm (\d+)mm \d+mm (\d+)mm;", style, re.MULTILINE)
    gap = re.search(r"^table\.own td \{.* padding: \S+ 0 \S+ (\d+)mm", style, re.MULTILINE)
    assert own and margins and gap
    size = float(own[1]) * POINT
    assert (210 - int(margins[1]) - int(margins[2])) / size == pytest.approx(widths.PAGE, abs=0.15)
    assert int(gap[1]) / size == pytest.approx(widths.GAP, abs=0.02)
