"""The places in a report's PDF that wait for a hand: the leader's signature, the organisation's, number and date.

NĐ 30/2020/NĐ-CP, Phụ lục I: the leader's signature stands between title and name; the organisation's, a picture of
its seal, covers about the left third of it. Both are empty fields of their own, so that a signing program needs no
rectangle drawn by hand and adds to the file instead of setting it anew. Number and date are four small text fields over
the blanks of page 1: what the clerk types there keeps the leader's signature whole, where a note laid over the page
would break it. Empty, none of them shows on paper.

How: `mark` hangs an annotation on each box before the PDF is written, so that the typesetter's own tagging puts a Form
element in its place of the reading order (PDF/UA-1, 7.18); `add_fields`, a finisher of `write_pdf`, makes the objects.
Relies on WeasyPrint's boxes and on `widget_annotation`, by which it tags the inputs of a form."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import pydyf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from contracts.errors import CchcError
from reporting.fonts import TEMPLATES

LEADER = "ChuKyLanhDao"
ORGANISATION = "ConDauCoQuan"
NUMBER = "SoVanBan"
DAY = "NgayBanHanh"
MONTH = "ThangBanHanh"
YEAR = "NamBanHanh"
TEXTS = (NUMBER, DAY, MONTH, YEAR)

_TIPS = {
    LEADER: "Chữ ký số của người có thẩm quyền",
    ORGANISATION: "Chữ ký số của cơ quan, tổ chức (hình ảnh con dấu), do văn thư ký",
    NUMBER: "Số của văn bản, do văn thư ghi",
    DAY: "Ngày ban hành: hai chữ số, ví dụ 05",
    MONTH: "Tháng ban hành: tháng 1 và tháng 2 viết 01, 02",
    YEAR: "Năm ban hành: bốn chữ số",
}
_LONGEST = {NUMBER: 8, DAY: 2, MONTH: 2, YEAR: 4}
_BLANKS = {"signature-space": (LEADER,), "blank-number": (NUMBER,), "blank-day": (DAY, MONTH), "blank-year": (YEAR,)}
"""Class of an element → the fields over the elements of that class, in the order of the document."""

_POINTS = 0.75  # a CSS pixel
_MM = 72 / 25.4
_LEADER_WIDTH = 50 * _MM
_SEAL = 38 * _MM
"""Side of the seal's square: with a signature 50 mm wide, its left edge stays clear of the recipients."""
_SIZE = 13
_PRINTED, _EXISTS_AND_APPEND_ONLY = 4, 3
_PLACEHOLDER = 1_000_000_000
"""Numbers of objects until they have their own; no PDF of ours has as many."""


@dataclass(frozen=True)
class Letters:
    """A style in which a field is filled in. name: in the form; flags, angle: as a font's descriptor has them."""

    name: str
    style: str
    codes: range
    flags: int
    angle: int


_UPRIGHT = Letters("ReportSerif", "Regular", range(0x20, 0x7F), 34, 0)
_ITALIC = Letters("ReportSerifItalic", "Italic", range(0x30, 0x3A), 98, -16)
"""The date stands in italics, and is of digits."""


class SignaturePlaceError(CchcError):
    """The page has no place, or more than one, for something that a person will sign or fill in."""


class Rect(NamedTuple):
    """Points from the lower left corner of the page."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Place:
    """Where a field stands. page: from 0; box: the typesetter's."""

    name: str
    page: int
    rect: Rect
    box: Any


class Marked(NamedTuple):
    """A place, and the annotation that stands for its field until the PDF is written."""

    place: Place
    widget: pydyf.Dictionary


def mark(document: Any) -> tuple[Marked, ...]:
    """Hang an annotation on the box of each place of a laid-out document; `add_fields` takes them off again.

    Raises SignaturePlaceError where a place is not there exactly once."""
    marked = []
    for number, place in enumerate(_places(document)):
        widget = _widget(place)
        widget.number = _PLACEHOLDER + number
        place.box.widget_annotation = widget
        marked.append(Marked(place, widget))
    return tuple(marked)


def add_fields(pdf: pydyf.PDF, marked: Sequence[Marked]) -> None:
    """Make the form with its fields out of what `mark` gave; the organisation's field goes beside the leader's."""
    form = pydyf.Dictionary({"SigFlags": _EXISTS_AND_APPEND_ONLY, "Fields": pydyf.Array()})
    for place, widget in marked:
        place.box.widget_annotation = None  # the same pages may be written once more, without fields
        waited = widget.reference
        _enter(pdf, form, place, widget)
        _tag(pdf, waited, widget)
        if place.name == LEADER:
            _add_seal(pdf, form, place, beside=widget)
    fonts = {letters.name: _font(pdf, letters).reference for letters in (_UPRIGHT, _ITALIC)}
    form["DR"] = pydyf.Dictionary({"Font": pydyf.Dictionary(fonts)})
    form["DA"] = _set_in(_UPRIGHT)
    pdf.add_object(form)
    pdf.catalog["AcroForm"] = form.reference


def seal_rect(leader: Rect) -> Rect:
    """The seal's square, over the left third of the leader's signature."""
    side = min(_SEAL, leader.top - leader.bottom)
    right, middle = leader.left + (leader.right - leader.left) / 3, (leader.bottom + leader.top) / 2
    return _rounded(right - side, middle - side / 2, right, middle + side / 2)


def _places(document: Any) -> list[Place]:
    waiting = {css: list(names) for css, names in _BLANKS.items()}
    found = []
    for number, page in enumerate(document.pages):
        for css, box, line in _boxes(page._page_box, None):
            if not waiting[css]:
                raise SignaturePlaceError(f"trang báo cáo có thừa chỗ «{css}»", advice="báo nhóm phát triển cchc")
            found.append(Place(waiting[css].pop(0), number, _rect(css, box, line, page.height), box))
    if missing := [name for names in waiting.values() for name in names]:
        raise SignaturePlaceError(
            f"trang báo cáo thiếu chỗ cho {', '.join(_TIPS[name] for name in missing)}",
            advice="báo nhóm phát triển cchc",
        )
    return found


def _boxes(box: Any, line: Any) -> Iterator[tuple[str, Any, Any]]:
    """Class, box and line of every place, in the order of the document."""
    element = getattr(box, "element", None)
    classes = (element.get("class") or "").split() if element is not None else ()
    if (css := next((name for name in classes if name in _BLANKS), None)) and not _is_line(box):
        yield css, box, line
        return
    for child in getattr(box, "children", ()):
        yield from _boxes(getattr(child, "_box", child), box if _is_line(box) else line)


def _is_line(box: Any) -> bool:
    return type(box).__name__ == "LineBox"


def _rect(css: str, box: Any, line: Any, page_height: float) -> Rect:
    """Of a blank: as wide as it, as high as its line. Of the signature: in the middle of its space."""
    upper, height = (box.content_box_y(), box.height) if line is None else (line.position_y, line.height)
    left, width = box.content_box_x() * _POINTS, box.width * _POINTS
    if css == "signature-space":
        narrower = min(_LEADER_WIDTH, width)
        left, width = left + (width - narrower) / 2, narrower
    lower = (page_height - upper - height) * _POINTS
    return _rounded(left, lower, left + width, lower + height * _POINTS)


def _rounded(*numbers: float) -> Rect:
    return Rect(*(round(number, 2) for number in numbers))


def _widget(place: Place) -> pydyf.Dictionary:
    kind = {} if place.name in TEXTS else {"FT": "/Sig"}
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "Rect": pydyf.Array(place.rect),
            "F": _PRINTED,
            "T": pydyf.String(place.name),
            "TU": pydyf.String(_TIPS[place.name]),
            **kind,
        }
    )
    if place.name in TEXTS:
        widget["FT"] = "/Tx"
        widget["MaxLen"] = _LONGEST[place.name]
        widget["Q"] = 1  # centred
        widget["DA"] = _set_in(_UPRIGHT if place.name == NUMBER else _ITALIC)
    return widget


def _set_in(letters: Letters) -> pydyf.String:
    return pydyf.String(f"/{letters.name} {_SIZE} Tf 0 g")


def _enter(pdf: pydyf.PDF, form: pydyf.Dictionary, place: Place, widget: pydyf.Dictionary) -> None:
    """The field with an empty appearance of its own, on its page and in the form. A shared appearance would let
    whoever fills one field draw in all of them."""
    width, height = place.rect.right - place.rect.left, place.rect.top - place.rect.bottom
    shape = {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array((0, 0, round(width, 2), round(height, 2)))}
    empty = pydyf.Stream([], shape)
    pdf.add_object(empty)
    pdf.add_object(widget)
    page = _object(pdf, pdf.page_references[place.page])
    widget["P"] = page.reference
    widget["AP"] = pydyf.Dictionary({"N": empty.reference})
    page.setdefault("Annots", pydyf.Array()).append(widget.reference)
    form["Fields"].append(widget.reference)


def _tag(pdf: pydyf.PDF, waited: bytes, widget: pydyf.Dictionary) -> None:
    """Where the PDF is tagged, its Form element refers to the annotation by the number it has now. The element holds
    its one part without a list: only so does the review of what was signed know the annotation as the form's."""
    dictionaries = [one for one in pdf.objects if isinstance(one, pydyf.Dictionary)]
    for one in dictionaries:
        if one.get("Type") == "/OBJR" and one["Obj"] == waited:
            one["Obj"] = widget.reference
            form = next(tag for tag in dictionaries if tag.get("S") == "/Form" and list(tag["K"]) == [one.reference])
            form["K"] = one.reference


def _add_seal(pdf: pydyf.PDF, form: pydyf.Dictionary, leader: Place, *, beside: pydyf.Dictionary) -> None:
    place = Place(ORGANISATION, leader.page, seal_rect(leader.rect), leader.box)
    widget = _widget(place)
    _enter(pdf, form, place, widget)
    tag = next((one for one in pdf.objects if _holds(pdf, one, beside)), None)
    if tag is None:
        return  # not tagged
    parts = _object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    reference = pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": tag["Pg"]})
    pdf.add_object(reference)
    own = pydyf.Dictionary({**tag, "K": reference.reference})
    pdf.add_object(own)
    parent = _object(pdf, tag["P"])
    parent["K"].insert(parent["K"].index(tag.reference) + 1, own.reference)
    widget["StructParent"] = max(parts[::2]) + 1
    parts.extend((widget["StructParent"], own.reference))


def _holds(pdf: pydyf.PDF, one: Any, widget: pydyf.Dictionary) -> bool:
    """Whether that is the Form element of the annotation."""
    if not isinstance(one, pydyf.Dictionary) or one.get("S") != "/Form":
        return False
    return bool(_object(pdf, one["K"])["Obj"] == widget.reference)


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _font(pdf: pydyf.PDF, letters: Letters) -> pydyf.Dictionary:
    """What is typed is set in the report's own letters, in every viewer."""
    content, widths = _subset(letters)
    file = pydyf.Stream([content], {"Length1": len(content)}, compress=True)
    pdf.add_object(file)
    name = f"/CCHCAA+{letters.name}"
    descriptor = pydyf.Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": name,
            "Flags": letters.flags,
            "FontBBox": pydyf.Array((-544, -303, 1278, 981)),
            "ItalicAngle": letters.angle,
            "Ascent": 891,
            "Descent": -216,
            "CapHeight": 655,
            "StemV": 80,
            "FontFile2": file.reference,
        }
    )
    pdf.add_object(descriptor)
    font = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/TrueType",
            "BaseFont": name,
            "FirstChar": letters.codes.start,
            "LastChar": letters.codes.stop - 1,
            "Widths": pydyf.Array(widths),
            "Encoding": "/WinAnsiEncoding",
            "FontDescriptor": descriptor.reference,
        }
    )
    pdf.add_object(font)
    return font


@cache
def _subset(letters: Letters) -> tuple[bytes, tuple[int, ...]]:
    """Those letters as a font file, and their widths in thousandths."""
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = []
    options.drop_tables += ["GDEF", "GPOS", "GSUB", "FFTM"]
    with TTFont(TEMPLATES / "fonts" / f"LiberationSerif-{letters.style}.ttf", recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=letters.codes)
        subsetter.subset(font)
        names, metrics, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        widths = tuple(round(metrics[names[code]][0] * 1000 / em) for code in letters.codes)
        out = io.BytesIO()
        font.save(out)
    return out.getvalue(), widths
