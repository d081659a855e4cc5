"""Forms out to the units, and their returns in: read, checked, kept and stored, each workbook whole or not at all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from contracts import clock
from contracts.answers import Received, Return
from contracts.errors import CchcError, MachineError, UsageError, machine_error
from contracts.return_form import Form
from contracts.whole_files import write_whole
from flows.place import Place, find_place
from reporting.returns.due import due_texts
from reporting.returns.gather import form_of, forms
from reporting.returns.template import template_bytes
from sources.returns.identity import Identity, identity_of
from sources.returns.reading import read_form
from sources.returns.remarks import Remark
from sources.returns.workbook import MOST_BYTES, NotAForm, Page, read_workbook
from transforms.returned import Change, changes, lost
from warehouse import returned

FILE_MODE = 0o640
_NEW_FORM = "lấy phiếu mẫu mới (cchc returns template), chép số liệu sang rồi gửi lại"


def write_forms(place: Place, folder: Path, *, codes: Sequence[str] = ()) -> Iterator[Path]:
    """<folder>/<period>/phieu-<period>-<agency code>.xlsx for every unit that exists in the period and is asked; for
    those of `codes` alone, where there are any. Raises UsageError for a unit that is not asked."""
    period, due = place.period, due_texts(place.province, place.period)
    for form in _wanted(place, codes):
        path = folder / period.id / f"phieu-{period.id}-{form.unit.agency_code}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, template_bytes(form, due=due[form.unit.level]), mode=FILE_MODE)
        yield path


def _wanted(place: Place, codes: Sequence[str]) -> list[Form]:
    known = list(forms(place.province, place.period))
    if not codes:
        return known
    chosen = [next((f for f in known if code in (f.unit.agency_code, f.unit.unit_code)), code) for code in codes]
    for one in chosen:
        if isinstance(one, str):
            raise UsageError(
                f"không có đơn vị mã «{one}» phải lập phiếu trong kỳ {place.period.id}",
                advice=f"xem danh sách: cchc returns list {place.period.id}",
            )
    return list({f.unit.agency_code: f for f in chosen if isinstance(f, Form)}.values())


@dataclass(frozen=True)
class Outcome:
    """What became of one file. received: None where it was refused. is_new: whether it was entered now. changed: what
    it answers otherwise than the unit's return before."""

    file: Path
    remarks: tuple[Remark, ...]
    form: Form | None = None
    received: Received | None = None
    is_new: bool = False
    changed: tuple[Change, ...] = ()

    @property
    def refused(self) -> bool:
        return self.received is None


@dataclass(frozen=True)
class _Read:
    """A file before it is stored. form, content: None where it was refused."""

    file: Path
    remarks: tuple[Remark, ...]
    sha256: str = ""
    data: bytes = b""
    form: Form | None = None
    content: Return | None = None


def add_returns(files: Iterable[Path], *, period: str | None = None) -> list[Outcome]:
    """Take the returns of these files and folders, in their order. period: the only one that is taken. What is wrong
    with one file keeps no other from being taken; two different files of one unit are both refused, since neither is
    the later one. Raises UsageError where a file is not there, WarehouseError."""
    desk = _Desk(find_place(period) if period else None)
    return [desk.store(read) for read in desk.without_doubles(map(desk.read, _all_files(files)))]


def _all_files(given: Iterable[Path]) -> list[Path]:
    """Those of a folder by their names; what Excel keeps beside an open workbook is none."""
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*.xlsx") if not p.name.startswith(("~$", ".")))
        elif path.is_file():
            found.append(path)
        else:
            raise UsageError(f"không có tệp «{path.absolute()}»", advice="kiểm tra đường dẫn")
    if not found:
        raise UsageError("không có phiếu nào (.xlsx) để nhận", advice="chỉ đúng tệp hoặc thư mục")
    return list({path.resolve(): path for path in found}.values())


class _Desk:
    """Where returns are taken: one province, one moment, the periods as they are named by the files."""

    def __init__(self, only: Place | None) -> None:
        self.only = only
        self.at: datetime = clock.now()
        self._places: dict[str, Place] = {} if only is None else {only.period.id: only}

    @cached_property
    def engine(self) -> Engine:
        return next(iter(self._places.values())).open_warehouse()

    def read(self, file: Path) -> _Read:
        try:
            data = _content(file)
            pages = read_workbook(data)
            return self._checked(file, data, pages, self._form(identity_of(pages)))
        except NotAForm as refusal:
            return _Read(file, (Remark("", refusal.wrong, refusal.advice),))

    def _form(self, said: Identity) -> Form:
        """The form that the file is of, as it is asked today. Raises NotAForm."""
        place = self._place(said.period)
        if said.province != place.province.id:
            raise NotAForm(f"phiếu của tỉnh «{said.province}», không phải «{place.province.id}»", "gửi đúng tỉnh")
        if self.only is not None and said.period != self.only.period.id:
            raise NotAForm(f"phiếu của kỳ {said.period}, đang nhận kỳ {self.only.period.id}", "chọn đúng phiếu")
        tree = place.province.units
        unit = tree.by_agency(said.unit) if tree.has_agency(said.unit) else None
        form = form_of(place.province, place.period, unit) if unit else None
        if form is None:
            raise NotAForm(f"đơn vị «{said.unit}» không phải lập phiếu trong kỳ {said.period}", _NEW_FORM)
        if form.version != said.version:
            raise NotAForm(f"phiếu theo mẫu {said.version}, mẫu hiện hành là {form.version}", _NEW_FORM)
        return form

    def _place(self, period: str) -> Place:
        if period not in self._places:
            try:
                self._places[period] = find_place(period)
            except CchcError as error:
                raise NotAForm(f"kỳ «{period}» của phiếu không nhận được: {error.cause}", error.advice) from None
        return self._places[period]

    def _checked(self, file: Path, data: bytes, pages: dict[str, Page], form: Form) -> _Read:
        reading = read_form(pages, form, today=self.at.date())
        return _Read(file, reading.remarks, hashlib.sha256(data).hexdigest(), data, form, reading.content)

    def without_doubles(self, reads: Iterable[_Read]) -> list[_Read]:
        """Of identical files the first; different ones of one unit and period are refused."""
        once = list({read.sha256 or read.file: read for read in reversed(list(reads))}.values())[::-1]
        counted = Counter(_whose(read) for read in once if read.content)
        return [_doubled(read) if read.content and counted[_whose(read)] > 1 else read for read in once]

    def store(self, read: _Read) -> Outcome:
        """Keep the file and enter what it says."""
        if read.content is None:
            return Outcome(read.file, read.remarks, read.form)
        before = returned.history(self.engine, *_whose(read))
        self._keep(read)
        name = read.file.name
        taken = returned.add(self.engine, read.content, sha256=read.sha256, file_name=name, received_at=self.at)
        is_new = not before or taken.number != before[-1].number
        changed = tuple(changes(before[-1].content, read.content)) if before and is_new else ()
        return Outcome(read.file, (*read.remarks, *_lost(changed)), read.form, taken, is_new, changed)

    def _keep(self, read: _Read) -> None:
        """<home>/returns/<period>/<unit>/<first 16 of its SHA-256>.xlsx; the same content lies there already."""
        period, unit = _whose(read)
        folder = self._places[period].home / "returns" / period / unit
        path = folder / f"{read.sha256[:16]}.xlsx"
        if path.exists() and path.read_bytes() == read.data:
            return
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, read.data, mode=FILE_MODE)


def _whose(read: _Read) -> tuple[str, str]:
    assert read.form is not None
    return read.form.period.id, read.form.unit.agency_code


def _doubled(read: _Read) -> _Read:
    wrong = "trong lần nhận này có hai phiếu khác nhau của cùng đơn vị, cùng kỳ"
    advice = "hỏi đơn vị phiếu nào đúng, rồi chỉ nhận phiếu đó"
    return replace(read, content=None, remarks=(*read.remarks, Remark("", wrong, advice)))


def _lost(changed: Sequence[Change]) -> Iterator[Remark]:
    """A later return replaces the earlier one as a whole: figures that it no longer has are gone, and told of."""
    if gone := lost(iter(changed)):
        said = f"{len(gone)} chỉ tiêu lần trước có số liệu, lần này không còn: {', '.join(c.indicator for c in gone)}"
        yield Remark("", said, "nếu không cố ý: điền đủ rồi gửi lại", is_error=False)


def _content(file: Path) -> bytes:
    if file.stat().st_size > MOST_BYTES:
        raise NotAForm("tệp lớn quá mức của một phiếu", "bỏ ảnh, bảng dán thêm rồi gửi lại")
    try:
        return file.read_bytes()
    except OSError as error:
        raise machine_error(error) or MachineError(f"không đọc được tệp {file}") from None
