"""The peer is given the same texts, and nothing of them is markup to it."""

from __future__ import annotations

import io

import pypdf
import typst

from benchmarks._typst import told
from reporting.fonts import TEMPLATES
from reporting.typesetter import well_formed

PAGE = """<!doctype html><html lang="vi"><head><title>Thử</title></head><body>
<h1>BÁO CÁO</h1><h2>I. PHẦN</h2><p>Tỷ lệ *đúng* hạn #1 là 96,11% $x$ &lt;a&gt; "trích" \\ hết</p>
<table><colgroup><col style="width: 9.00em"/><col style="width: 5.00em"/></colgroup>
<thead><tr><th class="wide">Đơn vị</th><th class="figure">Hồ sơ</th></tr></thead>
<tbody><tr><td class="wide">Sở Y tế<sup>(a)</sup></td><td class="figure">1.234</td></tr>
<tr><td class="wide" colspan="2">Nhóm</td></tr></tbody></table>
<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="9pt"><title>Hình</title><rect width="9" height="9"/></svg>
<section class="wide"><p>Trang ngang</p></section></body></html>"""


def test_typst_sets_every_text_of_the_page() -> None:
    page = well_formed(PAGE)
    assert page is not None
    made = typst.compile(
        told(page).encode(), font_paths=[str(TEMPLATES / "fonts")], ignore_system_fonts=True, pdf_standards="ua-1"
    )
    assert isinstance(made, bytes)
    sheets = pypdf.PdfReader(io.BytesIO(made)).pages
    text = " ".join(sheet.extract_text() for sheet in sheets)
    for words in ("I. PHẦN", "*đúng* hạn #1 là 96,11% $x$ <a>", "Đơn vị", "1.234", "(a)", "Nhóm", "Trang ngang"):
        assert words in text
    assert sheets[-1].mediabox.width > sheets[-1].mediabox.height
