"""What a report was made with: the pages' templates and the programs that set them."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version

from contracts.source_config import digest
from reporting.fonts import TEMPLATES

REVISION = "1"
"""Of what is done to a PDF after it is laid out. Raise it where the same context comes to give other bytes."""
WORKBOOK_REVISION = "1"
"""Of the layout made in reporting.workbook. Raise it when that changes."""


@cache
def templates_digest() -> str:
    """Of the report's own files: those of other papers lie in folders of their own."""
    kinds = ("*.html", "*.css", "*.svg", "fonts/*.ttf")
    parts = sorted(path for kind in kinds for path in TEMPLATES.glob(kind))
    return digest([[p.relative_to(TEMPLATES).as_posix(), hashlib.sha256(p.read_bytes()).hexdigest()] for p in parts])


@cache
def tools() -> dict[str, str]:
    """Programs by their names, with the versions that decide the bytes."""
    return {name: version(name) for name in ("weasyprint", "pydyf", "fonttools")} | {"revision": REVISION}


@cache
def workbook_maker() -> str:
    """What decides the workbook's bytes beside the context: the layout, and the writer."""
    return f"{WORKBOOK_REVISION} xlsxwriter {version('xlsxwriter')}"


@cache
def own_version() -> str:
    return version("cchc")
