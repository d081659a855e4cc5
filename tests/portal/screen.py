"""What a page says, for whoever reads it: its text, its tables, its links; from the HTML that the browser gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

SILENT = {"script", "style", "svg"}


@dataclass
class Table:
    """classes: of the table; rows: texts of the cells, the head first."""

    classes: str
    rows: list[list[str]] = field(default_factory=list)


class Screen(HTMLParser):
    """tables: in order. links: text → address, the last of that text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self.links: dict[str, str] = {}
        self._text: list[str] = []
        self._silent = 0
        self._cell: list[str] | None = None
        self._link: tuple[str, list[str]] | None = None
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join("".join(self._text).split())

    def table(self, classes: str) -> list[list[str]]:
        """The rows of the first table of those classes."""
        return next(table.rows for table in self.tables if table.classes == classes)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in SILENT:
            self._silent += 1
        elif tag == "table":
            self.tables.append(Table(said.get("class") or ""))
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in {"td", "th"} and self.tables:
            self._cell = []
        elif tag == "a":
            self._link = (said.get("href") or "", [])
        if tag not in {"a", "strong", "span", "sup"}:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent -= 1
        elif tag in {"td", "th"} and self._cell is not None:
            self.tables[-1].rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None
        elif tag == "a" and self._link is not None:
            href, words = self._link
            self.links[" ".join("".join(words).split())] = href
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self._text.append(data)
        if self._cell is not None:
            self._cell.append(data)
        if self._link is not None:
            self._link[1].append(data)
