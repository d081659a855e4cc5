"""What a report's figures rest on, and what of it differs between two versions: as far as the cause of a moved figure
is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from contracts.codes import STATE_LABELS, PartitionState
from contracts.columns import MEASURES, MEMOS
from contracts.source_config import digest
from reporting.formats import MISSING, count_text, date_text, stamp_text
from reporting.inputs import ReportInput, SourceState
from reporting.kept import Basis, SourceBasis
from reporting.scope import Scope
from reporting.through_time import others_of
from transforms.indicators import valid_on

WHOLE = "Toàn báo cáo"
_ONLY_TOLD = {"unusual_share", "unusual_at_least", "published_points"}
"""Entries of the policy that decide what is pointed out, and not what is counted."""
_COUNTED = [*MEASURES, *MEMOS]


@dataclass(frozen=True)
class Difference:
    """One thing that two versions' figures do not have in common. subject: a source's name, or WHOLE; what, then, now:
    for a table; said: the same in a clause; moves: whether it can have moved figures of this report."""

    subject: str
    what: str
    then: str
    now: str
    said: str
    moves: bool


def basis_of(report_input: ReportInput, scope: Scope) -> Basis:
    """Of the report of that scope; sources in the order of their ids."""
    province = report_input.province
    day = max(span.last_day for span in report_input.spans.values())
    return Basis(
        as_of=report_input.as_of.isoformat(),
        policy=digest(province.file.policy.model_dump(exclude=_ONLY_TOLD))[:16],
        procedures=digest(sorted((p.code, p.field) for p in province.procedures.values()))[:16],
        units=digest([[str(u), u.parent, u.valid_from, u.valid_to] for u in scope.units])[:16],
        formulas={i.id: i.formula_version for i in valid_on(day)},
        sources=tuple(sorted((_source(s, scope) for s in scope.sources), key=lambda s: s.id)),
        others=others_of(report_input, scope),
    )


def _source(source: SourceState, scope: Scope) -> SourceBasis:
    if not source.loaded:
        return SourceBasis(source.id, source.name, source.state.value)
    counting, *corrections = source.load_fingerprint.split("+")
    return SourceBasis(
        id=source.id,
        name=source.name,
        state=source.state.value,
        read_at=source.extracted_at.isoformat() if source.extracted_at else "",
        landing_id=source.landing_id,
        rows=source.rows,
        accepted=source.accepted,
        quarantined=source.quarantined,
        corrections=tuple(corrections),
        meaning=source.meaning,
        counting=counting,
        counts=_counts(source, scope),
    )


def _counts(source: SourceState, scope: Scope) -> str:
    """Digest of what the source adds to this report, unit by unit and field by field."""
    ours = scope.facts[scope.facts["source_id"] == source.id]
    keys = [ours[name].astype(str) for name in ("agency_code", "field")]
    sums = ours.groupby(keys, sort=True)[_COUNTED].sum()
    return digest([[*map(str, key), *map(int, row)] for key, row in zip(sums.index, sums.to_numpy(), strict=True)])[:16]


def differences(then: Basis, now: Basis) -> tuple[Difference, ...]:
    """Source by source, then what concerns all of them; those that can have moved a figure first."""
    found = [*_of_sources(then, now), *_of_whole(then, now)]
    return tuple(sorted(found, key=lambda d: not d.moves))


def _of_sources(then: Basis, now: Basis) -> Iterator[Difference]:
    before, after = ({s.id: s for s in basis.sources} for basis in (then, now))
    for source_id in sorted(before.keys() | after.keys()):
        yield from _of_source(before.get(source_id), after.get(source_id), same_rules=_same_rules(then, now))


def _same_rules(then: Basis, now: Basis) -> bool:
    return (then.as_of, then.policy, then.procedures) == (now.as_of, now.policy, now.procedures)


def _of_source(was: SourceBasis | None, now: SourceBasis | None, *, same_rules: bool) -> Iterator[Difference]:
    known = now or was
    assert known is not None
    moves = was is None or now is None or was.counts != now.counts

    def told(what: str, then: str, later: str, said: str) -> Difference:
        return Difference(known.name, what, then, later, said.format(f"nguồn {known.id}"), moves)

    if was is None or now is None:
        said = "{} mới được khai báo" if was is None else "{} không còn được khai báo"
        yield told("Nguồn của báo cáo", _state(was), _state(now), said)
    elif was.state != now.state:
        loaded = now.state == PartitionState.LOADED
        yield told("Trạng thái", _state(was), _state(now), "{} nay đã có số liệu" if loaded else "{} nay thiếu số liệu")
    elif now.state == PartitionState.LOADED:
        yield from _of_loaded(was, now, told, same_rules=same_rules)


def _of_loaded(
    was: SourceBasis, now: SourceBasis, told: Callable[[str, str, str, str], Difference], *, same_rules: bool
) -> Iterator[Difference]:
    if was.landing_id != now.landing_id or was.read_at != now.read_at:
        said = f"{{}} được trích xuất lại {_read(now)}"
        yield told("Lần trích xuất (mã kiểm tra)", _landing(was), _landing(now), said)
    for name, what in (("accepted", "Hồ sơ được tính"), ("quarantined", "Hồ sơ bị loại")):
        then, later = count_text(getattr(was, name)), count_text(getattr(now, name))
        if then != later:
            yield told(what, then, later, f"{what.lower()} của {{}} từ {then} thành {later}")
    if was.corrections != now.corrections:
        then, later = (f"{count_text(len(one.corrections))} mục" for one in (was, now))
        added, dropped = ({*a.corrections} - {*b.corrections} for a, b in ((now, was), (was, now)))
        said = f"{{}} thêm {len(added)}, bỏ {len(dropped)} đính chính"
        yield told("Đính chính (corrections.toml)", then, later, said)
    if was.meaning != now.meaning:
        yield told("Bảng mã, cột đọc", was.meaning[:8], now.meaning[:8], "bảng mã hoặc cột đọc của {} đã đổi")
    elif same_rules and was.counting != now.counting:
        marks = was.counting[-8:], now.counting[-8:]
        yield told("Phiên bản cách tính", *marks, "phiên bản cách tính đối với {} đã đổi")


def _of_whole(then: Basis, now: Basis) -> Iterator[Difference]:
    if then.as_of != now.as_of:
        was, is_now = (date_text(date.fromisoformat(one.as_of)) for one in (then, now))
        yield _whole("Ngày chốt số liệu", was, is_now, f"ngày chốt số liệu đổi thành {is_now}")
    for name, what in (
        ("policy", "Quy tắc tính của tỉnh"),
        ("procedures", "Danh mục thủ tục, lĩnh vực"),
        ("units", "Danh mục đơn vị"),
    ):
        was, is_now = getattr(then, name), getattr(now, name)
        if was != is_now:
            yield _whole(what, was[:8], is_now[:8], f"{what[:1].lower()}{what[1:]} đã đổi")
    if then.others and then.others != now.others:
        said = "số liệu các kỳ khác dùng để tính lũy kế đã đổi"
        yield _whole("Số liệu các kỳ khác, dùng cho lũy kế", then.others[:8], now.others[:8], said)
    changed = sorted(i for i in {*then.formulas} & {*now.formulas} if then.formulas[i] != now.formulas[i])
    for indicator in changed:
        was, is_now = (f"công thức {one.formulas[indicator]}" for one in (then, now))
        yield _whole(f"Chỉ tiêu {indicator}", was, is_now, f"công thức của {indicator} đã đổi")


def _whole(what: str, then: str, now: str, said: str) -> Difference:
    return Difference(WHOLE, what, then, now, said, moves=True)


def _state(source: SourceBasis | None) -> str:
    return MISSING if source is None else STATE_LABELS[PartitionState(source.state)]


def _read(source: SourceBasis) -> str:
    return f"lúc {stamp_text(datetime.fromisoformat(source.read_at))}" if source.read_at else ""


def _landing(source: SourceBasis) -> str:
    when = stamp_text(datetime.fromisoformat(source.read_at)) if source.read_at else MISSING
    return f"{when} ({source.landing_id[:8]})"
