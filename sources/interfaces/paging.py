"""Going from page to page of an interface, and judging whether the pages fit together.

A server's rows move while they are read, its counts may be wrong, and a page that is lost is lost silently: so each
page is held against those before it, and the last one is believed only on evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from contracts.configfile import Strict
from contracts.rest_spec import Paging
from sources.interfaces.json_rows import MISSING, Missing


class Mark(Strict):
    """Where reading stands between two pages; as text, what an interrupted extract goes on from.

    asked: digest of the question, which must be the same. at: page, cursor or address that comes next, «» at the
    beginning. full: rows of the first page. last: digests of the last page's rows. seen: columns that were there.
    empty: the next page came without rows, and is asked for once more."""

    asked: str
    at: str = ""
    done: bool = False
    pages: int = 0
    rows: int = 0
    total: int | None = None
    declared: int | None = None
    full: int = 0
    last: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    empty: bool = False

    @property
    def text(self) -> str:
        return self.model_dump_json()


@dataclass(frozen=True)
class Page:
    """What a page says of itself. rows: a digest each. next: cursor or address; none where the answer says that there
    is no more, MISSING where it says nothing."""

    rows: tuple[str, ...]
    total: int | None = None
    declared: int | None = None
    next: str | Missing | None = MISSING


class Inconsistent(Exception):
    """The pages do not fit together; one Vietnamese clause."""


class Lost(Exception):
    """The answer lacks what the configuration counts on; one Vietnamese clause."""


def read_mark(text: str, *, asked: str) -> Mark:
    """Raises Inconsistent where it is none, or one of another question."""
    if not text:
        return Mark(asked=asked)
    try:
        mark = Mark.model_validate_json(text)
    except ValidationError:
        raise Inconsistent("chỗ dừng của lần đọc trước không đọc được") from None
    if mark.asked != asked:
        raise Inconsistent("chỗ dừng của lần đọc trước thuộc về một câu hỏi khác")
    return mark


def after(paging: Paging, mark: Mark, page: Page) -> Mark:
    """The mark after that page. Raises Inconsistent, Lost."""
    if _is_last_again(paging, mark, page):
        _check_whole(mark)
        return mark.model_copy(update={"done": True})
    _check_counts(mark, page)
    _check_place(paging, mark, page)
    found = mark.model_copy(
        update={
            "pages": mark.pages + bool(page.rows),
            "rows": mark.rows + len(page.rows),
            "total": page.total if mark.total is None else mark.total,
            "declared": page.declared if mark.declared is None else mark.declared,
            "full": mark.full or len(page.rows),
            "last": page.rows or mark.last,
            "empty": not page.rows,
        }
    )
    done = _is_last(paging, mark, found, page)
    if done:
        _check_whole(found)
    return found.model_copy(update={"done": done, "at": "" if done else _next(paging, mark, found, page)})


def may_be_beyond(paging: Paging, mark: Mark) -> bool:
    """Whether the next page need not exist: what was read can be all."""
    return paging.style in {"page", "offset"} and mark.pages > 0 and _evidence(paging, mark, len(mark.last)) > 0


def _is_last_again(paging: Paging, mark: Mark, page: Page) -> bool:
    """Some servers give the last page again where there is none."""
    numbered = paging.style in {"page", "offset"}
    return numbered and bool(page.rows) and page.rows == mark.last and _counted(mark) > 0


def _check_counts(mark: Mark, page: Page) -> None:
    for before, now, what in ((mark.total, page.total, "dòng"), (mark.declared, page.declared, "trang")):
        if before is not None and now is not None and before != now:
            raise Inconsistent(f"tổng số {what} đổi từ {before} thành {now} trong khi đọc")
    total = page.total if mark.total is None else mark.total
    rows = mark.rows + len(page.rows)
    if total is not None and rows > total:
        raise Inconsistent(f"hệ thống nói có {total} dòng nhưng đã trả {rows} dòng")


def _check_place(paging: Paging, mark: Mark, page: Page) -> None:
    repeated = len(set(page.rows) & set(mark.last))
    if repeated:
        raise Inconsistent(f"trang thứ {mark.pages + 1} lặp lại {repeated} dòng của trang trước")
    if paging.style not in {"page", "offset"} or not mark.pages or not page.rows:
        return
    if len(mark.last) != mark.full:
        raise Inconsistent(
            f"trang thứ {mark.pages} chỉ có {len(mark.last)} dòng, trang đầu có {mark.full} dòng, mà chưa là trang cuối"
        )
    if len(page.rows) > mark.full:
        raise Inconsistent(
            f"trang thứ {mark.pages + 1} có {len(page.rows)} dòng, nhiều hơn trang đầu ({mark.full} dòng)"
        )


def _check_whole(mark: Mark) -> None:
    if mark.total is not None and mark.rows != mark.total:
        raise Inconsistent(f"hệ thống nói có {mark.total} dòng nhưng chỉ trả {mark.rows} dòng")
    if mark.declared is not None and mark.pages != mark.declared and (mark.rows or mark.declared > 1):
        raise Inconsistent(f"hệ thống nói có {mark.declared} trang nhưng đã trả {mark.pages} trang")


def _is_last(paging: Paging, before: Mark, mark: Mark, page: Page) -> bool:
    match paging.style:
        case "none":
            return True
        case "page" | "offset":
            if not page.rows:  # after a full page, and without counts, it may be a server's slip
                uncounted = mark.total is None and mark.declared is None
                return before.empty or not uncounted or _evidence(paging, mark, len(mark.last)) > 0
            return _evidence(paging, mark, len(page.rows)) > 1
        case _:
            return _no_more(paging, before, mark, page)


def _evidence(paging: Paging, mark: Mark, rows: int) -> int:
    """How many things say that the last page with rows was the last of all: it was short, and the counts."""
    asked = paging.size if paging.size_param and mark.pages == 1 else mark.full
    return (rows < asked) + _counted(mark)


def _counted(mark: Mark) -> int:
    return (mark.total == mark.rows) + (mark.declared == mark.pages)


def _no_more(paging: Paging, before: Mark, mark: Mark, page: Page) -> bool:
    """A first answer that says nothing of a next page may have lost the field that would: then only an answer that is
    plainly whole is believed."""
    if page.next is not MISSING:
        return page.next is None or (not page.rows and page.next == before.at)
    whole = not page.rows or _evidence(paging, mark, len(page.rows)) > 0
    if not before.pages and not whole:
        where = f"«{paging.next}»" if paging.next else "tiêu đề Link"
        raise Lost(f"bản trả lời không có {where} để đọc trang sau")
    return True


def _next(paging: Paging, before: Mark, mark: Mark, page: Page) -> str:
    match paging.style:
        case "page":
            return str(int(before.at or paging.first) + bool(page.rows))
        case "offset":
            return str(mark.rows)
    assert isinstance(page.next, str)
    if not page.rows:
        raise Inconsistent("một trang không có dòng nào nhưng vẫn nói còn trang sau")
    if page.next == before.at:
        raise Inconsistent("trang sau lại chính là trang vừa đọc")
    return page.next
