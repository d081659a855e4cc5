"""The same reports by others: each way writes its files into a folder of its own and names the reports."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent / "report_templates" / "fonts"


def typeset_by_typst(folder: str, which: str) -> list[str]:
    import typst

    out, made = folder_of(folder, "typst"), []
    for source in sorted(Path(folder).glob(f"{which}-*.typ")):
        report = out / f"{source.stem}.pdf"
        compiler = typst.Compiler(str(source), font_paths=[str(FONTS)], ignore_system_fonts=True)
        compiler.compile(output=str(report), format="pdf", pdf_standards="ua-1")
        compiler.compile(output=str(report.with_suffix(".archive")), format="pdf", pdf_standards="a-3a")
        made.append(str(report))
    return made


def printed_by_chromium(folder: str, which: str) -> list[str]:
    out, made = folder_of(folder, "chromium"), []
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={out}/user"]
    for page in sorted(Path(folder).glob(f"{which}-*.html")):
        report = out / f"{page.stem}.pdf"
        command = ["chromium", *options, f"--print-to-pdf={report}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True)
        made.append(str(report))
    return made


def pages(reports: Sequence[str]) -> int:
    """Of all of them."""
    import pypdf

    return sum(len(pypdf.PdfReader(report).pages) for report in reports)


def folder_of(folder: str, way: str) -> Path:
    out = Path(folder) / way
    out.mkdir(exist_ok=True)
    return out
