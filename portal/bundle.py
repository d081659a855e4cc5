"""A period's reports as files of one zip, with their checksums and a list that also says what is not there and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from contracts.errors import CchcError
from contracts.periods import Period
from contracts.roles import Right
from contracts.units import Unit
from portal.catalogue import Line, lines_of
from portal.files import PDF, SIGNED, WORKBOOK, FileNotAsRegistered, Handed, Offer, hand_out, offers_from
from portal.house import House
from portal.people import Person
from portal.shelf import Shelved, on_shelf
from portal.words import day
from portal.zip_stream import Entry
from reporting.scope import code_of
from warehouse import report_files, signed_copies
from warehouse.printed import VersionKey
from warehouse.report_files import ReportFile
from warehouse.signed_copies import SignedCopy
from warehouse.stages import STAGE_LABELS, Stage

LIST, SUMS, DRAFTS = "DANH-SACH.txt", "SHA256SUMS", "DU-THAO/"
IN_ZIP = (PDF, SIGNED, WORKBOOK)
"""The archival copies are as large as all these together; each is had from its report's page."""
_PIECE = 256 * 1024
_DRAFT_STAGES = {Stage.DRAFT, Stage.CHECKED}


class BrokenOff(Exception):
    """A file became another one while it was sent."""


@dataclass
class Bundle:
    """What one person may have of a period. drafts: whether the newest drafts come with it, as marked copies."""

    house: House
    period: Period
    lines: Sequence[Line]
    missing: Sequence[Unit]
    drafts: bool
    reads_drafts: bool
    _beside: dict[VersionKey, list[ReportFile]]
    _signed: dict[VersionKey, SignedCopy]
    _sums: list[tuple[str, str]] = field(default_factory=list)
    _there: list[str] = field(default_factory=list)
    _absent: list[str] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """When the newest of its versions was printed: the time of the lists."""
        return max(one.version.created_at for line in self.lines for one in line.versions)

    def entries(self) -> Iterator[Entry]:
        """The files, the lists last: only then is known what came into the zip."""
        for line in self.lines:
            yield from self._of(line, line.current, "") if line.current.is_frozen else ()
            if draft := self._draft(line):
                if self.drafts:
                    yield from self._of(line, draft, DRAFTS)
                elif not line.current.is_frozen:
                    self._absent.append(f"{line.unit.name}: bản {draft.version.version} {_stage(draft)}, chưa duyệt")
            elif not line.current.is_frozen:
                one = line.current
                self._absent.append(f"{line.unit.name}: bản {one.version.version} {_stage(one)}")
        never = "chưa có báo cáo" if self.reads_drafts else "chưa có báo cáo được công bố"
        self._absent.extend(f"{unit.name}: {never}" for unit in self.missing)
        yield self._entry(LIST, self.at, self._list())
        sums = "".join(f"{digest}  {name}\n" for digest, name in self._sums)
        yield Entry(SUMS, self.at, (sums.encode(),))

    def _draft(self, line: Line) -> Shelved | None:
        return line.newest if line.newest.stage in _DRAFT_STAGES else None

    def _of(self, line: Line, one: Shelved, folder: str) -> Iterator[Entry]:
        names = []
        for offer in self._offers(one):
            try:
                handed = hand_out(self.house, offer)
            except (FileNotAsRegistered, CchcError) as error:
                why = error.result if isinstance(error, FileNotAsRegistered) else error.cause
                self._absent.append(f"{line.unit.name}: {offer.words}, bản {one.version.version}: {why}")
                continue
            name = f"{folder}{handed.name}"
            names.append(name)
            self._sums.append((handed.sha256, name))
            yield Entry(name, one.version.created_at, _read(handed))
        if names:
            self._there.append(f"{line.unit.name}: bản {one.version.version}, {_stage(one)}")
            self._there.extend(f"    {name}" for name in names)

    def _offers(self, one: Shelved) -> list[Offer]:
        key = one.version.version_key
        found = offers_from(self.house, one, self._beside.get(key, []), self._signed.get(key))
        return sorted((o for o in found if o.kind in IN_ZIP and not o.withheld), key=lambda o: IN_ZIP.index(o.kind))

    def _entry(self, name: str, at: datetime, text: str) -> Entry:
        content = text.replace("\n", "\r\n").encode("utf-8-sig")  # for the editor of an old Windows
        self._sums.append((hashlib.sha256(content).hexdigest(), name))
        return Entry(name, at, (content,))

    def _list(self) -> str:
        told = [f"BÁO CÁO CẢI CÁCH HÀNH CHÍNH – {self.period.label}", self.house.province.name, ""]
        told += [f"Kỳ số liệu: từ {day(self.period.forms.first_day)} đến {day(self.period.forms.last_day)}", ""]
        told += ["CÓ TRONG TỆP NÀY", *(self._there or ["Không có báo cáo nào."]), ""]
        told += ["KHÔNG CÓ TRONG TỆP NÀY", *(self._absent or ["Không thiếu báo cáo nào."]), ""]
        if self.drafts:
            told += [f"Thư mục {DRAFTS} là bản sao có dấu «DỰ THẢO», không có giá trị phát hành.", ""]
        told += [f"Kiểm tra tệp còn nguyên vẹn: sha256sum -c {SUMS}"]
        told += ["Trên Windows: certutil -hashfile TÊN_TỆP SHA256 rồi so với dòng của tệp đó trong SHA256SUMS."]
        told += ["Bản lưu trữ (PDF/A-3) tải ở trang của từng báo cáo.", ""]
        return "\n".join(told)


def bundle(house: House, person: Person, period: Period, *, drafts: bool) -> Bundle | None:
    """None where the person may see no report of the period. drafts: only heard of who may read them."""
    lines = lines_of(house, person, on_shelf(house, person, period.id))
    if not lines:
        return None
    beside = report_files.of_period(house.engine, period.id)
    signed = {one.version_key: one for one in signed_copies.copies(house.engine, period.id)}
    reads_drafts = person.may(Right.READ_DRAFTS)
    return Bundle(
        house=house,
        period=period,
        lines=lines,
        missing=_missing(house, person, period, lines),
        drafts=drafts and reads_drafts,
        reads_drafts=reads_drafts,
        _beside=beside,
        _signed=signed,
    )


def _missing(house: House, person: Person, period: Period, lines: Sequence[Line]) -> list[Unit]:
    """Units that have a report of their own in such a period, of which the person sees none."""
    units, level = house.province.units, house.province.file.report.unit_level(period.cut_off)
    expected = [units.root, *(units.at_level(level, on=period.forms.last_day) if level else ())]
    own = None if person.may(Right.READ_DRAFTS) else house.agencies_below(person.account.unit_code)
    seen = {line.code for line in lines}
    mine = (unit for unit in expected if own is None or unit.agency_code in own)
    return [unit for unit in mine if code_of(unit, units) not in seen]


def _stage(one: Shelved) -> str:
    return STAGE_LABELS[one.stage]


def _read(handed: Handed) -> Iterator[bytes]:
    """Checked once more while it is sent: what became another file ends the zip."""
    digest = hashlib.sha256()
    with handed.path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            yield piece
    if digest.hexdigest() != handed.sha256:
        raise BrokenOff(handed.name)
