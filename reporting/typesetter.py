"""What is done otherwise than in WeasyPrint while a report is set: the same pages, byte for byte, in less time.

Nothing else replaces anything of WeasyPrint. Each replacement here is small, says what it saves (of the time that plain
WeasyPrint takes for a province's report: docs/performance.md), and holds for the versions in KNOWN alone: with others
WeasyPrint is left as it is, and a test says that it is time to look again.

All would be offered upstream but the two that know our own pages (the user agent's style sheet, the parser)."""

from __future__ import annotations

import io
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import pydyf
import tinyhtml5  # type: ignore[import-untyped]
import weasyprint
from weasyprint.layout import percent
from weasyprint.text import fonts, line_break
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi, gobject, pango

KNOWN = {"weasyprint": "70.0", "pydyf": "0.13.0", "tinyhtml5": "2.1.0"}


@contextmanager
def faster() -> Iterator[None]:
    """While this holds, WeasyPrint sets pages as said here. Not for several threads at once."""
    if {name: version(name) for name in KNOWN} != KNOWN:
        yield
        return
    places = list(_places())
    try:
        for owner, name, _, made in places:
            setattr(owner, name, made)
        yield
    finally:
        for owner, name, found, _ in places:
            setattr(owner, name, found)


def _places() -> Iterator[tuple[Any, str, Any, Any]]:
    """Every place where what is found stands, and what takes its place: modules import functions from each other."""
    made = {id(_FOUND[what]): one for what, one in _replacements().items()}
    modules = [module for name, module in sys.modules.items() if module and name.split(".")[0] in KNOWN]
    for owner in [*modules, weasyprint.HTML, line_break.Layout, pydyf.PDF]:
        for name, value in list(vars(owner).items()):
            if id(value) in made:
                yield owner, name, value, made[id(value)]


def _replacements() -> dict[str, Any]:
    return {
        "style sheet": _user_agent_sheet,
        "parse": _parse,
        "setup": _setup,
        "strut": _strut,
        "split": _split_first_line,
        "percentages": _resolve_percentages,
        "references": property(_page_references),
        "bytes": _to_bytes,
    }


_FOUND: dict[str, Any] = {
    "style sheet": weasyprint.HTML._ua_stylesheets,
    "parse": tinyhtml5.parse,
    "setup": line_break.Layout.setup,
    "strut": line_break.strut,
    "split": line_break.split_first_line,
    "percentages": percent.resolve_percentages,
    "references": pydyf.PDF.page_references,
    "bytes": pydyf._to_bytes,
}


# 7%, and a quarter of the memory. Five rules without an element (::footnote-call, ::note-marker …) give every element
# five pseudo-elements, whose styles are computed though a report has neither footnotes nor notes. A list's marker keeps
# its rule, for the elements that have one.

_SHEET: list[Any] = []


def _user_agent_sheet(page: Any, forms: bool = False) -> Any:
    if forms:
        return _FOUND["style sheet"](page, forms)
    if not _SHEET:
        text = (files("weasyprint.css") / "html5_ua.css").read_text(encoding="utf-8")
        text = re.sub(r"^::marker", "li::marker", text, flags=re.MULTILINE)
        text = re.sub(r"^::(footnote|note)-\w+ \{.*\}$", "", text, flags=re.MULTILINE)
        _SHEET.append(weasyprint.CSS(string=text))
    return _SHEET


# 5%. The parser of HTML is written in Python and forgives everything. Our pages are well-formed, so that the parser of
# XML in C finds the same tree; a page that is not goes to the other one.

_VOID = re.compile(r"<(br|col|meta|link|img|hr)\b([^<>]*?)\s*/?>")
_ENDS_A_PARAGRAPH = re.compile(r"address|article|div|dl|figure|footer|form|h\d|header|hr|nav|ol|p|section|table|ul")


def _parse(document: Any, **options: Any) -> Any:
    text = document if isinstance(document, str) else document.read()
    if isinstance(text, bytes):
        return _FOUND["parse"](io.BytesIO(text), **options)
    root = well_formed(text)
    return _FOUND["parse"](io.StringIO(text), **options) if root is None else root


def well_formed(html: str) -> ET.Element | None:
    """The tree of a page where XML and HTML mean the same by it, else None: HTML puts rows into a body and ends a
    paragraph where a block begins. No declarations, so no entities that swell."""
    page = html.removeprefix("<!doctype html>")
    if "<!" in page:
        return None
    try:
        root = ET.fromstring(_VOID.sub(r"<\1\2/>", page))  # noqa: S314
    except ET.ParseError:
        return None
    if root.tag != "html" or [child.tag for child in root] != ["head", "body"]:
        return None
    for parent in root.iter():
        inner = {child.tag for child in parent}
        if parent.tag == "table" and "tr" in inner:
            return None
        below = (child.tag for child in parent.iter() if child is not parent)
        if parent.tag == "p" and any(_ENDS_A_PARAGRAPH.fullmatch(tag) for tag in below):
            return None
    return root


# 4%. A Pango context and a font's description are made anew for every text; those of one style are alike.


def _setup(layout: Any, style: Any) -> None:
    if not _is_plain(style):
        _FOUND["setup"](layout, style)
        return
    if not hasattr(style, "_cchc_pango"):
        _FOUND["setup"](layout, style)
        context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
        pango.pango_context_set_round_glyph_positions(context, False)
        pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
        if style["lang"]:
            pango.pango_context_set_language(context, layout.language)
        style._cchc_pango = context, fonts.get_font_description(style), layout.language
    context, description, layout.language = style._cchc_pango
    layout.style, layout.first_line_direction = style, 0
    layout.ascent = layout.underline_position = layout.strikethrough_position = None
    layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)
    pango.pango_layout_set_font_description(layout.layout, description)


_FEATURES = tuple(
    f"font_{name}"
    for name in (
        "variant_ligatures",
        "variant_position",
        "variant_caps",
        "variant_numeric",
        "variant_alternates",
        "variant_east_asian",
        "feature_settings",
        "language_override",
    )
)


def _is_plain(style: Any) -> bool:
    """Text without lines through or below it, and without features of its font: all that a report has."""
    if not hasattr(style, "_cchc_plain"):
        style._cchc_plain = (
            style["text_decoration_line"] == "none"
            and style["letter_spacing"] == "normal"
            and style["font_kerning"] == "auto"
            and style["font_size"] > 0
            and all(style[name] == "normal" for name in _FEATURES)
        )
    return bool(style._cchc_plain)


# 2%. The height of a line is asked for with every text, and its key is a string made of fourteen properties.


def _strut(style: Any) -> Any:
    if not hasattr(style, "_cchc_strut"):
        style._cchc_strut = _FOUND["strut"](style)
    return style._cchc_strut


# 3%, and more where tables repeat their figures. A text that fits on one line is shaped to be measured, let go, and
# shaped again to be drawn; one that a table holds a hundred times, two hundred times. Here it is shaped once a style,
# and kept as long as the document.

_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\xad\u2028\u2029]")
_NARROW = 0.42  # em a letter: a text narrower than that is tried on one line
_WIDEST = 2**21  # as WeasyPrint: more does not fit Pango's integer


class _KeptLine(line_break.Layout):  # type: ignore[misc]  # WeasyPrint has no types
    """A text of one line with its glyphs."""

    def __init__(self, text: str, style: Any, known: tuple[Any, ...], max_width: float | None) -> None:
        self.text, self.style, self.kept_for, self.max_width = text, style, style, max_width
        self.layout, self.language, self.first_line_direction = known[:3]
        self.ascent = self.underline_position = self.strikethrough_position = None
        self.justification_spacing = 0

    def deactivate(self) -> None:
        """Its glyphs are wanted once more."""

    def reactivate(self, style: Any) -> None:
        if style is not self.kept_for:
            super().reactivate(style)


def _split_first_line(  # noqa: PLR0917 (as WeasyPrint calls it)
    text: str,
    style: Any,
    context: Any,
    max_width: float | None,
    justification_spacing: float,
    is_line_start: bool = True,
    minimum: bool = False,
) -> Any:
    limit = None
    if max_width is not None and max_width < _WIDEST and style["white_space"] in {"normal", "pre-wrap", "pre-line"}:
        limit = max_width
    known = None if minimum or justification_spacing else _one_line(text, style, limit)
    if known is None or (limit is not None and known[4] >= int(max(0, limit) * TO_UNITS)):
        return _FOUND["split"](text, style, context, max_width, justification_spacing, is_line_start, minimum)
    length, units, height, baseline = known[3:]
    return _KeptLine(text, style, known, max_width), length, None, units * FROM_UNITS, height, baseline


def _one_line(text: str, style: Any, limit: float | None) -> tuple[Any, ...] | None:
    """Layout, language, direction, bytes, width in Pango's units, height, baseline; None: it is not to be tried."""
    if not hasattr(style, "_cchc_lines"):
        style._cchc_lines = {}
    if found := style._cchc_lines.get(text):
        return tuple(found)
    if not text or not _is_plain(style) or style["word_spacing"] or _BREAKS.search(text):
        return None
    if limit is not None and len(text) * style["font_size"] * _NARROW > limit:
        return None
    layout = line_break.Layout(style)
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    layout.set_text(text)
    line = pango.pango_layout_get_line_readonly(layout.layout, 0)
    extents = ffi.new("PangoRectangle *")
    pango.pango_layout_line_get_extents(line, ffi.NULL, extents)
    baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
    known = (layout.layout, layout.language, line.resolved_dir, line.length)
    style._cchc_lines[text] = (*known, extents.width, extents.height * FROM_UNITS, baseline)
    return tuple(style._cchc_lines[text])


# 6%. Twenty lengths are resolved for every box, one call each; without a percentage they are the same for every box of
# one style.

_SIDES = ("top", "right", "bottom", "left")
_LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    *(f"{limit}{axis}" for limit in ("", "min_", "max_") for axis in ("width", "height")),
)


def _resolve_percentages(box: Any, containing_block: Any) -> None:
    style = box.style
    if not hasattr(style, "_cchc_lengths"):
        style._cchc_lengths = _absolute_lengths(style)
    if style._cchc_lengths is None:
        _FOUND["percentages"](box, containing_block)
        return
    lengths, borders, collapsed = style._cchc_lengths
    vars(box).update(lengths)
    for name, width in borders.items():
        if not (collapsed and hasattr(box, name)):
            setattr(box, name, width)


def _absolute_lengths(style: Any) -> tuple[dict[str, Any], dict[str, Any], bool] | None:
    if style["box_sizing"] != "content-box":
        return None
    lengths: dict[str, Any] = {}
    for name in _LENGTHS:
        value = style[name]
        if value is None or value == "auto":
            lengths[name] = 0 if name in {"min_width", "min_height"} else value
        elif getattr(value, "unit", None) == "px":
            lengths[name] = value.value
        else:
            return None
    borders = {f"border_{side}_width": style[f"border_{side}_width"] for side in _SIDES}
    return lengths, borders, style["border_collapse"] == "collapse"


# 2%. Every tagged element asks for the list of all pages, which is made anew each time.


def _page_references(pdf: Any) -> Any:
    kids = len(pdf.pages["Kids"])
    if getattr(pdf, "_cchc_references", (None,))[0] != kids:
        pdf._cchc_references = kids, _FOUND["references"].fget(pdf)
    return pdf._cchc_references[1]


# 1%. Half a million values are written; most are bytes or text.


def _to_bytes(item: Any) -> Any:
    kind = type(item)
    if kind is bytes:
        return item
    return item.encode("ascii") if kind is str else _FOUND["bytes"](item)
