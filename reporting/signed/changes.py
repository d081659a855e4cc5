"""What stands in a file after our last byte and is no signature, told in words.

pyHanko's review says whether a change is one that signing makes; what a person is to be told, and what covers a page
without changing it, is looked for here: a second pair of eyes, which compares the pages with ours for itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic, misc

from reporting.signature_fields import LEADER, NUMBER, Rect
from reporting.signed.pages import fingerprints, pages
from reporting.signed.reader import Reader

_MM = 72 / 25.4
_MARGIN = 15 * _MM
"""Nothing of ours but the page number stands closer to the paper's edge."""
_ABOVE_SPACE, _BELOW_NUMBER = 22 * _MM, 5 * _MM
"""Title and authority above the signature; the depth of the line with the number."""

_ACTIVE = {
    "/JavaScript": "mã JavaScript",
    "/Launch": "lệnh mở chương trình",
    "/SubmitForm": "lệnh gửi dữ liệu đi",
    "/ImportData": "lệnh nhập dữ liệu",
    "/URI": "liên kết ra ngoài",
    "/GoToR": "liên kết sang tệp khác",
    "/GoToE": "liên kết sang tệp khác",
    "/Rendition": "âm thanh hoặc phim",
}
_KEYS = {
    "/JS": "mã JavaScript",
    "/EF": "tệp đính kèm",
    "/EmbeddedFiles": "tệp đính kèm",
    "/AF": "tệp đính kèm",
    "/AA": "hành động tự chạy",
    "/OpenAction": "hành động tự chạy",
    "/XFA": "biểu mẫu XFA",
    "/OCProperties": "lớp nội dung ẩn, hiện",
}
_ANNOTATIONS = {
    "/FreeText": "khung chữ",
    "/Stamp": "con dấu dán lên trang",
    "/Text": "ghi chú",
    "/Highlight": "tô màu",
    "/Link": "liên kết",
    "/FileAttachment": "tệp đính kèm",
    "/Square": "hình chữ nhật",
    "/Ink": "nét vẽ",
}


def changed(ours: Reader, now: Reader) -> list[str]:
    """Every change beside signing and filling in our own fields, in words; none: no such change was found."""
    return list(dict.fromkeys((*_pages(ours, now), *_annotations(ours, now), *_active(now))))


def text_of(now: Reader, name: str) -> str:
    """What was typed into that field of the form; empty where nothing was, or where there is none."""
    field = _fields(now).get(name)
    value = None if field is None else _of(field, "/V")
    return str(value).strip() if isinstance(value, generic.TextStringObject) else ""


def has_places(ours: Reader) -> bool:
    """Whether our PDF was printed with fields for signatures."""
    return LEADER in _fields(ours)


def _pages(ours: Reader, now: Reader) -> Iterator[str]:
    before, after = fingerprints(ours), fingerprints(now)
    if len(after) > len(before):
        yield f"thêm {len(after) - len(before)} trang"
    if len(after) < len(before):
        yield f"bớt {len(before) - len(after)} trang"
    other = [number for number, pair in enumerate(zip(before, after, strict=False), start=1) if pair[0] != pair[1]]
    if other:
        yield f"nội dung trang {_listed(other)} bị thay"


def _annotations(ours: Reader, now: Reader) -> Iterator[str]:
    known = [dict(_listed_annotations(page)) for page in pages(ours)]
    for number, page in enumerate(pages(now)[: len(known)]):
        before, after = known[number], dict(_listed_annotations(page))
        if before.keys() - after.keys():
            yield f"xóa ô nhập hoặc liên kết trên trang {number + 1}"
        for reference, annotation in after.items():
            if reference not in before:
                yield from _added(ours, annotation, number, page)
            elif _rect(annotation) != _rect(before[reference]):
                yield f"dời chỗ ô nhập trên trang {number + 1}"


def _added(ours: Reader, annotation: Any, number: int, page: dict[str, Any]) -> Iterator[str]:
    where = f"trang {number + 1}"
    kind = str(_of(annotation, "/Subtype"))
    if kind != "/Widget":
        yield f"{_ANNOTATIONS.get(kind, 'chú thích')} trên {where}"
        return
    field = annotation if "/FT" in annotation else _of(annotation, "/Parent") or annotation
    if _of(field, "/FT") != "/Sig":
        yield f"ô nhập mới trên {where}"
    elif has_places(ours) and not _may_stand(ours, _rect(annotation), number, page):
        yield f"hình chữ ký đặt đè lên nội dung {where}"


def _may_stand(ours: Reader, rect: Rect | None, number: int, page: dict[str, Any]) -> bool:
    """Whether a picture of a signature may be there: nowhere to be seen, in the margin, beside number and date, or
    where the report is signed."""
    if rect is None:
        return False
    if rect.right - rect.left == 0 or rect.top - rect.bottom == 0:
        return True
    paper = _as_rect(page["/MediaBox"])
    inner = Rect(paper.left + _MARGIN, paper.bottom + _MARGIN, paper.right - _MARGIN, paper.top - _MARGIN)
    if rect.right <= inner.left or rect.left >= inner.right or rect.top <= inner.bottom or rect.bottom >= inner.top:
        return True
    fields = _fields(ours)
    signed_at, numbered = _rect(fields[LEADER]), _rect(fields[NUMBER])
    if number == 0 and numbered and rect.bottom >= numbered.bottom - _BELOW_NUMBER:
        return True
    return bool(signed_at and number == _page_of(ours, LEADER) and rect.top <= signed_at.top + _ABOVE_SPACE)


def _page_of(ours: Reader, name: str) -> int | None:
    for number, page in enumerate(pages(ours)):
        if any(_of(annotation, "/T") == name for _, annotation in _listed_annotations(page)):
            return number
    return None


def _listed_annotations(page: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    """Number of the object, and the annotation."""
    listed = page.get("/Annots")
    if listed is None:
        return
    listed = listed.get_object() if isinstance(listed, generic.IndirectObject) else listed
    for place in range(len(listed)):
        one = listed.raw_get(place)
        if not isinstance(one, generic.IndirectObject) or not isinstance(one.get_object(), generic.DictionaryObject):
            raise misc.PdfReadError("an annotation is no object of its own")
        yield one.reference.idnum, one.get_object()


def _fields(reader: Reader) -> dict[str, Any]:
    """The form's fields by name, of the first level: ours have no other."""
    form = _of(reader.root, "/AcroForm") or {}
    fields = (one.get_object() for one in _of(form, "/Fields") or ())
    return {str(field["/T"]): field for field in fields if "/T" in field}


def _of(dictionary: Any, key: str) -> Any:
    """The value itself where the entry refers to one; None where there is none."""
    return dictionary[key] if key in dictionary else None  # noqa: SIM401 (`get` would give the reference)


def _rect(annotation: Any) -> Rect | None:
    return _as_rect(annotation["/Rect"]) if "/Rect" in annotation else None


def _as_rect(corners: Any) -> Rect:
    found = corners.get_object() if isinstance(corners, generic.IndirectObject) else corners
    x1, y1, x2, y2 = (float(number) for number in found)
    return Rect(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _active(now: Reader) -> Iterator[str]:
    """What runs, opens or hides, in anything that came after our bytes, even where nothing leads to it."""
    for revision in range(1, now.total_revisions):
        added = now.get_historical_resolver(revision)
        for reference in sorted(added.explicit_refs_in_revision(), key=lambda one: one.idnum):
            yield from _active_in(added(reference), depth=0)


def _active_in(value: Any, *, depth: int) -> Iterator[str]:
    if depth > 20:
        yield "cấu trúc lồng quá sâu"
    elif isinstance(value, generic.DictionaryObject):
        yield from (said for key, said in _KEYS.items() if key in value)
        if said := _ACTIVE.get(str(_of(value, "/S"))):
            yield said
        if "/A" in value and "/Subtype" in value:
            yield _KEYS["/AA"]
        for key in value:
            yield from _active_in(value.raw_get(key), depth=depth + 1)
    elif isinstance(value, generic.ArrayObject):
        for place in range(len(value)):
            yield from _active_in(value.raw_get(place), depth=depth + 1)


def _listed(numbers: list[int]) -> str:
    """1, 2, 3 and so on, the first ten."""
    shown = ", ".join(map(str, numbers[:10]))
    return f"{shown} và {len(numbers) - 10} trang khác" if len(numbers) > 10 else shown
