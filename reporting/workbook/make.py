"""Writes a report as .xlsx: the same context, the same bytes, in any process and time zone.

Nothing is computed here: a figure is written as it was printed, and there is no formula. No text is ever taken for a
formula, a link or a number."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from reporting import xlsx
from reporting.page import ReportContext
from reporting.workbook import cover
from reporting.workbook.grids import grids
from reporting.workbook.shapes import Shapes
from reporting.workbook.sheet import write_grid


def workbook_bytes(context: ReportContext, *, code: str = "") -> bytes:
    """A cover, a sheet a table in the order of the document, where it all comes from. code: what proves the report,
    made of the context and not of this file."""
    target, found = io.BytesIO(), grids(context)
    made = xlsx.new_workbook(target, title=context.title, author=context.author, created=_created(context))
    shapes = Shapes(made)
    cover.write_cover(_page(made, cover.COVER, context), context, found, shapes)
    for grid in found:
        write_grid(_page(made, grid.name, context), grid, shapes)
    cover.write_provenance(_page(made, cover.PROVENANCE, context), context, found, shapes, code=code)
    made.close()
    return target.getvalue()


def _created(context: ReportContext) -> datetime:
    """Without its zone, which is that of Greenwich: a workbook's moments have none."""
    return datetime.fromisoformat(context.created).replace(tzinfo=None)


def _page(made: Any, name: str, context: ReportContext) -> Any:
    page = made.add_worksheet(name)
    xlsx.set_paper(page, context.title)
    return page
