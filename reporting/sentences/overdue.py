"""Overdue dossiers: that there are none, or how many, their share, and where most of them are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from reporting.formats import count_text, listed, percent_text
from reporting.overdue import Late
from reporting.sentences.ranking import NAMED, PLACES
from reporting.tally import Tally


def none_overdue(counts: Tally, day: str, *, lacking: bool) -> str:
    """What went well. day: 14/12/2024. "" where there are overdue ones of both kinds, or nothing to be overdue."""
    resolved = counts.column(7) > 0 and counts.column(10) == 0
    left = counts.column(11) > 0 and counts.column(13) == 0
    parts = []
    if resolved:
        parts.append("trong kỳ không có hồ sơ giải quyết quá hạn")
    if left:
        parts.append(f"đến hết ngày {day} không có hồ sơ đang giải quyết quá hạn")
    return f"{_of_what_is_known('; '.join(parts), lacking=lacking)}." if parts else ""


def _of_what_is_known(said: str, *, lacking: bool) -> str:
    """lacking: a part of the dossiers is not known, and the overdue ones of that part are not counted."""
    whole = f"theo số liệu đã nhận được, {said}" if lacking else said
    return f"{whole[:1].upper()}{whole[1:]}"


def resolved_late(counts: Tally, *, lacking: bool) -> str:
    late, resolved = counts.column(10), counts.column(7)
    if not late:
        return ""
    share = f"{percent_text(late, resolved)} ({count_text(late)}/{count_text(resolved)})"
    said = f"trong kỳ có {count_text(late)} hồ sơ giải quyết quá hạn, bằng {share} số hồ sơ đã giải quyết"
    return f"{_of_what_is_known(said, lacking=lacking)}."


def open_late(counts: Tally, lines: Sequence[Late], day: str, *, subject: str, lacking: bool) -> str:
    """lines: units or fields, in the catalogue's order; subject: what they are, đơn vị or lĩnh vực."""
    late, left = counts.column(13), counts.column(11)
    if not late:
        return ""
    share = f"{percent_text(late, left)} ({count_text(late)}/{count_text(left)})"
    said = (
        f"đến hết ngày {day} còn {count_text(late)} hồ sơ đang giải quyết đã quá hạn, bằng {share} số hồ sơ đang"
        f" giải quyết{_where(lines, subject)}"
    )
    return f"{_of_what_is_known(said, lacking=lacking)}."


def _where(lines: Sequence[Late], subject: str) -> str:
    """, nhiều nhất ở huyện A (120 hồ sơ) và huyện B (90 hồ sơ); nothing where there is one line alone."""
    having = [line for line in lines if line.open]
    if len(lines) < 2 or not having:
        return ""
    if len(having) == 1:
        return f", đều ở {having[0].said}"
    ordered = sorted(having, key=lambda line: -line.open)
    classes = [list(found) for _, found in groupby(ordered, key=lambda line: line.open)]
    if len(classes[0]) > NAMED:
        return f", nhiều nhất là {count_text(len(classes[0]))} {subject} cùng có {count_text(classes[0][0].open)} hồ sơ"
    named: list[Late] = []
    for found in classes:
        if named and (len(named) >= PLACES or len(named) + len(found) > NAMED):
            break
        named += found
    return f", nhiều nhất ở {listed([f'{line.said} ({count_text(line.open)} hồ sơ)' for line in named])}"
