"""What an officer must have seen of a version before it is checked, approved, given out: what it lacks, what moved,
what was written after it was printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from sqlalchemy import Engine

from contracts import clock
from contracts.codes import STATE_LABELS, PartitionState, Severity
from contracts.errors import UsageError
from contracts.report_parts import PARTS
from flows import remarks
from reporting.formats import count_text, percent_text
from reporting.inputs import WrittenText
from reporting.issued import kept_by, kept_of
from reporting.kept import Basis, Kept
from reporting.restatement import moved
from reporting.written.outdated import typed_before
from warehouse import approvals, publications, read, register, texts
from warehouse.approval_rule import Known
from warehouse.register import ReportVersion

Kind = Literal[
    "file",
    "preview",
    "sources",
    "quarantine",
    "findings",
    "remarks",
    "published",
    "approved",
    "newer",
    "typed",
    "texts",
]
Level = Literal["good", "told", "look", "bad"]
"""bad: not to be given out so; look: a person has to look; told: to be known; good: nothing to be said."""


@dataclass(frozen=True)
class Point:
    """One thing that was looked at. said: a sentence in Vietnamese; more: its particulars; beside: of figures that are
    others in another version, the number of that version."""

    kind: Kind
    level: Level
    said: str
    more: tuple[str, ...] = ()
    beside: int | None = None


def points(engine: Engine, version: ReportVersion, known: Known, *, cut_off: date) -> list[Point]:
    """Everything about this version, in the order in which an officer asks. known: what stands of its period; cut_off:
    of that."""
    kept = kept_of(engine, version)
    found = [_file(engine, version), *_preview(engine, version, cut_off)]
    found += _beside_others(engine, version, kept, known)
    if kept is None:
        return [*found, Point("sources", "look", "Bản này in bằng chương trình cũ: không rõ gồm những nguồn nào.")]
    found += [_sources(kept.basis), _quarantine(kept.basis)]
    found += _findings(engine, version, kept.basis)
    found += _remarks(engine, version, kept.basis)
    found += _texts(engine, version, kept)
    return found


@lru_cache(maxsize=8192)
def missing_sources(engine: Engine, version: ReportVersion) -> int | None:
    """How many sources the version lacks; None where that is not known. The number alone is remembered: lists of
    reports ask for it, and what a version printed is megabytes."""
    kept = kept_by(engine, version.period_id, version.key, version.version)
    return None if kept is None else len(_not_loaded(kept.basis))


@lru_cache(maxsize=8192)
def preview_until(engine: Engine, version: ReportVersion, cut_off: date) -> date | None:
    """Of a version whose figures end before the period does, their last day; None of any other."""
    kept = kept_by(engine, version.period_id, version.key, version.version)
    day = date.fromisoformat(kept.basis.as_of) if kept else None
    return day if day is not None and day < cut_off else None


def preview_sentence(until: date, cut_off: date) -> str:
    return (
        f"Bản xem trước, không phải báo cáo cả kỳ: số liệu mới đến hết ngày {until:%d/%m/%Y},"
        f" ngày chốt kỳ là {cut_off:%d/%m/%Y}."
    )


def _preview(engine: Engine, version: ReportVersion, cut_off: date) -> Iterator[Point]:
    if until := preview_until(engine, version, cut_off):
        yield Point("preview", "bad", preview_sentence(until, cut_off))


def _file(engine: Engine, version: ReportVersion) -> Point:
    try:
        approvals.refuse_other_files(engine, version)
    except UsageError as error:
        return Point("file", "bad", f"{_sentence(error.cause)}.")
    return Point("file", "good", f"{count_text(version.pages)} trang; các tệp còn nguyên từng byte như khi in.")


def _beside_others(engine: Engine, version: ReportVersion, kept: Kept | None, known: Known) -> Iterator[Point]:
    stands = publications.standing(known.entered).get(version.key)
    others = _versions(engine, version)
    if stands is not None and stands.version != version.version:
        day = f"{stands.at.astimezone(clock.VIETNAM):%d/%m/%Y}"
        said = f"bản {stands.version} đã công bố ngày {day}"
        yield _differs("published", engine, kept, others[stands.version], said)
    for number in known.approved(version.key):
        if number != version.version:
            yield _differs("approved", engine, kept, others[number], f"bản {number} đã duyệt, chưa công bố")
    if known.newest > version.version:
        yield _differs("newer", engine, kept, others[known.newest], f"bản {known.newest}, mới hơn bản này")


def _differs(
    kind: Literal["published", "approved", "newer"], engine: Engine, kept: Kept | None, other: ReportVersion, said: str
) -> Point:
    beside = kept_of(engine, other)
    if kept is None or beside is None:
        return Point(kind, "look", f"Không so được số liệu với {said}: một bản in bằng chương trình cũ.")
    count = len(moved(beside.figures, kept.figures))
    if count:
        return Point(kind, "look", f"{count_text(count)} số liệu khác {said}.", beside=other.version)
    return Point(kind, "good" if kind == "published" else "look", f"Không số liệu nào khác {said}.")


def _versions(engine: Engine, version: ReportVersion) -> dict[int, ReportVersion]:
    found = register.versions(engine, version.period_id)
    return {one.version: one for one in found if one.key == version.key}


def _not_loaded(basis: Basis) -> list[str]:
    return [
        f"{one.name}: {STATE_LABELS[PartitionState(one.state)].lower()}"
        for one in basis.sources
        if one.state != PartitionState.LOADED
    ]


def _sources(basis: Basis) -> Point:
    lacking, count = _not_loaded(basis), len(basis.sources)
    if not lacking:
        return Point("sources", "good", f"Đủ số liệu của {count_text(count)}/{count_text(count)} nguồn.")
    said = f"Thiếu {count_text(len(lacking))}/{count_text(count)} nguồn: số liệu của báo cáo chỉ là một phần."
    return Point("sources", "bad", said, tuple(lacking))


def _quarantine(basis: Basis) -> Point:
    """Of the sources that the version has; a source without a count is not counted as 0."""
    counts = [(one.quarantined, one.rows) for one in basis.sources if one.quarantined is not None and one.rows]
    if not counts:
        return Point("quarantine", "told", "Không rõ số hồ sơ bị loại.")
    out, rows = (sum(column) for column in zip(*counts, strict=True))
    said = f"{count_text(out)}/{count_text(rows)} hồ sơ bị loại, không tính vào báo cáo ({percent_text(out, rows)})."
    return Point("quarantine", "told" if out else "good", said)


def _findings(engine: Engine, version: ReportVersion, basis: Basis) -> Iterator[Point]:
    """Of the rules that stop a source, as they stand now."""
    ours = {one.id: one.name for one in basis.sources}
    found = read.findings(engine, version.period_id, loaded_only=False)
    critical = found[(found["severity"] == Severity.CRITICAL) & found["source_id"].isin(list(ours))]
    if critical.empty:
        yield _no_findings(basis)
        return
    rows = zip(critical["source_id"], critical["sentence"], strict=True)
    said = tuple(f"{ours[source_id]}: {sentence}" for source_id, sentence in rows)
    yield Point("findings", "bad", f"{count_text(len(said))} lỗi nghiêm trọng khi kiểm tra nguồn.", said)


def _no_findings(basis: Basis) -> Point:
    """A source that the version lacks was not examined: nothing is said to be in order there."""
    lacking, count = len(_not_loaded(basis)), len(basis.sources)
    if not lacking:
        return Point("findings", "good", "Không có lỗi nghiêm trọng khi kiểm tra nguồn.")
    if lacking == count:
        return Point("findings", "look", "Chưa kiểm tra được: bản này không có số liệu của nguồn nào.")
    said = f"Chưa kiểm tra được {count_text(lacking)}/{count_text(count)} nguồn không có số liệu"
    return Point("findings", "look", f"{said}; các nguồn khác không có lỗi nghiêm trọng.")


def _remarks(engine: Engine, version: ReportVersion, basis: Basis) -> Iterator[Point]:
    names = {one.id: one.name for one in basis.sources}
    told = remarks.remarks(engine, version.period_id)
    said = tuple(
        f"{names[source_id]}: {one}" for source_id in sorted(told) if source_id in names for one in told[source_id]
    )
    if said:
        yield Point("remarks", "look", f"{count_text(len(said))} điểm lưu ý khi đọc nguồn.", said)


def _texts(engine: Engine, version: ReportVersion, kept: Kept) -> Iterator[Point]:
    """Parts that were written since the version was printed, and numbers in it that were typed before figures moved."""
    report = (version.period_id, *version.key)
    history = texts.history(engine, version.period_id, report=report)
    newest = {one.part: one for one in history}
    printed = {part: basis.version for part, basis in kept.written.items()}
    since = [part for part in PARTS if part.id in newest and newest[part.id].version > printed.get(part.id, 0)]
    if since:
        titles = tuple(part.title for part in since)
        said = f"{count_text(len(since))} phần chữ được nạp sau khi in: bản này chưa có nội dung đó."
        yield Point("texts", "look", said, titles)
    inside = [one for one in history if printed.get(one.part) == one.version]
    if said := _typed(engine, version, kept, inside):
        yield Point("typed", "look", f"{_sentence(said)}.")


def _typed(engine: Engine, version: ReportVersion, kept: Kept, inside: Sequence[texts.ReportText]) -> str:
    if not inside:
        return ""
    written = {
        one.part: WrittenText(one.scope, one.unit_code, one.part, one.text, one.version, one.by_whom, one.at)
        for one in inside
    }
    numbers = [number for number in sorted(_versions(engine, version).items()) if number[0] <= version.version]
    found = [(number, kept_of(engine, one)) for number, one in numbers]
    return typed_before(written, [(number, one) for number, one in found if one is not None], kept)


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]
