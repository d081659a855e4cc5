"""Brings a period's reports up to date: only those whose content changed are set again.

A version is never overwritten; it gets its number when it is entered in the register, and the number is not
printed, so that a quarter mended after a failure gives the same bytes as one in which nothing failed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from sqlalchemy import Engine

from contracts.codes import Series
from contracts.periods import Period
from contracts.province import Province
from contracts.source_config import SourceConfig
from contracts.units import Unit
from reporting.attached import data_of
from reporting.beside_approved import BesideApproved, beside_approved, said_of
from reporting.companions import beside, registered
from reporting.context import build_context
from reporting.data_file import DataFile
from reporting.gather import gather
from reporting.inputs import ReportInput
from reporting.issued import kept_by
from reporting.kept import Kept
from reporting.page import ReportContext
from reporting.press import print_all
from reporting.restatement import Restatement, kept_of, restatement
from reporting.scope import code_of, report_key, scope_of
from reporting.sheet import Rendered, Sheet, input_digest
from reporting.wording import place_of
from reporting.written.outdated import typed_before
from reporting.written.texts import changes_said, texts_of
from storage import finished
from warehouse import printed, publications, register, report_files
from warehouse.approval_rule import approved
from warehouse.publications import ReportKey
from warehouse.register import ReportVersion, Scope
from warehouse.report_files import ReportFile

_PASSING = ".dang-in-"
Progress = Callable[[int, int, str], None]
"""Called after each report with how many are done, how many there are, and whose it was."""


@dataclass(frozen=True)
class ReportOutcome:
    """One report as it stands after a refresh. rendered: whether it was set anew; restated: how many figures it gives
    otherwise than the version that stands published; restates: that version; files: what lies beside its PDF; typed:
    what is to be told of numbers that were typed when other figures stood, a clause; beside: an older version that
    stands approved and is not published."""

    scope: Scope
    unit_code: str
    name: str
    path: Path
    pages: int
    sha256: str
    version: int
    rendered: bool
    restated: int = 0
    restates: int | None = None
    files: tuple[ReportFile, ...] = ()
    typed: str = ""
    beside: BesideApproved | None = None


@dataclass(frozen=True)
class _Job:
    """A report that should exist, with what was known of it before."""

    scope: Scope
    unit: Unit
    code: str
    kept: Kept
    restatement: Restatement | None
    context: ReportContext
    data: tuple[DataFile, ...]
    digest: str
    newest: ReportVersion | None
    files: tuple[ReportFile, ...]
    folder: Path
    stem: str
    typed: str
    beside: BesideApproved | None

    @property
    def name(self) -> str:
        return place_of(self.unit)

    def path(self, version: int) -> Path:
        return self.folder / f"{self.stem}-v{version}.pdf"

    @property
    def is_current(self) -> bool:
        """Same content as the newest version, whose files still are what was registered."""
        if self.newest is None or self.newest.input_digest != self.digest:
            return False
        return publications.file_is_registered(self.newest) and all(f.is_registered for f in self.files)


def refresh(
    engine: Engine,
    *,
    province: Province,
    period: Period,
    as_of: date,
    sources: list[SourceConfig],
    output: Path,
    units: list[Unit] | None = None,
    progress: Progress | None = None,
    stand: str | None = None,
) -> list[ReportOutcome]:
    """The province's report, one for every unit of the configured level, and those of `units`.

    stand: of the sources that are shown (warehouse.stand), so that no version is entered of figures that are no more.
    Of the other periods nothing is looked at again: what is said of them all is of the one moment at which it was
    gathered, as it would be of a report that was printed just then. What moves later is in the next refresh, for a
    report is set anew wherever its content is another one.
    Files: <output>/<period>/bao-cao-cchc-<period>-<province>[-<unit code>]-v<version>.pdf.
    Raises CriticalCheckError where counts do not add up, RenderError where a page cannot be set, StandMoved."""
    _clear_leftovers(output / period.id)
    report_input = gather(engine, province=province, period=period, as_of=as_of, sources=sources)
    wanted = _wanted(report_input, units or [])
    stands = approved(publications.events(engine, period.id))
    made = (_job(engine, report_input, unit, output / period.id, stands) for unit in wanted)
    jobs: list[_Job] = []
    done: dict[str, ReportOutcome] = {}
    for job, file, rendered in _rendered(_stale(engine, made, jobs, done), output / period.id):
        done[job.unit.agency_code] = _enter(engine, job, file, rendered, stand)
        if progress:
            progress(len(done), len(jobs), job.name)
    return [done[job.unit.agency_code] for job in jobs]


def _stale(engine: Engine, made: Iterable[_Job], jobs: list[_Job], done: dict[str, ReportOutcome]) -> Iterator[_Job]:
    """Those to be printed, as they are made. All go into `jobs`, and what stands as it is into `done`."""
    for job in made:
        _keep_missing(engine, job)
        jobs.append(job)
        if job.is_current:
            done[job.unit.agency_code] = _unchanged(job)
        else:
            yield job


def _wanted(report_input: ReportInput, units: Sequence[Unit]) -> list[Unit]:
    """The province first, then the configured level in the catalogue's order, those of which a version stands
    published, and those asked for; each once."""
    province = report_input.province
    span = report_input.spans[Series.FORMS]
    level = province.file.report.unit_level(report_input.period.cut_off)
    of_level = [u for u in province.units if level and u.level is level and u.valid_on(span.last_day)]
    issued = {one.unit_code for one in report_input.published if one.scope == "unit"}
    published = [u for u in province.units if code_of(u, province.units) in issued]
    return list({u.agency_code: u for u in (province.units.root, *of_level, *published, *units)}.values())


def _job(
    engine: Engine, report_input: ReportInput, unit: Unit, folder: Path, stands: Mapping[ReportKey, Sequence[int]]
) -> _Job:
    province, period = report_input.province, report_input.period
    whole = unit == province.units.root
    scope, code = report_key(unit, province.units)
    context = build_context(report_input, unit=None if whole else unit)
    covered = scope_of(report_input, None if whole else unit)
    data = data_of(report_input, covered)
    newest = register.newest(engine, period.id, scope, code)
    kept = kept_of(report_input, covered)
    return _Job(
        scope=scope,
        unit=unit,
        code=code,
        kept=kept,
        restatement=restatement(report_input, covered),
        context=context,
        data=data,
        digest=input_digest(context, data),
        newest=newest,
        files=report_files.files_of(engine, newest.version_key) if newest else (),
        folder=folder,
        stem=f"bao-cao-cchc-{period.id}-{province.id}" + ("" if whole else f"-{code}"),
        typed=_typed(engine, report_input, None if whole else unit, kept),
        beside=beside_approved(engine, period.id, (scope, code), stands, kept),
    )


def _typed(engine: Engine, report_input: ReportInput, unit: Unit | None, kept: Kept) -> str:
    """What is to be told of typed numbers; the versions are read only where somebody wrote something."""
    written = texts_of(report_input, unit)
    if not any(one.text for one in written.values()):
        return ""
    tree, period = report_input.province.units, report_input.period.id
    key = report_key(unit or tree.root, tree)
    numbers = [one.version for one in register.versions(engine, period) if one.key == key]
    found = ((number, kept_by(engine, period, key, number)) for number in numbers)
    return typed_before(written, [(number, one) for number, one in found if one is not None], kept)


def _keep_missing(engine: Engine, job: _Job) -> None:
    """What the newest version printed, where it was entered before that was kept: its content is what was made now."""
    newest = job.newest
    if newest and newest.input_digest == job.digest:
        key = (newest.period_id, newest.scope, newest.unit_code, newest.version)
        if printed.kept(engine, key) is None:
            printed.keep_late(engine, key, job.kept.to_json())


def _clear_leftovers(folder: Path) -> None:
    """Of runs that were killed while they printed; whoever refreshes a period is alone at that."""
    for left in folder.glob(f"{_PASSING}*"):
        shutil.rmtree(left, ignore_errors=True)


def _rendered(stale: Iterator[_Job], folder: Path) -> Iterator[tuple[_Job, Path, Rendered]]:
    """Each job with its finished file in a passing folder, in the order in which they get done; none before all have
    been made, so that nothing is entered of a run that fails on the way. The province's report, the longest, is the
    first."""
    if (first := next(stale, None)) is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    jobs: list[_Job] = []
    with tempfile.TemporaryDirectory(dir=folder, prefix=_PASSING) as name:

        def sheets() -> Iterator[Sheet]:
            for job in chain((first,), stale):
                jobs.append(job)
                yield Sheet(job.context, Path(name) / f"{job.stem}.pdf", job.data)

        for place, rendered in print_all(sheets()):
            yield jobs[place], Path(name) / f"{jobs[place].stem}.pdf", rendered


def _enter(engine: Engine, job: _Job, file: Path, rendered: Rendered, stand: str | None) -> ReportOutcome:
    """Move the file to its place and enter the version, both or neither; a lost file of an unchanged version is
    put back instead."""
    newest = job.newest
    if newest and newest.input_digest == job.digest and _is_as_registered(job, newest, rendered):
        _put(file, Path(newest.path), rendered)
        return _outcome(job, newest, rendered=True, files=job.files)
    reason = _reason(engine, job)
    entered = register.add(
        engine,
        period_id=job.folder.name,
        scope=job.scope,
        unit_code=job.code,
        path=lambda version: str(_put(file, job.path(version), rendered)),
        sha256=rendered.sha256,
        pages=rendered.pages,
        input_digest=job.digest,
        reason=lambda version: "; ".join(filter(None, (reason, _left_out(job, version)))),
        document=job.kept.to_json(),
        files=lambda version: [registered(f, beside(job.path(version), f.kind)) for f in rendered.companions],
        is_free=lambda version: _is_free(job.path(version), rendered),
        stand=stand,
    )
    return _outcome(job, entered, rendered=True, files=report_files.files_of(engine, entered.version_key))


def _is_as_registered(job: _Job, newest: ReportVersion, rendered: Rendered) -> bool:
    """Byte for byte, also what lies beside the PDF."""
    beside_it = {file.kind: file.sha256 for file in rendered.companions}
    return newest.sha256 == rendered.sha256 and all(beside_it.get(f.kind) == f.sha256 for f in job.files)


def _is_free(place: Path, rendered: Rendered) -> bool:
    """Nothing else has that version's name: a report that a restored warehouse knows nothing of may have been published
    under it, and these may be the only files of it that are left. Raises StoreError."""
    around = [(beside(place, companion.kind), companion.sha256) for companion in rendered.companions]
    return all(finished.is_free(path, sha256) for path, sha256 in ((place, rendered.sha256), *around))


def _left_out(job: _Job, version: int) -> str:
    first = job.newest.version + 1 if job.newest else 1
    if version == first:
        return ""
    numbers = f"số {first}" if version == first + 1 else f"các số {first}–{version - 1}"
    return f"bỏ qua {numbers}: đã có tệp khác mang số đó mà sổ báo cáo không ghi, giữ nguyên tệp đó"


def _put(file: Path, place: Path, rendered: Rendered) -> Path:
    """The PDF last: where it lies, everything beside it does. Raises StoreError where the shared store refuses them."""
    place.parent.mkdir(parents=True, exist_ok=True)
    around = [beside(place, companion.kind) for companion in rendered.companions]
    for companion, path in zip(rendered.companions, around, strict=True):
        beside(file, companion.kind).replace(path)
    file.replace(place)
    finished.keep(*around, place)
    return place


def _reason(engine: Engine, job: _Job) -> str:
    """Why there is a new version: what was written anew is told first, and alone where no figure differs."""
    before = job.newest and kept_by(engine, job.newest.period_id, job.newest.key, job.newest.version)
    said = changes_said(before.written, job.kept.written) if before else ""
    is_all = before and said and (before.figures, before.basis) == (job.kept.figures, job.kept.basis)
    other = "" if is_all else _other_reason(job)
    return "; ".join(filter(None, (said, other, said_of(job.beside), job.typed)))


def _other_reason(job: _Job) -> str:
    if job.newest is None:
        return "bản đầu tiên của kỳ"
    if job.newest.input_digest == job.digest:
        return f"tệp của bản {job.newest.version} bị mất hoặc bị sửa"
    if job.restatement and not job.restatement.repeated:
        return job.restatement.sentence
    return f"số liệu, cấu hình hoặc mẫu trang khác bản {job.newest.version}"


def _unchanged(job: _Job) -> ReportOutcome:
    assert job.newest is not None
    return _outcome(job, job.newest, rendered=False, files=job.files)


def _outcome(job: _Job, version: ReportVersion, *, rendered: bool, files: tuple[ReportFile, ...]) -> ReportOutcome:
    beside = job.beside if job.beside and job.beside.approved < version.version else None
    moves = None if job.restatement is None or job.restatement.repeated else job.restatement
    return ReportOutcome(
        scope=job.scope,
        unit_code=job.code,
        name=job.name,
        path=Path(version.path),
        pages=version.pages,
        sha256=version.sha256,
        version=version.version,
        rendered=rendered,
        restated=len(moves.moved) if moves else 0,
        restates=moves.published.version if moves else None,
        files=files,
        typed=job.typed,
        beside=beside,
    )
