"""Reports by WeasyPrint, as we set them and plainly. The imports are not measured."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import weasyprint

from benchmarks._render_peers import folder_of
from reporting import workbook
from reporting.fonts import TEMPLATES
from reporting.press import print_all
from reporting.render import input_digest, to_html

AUTOMATIC = "table { table-layout: auto !important } col { width: auto !important }"


def ours(folder: str, which: str) -> list[str]:
    out = folder_of(folder, "ours")
    sheets = [replace(sheet, path=out / f"{which}-{n:02}.pdf") for n, sheet in enumerate(_sheets(folder, which))]
    printed = list(print_all(sheets))
    return sorted(str(sheets[place].path) for place, _ in printed)


def plain(folder: str, which: str) -> list[str]:
    return _plain(folder, which, [])


def plain_with_automatic_columns(folder: str, which: str) -> list[str]:
    return _plain(folder, which, [AUTOMATIC])


def _plain(folder: str, which: str, styles: Sequence[str]) -> list[str]:
    out, made = folder_of(folder, "plain"), []
    for n, sheet in enumerate(_sheets(folder, which)):
        report = out / f"{which}-{n:02}.pdf"
        code = input_digest(sheet.context, sheet.data)
        book = workbook.workbook_bytes(sheet.context, code=code)
        report.with_suffix(".xlsx").write_bytes(book)
        page = weasyprint.HTML(string=to_html(sheet.context, code), base_url=TEMPLATES.as_uri() + "/")
        document = page.render(stylesheets=[weasyprint.CSS(string=style) for style in styles])
        files = [(one.name, one.content) for one in sheet.data] + [("bang-so-lieu.xlsx", book)]
        attached = [weasyprint.Attachment(string=content, name=name) for name, content in files]
        document.write_pdf(report, pdf_variant="pdf/ua-1")
        document.write_pdf(report.with_suffix(".archive"), pdf_variant="pdf/a-3a", attachments=attached)
        made.append(str(report))
    return made


def _sheets(folder: str, which: str) -> list[Any]:
    found: list[Any] = pickle.loads((Path(folder) / f"{which}.pickle").read_bytes())
    return found
