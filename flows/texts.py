"""What offices write of their reports: a file out to them, and its parts in, each told what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from pathlib import Path

from contracts import clock
from contracts.codes import Series
from contracts.errors import CchcError, MachineError, UsageError, machine_error
from contracts.report_parts import WrittenPart, parts_on
from contracts.whole_files import write_whole
from flows.place import Place, as_settled
from flows.restated import ReportOf, report_of
from reporting.context import build_context
from reporting.fonts import missing_glyphs
from reporting.formats import MISSING, moment_text
from reporting.gather import gather
from reporting.inputs import ReportInput
from reporting.scope import scope_of
from reporting.wording import place_of
from reporting.written import markdown
from reporting.written.decoding import decoded
from reporting.written.form import FormHead, FormPart, SentForm, form_text, read_form
from reporting.written.markdown import Fault
from reporting.written.references import Quoted
from reporting.written.typed import Printed, Typed, printed_numbers, remarks, typed_numbers
from warehouse import texts
from warehouse.texts import Overtaken, ReportKey, ReportText

FILE_MODE = 0o640


class Fate(Enum):
    """What became of a part of a file."""

    NEW = "mới"
    CHANGED = "đã sửa"
    TAKEN_BACK = "rút lại"
    UNCHANGED = "không đổi"
    KEPT = "giữ bản mới hơn"
    REFUSED = "trả lại"
    ABSENT = "không có trong tệp"


ENTERED = (Fate.NEW, Fate.CHANGED, Fate.TAKEN_BACK)


@dataclass(frozen=True)
class PartOutcome:
    """before: what stood; of a refused part what somebody else entered since. entered: what stands now."""

    part: WrittenPart
    fate: Fate
    before: ReportText | None = None
    entered: ReportText | None = None


@dataclass(frozen=True)
class Looked:
    """What is to be told of one text. quoted: computed figures in it with their values."""

    part: WrittenPart
    quoted: tuple[tuple[str, str], ...] = ()
    typed: tuple[Typed, ...] = ()
    remarks: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of one file. faults: where there are any, nothing of it was entered."""

    desk: Desk
    parts: tuple[PartOutcome, ...] = ()
    looked: tuple[Looked, ...] = ()
    faults: tuple[Fault, ...] = ()


class Desk:
    """Where one report's texts are written: its outline, its figures, what stands."""

    def __init__(self, place: Place, unit_code: str | None) -> None:
        self.place = as_settled(place)
        self.report: ReportOf = report_of(self.place, unit_code)
        self.engine = place.open_warehouse()
        self.outline = parts_on(place.period.spans(self.place.as_of)[Series.FORMS].last_day)

    @property
    def key(self) -> ReportKey:
        return self.place.period.id, self.report.scope, self.report.code

    @property
    def name(self) -> str:
        return place_of(self.report.unit)

    @property
    def option(self) -> str:
        """What the commands add for this report: " --unit 570"; nothing for the province's."""
        return f" --unit {self.report.code}" if self.report.scope == "unit" else ""

    def newest(self) -> dict[str, ReportText]:
        return {one.part: one for one in texts.newest(self.engine, self.place.period.id, report=self.key)}

    def history(self) -> list[ReportText]:
        """In the outline's order, the oldest first."""
        order = {part.id: n for n, part in enumerate(self.outline)}
        found = texts.history(self.engine, self.place.period.id, report=self.key)
        return sorted(found, key=lambda one: (order.get(one.part, len(order)), one.version))

    @cached_property
    def _input(self) -> ReportInput:
        place = self.place
        return gather(
            self.engine, province=place.province, period=place.period, as_of=place.as_of, sources=place.sources()
        )

    @cached_property
    def quoted(self) -> Quoted:
        whole = self.report.scope == "province"
        return Quoted(self._input, scope_of(self._input, None if whole else self.report.unit))

    @cached_property
    def printed(self) -> Printed | None:
        """The numbers of the report without what offices wrote; None where nothing is counted yet, or it does not add
        up, which printing it tells."""
        if not any(source.loaded for source in self._input.sources):
            return None
        whole = self.report.scope == "province"
        try:
            return printed_numbers(
                build_context(replace(self._input, written=()), unit=None if whole else self.report.unit)
            )
        except CchcError:
            return None

    def look(self, part: WrittenPart, text: str, *, first_line: int = 1) -> Looked:
        """What a text quotes, and which numbers in it were typed."""
        reading = markdown.read(text, first_line=first_line)
        quoted = dict.fromkeys(place.name for place in reading.places)
        typed = tuple(typed_numbers(markdown.lines(reading.pieces)))
        told = tuple(remarks(typed, self.printed, self.quoted)) if typed else ()
        return Looked(part, tuple((f"{{{name}}}", self.quoted.text(name)) for name in quoted), typed, told)


def write_template(desk: Desk, out: Path) -> Path:
    """The file with what stands already. Raises UsageError where there is a file: it may be somebody's work."""
    if out.exists():
        raise UsageError(f"đã có tệp {out}", advice="chọn tên khác: tệp này có thể đang có nội dung chưa nạp")
    stands = desk.newest()
    known = [FormPart(one.part, one.version, one.text, about=_about(one)) for one in stands.values()]
    head = FormHead(desk.place.province.id, desk.place.period.id, desk.name, desk.report.code)
    content = form_text(head, desk.outline, known, _figures(desk.quoted))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, b"\xef\xbb\xbf" + content.replace("\n", "\r\n").encode(), mode=FILE_MODE)
    except OSError as error:
        raise machine_error(error) or MachineError(f"không ghi được tệp {out.absolute()}") from None
    return out


def _about(one: ReportText) -> str:
    done = "Nạp" if one.text else "Rút lại"
    return f"{done} lần {one.version}: {one.by_whom}, {moment_text(one.at)}"


def _figures(quoted: Quoted) -> Iterator[tuple[str, str, str]]:
    """Those that are known, each by its first name."""
    known = [(one, quoted.text_of(one)) for one in quoted.catalogue.listed]
    told = {one.figure: (one.written, value, quoted.label(one)) for one, value in reversed(known) if value != MISSING}
    if not told:
        yield "{cột 3}", MISSING, "kỳ này chưa có số liệu"
    yield from reversed(told.values())


def add_texts(place: Place, file: Path, *, unit_code: str | None, by_whom: str) -> Outcome:
    """Take the parts of this file. A fault in one of them keeps the whole file from being taken; a part that somebody
    else entered since the file was made is refused alone. Raises UsageError where the file is of another report."""
    _check_name(by_whom)
    sent = read_form(decoded(_content(file)))
    desk = Desk(place, unit_code)
    if sent.faults and sent.head is None:
        return Outcome(desk, faults=sent.faults)
    _check_head(sent, desk)
    if faults := (*sent.faults, *_faults(sent.parts, desk)):
        return Outcome(desk, faults=tuple(sorted(faults, key=lambda fault: fault.line)))
    outcomes = _enter(desk, {part.id: part for part in sent.parts}, " ".join(by_whom.split()))
    written = {part.id: part for part in sent.parts if part.text}
    looked = [
        desk.look(one.part, written[one.part.id].text, first_line=written[one.part.id].line)
        for one in outcomes
        if one.part.id in written and one.fate not in (Fate.KEPT, Fate.REFUSED)
    ]
    return Outcome(desk, outcomes, tuple(looked))


def _content(file: Path) -> bytes:
    if not file.is_file():
        raise UsageError(f"không có tệp «{file.absolute()}»", advice="kiểm tra đường dẫn")
    try:
        return file.read_bytes()
    except OSError as error:
        raise machine_error(error) or MachineError(f"không đọc được tệp {file}") from None


def _check_name(by_whom: str) -> None:
    if not by_whom.strip():
        raise UsageError("phải ghi ai viết", advice='--by "Nguyễn Văn A, chuyên viên Sở Nội vụ"')
    if odd := missing_glyphs(by_whom):
        raise UsageError(f"phông chữ của báo cáo không có ký tự «{odd}» trong --by", advice="viết bằng chữ thường")


def _check_head(sent: SentForm, desk: Desk) -> None:
    """Raises UsageError for a file of another province, period or unit."""
    place, head = desk.place, sent.head
    template = f"cchc text template {place.period.id}{desk.option} --out TỆP.md"
    if head is None:
        raise UsageError("tệp không còn phần đầu ghi tỉnh, kỳ, báo cáo", advice=f"dùng tệp mẫu: {template}")
    if head.province != place.province.id:
        raise UsageError(f"tệp của tỉnh «{head.province}», không phải «{place.province.id}»", advice="chọn đúng tệp")
    if head.period != place.period.id:
        right = f"cchc text add {head.period} …"
        raise UsageError(
            f"tệp của kỳ {head.period}, không phải {place.period.id}", advice=f"nếu đúng là tệp này: {right}"
        )
    if head.code != desk.report.code:
        whole = head.code == report_of(place, None).code
        right = "bỏ --unit" if whole else f"thêm --unit {head.code}"
        raise UsageError(
            f"tệp của báo cáo {head.report} (mã {head.code}), không phải của {desk.name}",
            advice=f"nếu đúng là tệp này: {right}",
        )


def _faults(parts: Iterable[FormPart], desk: Desk) -> Iterator[Fault]:
    for part in parts:
        reading = markdown.read(part.text, first_line=part.line)
        yield from reading.faults
        for one in reading.places:
            if desk.quoted.catalogue.find(one.name) is None:
                yield Fault(one.line, f"không có số liệu tên {{{one.name}}}", _near(desk, one.name))


def _near(desk: Desk, name: str) -> str:
    near = desk.quoted.catalogue.near(name)
    return f"có phải là {' hoặc '.join(near)}?" if near else "các tên dùng được ghi ở đầu tệp mẫu"


def _enter(desk: Desk, parts: Mapping[str, FormPart], by_whom: str) -> tuple[PartOutcome, ...]:
    """Decided anew where somebody entered a part in between."""
    while True:
        told = _decide(desk, parts, by_whom)
        wanted = {one.part.id: parts[one.part.id].text for one in told if one.fate in ENTERED}
        seen = {one.part.id: one.before.version for one in told if one.before}
        try:
            entered = texts.add(desk.engine, desk.key, wanted, seen=seen, by_whom=by_whom, at=clock.now())
        except Overtaken:
            continue
        by_part = {one.part: one for one in entered}
        return tuple(replace(one, entered=by_part.get(one.part.id)) for one in told)


def _decide(desk: Desk, parts: Mapping[str, FormPart], by_whom: str) -> tuple[PartOutcome, ...]:
    versions: dict[str, list[ReportText]] = {}
    for one in desk.history():
        versions.setdefault(one.part, []).append(one)
    return tuple(
        _fate(part, parts[part.id], versions.get(part.id, []), by_whom)
        if part.id in parts
        else PartOutcome(part, Fate.ABSENT)
        for part in desk.outline
    )


def _fate(part: WrittenPart, sent: FormPart, versions: list[ReportText], by_whom: str) -> PartOutcome:
    """Beside what stands, and what stood when the file was made. Who goes on with an own file needs no new one; what
    somebody else wrote since is never written over."""
    newest = versions[-1] if versions else None
    stands = newest.text if newest else ""
    base = next((one.text for one in versions if one.version == sent.version), "")
    since = [one for one in versions if one.version > sent.version]
    if sent.text == stands:
        return PartOutcome(part, Fate.UNCHANGED, newest)
    if since and sent.text == base:
        return PartOutcome(part, Fate.KEPT, newest)
    others = [one for one in since if one.by_whom.casefold() != by_whom.casefold()]
    if others:
        return PartOutcome(part, Fate.REFUSED, others[-1])
    if not sent.text:
        return PartOutcome(part, Fate.TAKEN_BACK, newest)
    return PartOutcome(part, Fate.CHANGED if stands else Fate.NEW, newest)
