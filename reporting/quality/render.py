"""Sets the quality page: one HTML file without script and without anything from outside; same page, same bytes."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from pathlib import Path

from markupsafe import Markup

from contracts.whole_files import write_whole
from reporting.fonts import TEMPLATES
from reporting.quality.page import QualityPage
from reporting.quality.trend import HEIGHT, WIDTH
from reporting.render import environment

_STYLE = TEMPLATES / "quality" / "page.css"


def to_html(page: QualityPage) -> str:
    """The file's text. Its policy forbids whatever is not in it, and any style but its own."""
    style = _STYLE.read_text(encoding="utf-8")
    html = (
        environment()
        .get_template("quality/page.html")
        .render(
            page=page,
            style=Markup(style),  # noqa: S704 (our own file)
            style_digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            width=WIDTH,
            height=HEIGHT,
        )
    )
    return unicodedata.normalize("NFC", html)


def write_page(page: QualityPage, out: Path, *, mode: int) -> int:
    """Write the file, whole or not at all; returns its size in bytes. mode: its rights."""
    content = to_html(page).encode()
    out.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    write_whole(out, content, mode=mode)
    return len(content)
