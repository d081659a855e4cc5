"""What stands in the body of a report, found by its words."""

from __future__ import annotations

from reporting.page import Block, Chart, Heading, Paragraph, ReportContext, Table


def blocks_of(context: ReportContext) -> list[Block]:
    return [block for part in context.parts for block in part.blocks]


def tables_of(context: ReportContext) -> list[Table]:
    return [block for block in blocks_of(context) if isinstance(block, Table)]


def table(context: ReportContext, words: str) -> Table:
    """The one table of the body whose caption has these words."""
    (found,) = [t for t in tables_of(context) if words in t.caption]
    return found


def under(context: ReportContext, words: str) -> list[Block]:
    """The blocks below the heading that has these words, up to the next one; none where there is no such heading."""
    found: list[Block] = []
    inside = False
    for block in blocks_of(context):
        if isinstance(block, Heading):
            inside = words in block.text
        elif inside:
            found.append(block)
    return found


def paragraphs_under(context: ReportContext, words: str) -> list[str]:
    return [block.text for block in under(context, words) if isinstance(block, Paragraph)]


def chart_of(context: ReportContext) -> Chart | None:
    """On time by unit."""
    return next((block for block in blocks_of(context) if isinstance(block, Chart)), None)
