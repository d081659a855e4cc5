"""Where figures come from: the line under every table, and the notes that say what they lack."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from contracts.codes import STATE_LABELS, Channel, PartitionState, Series
from contracts.periods import Period, Span
from contracts.responsibility import Responsibility
from contracts.units import Unit
from reporting.fonts import printable
from reporting.formats import count_text, date_text, listed, moments_text, span_text
from reporting.inputs import SourceState
from reporting.page import Note
from reporting.scope import Gap, Scope
from reporting.wording import inline, place_of

NAMED_AT_MOST = 3


@dataclass(frozen=True)
class Origin:
    """The period's words and the sources' times, for one report."""

    scope: Scope
    period: Period
    spans: dict[Series, Span]

    def days(self, series: Series = Series.FORMS) -> str:
        return span_text(self.spans[series])

    def named_days(self, *, between: str = ", ") -> str:
        """Quý IV năm 2024, từ ngày … đến ngày …; a free range has no other name than its days."""
        label, days = self.period.label, self.days()
        return label if label.lower() == days else f"{label}{between}{days}"

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
        return self.notes_on(self.scope.gaps_in(agencies))

    def notes_on(self, gaps: Iterable[Gap]) -> tuple[Note, ...]:
        return tuple(Note(gap.mark, gap_sentence(self.scope, gap)) for gap in gaps)

    @property
    def elsewhere(self) -> tuple[Note, ...]:
        """What of the report's units runs in systems that are not read: of it nothing is counted."""
        last = self.spans[Series.FORMS].last_day
        said = [
            f"Không gồm {printable(e.what)} của {_short_within(self.scope, source)}: thực hiện trên"
            f" {printable(e.system)} từ ngày {date_text(e.since)}, không thuộc các nguồn được đọc."
            for source in self.scope.sources
            for e in source.elsewhere
            if e.since <= last
        ]
        return tuple(Note("", sentence) for sentence in dict.fromkeys(said))


def gap_units(scope: Scope, gap: Gap) -> str:
    """huyện Cam Lâm · 14 đơn vị: the topmost units of the gap, within a sentence, named where they are few."""
    tops = [u for u in scope.units if u.agency_code in gap.agencies and u.parent not in gap.agencies]
    if len(tops) <= NAMED_AT_MOST or gap.source is None:
        return listed([inline(u) for u in tops])
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
    part = part_words(gap.source.responsibility) if gap.source else "số liệu"
    return f"Chưa gồm {part} của {gap_units(scope, gap)}: {gap_reason(gap)}."


def part_words(responsibility: Responsibility) -> str:
    """Số liệu · phần hồ sơ nộp trực tuyến, trừ thủ tục 2.000635: what a source's figures are of its units' dossiers."""
    channels = [_FILED[c] for c in Channel if c in responsibility.channels]
    said = [listed(channels)] if channels else []
    said += [f"thuộc thủ tục {_few(responsibility.procedures)}"] if responsibility.procedures else []
    said += [f"trừ thủ tục {_few(responsibility.except_procedures)}"] if responsibility.except_procedures else []
    return f"phần hồ sơ {', '.join(said)}" if said else "số liệu"


def _few(procedures: Collection[str]) -> str:
    named = sorted(procedures)
    more = f" và {count_text(len(named) - NAMED_AT_MOST)} thủ tục khác" if len(named) > NAMED_AT_MOST else ""
    return ", ".join(named[:NAMED_AT_MOST]) + more


_FILED = {
    Channel.ONLINE: "nộp trực tuyến",
    Channel.IN_PERSON: "nộp trực tiếp",
    Channel.POSTAL: "nộp qua bưu chính công ích",
}


def short_name(scope: Scope, source: SourceState) -> str:
    """Huyện Cam Lâm for the source that answers for it alone; else the source's own name."""
    alone = _answers_alone(scope, source)
    return place_of(alone) if alone else source.name


def _short_within(scope: Scope, source: SourceState) -> str:
    """The same within a sentence: huyện Cam Lâm."""
    alone = _answers_alone(scope, source)
    return inline(alone) if alone else source.name


def _answers_alone(scope: Scope, source: SourceState) -> Unit | None:
    """The unit that the source alone answers for; None where it shares it, or has several."""
    shared = any(other.id != source.id and set(other.units) & set(source.units) for other in scope.sources)
    alone = len(source.units) == 1 and scope.tree.has_agency(source.units[0]) and not shared
    return scope.tree.by_agency(source.units[0]) if alone else None


def valid_words(scope: Scope, first: Span) -> dict[str, str]:
    """Agency code → a remark on a unit that began or ended within the span."""
    words = {}
    for unit in scope.units:
        if unit.valid_to is not None and unit.valid_to < first.last_day:
            words[unit.agency_code] = f" (đến {date_text(unit.valid_to)})"
        elif unit.valid_from is not None and unit.valid_from > first.first_day:
            words[unit.agency_code] = f" (từ {date_text(unit.valid_from)})"
    return words
