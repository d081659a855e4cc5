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
    where = "Ở các đơn vị đã có số liệu, " if lacking else ""
    parts = []
    if resolved:
        parts.append("trong kỳ không có hồ sơ giải quyết quá hạn")
    if left:
        parts.append(f"đến hết ngày {day} không có hồ sơ đang giải quyết quá hạn")
    said = where + "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}." if parts else ""


def resolved_late(counts: Tally) -> str:
    late, resolved = counts.column(10), counts.column(7)
    if not late:
        return ""
    share = f"{percent_text(late, resolved)} ({count_text(late)}/{count_text(resolved)})"
    return f"Trong kỳ có {count_text(late)} hồ sơ giải quyết quá hạn, bằng {share} số hồ sơ đã giải quyết."


def open_late(counts: Tally, lines: Sequence[Late], day: str) -> str:
    """lines: units or fields, in the catalogue's order."""
    late, left = counts.column(13), counts.column(11)
    if not late:
        return ""
    share = f"{percent_text(late, left)} ({count_text(late)}/{count_text(left)})"
    return (
        f"Đến hết ngày {day} còn {count_text(late)} hồ sơ đang giải quyết đã quá hạn, bằng {share} số hồ sơ đang"
        f" giải quyết{_where(lines)}."
    )


def _where(lines: Sequence[Late]) -> str:
    """, nhiều nhất ở huyện A (120 hồ sơ) và huyện B (90 hồ sơ); nothing where there is one line alone."""
    having = [line for line in lines if line.open]
    if len(lines) < 2 or not having:
        return ""
    if len(having) == 1:
        return f", đều ở {having[0].said}"
    ordered = sorted(having, key=lambda line: -line.open)
    classes = [list(found) for _, found in groupby(ordered, key=lambda line: line.open)]
    if len(classes[0]) > NAMED:
        return f", nhiều nhất là {count_text(len(classes[0]))} đơn vị cùng có {count_text(classes[0][0].open)} hồ sơ"
    named: list[Late] = []
    for found in classes:
        if named and (len(named) >= PLACES or len(named) + len(found) > NAMED):
            break
        named += found
    return f", nhiều nhất ở {listed([f'{line.said} ({count_text(line.open)} hồ sơ)' for line in named])}"
