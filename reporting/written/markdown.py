"""The Markdown that staff may write: paragraphs, lists, bold, italics; everything else is refused with its line.

Nothing of the parser's own HTML is used. What comes out is a row of pieces: a tag of TAGS without attributes, words
that are escaped when they are placed, and places of computed figures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reporting.fonts import missing_glyphs

TAGS = ("p", "strong", "em", "ul", "ol", "li", "br")
MOST_LETTERS = 20_000
MOST_NESTED = 3
"""Lists in lists, and bold in italics in bold: what is deeper was not meant, or meant ill."""
SCHEMES = ("http://", "https://", "mailto:")
_PLACE = re.compile(r"\{([^{}]{0,80})\}")
_HTML = re.compile(r"</?[a-zA-Z!][^<>]*>")
_NEW_PARAGRAPH = re.compile(r"(\(?([a-zđ]|\d{1,2}|[ivx]{1,4})\)|[–—•+])\s", re.IGNORECASE)
"""A line that goes on an enumeration as officials write it, which Markdown would join with the one before: a) … đ) …"""
_COPIED_BULLET = re.compile(r"^([ \t]*)(?:[•●○◦▪■·\uf0a7\uf0b7]\s+|[-+*]\t+|o\t+)")
"""What a list of Word begins its lines with when it is pasted into Notepad."""
_INVISIBLE = {"Cc", "Cf"}
_REFUSED = {
    "fence": ("khối mã (```) không dùng được", "viết thành đoạn văn thường"),
    "code_block": ("khối mã không dùng được", "viết thành đoạn văn thường"),
    "blockquote_open": ("dấu trích dẫn (>) ở đầu dòng không dùng được", "bỏ dấu > ở đầu dòng"),
    "hr": ("đường kẻ ngang (---) không dùng được", "bỏ dòng này"),
    "table_open": (
        "bảng không dùng được: bảng của báo cáo do phần mềm lập từ số liệu đã kiểm tra",
        "viết thành danh sách, hoặc đưa bảng vào tài liệu kèm theo",
    ),
    "html_block": ("thẻ HTML không dùng được", "bỏ thẻ, viết chữ thường"),
    "html_inline": ("thẻ HTML không dùng được", "bỏ thẻ, viết chữ thường"),
    "image": ("ảnh không dùng được", "bỏ ảnh, gửi ảnh kèm theo báo cáo"),
}
_PLAIN = {"strong_open": "strong", "strong_close": "/strong", "em_open": "em", "em_close": "/em"}


@dataclass(frozen=True)
class Fault:
    """What is wrong in which line, and what to do; both for staff."""

    line: int
    wrong: str
    advice: str


@dataclass(frozen=True)
class Tag:
    """One of TAGS, opening or closing, or the number of an item as it was typed."""

    html: str


@dataclass(frozen=True)
class Words:
    """Text as it was written, not yet escaped."""

    text: str
    line: int


@dataclass(frozen=True)
class Place:
    """Where a computed figure is to stand: {tỷ lệ A}."""

    name: str
    line: int


Piece = Tag | Words | Place


@dataclass(frozen=True)
class Reading:
    """pieces: in order; not to be used where there are faults."""

    pieces: tuple[Piece, ...]
    faults: tuple[Fault, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Place))


def read(text: str, *, first_line: int = 1) -> Reading:
    """Of one part. first_line: the line of its file on which it begins."""
    if len(text) > MOST_LETTERS:
        wrong = f"nội dung dài quá {MOST_LETTERS // 1000} nghìn chữ cái"
        return Reading((), (Fault(first_line, wrong, "rút gọn; chi tiết để ở tài liệu kèm theo"),))
    walk = _Walk(first_line)
    walk.blocks(_parser().parse(_as_lists(text)))
    return Reading(tuple(walk.pieces), tuple(dict.fromkeys(sorted(walk.faults, key=lambda f: f.line))))


def _as_lists(text: str) -> str:
    """Lists as officials type them: bullets of Word are items; a line with + is below the one with - before it, also
    without an indent. Lines keep their numbers."""
    told, is_listed, is_after_gap = [], False, False
    for line in text.split("\n"):
        bullet = _COPIED_BULLET.match(line)
        mark = "+" if bullet and "+" in bullet[0] else "-"
        said = f"{bullet[1]}{mark} {line[bullet.end() :]}" if bullet else line
        if said.startswith("- "):
            is_listed = True
        elif said.startswith("+ ") and is_listed:
            said = f"  {said}"
        elif said.strip() and is_after_gap and not said.startswith((" ", "\t")):
            is_listed = False
        told.append(said)
        is_after_gap = not said.strip()
    return "\n".join(told)


def markup(pieces: Iterable[Piece], fill: Callable[[str], str]) -> str:
    """HTML of TAGS alone. fill: the printed figure of a place."""
    return "".join(_html(piece, fill) for piece in pieces)


def _html(piece: Piece, fill: Callable[[str], str]) -> str:
    if isinstance(piece, Tag):
        return piece.html
    return escape(piece.text if isinstance(piece, Words) else fill(piece.name), quote=False)


def lines(pieces: Iterable[Piece]) -> Iterator[tuple[int, str]]:
    """The text line by line with its number, without marks; places stand in it as {name}."""
    number, text = 0, ""
    for piece in pieces:
        if isinstance(piece, Tag):
            if "strong" in piece.html or "em>" in piece.html:
                continue
            line, more = 0, ""
        else:
            line, more = piece.line, piece.text if isinstance(piece, Words) else f"{{{piece.name}}}"
        if line != number:
            if text:
                yield number, text
            number, text = line, ""
        text += more
    if text:
        yield number, text


def composed(text: str) -> str:
    """NFC, without marks that nobody sees: direction marks, joiners and soft hyphens come along when text is copied."""
    whole = unicodedata.normalize("NFC", text)
    return "".join(c for c in whole if c in "\n\t" or unicodedata.category(c) not in _INVISIBLE)


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (the parser's own name)
        """Every address is recognised as one, so that it can be refused in words and not be printed as Markdown."""
        return True


@cache
def _parser() -> MarkdownIt:
    """Without what would eat or change text unseen: definitions of links, headings by a line below, code by indent."""
    parser = _Parser("commonmark", {"html": False, "maxNesting": 100})
    return parser.enable("table").disable(["code", "lheading", "reference", "backticks"])


@dataclass
class _Walk:
    """Goes through the parser's tokens once, in their order."""

    first_line: int
    pieces: list[Piece] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _lists: list[str] = field(default_factory=list)  # ul, ol, or "" for items that keep the numbers as typed
    _label: str = ""
    _line: int = 0
    _in_paragraph: bool = False

    def blocks(self, tokens: Sequence[Token]) -> None:
        for place, token in enumerate(tokens):
            if token.map:
                self._line = self.first_line + token.map[0]
            self._block(token, tokens, place)

    def _block(self, token: Token, tokens: Sequence[Token], place: int) -> None:
        match token.type:
            case "paragraph_open" | "heading_open":
                self._open_paragraph(token)
            case "paragraph_close" | "heading_close":
                self._close_paragraph(token)
            case "bullet_list_open" | "ordered_list_open":
                self._open_list(_kind(token, tokens, place))
            case "bullet_list_close" | "ordered_list_close":
                self._tag(f"/{self._lists.pop()}")
            case "list_item_open":
                self._open_item(token)
            case "list_item_close":
                self._close_item()
            case "inline":
                self._inline(token.children or [])
            case refused if refused in _REFUSED:
                self._refuse(*_REFUSED[refused])

    def _tag(self, name: str) -> None:
        if name.strip("/"):
            self.pieces.append(Tag(f"<{name}>"))

    def _refuse(self, wrong: str, advice: str, line: int | None = None) -> None:
        self.faults.append(Fault(self._line if line is None else line, wrong, advice))

    def _open_paragraph(self, token: Token) -> None:
        """A heading is a bold paragraph: the outline of the report is not the office's. A paragraph of a list without
        empty lines is no paragraph of its own."""
        self._in_paragraph = not token.hidden or bool(self._lists and not self._lists[-1])
        if self._in_paragraph:
            self._tag("p")
        if self._label:
            self.pieces.append(Tag(self._label))
            self._label = ""
        if token.type == "heading_open":
            self._tag("strong")

    def _close_paragraph(self, token: Token) -> None:
        if token.type == "heading_close":
            self._tag("/strong")
        if self._in_paragraph:
            self._tag("/p")
        self._in_paragraph = False

    def _open_list(self, kind: str) -> None:
        self._lists.append(kind)
        self._tag(kind)
        if len(self._lists) > MOST_NESTED:
            self._refuse(f"danh sách lồng quá {MOST_NESTED} cấp", "bớt cấp, hoặc viết thành đoạn văn")

    def _open_item(self, token: Token) -> None:
        if self._lists[-1]:
            self._tag("li")
        else:
            self._label = f"{token.info}{token.markup} "

    def _close_item(self) -> None:
        if self._lists[-1]:
            self._tag("/li")
        elif self._label:
            self.pieces.append(Tag(f"<p>{self._label.strip()}</p>"))
            self._label = ""

    def _inline(self, children: Sequence[Token]) -> None:
        line, depth, link = self._line, 0, ("", 0)
        for place, child in enumerate(children):
            match child.type:
                case "text" | "text_special" | "code_inline":
                    self._words(child.content, line)
                case "softbreak" | "hardbreak":
                    line += 1
                    self._break(child, children[place + 1 : place + 2], depth, line)
                case "link_open":
                    link = (str(child.attrs.get("href", "")), len(self.pieces))
                case "link_close":
                    self._address(*link, line)
                case known if known in _PLAIN:
                    depth += child.nesting
                    self._tag(_PLAIN[known])
                    if depth > MOST_NESTED:
                        self._refuse("chữ đậm, chữ nghiêng lồng nhau quá nhiều", "bớt các dấu * và _", line)
                case refused:
                    self._refuse(*_REFUSED.get(refused, ("nội dung này không dùng được", "viết chữ thường")), line)

    def _break(self, token: Token, following: Sequence[Token], depth: int, line: int) -> None:
        """Lines of one paragraph are joined, as Markdown has it, but for the next item of an enumeration."""
        starts = bool(following and _NEW_PARAGRAPH.match(following[0].content))
        if starts and self._in_paragraph and not depth:
            self.pieces += [Tag("</p>"), Tag("<p>")]
        elif starts or token.type == "hardbreak":
            self._tag("br")
        else:
            self.pieces.append(Words(" ", line))

    def _address(self, address: str, since: int, line: int) -> None:
        """A link is its words, and its address in brackets where that is another text."""
        shown = _parser().normalizeLinkText(address)
        if not shown.lower().startswith(SCHEMES):
            self._refuse(f"liên kết «{shown[:60]}» không dùng được", "chỉ ghi chữ, hoặc địa chỉ http, https", line)
            return
        said = "".join(piece.text for piece in self.pieces[since:] if isinstance(piece, Words))
        if said not in (shown, shown.removeprefix("mailto:")):
            self._words(f" ({shown})", line)

    def _words(self, text: str, line: int) -> None:
        """Looked at as it will be printed: what was written as an entity is a letter by now."""
        clean = composed(text)
        for found in _HTML.findall(clean):
            self._refuse(f"thẻ HTML «{found[:40]}» không dùng được", "bỏ thẻ, viết chữ thường", line)
        if odd := missing_glyphs(clean) + ("�" if "�" in clean else ""):
            named = ", ".join(f"«{c}» (U+{ord(c):04X})" for c in dict.fromkeys(odd))
            self._refuse(f"phông chữ của báo cáo không có ký tự {named}", "xóa hoặc thay ký tự này", line)
        if "**" in clean:
            self._refuse("dấu ** lẻ: chữ đậm cần ** ở cả hai đầu, sát chữ", "thêm hoặc bỏ dấu **", line)
        for piece in _pieces(clean, line):
            if isinstance(piece, Words) and ("{" in piece.text or "}" in piece.text):
                self._refuse("dấu ngoặc nhọn { } lẻ: chỉ dùng để gọi số liệu, ví dụ {tỷ lệ A}", "bỏ dấu này", line)
            self.pieces.append(piece)


def _kind(token: Token, tokens: Sequence[Token], place: int) -> str:
    """ul; ol where the numbers are 1., 2., 3. …; else "": items keep the numbers that were typed, which Markdown would
    count anew."""
    if token.type == "bullet_list_open":
        return "ul"
    numbers = []
    for index in range(place + 1, len(tokens)):
        other = tokens[index]
        if other.type == "ordered_list_close" and other.level == token.level:
            break
        if other.type == "list_item_open" and other.level == token.level + 1:
            numbers.append(int(other.info))
    counted = numbers[0] == 1 and all(later == one + 1 for one, later in pairwise(numbers))
    return "ol" if counted and token.markup == "." else ""


def _pieces(text: str, line: int) -> Iterator[Words | Place]:
    for place, part in enumerate(_PLACE.split(text)):
        if place % 2:
            yield Place(part, line)
        elif part:
            yield Words(part, line)
