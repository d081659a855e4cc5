"""Several notices to one person as one letter: a subject and about twelve lines, with the commands that mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from contracts.configfile import plain
from contracts.notices import NoticeKind
from contracts.periods import Period
from flows.notices.words import TODO
from warehouse.notices import Notice

SUBJECT = 78
"""Characters of a subject, of those that people see."""
LINE = 200
_LISTED, _LISTED_OF_SEVERAL_KINDS = 4, 2
"""Of one kind: if there are more, the rest is a number."""
_ORDER = list(NoticeKind)
_SEVERAL = {
    NoticeKind.QUARTER_DONE: "Kỳ đã có báo cáo",
    NoticeKind.SOURCE_FAILED: "Nguồn lỗi",
    NoticeKind.OVERDUE: "Quá hạn",
    NoticeKind.NEW_VERSION: "Có bản mới khác bản đã duyệt, đã công bố",
}
FOOT = "Thư tự động của phần mềm báo cáo CCHC, không trả lời thư này."


def subject(province: str, period: Period | None, notices: Sequence[Notice]) -> str:
    """[CCHC Khánh Hòa] Quý IV/2024: đã in báo cáo, còn thiếu 1/10 nguồn"""
    head = f"[CCHC {province}] " + (f"{_short(period)}: " if period else "")
    by_kind = _by_kind(notices)
    done = any(kind is NoticeKind.QUARTER_DONE for kind, _ in by_kind)  # it says how many sources are missing
    said = [_in_subject(kind, ones) for kind, ones in by_kind if not (done and kind is NoticeKind.SOURCE_FAILED)]
    for tried in ("; ".join(said), f"{said[0]} và việc khác" if said[1:] else said[0]):
        if len(head + tried) <= SUBJECT:
            return plain(head + tried)
    return plain(head + said[0])[: SUBJECT - 1] + "…"


def body(
    province: str, period: Period | None, notices: Sequence[Notice], over: Sequence[Notice], *, portal: str, foot: str
) -> str:
    """over: whose causes are gone, each of a source. portal: address that people type, "" where there is none. foot:
    the last line, "" for none."""
    whose = f"Tỉnh {province}" if not province.startswith(("Tỉnh", "Thành phố")) else province
    head = [f"{whose}, {period.label} ({period.id})." if period else f"{whose}."]
    by_kind = _by_kind(notices)
    at_most = _LISTED if len(by_kind) == 1 else _LISTED_OF_SEVERAL_KINDS
    kinds = [list(_section(kind, ones, beside=notices, at_most=at_most)) for kind, ones in by_kind]
    parts = [head, *kinds, [*_back(over), *_seen(notices, portal)], [foot] if foot else []]
    return "\n\n".join("\n".join(line[:LINE] for line in part) for part in parts if part)


def _by_kind(notices: Sequence[Notice]) -> list[tuple[NoticeKind, list[Notice]]]:
    ordered = sorted(notices, key=lambda one: (_ORDER.index(one.kind), one.id))
    return [(kind, list(ones)) for kind, ones in groupby(ordered, key=lambda one: one.kind)]


def _in_subject(kind: NoticeKind, ones: Sequence[Notice]) -> str:
    if kind is NoticeKind.SOURCE_FAILED:
        names = ", ".join(one.source_id for one in ones)
        return f"lỗi nguồn {names}" if len(ones) <= 2 else f"{len(ones)} nguồn lỗi"
    if len(ones) == 1:
        return f"quá hạn: {ones[0].subject}" if kind is NoticeKind.OVERDUE else ones[0].subject
    many = {NoticeKind.OVERDUE: "việc quá hạn", NoticeKind.NEW_VERSION: "báo cáo có bản mới"}
    return f"{len(ones)} {many.get(kind, _SEVERAL[kind])}"


def _section(kind: NoticeKind, ones: Sequence[Notice], *, beside: Sequence[Notice], at_most: int) -> Iterator[str]:
    if len(ones) == 1:
        yield from _whole(ones[0], beside)
        return
    yield f"{_SEVERAL[kind]} ({len(ones)}):"
    yield from (f"- {one.subject}" for one in ones[:at_most])
    if len(ones) > at_most:
        yield f"- và {len(ones) - at_most} mục khác"
    yield from _todo_of_several(kind, ones, at_most)


def _whole(one: Notice, beside: Sequence[Notice]) -> Iterator[str]:
    """What is to be done stands once: where the failed sources follow, they say it."""
    lines = one.body.split("\n")
    follows = one.kind is NoticeKind.QUARTER_DONE and any(o.kind is NoticeKind.SOURCE_FAILED for o in beside)
    if follows and one.command.endswith("--failed"):
        yield from (line for line in lines if not line.startswith(TODO))
        return
    yield from lines
    yield f"  {one.command}"


def _todo_of_several(kind: NoticeKind, ones: Sequence[Notice], at_most: int) -> Iterator[str]:
    period_id = ones[0].period_id
    if kind is NoticeKind.SOURCE_FAILED:
        yield f"{TODO}cchc status {period_id} nói rõ từng nguồn; sửa xong thì chạy:"
        yield f"  cchc rerun {period_id} --failed"
    elif kind is NoticeKind.NEW_VERSION:
        yield f"{TODO}xem từng báo cáo khác ở đâu (cchc restated {period_id}); danh sách:"
        yield f"  cchc status {period_id}"
    elif period_id and all(one.source_id for one in ones):
        yield f"{TODO}gọi từng đơn vị (cchc status {period_id} có số điện thoại); có số liệu rồi thì chạy:"
        yield f"  cchc rerun {period_id} --failed"
    else:
        commands = list(dict.fromkeys(one.command for one in ones))
        yield TODO.rstrip()
        yield from (f"  {command}" for command in commands[:at_most])
        if len(commands) > at_most:
            yield f"  (còn {len(commands) - at_most} lệnh nữa: cchc watchdog)"


def _back(over: Sequence[Notice]) -> list[str]:
    names = list(dict.fromkeys(one.subject.partition("): ")[0] + ")" for one in over if one.source_id))
    if not names:
        return []
    more = f" và {len(names) - _LISTED} nguồn khác" if len(names) > _LISTED else ""
    shown = names if len(names) <= 2 else list(dict.fromkeys(one.source_id for one in over))
    return [f"Đã có số liệu trở lại: {', '.join(shown[:_LISTED])}{more}."]


def _seen(notices: Sequence[Notice], portal: str) -> list[str]:
    if not portal:
        return []
    paths = {one.path for one in notices}
    path = paths.pop() if len(paths) == 1 else (f"/ky/{notices[0].period_id}" if notices[0].period_id else "/ky")
    return [f"Xem: {portal.rstrip('/')}{path}"]


def _short(period: Period) -> str:
    """Quý IV/2024"""
    label = period.label
    return label.replace(" năm ", "/") if label.startswith(("Quý ", "Tháng ")) else label
