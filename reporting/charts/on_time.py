"""The one chart: on-time by unit as horizontal bars from 0 to 100 %, lowest first, each with its counts.

Bars are set by the page itself, in the report's own type: names wrap, labels are text that can be read,
searched and checked, and nothing is drawn by a library whose next version would move a line."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from reporting.fonts import printable
from reporting.formats import count_text, listed, percent_text, share
from reporting.origin import Origin
from reporting.page import Bar, Chart, Note
from reporting.tally import Tally, tallies
from transforms.rounding import round_half_up

MOST_BARS = 30
Line = tuple[str, str, Tally | None]  # name, marks, counts


def on_time_chart(origin: Origin, lines: Iterable[Line], *, caption: str, of_what: str) -> Chart | None:
    """Ratio A by line. None where no line has a resolved dossier."""
    known = [(name, marks, counts) for name, marks, counts in lines if counts]
    scored = sorted(
        ((_ratio(c), -c.column(7), name, marks, c) for name, marks, c in known if c.column(7)),
        key=lambda line: line[:3],
    )
    if not scored:
        return None
    shown = scored[:MOST_BARS]
    overall = origin.scope.tally(origin.scope.codes)
    return Chart(
        caption=caption,
        alt=_alt(scored, of_what),
        reference=_width(_ratio(overall)) if overall and overall.column(7) else "",
        reference_label=f"Chung: {_label(overall)}" if overall else "",
        bars=tuple(Bar(name, marks, _width(ratio), _label(c), _basis(c)) for ratio, _, name, marks, c in shown),
        notes=_notes(origin, known, len(scored), of_what),
        source=origin.line(),
    )


def field_lines(origin: Origin) -> list[Line]:
    """One line a field, for a report of a single unit."""
    facts = origin.scope.facts
    summed = tallies(facts, by="field")
    marks = origin.scope.marks(origin.scope.codes)
    return [(printable(field), marks, counts) for field, counts in summed.items()]


def _ratio(counts: Tally) -> Fraction:
    return share(counts.in_time_or_early, counts.column(7)) or Fraction(0)


def _label(counts: Tally) -> str:
    return percent_text(counts.in_time_or_early, counts.column(7))


def _basis(counts: Tally) -> str:
    return f"{count_text(counts.in_time_or_early)}/{count_text(counts.column(7))}"


def _width(ratio: Fraction) -> str:
    """For CSS: a plain decimal point, three places."""
    rounded: Decimal = round_half_up(ratio, places=3)
    return f"{rounded:f}"


def _alt(scored: list[tuple[Fraction, int, str, str, Tally]], of_what: str) -> str:
    lowest, highest = scored[0], scored[-1]
    if len(scored) == 1:
        return f"{lowest[2]}: {_label(lowest[4])} ({_basis(lowest[4])} hồ sơ)."
    return (
        f"Thấp nhất trong {count_text(len(scored))} {of_what} có hồ sơ đã giải quyết là {lowest[2]},"
        f" {_label(lowest[4])} ({_basis(lowest[4])} hồ sơ); cao nhất là {highest[2]},"
        f" {_label(highest[4])} ({_basis(highest[4])} hồ sơ)."
    )


def _notes(origin: Origin, known: list[tuple[str, str, Tally]], scored: int, of_what: str) -> tuple[Note, ...]:
    notes = list(origin.notes(origin.scope.codes))
    if scored > MOST_BARS:
        notes.append(Note("", f"Nêu {MOST_BARS} {of_what} có tỷ lệ thấp nhất trong {count_text(scored)} {of_what}."))
    idle = [name for name, _, counts in known if not counts.column(7)]
    if len(idle) > 5:
        notes.append(Note("", f"{count_text(len(idle))} {of_what} không có hồ sơ đã giải quyết trong kỳ."))
    elif idle:
        notes.append(Note("", f"Không có hồ sơ đã giải quyết trong kỳ: {listed(idle)}."))
    return tuple(notes)
