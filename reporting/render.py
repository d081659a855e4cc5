"""Sets a context as PDF: same context, same bytes, in any process; nothing is fetched but our own templates."""

from __future__ import annotations

import gc
import hashlib
import logging
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlparse

import weasyprint
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from contracts.errors import CchcError
from contracts.whole_files import write_whole
from reporting import outputs, typesetter, workbook
from reporting.column_widths import column_widths
from reporting.companions import Made, beside, made
from reporting.data_file import WORKBOOK, DataFile
from reporting.fonts import TEMPLATES, missing_glyphs
from reporting.outputs import Written
from reporting.page import ReportContext
from reporting.sheet import Rendered, Sheet, input_digest

if TYPE_CHECKING:  # a process that only prints needs no database
    from warehouse.report_files import Companion

Output = TypeVar("Output")


class RenderError(CchcError):
    """The page cannot be set as it must be: a letter without a glyph, a warning of the typesetter."""


class _TemplatesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Fetches the style sheet and the fonts below report_templates/, and refuses everything else: a text from a
    district must never pull in a file of this machine or call a host."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: Any = None) -> Any:
        asked = Path(unquote(urlparse(url).path)).resolve()
        if urlparse(url).scheme != "file" or not asked.is_relative_to(TEMPLATES):
            raise FatalURLFetchingError(f"not one of the report's own files: {url[:80]}")
        return super().fetch(url, headers)


def to_html(context: ReportContext, code: str = "") -> str:
    """The page before it is set. Templates 10_…, 20_… stand in the order of their numbers. code: what proves it."""
    pages = sorted(p.name for p in TEMPLATES.glob("[0-9]*_*.html"))
    html = environment().get_template("report.html").render(report=context, pages=pages, code=code)
    return unicodedata.normalize("NFC", html)


@cache
def environment() -> Environment:
    """Of every template below report_templates/."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["column_widths"] = column_widths
    return made


def render_pdf(context: ReportContext, out: Path) -> Rendered:
    """Write the PDF alone to `out`, whole or not at all.

    Raises RenderError where a text has a letter that the fonts lack, or the typesetter has any warning."""
    pages, written = _printed(Sheet(context, out), outputs.write)
    write_whole(out, written.report)
    return Rendered(pages, hashlib.sha256(written.report).hexdigest())


def print_report(sheet: Sheet) -> Rendered:
    """The PDF and everything beside it, each whole or not at all, from one layout. Raises as render_pdf does."""
    book = workbook.workbook_bytes(sheet.context, code=input_digest(sheet.context, sheet.data))
    attached = (*sheet.data, DataFile("bang-so-lieu.xlsx", book, "Các bảng của báo cáo", WORKBOOK, "Supplement"))
    pages, written = _printed(sheet, partial(outputs.write, attached=attached))
    assert written.archive is not None
    beside_it = (_write(sheet.path, "archive", written.archive), _write(sheet.path, "workbook", book))
    write_whole(sheet.path, written.report)
    return Rendered(pages, hashlib.sha256(written.report).hexdigest(), beside_it)


def _printed(sheet: Sheet, write: Callable[[Any], Written]) -> tuple[int, Written]:
    html = to_html(sheet.context, input_digest(sheet.context, sheet.data))
    check_glyphs(html)
    made = typeset(html, write)
    sheet.path.parent.mkdir(parents=True, exist_ok=True)
    return made


def _write(pdf: Path, kind: Companion, content: bytes) -> Made:
    write_whole(beside(pdf, kind), content)
    return made(kind, content)


def plain_pdf(document: Any) -> bytes:
    """For other papers than reports: without tags, and nothing beside it."""
    return bytes(document.write_pdf())


def typeset(html: str, write: Callable[[Any], Output]) -> tuple[int, Output]:
    """Pages, and what `write` makes of the laid-out document. Raises RenderError where the typesetter has any warning,
    or something is fetched that is not below report_templates/."""
    with _warnings_fail(), _no_garbage_collection(), typesetter.faster():
        try:
            page = weasyprint.HTML(string=html, base_url=TEMPLATES.as_uri() + "/", url_fetcher=_TemplatesOnly())
            document = page.render(font_config=FontConfiguration())
            written = write(document)
        except FatalURLFetchingError as error:
            raise RenderError(f"trang báo cáo gọi một địa chỉ không được phép: {error}") from error
    return len(document.pages), written


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _warnings_fail() -> Iterator[None]:
    """Any warning of WeasyPrint is a page that is not as it was meant."""
    collector = _Collector()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(collector)
    try:
        yield
    finally:
        logger.removeHandler(collector)
    if collector.messages:
        raise RenderError(f"không dàn trang được: {collector.messages[0][:200]}", advice="báo nhóm phát triển cchc")


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Layout builds a large tree that lives to its end: looking through it for garbage takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Texts(HTMLParser):
    """The texts between tags, style sheets and scripts apart (there are none)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def check_glyphs(html: str) -> None:
    """Raises RenderError that names the text and the letters for which the report's fonts have no glyph."""
    parser = _Texts()
    parser.feed(html)
    parser.close()
    for text in parser.found:
        if missing := missing_glyphs(text):
            raise RenderError(
                f"phông chữ của báo cáo không có ký tự «{missing}» trong «{text.strip()[:80]}»",
                advice="sửa chữ này trong cấu hình của tỉnh (province.toml, agencies.csv, source.toml)",
            )
