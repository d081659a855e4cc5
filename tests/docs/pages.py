"""What the documents quote: commands, the system's words, links; and the words that the system has."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from contracts.settings import REPOSITORY

DOCS = REPOSITORY / "docs"
ANY = "\0"
"""Stands for whatever a message fills in."""
_BLOCK = re.compile(r"^(?P<indent> *)```[^\n]*\n(?P<text>.*?)^(?P=indent)```", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"(?<!`)`(?P<text>[^`]+)`(?!`)")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(?P<text>.+)$", re.MULTILINE)
_LAYERS = (
    "contracts sources transforms expectations warehouse storage reporting flows portal cli demo".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Quote:
    """Something that a page quotes, and where."""

    page: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(REPOSITORY)}:{self.line}: {self.text}"


def pages() -> list[Path]:
    return [REPOSITORY / "README.md", *sorted(DOCS.rglob("*.md"))]


def commands(page: Path) -> Iterator[Quote]:
    """`cchc …` in a line of text, and lines that begin with it (after `$ `) in blocks."""
    text = page.read_text(encoding="utf-8")
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start()) + 2
        for number, line in enumerate(_joined(block["text"].split("\n")), start=first):
            if said := re.match(r"\s*(?:\$ )?(?P<words>cchc .+)", line):
                yield Quote(page, number, said["words"])
    for quote in codes(page):
        if quote.text.startswith("cchc "):
            yield quote


def _joined(lines: list[str]) -> list[str]:
    """Lines that a backslash continues are one, at the place of the first."""
    for number in range(len(lines) - 1, 0, -1):
        if lines[number - 1].endswith("\\"):
            lines[number - 1] = lines[number - 1].removesuffix("\\") + lines[number].strip()
            lines[number] = ""
    return lines


def codes(page: Path) -> Iterator[Quote]:
    """Code in a line of text; one that goes on in the next line is one."""
    text = page.read_text(encoding="utf-8")
    shown = _BLOCK.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), text)
    for found in _CODE.finditer(shown):
        yield Quote(page, shown.count("\n", 0, found.start()) + 1, " ".join(found["text"].split()))


def capitals(page: Path) -> Iterator[Quote]:
    """Words in capitals by which the system begins what it says, in blocks: XONG, BẢN ĐÃ DUYỆT GIỮ NGUYÊN."""
    text = page.read_text(encoding="utf-8")
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start()) + 2
        for number, line in enumerate(block["text"].split("\n"), start=first):
            said = re.match(r"\s*(?P<words>[^\W\d_a-z]{3,}(?: [^\W\d_a-z]+)*)\b", line)
            if said and said["words"].isupper() and not said["words"].isascii():
                yield Quote(page, number, said["words"])


def links(page: Path) -> Iterator[Quote]:
    text = page.read_text(encoding="utf-8")
    shown = _CODE.sub("", _BLOCK.sub(lambda block: "\n" * block[0].count("\n"), text))
    for found in _LINK.finditer(shown):
        yield Quote(page, shown.count("\n", 0, found.start()) + 1, found["target"])


@cache
def anchors(page: Path) -> frozenset[str]:
    """As GitHub makes them of headings."""
    shown = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    heads = (re.sub(r"[`*]", "", found["text"]).strip().lower() for found in _HEADING.finditer(shown))
    return frozenset(re.sub(r"[^\w\- ]", "", head).replace(" ", "-") for head in heads)


def is_vietnamese(text: str) -> bool:
    """Whether some letter of it is of no other language that the documents use."""
    return any(not letter.isascii() and letter.isalpha() for letter in unicodedata.normalize("NFC", text))


@cache
def templates() -> tuple[str, ...]:
    """Every text of the program's own code, with ANY where a value is filled in; one that stands in two pieces beside
    each other is one."""
    found: list[str] = []
    for layer in _LAYERS:
        for file in (REPOSITORY / layer).rglob("*.py"):
            found += _texts(ast.parse(file.read_text(encoding="utf-8")))
    return tuple(dict.fromkeys(found))


def _texts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            text = "".join(part.value if isinstance(part, ast.Constant) else ANY for part in node.values)
        else:
            continue
        if is_vietnamese(text):
            yield re.sub(r"\[/?[a-z ]*\]", "", text)


def is_said(quote: str) -> bool:
    """Whether one template has all its pieces in their order: …, numbers and names stand for what is filled in."""
    pieces = [piece for piece in re.split(r"…|\d[\d./:]*|«[^»]*»|\w+\.toml", quote) if piece.strip(" .,:;()")]
    wanted = re.compile(".*".join(re.escape(piece.strip()) for piece in pieces), re.DOTALL | re.IGNORECASE)
    return any(wanted.search(template) for template in templates())
