"""Annexes of our own tables, one file each, in the order of the document; one that has nothing to say is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reporting.annexes import indicators, over_time, overdue, restated, returned, scorecard, standings
from reporting.annexes._content import Content
from reporting.inputs import ReportInput
from reporting.origin import Origin

__all__ = ["Content", "contents"]

ORDER: tuple[Callable[[ReportInput, Origin], Content | None], ...] = (
    indicators.content,
    overdue.content,
    over_time.content,
    scorecard.content,
    standings.content,
    returned.content,
    restated.content,
)
"""A new annex is a module here with `content(report_input, origin)`, entered in this line."""


def contents(report_input: ReportInput, origin: Origin) -> Iterator[Content]:
    """The annexes that the report has, for the units of its scope."""
    for content in ORDER:
        if (found := content(report_input, origin)) is not None:
            yield found
