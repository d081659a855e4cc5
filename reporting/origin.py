"""Where figures come from: the line under every table, and the notes that say what they lack."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from contracts.codes import STATE_LABELS, PartitionState, Series
from contracts.periods import Period, Span
from reporting.fonts import printable
from reporting.formats import count_text, date_text, listed, moments_text, span_text
from reporting.inputs import SourceState
from reporting.page import Note
from reporting.scope import Gap, Scope
from reporting.wording import place_of

NAMED_AT_MOST = 3


@dataclass(frozen=True)
class Origin:
    """The period's words and the sources' times, for one report."""

    scope: Scope
    period: Period
    spans: dict[Series, Span]

    def days(self, series: Series = Series.FORMS) -> str:
        return span_text(self.spans[series])

    @property
    def unfinished(self) -> bool:
        return self.spans[Series.FORMS].last_day < self.period.forms.last_day

    @property
    def read_times(self) -> str:
        """lúc … or từ lúc … đến lúc …; empty where nothing was read."""
        return moments_text([s.extracted_at for s in self.scope.sources if s.loaded and s.extracted_at])

    def line(self, series: Series = Series.FORMS) -> str:
        """The line under a table."""
        loaded = [s for s in self.scope.sources if s.loaded]
        if not loaded:
            return f"Kỳ số liệu: {self.days(series)}. Nguồn: chưa nhận được số liệu của nguồn nào."
        if len(loaded) == 1:
            source = loaded[0].name
        else:
            source = f"{len(loaded)}/{len(self.scope.sources)} hệ thống một cửa điện tử"
        when = f"; trích xuất {self.read_times}" if self.read_times else ""
        return f"Kỳ số liệu: {self.days(series)}. Nguồn: {source}{when}."

    def notes(self, agencies: Collection[str]) -> tuple[Note, ...]:
        """A note for every gap that these agencies fall into."""
        return tuple(Note(gap.mark, gap_sentence(self.scope, gap)) for gap in self.scope.gaps_in(agencies))


def gap_units(scope: Scope, gap: Gap) -> str:
    """Huyện Cam Lâm · 14 đơn vị: the topmost units of the gap, named where they are few."""
    tops = [u for u in scope.units if u.agency_code in gap.agencies and u.parent not in gap.agencies]
    if len(tops) <= NAMED_AT_MOST or gap.source is None:
        return listed([place_of(u) for u in tops])
    return f"{count_text(len(tops))} đơn vị thuộc {gap.source.name}"


def gap_reason(gap: Gap) -> str:
    """Why, in a clause."""
    if gap.source is None:
        return "chưa khai báo nguồn dữ liệu"
    state = gap.source.state
    if gap.source.error:
        return printable(gap.source.error).rstrip(".")
    known = {PartitionState.FAILED: "trích xuất bị lỗi", PartitionState.NOT_RECEIVED: "chưa nhận được"}
    return known.get(state, STATE_LABELS[state])


def gap_alert(scope: Scope, gap: Gap) -> str:
    """What page 1 says of a gap: who, why, whom to call."""
    said = gap_sentence(scope, gap)
    if gap.source is None:
        return said
    called = f"; liên hệ: {gap.source.contact}" if gap.source.contact else ""
    return f"{said} Nguồn: {gap.source.name}{called}."


def gap_sentence(scope: Scope, gap: Gap) -> str:
    return f"Chưa gồm số liệu của {gap_units(scope, gap)}: {gap_reason(gap)}."


def short_name(scope: Scope, source: SourceState) -> str:
    """Huyện Cam Lâm for the source that answers for it alone; else the source's own name."""
    alone = len(source.units) == 1 and scope.tree.has_agency(source.units[0])
    return place_of(scope.tree.by_agency(source.units[0])) if alone else source.name


def valid_words(scope: Scope, first: Span) -> dict[str, str]:
    """Agency code → a remark on a unit that began or ended within the span."""
    words = {}
    for unit in scope.units:
        if unit.valid_to is not None and unit.valid_to < first.last_day:
            words[unit.agency_code] = f" (đến {date_text(unit.valid_to)})"
        elif unit.valid_from is not None and unit.valid_from > first.first_day:
            words[unit.agency_code] = f" (từ {date_text(unit.valid_from)})"
    return words
