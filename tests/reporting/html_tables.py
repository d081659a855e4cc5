"""The tables of a page before it is set, read as a reader would: captions, rows of texts, marks apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class HtmlTable:
    """kind: the table's class. head, rows: texts of the cells; a cell over several columns has empty ones behind."""

    kind: str
    caption: str = ""
    head: list[list[str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[HtmlTable] = []
        self.inside: list[str] = []
        self.into: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "table":
            self.tables.append(HtmlTable(known.get("class", "").split()[0] if known.get("class") else ""))
        elif tag in {"thead", "tbody"}:
            self.inside.append(tag)
        elif tag == "tr" and self.inside:
            self._rows.append([])
            if self.inside[-1] == "tbody":
                self.tables[-1].marks.append("")
        elif tag in {"td", "th"} and self.inside:
            self._rows[-1] += [""] * int(known.get("colspan", "1"))
            self.into = f"cell -{known.get('colspan', '1')}"
        elif tag == "sup" and self.into:
            self.into = "marks"
        elif tag == "span" and known.get("class") == "title":
            self.into = "caption"

    def handle_endtag(self, tag: str) -> None:
        if tag in {"thead", "tbody"}:
            self.inside.pop()
        elif tag in {"td", "th", "span", "sup"}:
            self.into = None

    def handle_data(self, data: str) -> None:
        if self.into == "caption":
            self.tables[-1].caption += data
        elif self.into == "marks":
            self.tables[-1].marks[-1] += data
        elif self.into:
            self._rows[-1][int(self.into.removeprefix("cell "))] += data

    @property
    def _rows(self) -> list[list[str]]:
        table = self.tables[-1]
        return table.head if self.inside[-1] == "thead" else table.rows


def html_tables(html: str) -> list[HtmlTable]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.tables
