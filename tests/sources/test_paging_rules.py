"""Whatever the number of rows and the way of paging: all of them, or an error; never some of them."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from contracts.rest_spec import Paging
from sources.interfaces.paging import Inconsistent, Mark, Page, after, read_mark

Rows = list[str]
STYLES = st.sampled_from(["page", "offset", "cursor"])


def paging_of(style: str, size: int, *, counted: bool, declared: bool) -> Paging:
    """counted, declared: the answer says how many rows, how many pages."""
    said = {"total": "total" if counted else "", "pages": "pages" if declared else ""}
    return Paging(style=style, param="p", size_param="size", size=size, next="next", **said)  # type: ignore[arg-type]


def page_at(paging: Paging, rows: Rows, mark: Mark, size: int) -> Page:
    """What an honest server of these rows, which gives at most `size` a page, answers after that mark."""
    first = (int(mark.at or 1) - 1) * size if paging.style == "page" else int(mark.at or 0)
    following = str(first + size) if first + size < len(rows) else None
    return Page(
        tuple(rows[first : first + size]),
        len(rows) if paging.total else None,
        -(-len(rows) // size) if paging.pages else None,
        following,
    )


def read(paging: Paging, rows: Rows, size: int, *, before_page: Callable[[int], None] = lambda page: None) -> Rows:
    """All rows, each mark written and read again, as an interrupted extract would. Ends also where a bug would not."""
    mark, found = Mark(asked="q"), Rows()
    for number in range(100):
        before_page(number)
        page = page_at(paging, rows, mark, size)
        reached = after(paging, mark, page)
        found += page.rows if reached.pages > mark.pages else ()
        mark = read_mark(reached.text, asked="q")
        if mark.done:
            return found
    raise AssertionError("reading never ends")


@given(STYLES, st.integers(0, 40), st.integers(1, 12), st.integers(1, 12), st.booleans(), st.booleans())
def test_rows_that_stand_still_are_read_to_the_last(
    style: str, count: int, asked: int, given: int, counted: bool, declared: bool
) -> None:
    """Also where the server gives less a page than it was asked for."""
    rows = [f"{number:016x}" for number in range(count)]
    assert read(paging_of(style, asked, counted=counted, declared=declared), rows, min(asked, given)) == rows


@given(st.sampled_from(["page", "offset"]), st.integers(1, 5), st.integers(1, 12), st.integers(0, 5))
def test_an_empty_answer_between_full_pages_is_no_end(style: str, pages: int, size: int, slip: int) -> None:
    """Without counts, and where a whole page came before it, it is asked for once more."""
    paging = paging_of(style, size, counted=False, declared=False)
    rows = [f"{number:016x}" for number in range(pages * size)]
    mark, found, asked = Mark(asked="q"), Rows(), 0
    while not mark.done:
        page = Page(()) if asked == slip else page_at(paging, rows, mark, size)
        mark, asked = after(paging, mark, page), asked + 1
        found += page.rows
    assert found == rows


@given(STYLES, st.integers(1, 40), st.integers(1, 12), st.integers(0, 8), st.data())
def test_a_row_that_comes_or_goes_while_reading_is_never_lost_unseen(
    style: str, count: int, size: int, at_page: int, data: st.DataObject
) -> None:
    """With a total: the rows as they were before the change, or after it, or an error."""
    rows = [f"{number:016x}" for number in range(count)]
    changed = list(rows)
    place = data.draw(st.integers(0, count - 1))
    if data.draw(st.booleans()):
        changed.insert(place, "f" * 16)
    else:
        del changed[place]
    states = [list(rows), list(changed)]

    def move(page: int) -> None:
        if page == at_page:
            rows[:] = changed

    try:
        found = read(paging_of(style, size, counted=True, declared=False), rows, size, before_page=move)
    except Inconsistent:
        return
    assert found in states
