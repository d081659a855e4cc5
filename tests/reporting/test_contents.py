"""The contents of a long report lead where they say, the bookmarks are the same tree, and no heading stands alone."""

from __future__ import annotations

import re
from pathlib import Path

import pypdf
import pytest

from reporting.contents import ANNEXES_WITHOUT, contents_of
from reporting.page import Heading, ReportContext
from tests.reporting.pdf import Sheet, lines, sheets
from tests.reporting.printed import Made

Printed = tuple[ReportContext, Path, list[Sheet]]


@pytest.fixture(scope="module")
def printed(made: Made) -> Printed:
    context, path = made("district")
    return context, path, sheets(path)


def contents_page(printed: Printed) -> int:
    return next(n for n, sheet in enumerate(printed[2], start=1) if "MỤC LỤC" in sheet.text)


def outline(printed: Printed) -> list[tuple[int, str, int]]:
    """Depth, title and page (from 1) of every bookmark."""
    reader, found = pypdf.PdfReader(printed[1]), []

    def walk(items: list[object], depth: int) -> None:
        for item in items:
            if isinstance(item, list):
                walk(item, depth + 1)
            elif isinstance(item, pypdf.generic.Destination):
                page = reader.get_destination_page_number(item)
                assert page is not None
                found.append((depth, str(item.title), page + 1))

    walk(reader.outline, 1)
    return found


def test_each_line_has_the_page_on_which_it_stands(printed: Printed) -> None:
    context, path, _ = printed
    assert context.contents is not None
    told = {}
    for line in " ".join(x.text for x in lines(path, contents_page(printed))).split("Số trang ghi ở đây")[:1]:
        for entry in context.contents.entries:
            found = re.search(re.escape(entry.text) + r"[ .]*(\d+)", line)
            assert found is not None, entry.text
            told[entry.text] = int(found[1])
    assert told == {title: page for _, title, page in outline(printed) if title != "Mục lục"}


def test_the_bookmarks_are_the_contents_and_nothing_else(printed: Printed) -> None:
    context, _, _ = printed
    assert context.contents is not None
    depths = {"part": 1, "area": 2, "annex": 1}
    listed = [(depths[entry.level], entry.text) for entry in context.contents.entries]
    marks = [(depth, title) for depth, title, _ in outline(printed)]
    assert [mark for mark in marks if mark[1] != "Mục lục"] == listed
    assert (1, "Mục lục") in marks


def test_page_1_says_where_the_contents_are_and_they_follow_the_signature(printed: Printed) -> None:
    page, pages = contents_page(printed), printed[2]
    assert f"Mục lục các phần và phụ lục ở trang {page}." in pages[0].text
    assert "Nơi nhận:" in pages[page - 2].text
    assert "Phụ lục I" in pages[page].text


def test_a_short_report_has_none(printed: Printed) -> None:
    context, _, _ = printed
    annexes = (context.by_field.annex,) * ANNEXES_WITHOUT
    assert contents_of(context.parts, annexes) is None
    assert contents_of(context.parts, (*annexes, annexes[0])) is not None


def test_the_annexes_are_named_in_the_text(printed: Printed) -> None:
    last = printed[0].provenance.annex.number.removeprefix("Phụ lục ")
    assert printed[0].closing.endswith(f"(kèm theo các Phụ lục từ I đến {last})./.")


def test_no_heading_is_the_last_line_of_its_page(printed: Printed) -> None:
    context, path, pages = printed
    headings = [part.heading for part in context.parts]
    headings += [block.text for part in context.parts for block in part.blocks if isinstance(block, Heading)]
    for number in range(1, contents_page(printed)):
        body = [line for line in lines(path, number) if 20 < line.baseline < pages[number - 1].height - 19]
        lowest = max(line.baseline for line in body)
        ends = " ".join(line.text for line in body if lowest - line.baseline < 0.5)
        assert not any(heading.endswith(ends) for heading in headings), f"page {number}: {ends}"


def test_two_headings_of_the_same_words_lead_to_two_places(printed: Printed) -> None:
    context, _, _ = printed
    assert context.contents is not None
    anchors = [entry.anchor for entry in context.contents.entries]
    assert len(set(anchors)) == len(anchors)
