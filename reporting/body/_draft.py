"""What the modules of the body share: the figures of the report, and the numbers of its tables and charts."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from contracts.units import Unit
from reporting import index766, ratios
from reporting.forms import FormMaker
from reporting.index766 import ProgressTable
from reporting.inputs import ReportInput, WrittenText
from reporting.origin import Origin
from reporting.page import AnyChart, Table
from reporting.ratios import Comparison
from reporting.scope import Scope
from reporting.written.references import Quoted
from reporting.written.texts import texts_of

Drawn = TypeVar("Drawn", bound=AnyChart)


class Numbers:
    """Numbers tables and charts in the order of the document."""

    def __init__(self) -> None:
        self._tables, self._charts = itertools.count(1), itertools.count(1)

    def table(self, table: Table, text: str = "") -> Table:
        """The table with "Bảng n." before its caption, or before `text`."""
        return replace(table, caption=f"Bảng {next(self._tables)}. {text or table.caption}")

    def chart(self, chart: Drawn) -> Drawn:
        """The chart with "Biểu đồ n." before its caption."""
        return replace(chart, caption=f"Biểu đồ {next(self._charts)}. {chart.caption}")


@dataclass(frozen=True)
class Draft:
    """One report while it is made. unit: None for the province's. who: its body within a sentence.
    period_words: Quý IV năm 2024 within a sentence. provenance: the annex on sources.
    annexes: title of a further annex, without its number → Phụ lục IV."""

    input: ReportInput
    unit: Unit | None
    origin: Origin
    forms: FormMaker
    who: str
    period_words: str
    provenance: str
    annexes: Mapping[str, str] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=Numbers)

    @property
    def scope(self) -> Scope:
        return self.origin.scope

    def annex(self, title: str) -> str:
        """Phụ lục IV; "" where the report has no such annex."""
        return self.annexes.get(title, "")

    @cached_property
    def comparison(self) -> Comparison | None:
        return ratios.compare(self.input, self.scope)

    @cached_property
    def progress(self) -> ProgressTable | None:
        return index766.progress(self.input, self.origin)

    @cached_property
    def texts(self) -> dict[str, WrittenText]:
        """By part, what the office wrote of this report."""
        return texts_of(self.input, self.unit)

    @cached_property
    def quoted(self) -> Quoted:
        """The figures that those texts quote."""
        return Quoted(self.input, self.scope)

    @property
    def by_unit(self) -> bool:
        """Whether the report has more than one unit."""
        return len(self.scope.units) > 1
