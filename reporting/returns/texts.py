"""Answers and their sums as finished Vietnamese text."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from contracts.answers import Answer
from contracts.returned import NO, STATE_LABELS, YES, Kind, State
from reporting import formats
from reporting.fonts import printable
from reporting.formats import (
    MISSING,
    change_text,
    count_text,
    date_text,
    percent_text,
    points_text,
    with_unit,
)
from transforms.returned import Change, Derivation, Total, ratio

NOT_YET = STATE_LABELS[State.NOT_YET]
LONGEST = 400


def answer_text(answer: Answer) -> str:
    """One unit's answer: 2.076 · 97,30% · Có · >300 · Chưa có số liệu."""
    if answer.state is State.APPROXIMATE:
        return printable(answer.text)
    if answer.state is not State.GIVEN:
        return STATE_LABELS[answer.state]
    match answer.kind:
        case Kind.COUNT:
            return count_text(answer.numerator)
        case Kind.SHARE:
            return percent_text(answer.numerator, answer.denominator)
        case Kind.NUMBER:
            return amount_text(answer.amount)
        case Kind.YES_NO:
            return YES if answer.numerator else NO
        case Kind.DATE:
            return date_text(answer.day) if answer.day else MISSING
    return printable(answer.text, longest=LONGEST)


def amount_text(amount: Decimal | None) -> str:
    """1234.50 → 1.234,5."""
    return MISSING if amount is None else formats.amount_text(amount)


def total_text(total: Total) -> str:
    """The line over all its units; what one unit alone is asked is shown as it was given."""
    if total.alone is not None:
        return answer_text(total.alone)
    if not total.concerned:
        return STATE_LABELS[State.OUT_OF_SCOPE] if total.outside else NOT_YET
    if not total.exact:
        return STATE_LABELS[State.APPROXIMATE] if total.approximate else NOT_YET
    match total.line.kind:
        case Kind.COUNT:
            return count_text(total.numerator)
        case Kind.SHARE:
            return percent_text(total.numerator, total.denominator)
        case Kind.NUMBER:
            return amount_text(total.amount) if total.line.adds else _range(total)
        case Kind.DATE:
            return _range(total)
        case Kind.YES_NO:
            return f"{count_text(total.numerator)}/{count_text(len(total.exact))} có"
        case Kind.CHOICE:
            counted = Counter(a.text for a in total.exact.values())
            return "; ".join(
                f"{choice}: {count_text(counted[choice])}" for choice in _choices(total) if counted[choice]
            )
    return MISSING


def _range(total: Total) -> str:
    """The least and the greatest answer, where a sum says nothing."""
    order = sorted(total.exact.values(), key=lambda a: (a.amount or 0, a.text))
    first, last = answer_text(order[0]), answer_text(order[-1])
    return first if first == last else f"từ {first} đến {last}"


def _choices(total: Total) -> list[str]:
    """Those of the line, then any that an older form had."""
    given = [a.text for a in total.exact.values()]
    return list(dict.fromkeys([*total.line.choices, *sorted(given)]))


def basis_text(total: Total) -> str:
    """Both counts of a share: 973/1.000; nothing for other lines."""
    if total.line.kind is not Kind.SHARE or total.numerator is None:
        return ""
    return f"{count_text(total.numerator)}/{count_text(total.denominator)}"


def of_units(given: int, concerned: int) -> str:
    """12/13."""
    return f"{count_text(given)}/{count_text(concerned)}"


def derived_text(found: Derivation) -> str:
    """giảm 32 · tăng 5 · 40,00%."""
    if found.difference is None:
        return NOT_YET
    if found.line.formula != "cut":
        return percent_text(*found.fraction)
    if found.difference == 0:
        return "không đổi"
    return f"{'giảm' if found.difference > 0 else 'tăng'} {count_text(abs(found.difference))}"


def derived_basis(found: Derivation) -> str:
    if found.difference is None:
        return ""
    if found.line.formula == "cut":
        return f"{count_text(found.first)} → {count_text(found.second)}"
    numerator, denominator = found.fraction
    sign = "−" if numerator is not None and numerator < 0 else ""
    return f"{sign}{count_text(abs(numerator or 0))}/{count_text(denominator)}"


def difference_text(now: Total, before: Total) -> str:
    """+1.204 · −0,84 điểm phần trăm."""
    if now.line.kind is Kind.SHARE:
        text = points_text(ratio(now), ratio(before))
        return with_unit(text, " điểm %")
    if now.amount is not None and before.amount is not None:
        return formats.difference_text(now.amount - before.amount)
    if now.numerator is None or before.numerator is None:
        return MISSING
    return change_text(now.numerator, before.numerator)


def change_texts(change: Change) -> tuple[str, str]:
    """Before and after, with what differs beside the figure where the figure is the same."""
    was, now = change.was, change.now
    old, new = _said(was), _said(now)
    if old == new and was is not None and now is not None:
        old, new = (_said(a) + _beside(a) for a in (was, now))
    return old, new


def _said(answer: Answer | None) -> str:
    return MISSING if answer is None else given_text(answer)


def given_text(answer: Answer) -> str:
    """An answer with both counts of a share: 97,30% (973/1.000)."""
    share = answer.kind is Kind.SHARE and answer.state is State.GIVEN
    counts = f" ({count_text(answer.numerator)}/{count_text(answer.denominator)})" if share else ""
    return answer_text(answer) + counts


def _beside(answer: Answer) -> str:
    return f" [{answer.evidence or 'không ghi tài liệu'}; {answer.note or 'không ghi chú'}]"
