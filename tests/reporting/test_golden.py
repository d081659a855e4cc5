"""Chosen pages look as they did when somebody last looked at them (tests/reporting/golden)."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.reporting import golden
from tests.reporting.printed import Made

Pictures = dict[str, Image.Image]


@pytest.fixture(scope="module")
def reports(made: Made) -> dict[str, Path]:
    return {name: made(name)[1] for name in golden.REPORTS}


@pytest.fixture(scope="module")
def printed(reports: dict[str, Path]) -> Pictures:
    return {page.name: picture for page, picture in golden.pictures(reports)}


@pytest.mark.parametrize("page", golden.PAGES, ids=lambda page: page.name)
def test_a_page_looks_as_it_did(page: golden.Page, printed: Pictures, tmp_path: Path) -> None:
    now, then = printed[page.name], Image.open(page.path).convert("L")
    share = golden.differing(now, then)
    seen = tmp_path / f"{page.name}.png"
    golden.beside(now, then).save(seen)
    assert share <= golden.ALLOWED, (
        f"{page.name}: {share:.2%} of the page differs (allowed {golden.ALLOWED:.2%});"
        f" then, now and the difference: {seen}; if it is meant: python -m tests.reporting.golden"
    )


def test_every_picture_is_of_a_page_that_is_looked_at() -> None:
    assert {path.name for path in golden.FOLDER.glob("*.png")} == {page.path.name for page in golden.PAGES}


@pytest.mark.parametrize("page", golden.PAGES, ids=lambda page: page.name)
def test_a_line_that_moved_by_a_millimetre_is_seen(page: golden.Page, printed: Pictures) -> None:
    """The tolerance does not swallow it: a strip with one line of text, pushed down by three dots."""
    now = printed[page.name]
    moved = now.copy()
    top = first_line(now)
    strip = now.crop((0, top - 2, now.width, top + 12))
    moved.paste(ImageChops.offset(strip, 0, 3), (0, top - 2))
    assert golden.differing(moved, now) > golden.ALLOWED


def first_line(picture: Image.Image) -> int:
    """Where the first text in the page's body begins, below the number of the page."""
    return next(
        row
        for row in range(golden.DOTS, picture.height)
        if min(picture.crop((0, row, picture.width, row + 1)).tobytes()) < 100
    )


def test_another_way_of_drawing_letters_is_no_difference(reports: dict[str, Path]) -> None:
    """cairo sets the edges of letters otherwise than splash does: more than two versions of one of them would."""
    one = golden.drawn(reports["nothing"], 1)
    other = golden.drawn(reports["nothing"], 1, tool=("pdftocairo",))
    assert one.tobytes() != other.tobytes()
    assert golden.differing(one, other) <= golden.ALLOWED
