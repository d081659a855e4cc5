"""On-time by unit as horizontal bars from 0 to 100 %, lowest first, each with its counts, against the target.

Bars are set by the page itself, in the report's own type: names wrap, labels are text that can be read,
searched and checked, and the rows go on to the next page under their head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from contracts.targets import Target, target_for
from reporting.charts._scale import percent_of, widest
from reporting.fonts import printable
from reporting.formats import MISSING, count_text, decimal_text, listed, percent_text, points_text, share
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Bar, Chart, Note
from reporting.tally import Tally, tallies
from reporting.wording import inline_name

MOST_BARS = 30
INDICATOR = "ON_TIME_RESOLVED"
Line = tuple[str, str, Tally | None]  # name, marks, counts


@dataclass(frozen=True)
class _Scored:
    """A line with resolved dossiers. below: None where its figures are not whole, or there is no target."""

    name: str
    marks: str
    counts: Tally
    below: bool | None

    @property
    def ratio(self) -> Fraction:
        return share(self.counts.in_time_or_early, self.counts.column(7)) or Fraction(0)

    @property
    def value(self) -> str:
        return percent_text(self.counts.in_time_or_early, self.counts.column(7))

    @property
    def basis(self) -> str:
        return f"{count_text(self.counts.in_time_or_early)}/{count_text(self.counts.column(7))}"

    def told(self, of_what: str) -> str:
        """Within a sentence. A field keeps its capital, whatever its first word: Xã hội, not xã hội."""
        name = inline_name(self.name) if of_what == "đơn vị" else self.name
        return f"{name}, {self.value} ({self.basis} hồ sơ)"


def on_time_chart(
    report_input: ReportInput, origin: Origin, lines: Iterable[Line], *, caption: str, of_what: str
) -> Chart | None:
    """Ratio A by line. None where no line has a resolved dossier."""
    target, least = _target(report_input), report_input.province.file.report.judged_from
    known = [(name, marks, counts) for name, marks, counts in lines if counts]
    scored = _ordered(_scored(name, marks, counts, target) for name, marks, counts in known if counts.column(7))
    if not scored:
        return None
    overall = origin.scope.tally(origin.scope.codes)
    idle = [name for name, _, counts in known if not counts.column(7)]
    return Chart(
        caption=caption,
        alt=" ".join((*_ends(scored, least, of_what), *_below(scored, target, of_what))),
        reference=percent_of(_overall(overall)) if overall and overall.column(7) else "",
        reference_label=f"Chung: {percent_text(overall.in_time_or_early, overall.column(7))}" if overall else "",
        head=of_what[:1].upper() + of_what[1:],
        target=percent_of(Fraction(target.percent)) if target else "",
        target_label=f"Mục tiêu: {_aim(target)}" if target else "",
        bars=tuple(_bar(one, target) for one in scored[:MOST_BARS]),
        basis_width=widest(("999/999", *(one.basis for one in scored[:MOST_BARS]))),
        notes=(*origin.notes(origin.scope.codes), *_notes(scored, idle, target, of_what)),
        source=origin.line(),
    )


def field_lines(origin: Origin) -> list[Line]:
    """One line a field, for a report of a single unit."""
    facts = origin.scope.facts
    summed = tallies(facts, by="field")
    marks = origin.scope.marks(origin.scope.codes)
    return [(printable(field), marks, counts) for field, counts in summed.items()]


def _target(report_input: ReportInput) -> Target | None:
    """Of the period's cut-off, also while the period runs: the sentences name the same one."""
    return target_for(INDICATOR, report_input.province.file.target, cut_off=report_input.period.cut_off)


def _scored(name: str, marks: str, counts: Tally, target: Target | None) -> _Scored:
    one = _Scored(name, marks, counts, None)
    if target is None or marks:
        return one
    return _Scored(name, marks, counts, one.ratio < Fraction(target.percent))


def _ordered(scored: Iterable[_Scored]) -> list[_Scored]:
    """The lowest first, of equals the larger."""
    return sorted(scored, key=lambda one: (one.ratio, -one.counts.column(7), one.name))


def _overall(overall: Tally) -> Fraction:
    return share(overall.in_time_or_early, overall.column(7)) or Fraction(0)


def _aim(target: Target) -> str:
    return f"{decimal_text(target.percent)}%"


def _bar(one: _Scored, target: Target | None) -> Bar:
    compared = points_text(one.ratio, Fraction(target.percent)) if target and one.below is not None else MISSING
    return Bar(
        name=one.name,
        marks=one.marks,
        width=percent_of(one.ratio),
        fill=_fill(one),
        value=one.value,
        basis=one.basis,
        distance=compared if target else "",
    )


def _fill(one: _Scored) -> Literal["whole", "below", "partial", "none"]:
    if not one.ratio:
        return "none"
    return "partial" if one.marks else "below" if one.below else "whole"


def _ends(scored: Sequence[_Scored], least: int, of_what: str) -> Iterator[str]:
    """The lowest and the highest, by the rule of the sentences: a unit with few dossiers, or without all of its
    figures, is neither; how many are left out is told."""
    if len(scored) == 1:
        yield f"{scored[0].name}: {scored[0].value} ({scored[0].basis} hồ sơ)."
        return
    lacking = [one for one in scored if one.marks]
    few = [one for one in scored if not one.marks and one.counts.column(7) < least]
    judged = [one for one in scored if one not in lacking and one not in few]
    if len(judged) > 1:
        yield _extremes(judged, of_what)
    else:
        yield f"Biểu đồ có {count_text(len(scored))} {of_what}, không đủ để nêu thấp nhất, cao nhất."
    left = [f"{count_text(len(few))} {of_what} có dưới {count_text(least)} hồ sơ đã giải quyết"] if few else []
    left += [f"{count_text(len(lacking))} {of_what} chưa có đủ số liệu"] if lacking else []
    if left:
        yield f"Không đưa vào so sánh: {'; '.join(left)}."


def _extremes(judged: Sequence[_Scored], of_what: str) -> str:
    """In the order of their ratios."""
    lowest, many = judged[0], f"{count_text(len(judged))} {of_what} được so sánh"
    highest = next(one for one in judged if one.ratio == judged[-1].ratio)
    if lowest.ratio == highest.ratio:
        return f"{many} có cùng tỷ lệ {lowest.value}."
    low, high = (_with_equals(end, judged, of_what) for end in (lowest, highest))
    return f"Thấp nhất trong {many} là {low}; cao nhất là {high}."


def _with_equals(end: _Scored, judged: Sequence[_Scored], of_what: str) -> str:
    """Who has the same ratio is not passed over: the largest of them is named, the others are counted."""
    others = sum(one.ratio == end.ratio for one in judged) - 1
    return f"{end.told(of_what)}" + (f" và {count_text(others)} {of_what} khác có cùng tỷ lệ" if others else "")


def _below(scored: Sequence[_Scored], target: Target | None, of_what: str) -> Iterable[str]:
    """How many do not reach the target, of those whose figures are whole."""
    judged = [one for one in scored if one.below is not None]
    if target is None or not judged:
        return
    below = sum(one.below is True for one in judged)
    whole = "" if len(judged) == len(scored) else " có đủ số liệu"
    if below:
        yield f"{count_text(below)}/{count_text(len(judged))} {of_what}{whole} thấp hơn mục tiêu {_aim(target)}."
    elif whole:
        many = f"{count_text(len(judged))} {of_what}{whole}"
        yield f"Trong {many}, không {of_what} nào thấp hơn mục tiêu {_aim(target)}."
    else:
        yield f"Không có {of_what} nào thấp hơn mục tiêu {_aim(target)}."


def _notes(scored: Sequence[_Scored], idle: list[str], target: Target | None, of_what: str) -> Iterable[Note]:
    if len(scored) > MOST_BARS:
        many = count_text(len(scored))
        yield Note("", f"Nêu {count_text(MOST_BARS)} {of_what} có tỷ lệ thấp nhất trong {many} {of_what}.")
    if len(idle) > 5:
        yield Note("", f"{count_text(len(idle))} {of_what} không có hồ sơ đã giải quyết trong kỳ.")
    elif idle:
        yield Note("", f"Không có hồ sơ đã giải quyết trong kỳ: {listed(idle)}.")
    if target is not None:
        unverified = "" if target.verified else " (chưa đối chiếu với văn bản)"
        yield Note("", f"Mục tiêu {_aim(target)}: {printable(target.source).rstrip('.')}{unverified}.")
        if any(one.below for one in scored):
            yield Note("", "Cột gạch chéo: thấp hơn mục tiêu, so sánh trước khi làm tròn.")
    if any(one.marks for one in scored):
        judged = ", không so với mục tiêu" if target else ""
        yield Note("", f"Cột trắng: số liệu chưa đầy đủ{judged}.")
