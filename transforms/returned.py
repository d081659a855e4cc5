"""What the answers of several units come to. Counts are added up, shares are summed before they are divided, and what a
unit does not know is left out and said to be left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from contracts.answers import Answer, Return
from contracts.returned import Asked, Derived, Kind, State


@dataclass(frozen=True)
class Total:
    """A line over the units that are asked it. exact, approximate: by agency code, the answers that have a figure or a
    text; only exact ones are summed. silent: agencies that gave none, though it concerns them: not yet, blank, or no
    return at all. outside: those that it does not concern. numerator, denominator, amount: sums over the exact answers;
    None where there is none, or where the line makes no sum."""

    line: Asked
    exact: Mapping[str, Answer]
    approximate: Mapping[str, Answer]
    silent: tuple[str, ...]
    outside: tuple[str, ...]
    numerator: int | None = None
    denominator: int | None = None
    amount: Decimal | None = None

    @property
    def concerned(self) -> int:
        """Units that should have a figure."""
        return len(self.exact) + len(self.approximate) + len(self.silent)

    @property
    def alone(self) -> Answer | None:
        """The answer, where the line concerns one unit alone: it is then shown as it was given."""
        answers = [*self.exact.values(), *self.approximate.values()]
        return answers[0] if self.concerned == 1 and answers else None


def total(line: Asked, answers: Mapping[str, Answer | None]) -> Total:
    """answers: of every unit that is asked the line, by agency code; None where there is no return, or it was made
    before the line was asked."""
    states = {code: State.UNANSWERED if a is None else a.state for code, a in answers.items()}
    exact = {code: a for code, a in answers.items() if a is not None and a.state is State.GIVEN}
    return Total(
        line=line,
        exact=exact,
        approximate={c: a for c, a in answers.items() if a is not None and a.state is State.APPROXIMATE},
        silent=tuple(c for c, state in states.items() if state in {State.NOT_YET, State.UNANSWERED}),
        outside=tuple(c for c, state in states.items() if state is State.OUT_OF_SCOPE),
        numerator=_sum(exact, "numerator", line.kind in {Kind.COUNT, Kind.SHARE, Kind.YES_NO}),
        denominator=_sum(exact, "denominator", line.kind is Kind.SHARE),
        amount=_amounts(exact) if line.kind is Kind.NUMBER and line.adds else None,
    )


def _sum(exact: Mapping[str, Answer], name: str, wanted: bool) -> int | None:
    return sum(getattr(a, name) for a in exact.values()) if exact and wanted else None


def _amounts(exact: Mapping[str, Answer]) -> Decimal | None:
    return sum((a.amount for a in exact.values() if a.amount is not None), Decimal(0)) if exact else None


@dataclass(frozen=True)
class Derivation:
    """A derived line. first, second: sums of its terms over the units that gave both, exactly; None where none did.
    given, concerned: how many units that is, and of how many."""

    line: Derived
    first: int | None
    second: int | None
    given: int
    concerned: int

    @property
    def difference(self) -> int | None:
        """first − second."""
        return None if self.first is None or self.second is None else self.first - self.second

    @property
    def fraction(self) -> tuple[int | None, int | None]:
        """Numerator and denominator of the line's share."""
        return (self.difference, self.first) if self.line.formula == "cut_share" else (self.first, self.second)


def derive(line: Derived, totals: Mapping[str, Total]) -> Derivation | None:
    """None where one of its terms is not asked."""
    terms = [totals[name] for name in line.terms if name in totals]
    if len(terms) < 2:
        return None
    before, now = terms
    both = [code for code in before.exact if code in now.exact]
    concerned = _concerned(before) & _concerned(now)
    sums = [sum(t.exact[code].numerator or 0 for code in both) if both else None for t in terms]
    return Derivation(line, sums[0], sums[1], len(both), len(concerned))


def _concerned(of: Total) -> set[str]:
    return {*of.exact, *of.approximate, *of.silent}


def comparable(now: Total, before: Total) -> bool:
    """Whether two periods' sums are of the same units: only then does their difference say anything."""
    return bool(now.exact) and set(now.exact) == set(before.exact) and now.line.kind is before.line.kind


def ratio(of: Total) -> Fraction | None:
    """The exact share, in percent; None where there is nothing to divide by."""
    if of.numerator is None or not of.denominator:
        return None
    return Fraction(100 * of.numerator, of.denominator)


@dataclass(frozen=True)
class Change:
    """A line that a later return answers otherwise. None: the line was not in that form."""

    indicator: str
    was: Answer | None
    now: Answer | None


def changes(before: Return, after: Return) -> Iterator[Change]:
    """In the order of the later form, then what it no longer asks."""
    old, new = ({a.indicator: a for a in r.answers} for r in (before, after))
    for indicator in dict.fromkeys([*new, *old]):
        was, now = old.get(indicator), new.get(indicator)
        if was is None or now is None or was.said != now.said:
            yield Change(indicator, was, now)


def lost(found: Iterator[Change]) -> list[Change]:
    """Of the changes, the figures that were there and no longer are."""
    had = {State.GIVEN, State.APPROXIMATE}
    return [c for c in found if c.was and c.was.state in had and (c.now is None or c.now.state not in {*had})]
