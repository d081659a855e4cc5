"""What is done otherwise than in WeasyPrint gives the same pages, byte for byte, and is gone when the page is set."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import pytest
import tinyhtml5
import weasyprint

from reporting import outputs, render, typesetter
from reporting.context import build_context
from reporting.data_file import DataFile
from reporting.outputs import Written
from reporting.render import to_html, typeset
from tests.reporting import sample

STRANGE = """<!doctype html>
<html lang="vi"><head><title>Thử</title><meta name="dcterms.created" content="2024-12-16T00:00:00Z">
<link rel="stylesheet" href="print.css"></head><body>
<h1>Một trang có mọi thứ</h1>
<p>Đoạn dài <b>đậm</b> <i>nghiêng</i> <u>gạch chân</u> <s>gạch ngang</s> {long}</p>
<p style="letter-spacing: 1pt">giãn chữ</p><p style="word-spacing: 3pt">giãn từ hai lần</p>
<p style="font-variant-caps: small-caps">chữ hoa nhỏ</p><p style="text-align: left; width: 20mm">{word}</p>
<p style="white-space: pre">dòng một
dòng hai\tcách</p><p>ngắt&#173;mềm <span style="font-size: 0">ẩn</span> a&#160;b 1.234</p>
<ul><li>một</li><li>hai<ol><li>ba</li></ol></li></ul>
<div style="display: flex; width: 50%"><p style="margin: 5%">x</p>
<p style="padding: 2%; box-sizing: border-box">y</p></div>
<table class="own"><tbody>{rows}</tbody></table>
<p>trước<span style="display: inline-block; width: 30mm">khối trong dòng</span>sau, 100% “trích” – gạch</p>
<svg xmlns="http://www.w3.org/2000/svg" width="80mm" height="10mm" viewBox="0 0 200 30"><title>Hình</title>
<text x="3" y="20" font-size="12" font-family="Report Serif">Chữ trong hình</text></svg>
</body></html>"""


def strange(closed: bool = True) -> str:
    rows = "".join(
        f'<tr class="unit"><td class="wide">Xã {n % 3}</td><td class="figure">{n % 4}</td></tr>' for n in range(60)
    )
    page = STRANGE.format(long="Nội dung rất dài của một đoạn văn. " * 20, word="W" * 60, rows=rows)
    return page if closed else page.replace("<li>hai<ol>", "<li>hai<br><ol>").replace("</td></tr></tbody>", "</tbody>")


def district() -> str:
    given = sample.report_input()
    return to_html(build_context(given, unit=given.province.units.find("576", on=given.as_of)))


@contextmanager
def nothing_replaced() -> Iterator[None]:
    yield


def both(document: Any) -> Written:
    """The report and its archival copy."""
    return outputs.write(document, attached=(DataFile("so-lieu.csv", b"a;b\n1;2\n", "Số liệu"),))


def as_weasyprint_does(html: str, write: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch) -> tuple[int, Any]:
    with monkeypatch.context() as patch:
        patch.setattr(typesetter, "faster", nothing_replaced)
        return typeset(html, write)


def test_the_versions_are_those_that_were_looked_at() -> None:
    """Where this fails: see whether each replacement in reporting/typesetter.py is still what WeasyPrint does (its
    functions in _FOUND), and whether it still saves time (make bench NAME=render), then note the new version."""
    assert {name: version(name) for name in typesetter.KNOWN} == typesetter.KNOWN


def test_a_district_report_is_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portrait and landscape pages, forms, tables, charts, both files."""
    html = district()
    assert typeset(html, both) == as_weasyprint_does(html, both, monkeypatch)


def test_anything_else_is_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines through text, spacing, soft hyphens, percentages, features of fonts, text in pictures, words too long."""
    for html in (strange(), strange(closed=False)):
        assert typeset(html, render.plain_pdf) == as_weasyprint_does(html, render.plain_pdf, monkeypatch)


def test_our_pages_are_well_formed() -> None:
    """So that they are read by the quick parser, and as HTML reads them."""
    html = district()
    quick = typesetter.well_formed(html)
    assert quick is not None
    assert list(told(quick)) == list(told(tinyhtml5.parse(html, namespace_html_elements=False)))


def told(tree: ET.Element) -> Iterator[tuple[str, dict[str, str], str]]:
    """The declaration of a name space, which only HTML's parser keeps as an attribute, aside."""
    for element in tree.iter():
        attributes = {name: value for name, value in element.attrib.items() if not name.endswith("}xmlns")}
        yield element.tag, attributes, f"{(element.text or '').strip()}|{(element.tail or '').strip()}"


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td>x</td></tr></table>",
        "<p>một<div>hai</div></p>",
        "<p>một<p>hai",
        "<!-- một --><p>hai</p>",
        "<p>a &nbsp; b</p>",
        "<p title=một>hai</p>",
        '<!DOCTYPE x [<!ENTITY a "aa">]><p>&a;</p>',
    ],
)
def test_what_html_reads_otherwise_is_left_to_its_parser(body: str) -> None:
    assert typesetter.well_formed(f"<!doctype html><html><head></head><body>{body}</body></html>") is None


def test_weasyprint_is_as_it_was_when_the_page_is_set() -> None:
    before = {what: id(one) for what, one in typesetter._FOUND.items()}
    with pytest.raises(ZeroDivisionError), typesetter.faster():
        assert weasyprint.layout.inline.split_first_line is typesetter._split_first_line
        assert weasyprint.HTML._ua_stylesheets is typesetter._user_agent_sheet
        raise ZeroDivisionError
    assert weasyprint.layout.inline.split_first_line is typesetter._FOUND["split"]
    assert weasyprint.layout.table.resolve_percentages is typesetter._FOUND["percentages"]
    assert not list(replaced())
    assert before == {what: id(one) for what, one in typesetter._FOUND.items()}


def replaced() -> Iterator[str]:
    ours = {id(one) for one in typesetter._replacements().values()}
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in typesetter.KNOWN:
            yield from (f"{name}.{key}" for key, value in vars(module).items() if id(value) in ours)


def test_another_version_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetter, "KNOWN", {**typesetter.KNOWN, "weasyprint": "71.0"})
    with typesetter.faster():
        assert not list(replaced())


def test_a_press_holds_no_tables_of_data_and_no_database() -> None:
    """A hundred megabytes and two seconds a process."""
    heavy = "{'pandas', 'pyarrow', 'sqlalchemy', 'great_expectations', 'prefect'}"
    code = f"import sys, reporting.press; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
