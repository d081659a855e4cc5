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
_MENTION = re.compile(r"(?<![\w/.-])docs/[\w./-]*\.md\b")
_SCRIPTS = ("setup", "docs/deploy")
_SAID = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"')
_FILLED_IN = re.compile(r"\$(?:\([^()]*\)|\{[^}]*\}|\w+)")
_HOLE = re.compile(r"…|\d[\d./:]*|«[^»]*»|\w+\.toml|[\w.-]*/[\w./-]*|\b[a-z]+(?:-[a-z]+)+\b|Khánh Hòa")
"""In a quote: numbers, names, files, sources and the province stand for what is filled in."""
_AROUND = " .,:;()\n"
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


def mentions(page: Path) -> Iterator[Quote]:
    """Documents that are named in the text, in code or in a command, and not linked: docs/….md of the repository."""
    text = page.read_text(encoding="utf-8")
    for found in _MENTION.finditer(text):
        yield Quote(page, text.count("\n", 0, found.start()) + 1, found[0])


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


def printed(page: Path) -> Iterator[Quote]:
    """Lines that a terminal shows: of blocks that are in no language."""
    text = page.read_text(encoding="utf-8")
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start()) + 2
        for number, line in enumerate(block["text"].split("\n"), start=first):
            if block[0].lstrip().startswith("```\n") and line.strip() and not line.strip().startswith("$ "):
                yield Quote(page, number, line.strip())


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
    """Every text of the program's own code and of its scripts, with ANY where a value is filled in; one that stands in
    two pieces beside each other is one."""
    found: list[str] = []
    for layer in _LAYERS:
        for file in (REPOSITORY / layer).rglob("*.py"):
            found += _texts(ast.parse(file.read_text(encoding="utf-8")))
    for folder in _SCRIPTS:
        for file in (REPOSITORY / folder).iterdir():
            if file.is_file() and not file.suffix:
                found += _shells(file.read_text(encoding="utf-8"))
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


def _shells(script: str) -> Iterator[str]:
    """What stands between double quotes; values of the shell are filled in."""
    for found in _SAID.finditer(script):
        if is_vietnamese(found["text"]):
            yield _FILLED_IN.sub(ANY, found["text"])


def is_said(quote: str) -> bool:
    """Whether one template has all its pieces in their order: …, numbers and names stand for what is filled in. Or it
    is put together of templates, where one is filled into another: THIẾU: … không còn | khi sao lưu."""
    pieces = [bare for piece in _HOLE.split(quote) if (bare := piece.strip(_AROUND))]
    wanted = re.compile(".*".join(re.escape(piece) for piece in pieces), re.DOTALL | re.IGNORECASE)
    return any(wanted.search(template) for template in templates()) or _is_put_together(ANY.join(pieces).lower())


@cache
def _stretches() -> str:
    """All that templates have between two values, each between two ANY."""
    every = (stretch.strip(_AROUND).lower() for template in templates() for stretch in template.split(ANY))
    return ANY.join(["", *dict.fromkeys(every), ""])


def _is_put_together(quote: str, *, before: str = "", cuts: int = 1) -> bool:
    """Of whole stretches: only the first may lack its beginning, and the last its end. quote: with ANY for each value.
    before: ANY behind the first. cuts: how many more there may be between values; with many
    anything could be put together of single words."""
    head, value, rest = quote.partition(ANY)
    if f"{before}{head}{value}" in _stretches() and (not value or _is_put_together(rest, before=ANY, cuts=cuts)):
        return True
    words = head.split(" ")
    for count in range(1, len(words) if cuts else 0):
        first, others = (" ".join(part).strip(_AROUND) for part in (words[:count], words[count:]))
        ends = f"{before}{first}{ANY}" in _stretches()
        if ends and _is_put_together(f"{others}{value}{rest}", before=ANY, cuts=cuts - 1):
            return True
    return False
