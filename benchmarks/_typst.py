"""The report's page, as HTML, told in Typst's language: the same texts, tables, forms and charts, for a peer's figure.

Nobody signs what it sets; it is as near as makes the work alike, and no nearer."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

SVG = "{http://www.w3.org/2000/svg}"
BLOCKS = {"article", "body", "div", "footer", "h1", "h2", "h3", "h4", "header", "nav", "ol", "p", "section"}
BLOCKS |= {"table", "ul", f"{SVG}svg"}
PREAMBLE = """#set document(title: {title})
#set page(paper: "a4", margin: (top: 20mm, right: 16mm, bottom: 20mm, left: 30mm), numbering: "1")
#set text(font: "Liberation Serif", lang: "vi", size: 13pt)
#set par(justify: true, first-line-indent: 10mm)
#set table(stroke: 0.35pt, inset: (x: 1mm, y: 2.2pt))
#show table: set text(size: 9.5pt)
#show table: set par(justify: false, first-line-indent: 0mm)
"""


def told(page: ET.Element) -> str:
    """A whole document."""
    title = page.findtext("head/title") or ""
    body = page.find("body")
    assert body is not None
    return PREAMBLE.format(title=_string(title)) + _blocks(body)


def _string(text: str) -> str:
    """A literal, in which nothing is markup."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _text(text: str | None) -> str:
    return f"#{_string(text)};" if text and text.strip() else " " if text else ""


def _inline(element: ET.Element) -> str:
    return _text(element.text) + "".join(_within_line(child) + _text(child.tail) for child in element)


def _within_line(child: ET.Element) -> str:
    match child.tag:
        case "br":
            return "#linebreak()"
        case "sup":
            return f"#super[{_inline(child)}]"
        case "b" | "strong":
            return f"#strong[{_inline(child)}]"
        case "i" | "em":
            return f"#emph[{_inline(child)}]"
    return _block(child) if child.tag in BLOCKS else _inline(child)


def _blocks(element: ET.Element) -> str:
    if not any(child.tag in BLOCKS for child in element):
        return _inline(element)
    return _text(element.text) + "".join(_within_line(child) + _text(child.tail) for child in element)


def _block(element: ET.Element) -> str:
    classes = element.get("class", "").split()
    match element.tag:
        case "h1" | "h2" | "h3" | "h4":
            return f"\n#heading(level: {element.tag[1]})[{_inline(element)}]\n"
        case "p":
            return f"\n#par[{_inline(element)}]\n"
        case "ul" | "ol":
            items = "".join(f"[{_blocks(item)}]," for item in element)
            return f"\n#{'list' if element.tag == 'ul' else 'enum'}({items})\n"
        case "table":
            return _table(element)
        case "section":
            flipped = "wide" in classes
            return f"\n#page(flipped: {str(flipped).lower()})[{_blocks(element)}]\n"
    if element.tag == f"{SVG}svg":
        alt = element.findtext(f"{SVG}title") or "Biểu đồ"
        drawn = ET.tostring(element, encoding="unicode")
        return f'\n#image(bytes({_string(drawn)}), format: "svg", alt: {_string(alt)})\n'
    if "bar" in classes and (width := re.search(r"width: ([\d.]+%)", element.get("style", ""))):
        return f"#rect(width: {width[1]}, height: 3.2mm, fill: gray)"
    return f"\n{_blocks(element)}\n"


def _table(table: ET.Element) -> str:
    head, body = ([row for part in table.findall(name) for row in part] for name in ("thead", "tbody"))
    caption = table.find("caption")
    title = "" if caption is None else f"\n#strong[{_blocks(caption)}]\n"
    columns = sum(int(cell.get("colspan", "1")) for cell in (head or body)[0])
    widths = [re.search(r"[\d.]+em", col.get("style", "")) for col in table.iter("col")]
    given = ", ".join(width[0] if width else "1fr" for width in widths) or ", ".join(["auto", *["1fr"] * (columns - 1)])
    heads = f"table.header({''.join(_cells(head))})," if head else ""
    return f"{title}\n#table(columns: ({given},), {heads}{''.join(_cells(body))})\n"


def _cells(rows: list[ET.Element]) -> Iterator[str]:
    for row in rows:
        for cell in row:
            spans = ", ".join(f"{name}: {cell.get(name)}" for name in ("colspan", "rowspan") if cell.get(name))
            side = "right" if "figure" in cell.get("class", "").split() else "left"
            yield f"table.cell(align: {side}{', ' + spans if spans else ''})[{_blocks(cell)}],"
