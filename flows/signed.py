"""Taking back a report that was signed: which version it is, whether it is whole, and where it is kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from contracts import clock
from contracts.errors import UsageError
from contracts.whole_files import written_beside
from flows.restated import ReportOf
from reporting.draft_mark import copy_of
from reporting.signed.identity import Identity, explain, identify, read_file
from reporting.signed.verdict import Refused, Verdict
from storage import finished
from warehouse import register, report_files, signed_copies
from warehouse.register import ReportVersion
from warehouse.signed_copies import SignedCopy


@dataclass(frozen=True)
class Added:
    """A signed copy that was taken. newest: number of the report's newest version; already: whether that very file had
    been handed in before, and nothing was added."""

    version: ReportVersion
    copy: SignedCopy
    verdict: Verdict
    newest: int
    already: bool = False


def add_signed(engine: Engine, report: ReportOf, file: Path, *, by_whom: str, version: int | None = None) -> Added:
    """Check the file and keep it beside the version that it is. Raises Refused with the reason.

    version: the one that it must be; None: the newest of the report."""
    content = read_file(file)
    known = report.versions(engine)
    identity = identify(content, partial(register.with_sha256, engine))
    if identity is None:
        _refuse_marked(content, known)
        _refuse_archive(engine, content, known)
        asked = [one for one in reversed(known) if version in {None, one.version}]
        raise explain(content, asked or known)
    chosen = _chosen(report, identity, known, version)
    sha256 = hashlib.sha256(content).hexdigest()
    if before := [one for one in signed_copies.copies_of(engine, chosen) if one.sha256 == sha256]:
        return Added(chosen, before[0], Verdict.from_json(before[0].verdict), known[-1].version, already=True)
    verdict = _checked(report, content, identity, chosen)
    _check_stage(engine, chosen, content, verdict)
    copy = signed_copies.add(
        engine,
        chosen,
        path=lambda: str(_keep(content, Path(chosen.path))),
        sha256=sha256,
        size=len(content),
        by_whom=by_whom,
        verdict=verdict.to_json(),
    )
    return Added(chosen, copy, verdict, known[-1].version)


def _chosen(report: ReportOf, identity: Identity, known: Sequence[ReportVersion], version: int | None) -> ReportVersion:
    """The version that the file is, if it is one that may be handed in."""
    own = [one for one in identity.versions if (one.period_id, *one.key) == (report.place.period.id, *report.key)]
    if not own:
        raise _other_report(report, identity.versions[0])
    named = [one for one in own if one.version == (known[-1].version if version is None else version)]
    if named:
        return named[0]
    number, newest = own[-1].version, known[-1].version
    if version is None:
        raise Refused(
            "superseded",
            f"tệp là bản {number}, đã có bản {newest} mới hơn, in ngày {known[-1].created_at:%d/%m/%Y}"
            f" ({known[-1].reason})",
            advice=f"trình ký bản {newest}; nếu vẫn dùng bản {number}, thêm --version {number}",
        )
    raise Refused("superseded", f"tệp là bản {number}, không phải bản {version}", advice=f"ghi --version {number}")


def _refuse_marked(content: bytes, known: Sequence[ReportVersion]) -> None:
    """A copy with a mark on every page has our pages, and would be taken for a file that was altered."""
    original = copy_of(content)
    if original is None:
        return
    own = next((f" của bản {one.version}" for one in known if one.sha256 == original), "")
    raise Refused(
        "marked",
        f"tệp là bản sao có dấu «DỰ THẢO» hoặc «ĐÃ THU HỒI»{own}, không phải tệp để trình ký",
        advice="ký tệp không có dấu, tải từ cổng báo cáo sau khi duyệt, rồi nộp lại",
    )


def _refuse_archive(engine: Engine, content: bytes, known: Sequence[ReportVersion]) -> None:
    """The archival copy has the same pages, and would be taken for a file that a program wrote anew."""
    for version in known:
        for file in report_files.files_of(engine, version.version_key):
            if file.kind == "archive" and hashlib.sha256(content[: file.size]).hexdigest() == file.sha256:
                raise Refused(
                    "archive",
                    f"tệp là bản lưu trữ của bản {version.version}, không phải bản để ký",
                    advice=f"ký tệp {version.path} rồi nộp lại",
                )


def _other_report(report: ReportOf, one: ReportVersion) -> Refused:
    tree, wanted = report.place.province.units, ""
    name = tree.root.name
    if one.scope == "unit":
        wanted = f" --unit {one.unit_code}"
        name = next((unit.name for unit in tree if one.unit_code in {unit.unit_code, unit.agency_code}), one.unit_code)
    return Refused(
        "other_report",
        f"tệp là bản {one.version} báo cáo kỳ {one.period_id} của {name}, không phải báo cáo kỳ"
        f" {report.place.period.id} của {report.unit.name}",
        advice=f"cchc signed add {one.period_id} TỆP{wanted} --by …",
    )


def _checked(report: ReportOf, content: bytes, identity: Identity, version: ReportVersion) -> Verdict:
    from reporting.signed.check import check  # takes half a second to load, and a refusal above needs none of it

    province = report.place.province
    settings = province.file.signing
    verdict = check(
        content,
        length=identity.length,
        printed_at=version.created_at,
        roots=province.folder / settings.roots,
        today=clock.now(),
    )
    if settings.require_trusted and not verdict.is_trusted:
        wrong = next(signer for signer in verdict.signers if signer.trust != "trusted")
        raise Refused(
            "untrusted",
            f"chuỗi chứng thư của {wrong.name} không được tin cậy: {wrong.reason}",
            advice=f"thêm chứng thư gốc vào {province.folder / settings.roots}, hoặc ký bằng chứng thư được tin cậy",
        )
    return verdict


def _check_stage(engine: Engine, version: ReportVersion, content: bytes, verdict: Verdict) -> None:
    """A copy with fewer signatures than the one that is offered is an earlier stage of it."""
    before = signed_copies.offered(engine, version).signed
    if before is None:
        return
    count = len(Verdict.from_json(before.verdict).signers)
    if len(verdict.signers) < count:
        raise Refused(
            "fewer",
            f"tệp có {len(verdict.signers)} chữ ký, bản đã nhận ngày {before.at:%d/%m/%Y} có {count} chữ ký",
            advice="nộp tệp có đủ chữ ký",
        )


def _keep(content: bytes, printed: Path) -> Path:
    """Beside the PDF as printed, under a name that no file has; whole or not at all."""
    printed.parent.mkdir(parents=True, exist_ok=True)
    with written_beside(printed, content) as file:
        place = _link(file, printed)
    finished.keep(place)
    return place


def _link(file: Path, printed: Path) -> Path:
    number = 1
    while True:
        place = printed.with_name(f"{printed.stem}-da-ky{f'-{number}' if number > 1 else ''}.pdf")
        if finished.has(place):  # another machine may have taken that name
            number += 1
            continue
        try:
            os.link(file, place)  # fails where there is one, which a rename would replace
        except FileExistsError:
            number += 1
        else:
            return place


def signed_of(engine: Engine, report: ReportOf) -> list[tuple[SignedCopy, Verdict]]:
    """Every signed copy of a report, version by version, the oldest first. Raises UsageError where there is none."""
    found = [one for version in report.versions(engine) for one in signed_copies.copies_of(engine, version)]
    if not found:
        wanted = f" --unit {report.code}" if report.scope == "unit" else ""
        raise UsageError(
            f"báo cáo kỳ {report.place.period.id} của {report.unit.name} chưa có bản đã ký nào",
            advice=f'cchc signed add {report.place.period.id} TỆP{wanted} --by "…"',
        )
    return [(one, Verdict.from_json(one.verdict)) for one in found]
