"""Part III: what went well, what did not and why; what the figures lack. Figures are computed, causes are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contracts.codes import Series
from reporting.annexes import over_time, scorecard
from reporting.annexes import overdue as overdue_annex
from reporting.annexes.over_time import on_time_changes
from reporting.body._data_limits import limits_of_data
from reporting.body._draft import Draft
from reporting.body._judged import groups, least, moves, pair_of, ratio_of, target_of
from reporting.body._written import NOTHING, written
from reporting.formats import date_text
from reporting.overdue import late_lines, subject_of
from reporting.page import Block, Heading, Missing, Paragraph
from reporting.returns.sums import sums_of
from reporting.sentences import moves as moving
from reporting.sentences import overdue, published, ranking, ratio
from reporting.sentences.ratio import Ratio
from reporting.tally import Tally
from transforms.over_time import within


def blocks(draft: Draft) -> tuple[Block, ...]:
    return tuple(_blocks(draft))


def _blocks(draft: Draft) -> Iterator[Block]:
    counts = draft.scope.tally(draft.scope.codes)
    yield Heading("3", "1. Kết quả đạt được")
    yield from _told(draft, "good", _good(draft, counts) if counts else ())
    yield Heading("3", "2. Tồn tại, hạn chế")
    yield from _told(draft, "limits", _bad(draft, counts) if counts else ())
    yield Heading("3", "3. Nguyên nhân")
    yield from _told(draft, "causes", _causes(draft))
    yield Heading("3", "4. Mức độ đầy đủ và chất lượng số liệu")
    yield from map(Paragraph, limits_of_data(draft, counts))


def _told(draft: Draft, part: str, paragraphs: Iterable[Iterable[str]]) -> tuple[Block, ...]:
    """Sentences that are not empty, a paragraph each group; then what was written."""
    joined = (" ".join(filter(None, sentences)) for sentences in paragraphs)
    computed = tuple(Paragraph(text) for text in joined if text)
    return (*computed, *written(draft, part, needed=False)) or (Missing(NOTHING),)


def _good(draft: Draft, counts: Tally) -> Iterator[Iterable[str]]:
    yield _level(draft, counts)
    kinds, left = groups(draft)
    yield (*(ranking.best(kind.name, kind.units) for kind in kinds), ranking.left_out(left))
    if (found := moves(draft)) is not None:
        period = within(found.period)
        left_out = moving.not_compared(
            period,
            why=found.why,
            annex=draft.annex(over_time.TITLE),
            units=found.broken,
            few=found.few,
            least=least(draft),
        )
        yield moving.rises(period, found.found), left_out
    yield (overdue.none_overdue(counts, _day(draft), lacking=bool(draft.scope.gaps)),)


def _bad(draft: Draft, counts: Tally) -> Iterator[Iterable[str]]:
    yield _below(draft, counts)
    kinds, _ = groups(draft)
    yield (ranking.lowest(kind.name, kind.units) for kind in kinds)
    if (found := moves(draft)) is not None:
        yield (moving.falls(within(found.period), found.found),)
    lacking = bool(draft.scope.gaps)
    lines, subject = late_lines(draft.origin), subject_of(draft.scope)
    left = overdue.open_late(counts, lines, _day(draft), subject=subject, lacking=lacking)
    late = overdue.resolved_late(counts, lacking=lacking), left
    yield (*late, _see(draft, overdue_annex.TITLE) if any(late) else "")
    differing = published.differing(scorecard.own_records(draft.input, draft.origin))
    yield differing, _see(draft, scorecard.TITLE) if differing else ""


def _level(draft: Draft, counts: Tally) -> Iterator[str]:
    """The ratio, its target if it is met, and how it moved if it did not fall."""
    now, target, lacking = ratio_of(counts), target_of(draft), bool(draft.scope.gaps)
    yield ratio.overall(draft.who, now, lacking=lacking)
    if target is not None and ratio.meets(now, target) is not None and (lacking or ratio.meets(now, target)):
        yield ratio.target_sentence(now, target, lacking=lacking)
    yield from (said for said, fell in _changes(draft) if not fell)


def _below(draft: Draft, counts: Tally) -> Iterator[str]:
    now, target = ratio_of(counts), target_of(draft)
    if target is not None and not draft.scope.gaps and ratio.meets(now, target) is False:
        yield ratio.target_sentence(now, target, lacking=False)
    yield from (said for said, fell in _changes(draft) if fell)


def _changes(draft: Draft) -> Iterator[tuple[str, bool]]:
    """Against the period before and the same one last year: the sentence, and whether the ratio fell."""
    if (found := draft.comparison) is not None:
        yield _change(ratio_of(found.now), ratio_of(found.before), found.label, partial=found.partial)
    history = draft.input.history
    if history is None or history.last_year is None:
        return
    label = history.last_year.period.label
    ((_, change, stands),) = on_time_changes(draft.input, draft.scope, history.last_year, [draft.scope.root])
    if change.why_not:
        broken = "chuỗi số liệu bị đứt: " if stands.is_break else ""
        yield f"Không so sánh với {within(label)} do {broken}{change.why_not}.", False
    elif (pair := pair_of(change)) is not None:
        yield _change(*pair, label, partial=False)


def _change(now: Ratio, before: Ratio, label: str, *, partial: bool) -> tuple[str, bool]:
    return ratio.change(now, before, within(label), partial=partial), ratio.fell(now, before)


def _causes(draft: Draft) -> Iterator[Iterable[str]]:
    """Systems record no cause; where units returned some, where they stand."""
    sums = sums_of(draft.input, draft.scope)
    annex = draft.annex(overdue_annex.TITLE)
    if sums is not None and overdue_annex.cause_totals(sums) and annex:
        yield (f"Nguyên nhân hồ sơ quá hạn do đơn vị báo cáo nêu tại {annex}.",)


def _see(draft: Draft, title: str) -> str:
    annex = draft.annex(title)
    return f"Chi tiết nêu tại {annex}." if annex else ""


def _day(draft: Draft) -> str:
    return date_text(draft.origin.spans[Series.FORMS].last_day)
