"""A copy of a report's PDF that says on every page that it is not the document: DỰ THẢO, or ĐÃ THU HỒI.

The registered file has no such mark: it is the one that is signed, byte for byte. What is handed around before approval
is this copy. The mark lies in front as an artifact, so that tags, links and text stay as they are; it darkens what is
white, leaves what is black, and has no dark edge that could be read into a digit. A copier that knows no grey loses the
word, and keeps the line at the foot, which is black. Fields to sign are locked. Same file, same mark: same bytes."""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reporting.fonts import TEMPLATES

if TYPE_CHECKING:  # who only asks whether a file is such a copy needs none of it
    import pikepdf

MAKING = 1
"""To be raised when marked copies come to look otherwise: kept ones are made anew then."""
_CLAIM = re.compile("Bản sao có dấu của tệp ([0-9a-f]{64})".encode())
_DIAGONAL = 0.66
"""Length of the word, in diagonals of the page."""
_FILL, _EDGE, _EDGE_WIDTH = 0.89, 0.66, 0.4
_FOOT_SIZE, _FOOT_HEIGHT = 9.5, 17.0
_READ_ONLY = 1


@dataclass(frozen=True)
class Mark:
    """word: across the page; foot: the line at its foot."""

    word: str
    foot: str


def draft(version: int) -> Mark:
    return Mark("DỰ THẢO", f"Bản {version} – dự thảo, chưa duyệt – không có giá trị phát hành")


def withdrawn(version: int) -> Mark:
    return Mark("ĐÃ THU HỒI", f"Bản {version} – đã thu hồi – không có giá trị phát hành")


def copy_of(content: bytes) -> str | None:
    """SHA-256 of the file that a marked copy says it was made of; None for any other file. What a file says of itself
    proves nothing: it may serve to refuse it, never to take it."""
    found = _CLAIM.search(content)
    return found[1].decode() if found else None


def marked(content: bytes, mark: Mark, *, sha256: str) -> bytes:
    """The copy. content: the PDF as printed; sha256: its own, which the copy names."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = {"CchcWord": _font(pdf, "Bold", mark.word), "CchcFoot": _font(pdf, "Regular", mark.foot)}
        darken = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, BM=pikepdf.Name.Multiply))
        plain = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, BM=pikepdf.Name.Normal))
        states = {"CchcDarken": darken, "CchcPlain": plain}
        for page in pdf.pages:
            _lend(page, "/Font", fonts)
            _lend(page, "/ExtGState", states)
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(_drawn(mark, *map(float, page.mediabox)))
        _lock(pdf)
        _tell(pdf, mark, sha256)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _lend(page: pikepdf.Page, kind: str, named: dict[str, Any]) -> None:
    """The page may share its resources with others: to lend the same twice does nothing."""
    import pikepdf

    resources = page.resources
    if kind not in resources:
        resources[kind] = pikepdf.Dictionary()
    for name, one in named.items():
        resources[kind][f"/{name}"] = one


def _drawn(mark: Mark, left: float, bottom: float, right: float, top: float) -> bytes:
    """Ends what the page drew, then the word along the diagonal and the line at the foot."""
    width, height = right - left, top - bottom
    word, foot = _letters("Bold", mark.word), _letters("Regular", mark.foot)
    size = _DIAGONAL * math.hypot(width, height) / word.width
    angle = math.atan2(height, width)
    cos, sin = math.cos(angle), math.sin(angle)
    along, across = word.width * size / 2, word.height * size / 2
    x = left + width / 2 - along * cos + across * sin
    y = bottom + height / 2 - along * sin - across * cos
    foot_x = left + (width - foot.width * _FOOT_SIZE) / 2
    said = (
        "Q /Artifact <</Type /Pagination /Subtype /Watermark>> BDC q",
        f"/CchcDarken gs {_FILL} g {_EDGE} G {_EDGE_WIDTH} w 1 j BT 2 Tr /CchcWord {_n(size)} Tf",
        f"{_n(cos)} {_n(sin)} {_n(-sin)} {_n(cos)} {_n(x)} {_n(y)} Tm {word.shown} Tj ET",
        f"/CchcPlain gs 0 g BT 0 Tr /CchcFoot {_FOOT_SIZE} Tf",
        f"1 0 0 1 {_n(foot_x)} {_n(bottom + _FOOT_HEIGHT)} Tm {foot.shown} Tj ET Q EMC",
    )
    return "\n".join(said).encode()


def _n(number: float) -> str:
    return f"{number:.4f}"


@dataclass(frozen=True)
class _Letters:
    """A text in a subset of one of our fonts. font: its file; glyphs: of each letter in order; advances: thousandths,
    by glyph; width, height: of the text and of its capitals, in ems."""

    font: bytes
    text: str
    glyphs: tuple[int, ...]
    advances: tuple[int, ...]
    height: float

    @property
    def width(self) -> float:
        return sum(self.advances[glyph] for glyph in self.glyphs) / 1000

    @property
    def shown(self) -> str:
        return f"<{''.join(f'{glyph:04x}' for glyph in self.glyphs)}>"


@lru_cache(maxsize=32)
def _letters(style: str, text: str) -> _Letters:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = []
    options.drop_tables += ["GDEF", "GPOS", "GSUB", "FFTM"]
    with TTFont(TEMPLATES / "fonts" / f"LiberationSerif-{style}.ttf", recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(font)
        names, metrics, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        order = font.getGlyphOrder()
        out = io.BytesIO()
        font.save(out)
        return _Letters(
            font=out.getvalue(),
            text=text,
            glyphs=tuple(order.index(names[ord(letter)]) for letter in text),
            advances=tuple(round(metrics[name][0] * 1000 / em) for name in order),
            height=font["OS/2"].sCapHeight / em,
        )


def _font(pdf: pikepdf.Pdf, style: str, text: str) -> Any:
    import pikepdf
    from pikepdf import Array, Dictionary, Name

    letters = _letters(style, text)
    name = Name(f"/{'CCHCWM' if style == 'Bold' else 'CCHCFT'}+ReportSerif-{style}")
    file = pdf.make_stream(letters.font)
    file.Length1 = len(letters.font)
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=name, Flags=4, FontBBox=Array([-544, -303, 1278, 981]), ItalicAngle=0,
        Ascent=891, Descent=-216, CapHeight=655, StemV=120 if style == "Bold" else 80, FontFile2=file,
    )  # fmt: skip
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor), CIDToGIDMap=Name.Identity,
        W=Array([0, Array(list(letters.advances))]),
    )  # fmt: skip
    whole = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=name, Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]), ToUnicode=pdf.make_stream(_to_unicode(letters)),
    )  # fmt: skip
    return pdf.make_indirect(whole)


def _to_unicode(letters: _Letters) -> bytes:
    pairs = sorted(set(zip(letters.glyphs, letters.text, strict=True)))
    lines = (f"<{glyph:04x}> <{ord(letter):04x}>" for glyph, letter in pairs)
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <ffff> endcodespacerange",
            f"{len(pairs)} beginbfchar",
            *lines,
            "endbfchar endcmap CMapName currentdict /CMap defineresource pop end end",
        )
    ).encode()


def _lock(pdf: pikepdf.Pdf) -> None:
    """Nobody is to sign or number a copy that is not the document."""
    if "/AcroForm" not in pdf.Root:
        return
    for field in pdf.Root["/AcroForm"].get("/Fields", ()):
        field["/Ff"] = int(field.get("/Ff", 0)) | _READ_ONLY


def _tell(pdf: pikepdf.Pdf, mark: Mark, sha256: str) -> None:
    """In its properties: what it is, for the window's title and for `copy_of`."""
    title = f"{mark.word} – {pdf.docinfo.get('/Title', '')}"
    pdf.docinfo["/Title"] = title
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as told:
        told["dc:title"] = title
        told["dc:description"] = f"{mark.foot}. Bản sao có dấu của tệp {sha256}"
