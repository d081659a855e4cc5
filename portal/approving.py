"""The steps of a version as the portal offers them: which, to whom, after what was seen, and what they would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts.errors import CchcError, UsageError
from contracts.periods import parse_period
from contracts.roles import Right
from flows.before_approval import Point, points
from portal.files import KINDS, PDF, SIGNED
from portal.house import House
from portal.people import Person
from portal.shelf import Shelved
from portal.signed_words import SignedWords, signed_words
from reporting.signed.verdict import Verdict
from warehouse import approvals, signed_copies
from warehouse.approval_rule import NEEDS_REASON, STEP_LABELS, Known, Officer, Step, possible
from warehouse.opened import Opened, opened
from warehouse.publications import Publication
from warehouse.stages import Stage

SLUGS = {
    Step.CHECK: "kiem-tra",
    Step.APPROVE: "duyet",
    Step.PUBLISH: "cong-bo",
    Step.UNLOCK: "mo-khoa",
    Step.WITHDRAW: "thu-hoi",
}
"""As addresses call them."""
BY_SLUG = {slug: step for step, slug in SLUGS.items()}
READ_FIRST = frozenset({Step.CHECK, Step.APPROVE})
"""Not offered to whoever has not opened the version's PDF, as the audit trail has it."""
EVENT_LABELS = {
    "checked": "Kiểm tra",
    "approved": "Duyệt",
    "published": "Công bố",
    "unlocked": "Mở khóa",
    "withdrawn": "Thu hồi",
}
DONE = {
    Step.CHECK: "Đã ghi nhận: bạn đã kiểm tra bản này. Bước tiếp theo: người khác duyệt.",
    Step.APPROVE: "Đã ghi nhận: bạn đã duyệt bản này. Bước tiếp theo: trình ký và công bố.",
    Step.PUBLISH: "Đã ghi nhận: bản này đã công bố. Đơn vị đã xem và tải được.",
    Step.UNLOCK: "Đã mở khóa: bản này là dự thảo trở lại, phải kiểm tra và duyệt lại từ đầu.",
    Step.WITHDRAW: "Đã thu hồi: bản này không còn là bản công bố.",
}
WHAT_HAPPENS = {
    Step.CHECK: (
        "Ghi nhận bạn đã đọc và kiểm tra bản này, kèm họ tên, giờ và ý kiến.",
        "Bản này vẫn là dự thảo, tệp tải về vẫn có dấu dự thảo.",
        "Người khác có quyền duyệt mới duyệt được; bạn không tự duyệt bản mình đã kiểm tra.",
    ),
    Step.APPROVE: (
        "Ghi nhận bạn duyệt bản này, kèm họ tên, giờ và ý kiến.",
        "Tệp của bản này được cung cấp không còn dấu dự thảo, để trình ký.",
        "Nội dung được giữ nguyên: không nạp thêm phần chữ cho báo cáo này cho đến khi công bố hoặc mở khóa.",
        "Nếu số liệu thay đổi sau đó, hệ thống in bản mới bên cạnh và báo rõ; bản đã duyệt không bị thay.",
    ),
    Step.PUBLISH: (
        "Ghi nhận bản này đã công bố, kèm họ tên, giờ và ý kiến.",
        "Đơn vị của báo cáo và đơn vị cấp trên xem, tải được bản này.",
        "Số liệu về sau khác bản này sẽ được hệ thống báo là thay đổi số liệu đã công bố.",
    ),
    Step.UNLOCK: (
        "Đưa bản này về dự thảo, kèm họ tên, giờ và lý do.",
        "Muốn dùng lại bản này phải kiểm tra và duyệt lại từ đầu, bởi hai người khác nhau.",
    ),
    Step.WITHDRAW: (
        "Ghi nhận bản này bị thu hồi, kèm họ tên, giờ và lý do; đơn vị không còn xem được.",
        "Bản công bố trước đó, nếu có, lại là bản đang công bố. Tệp và lịch sử vẫn được lưu.",
    ),
}
_LABELS = {
    "file": "Tệp",
    "preview": "Kỳ chưa kết thúc",
    "sources": "Nguồn số liệu",
    "quarantine": "Hồ sơ bị loại",
    "findings": "Lỗi khi kiểm tra nguồn",
    "remarks": "Lưu ý khi đọc nguồn",
    "published": "So với bản đang công bố",
    "approved": "So với bản đã duyệt",
    "newer": "So với bản mới nhất",
    "typed": "Số gõ tay",
    "texts": "Phần chữ",
}


@dataclass(frozen=True)
class Looked:
    """A point with where to see more of it; "" where there is no page."""

    point: Point
    label: str
    href: str = ""


@dataclass(frozen=True)
class Offered:
    """A step that follows. why_not: why this person may not take it now; None: he may."""

    step: Step
    slug: str
    label: str
    why_not: UsageError | None

    @property
    def said(self) -> str:
        return told(self.why_not) if self.why_not else ""

    @property
    def said_in_short(self) -> str:
        """The same without what to do next."""
        return told(UsageError(self.why_not.cause)) if self.why_not else ""

    @property
    def needs_reason(self) -> bool:
        return self.step in NEEDS_REASON


@dataclass(frozen=True)
class Happened:
    """A step that was entered."""

    label: str
    event: Publication


@dataclass(frozen=True)
class Approval:
    """What stands on a report's page for whoever may approve. opened_at: when he opened the PDF first; takes_signed:
    whether a signed copy may be handed in; done: what was just entered."""

    looked: tuple[Looked, ...]
    offered: tuple[Offered, ...]
    history: tuple[Happened, ...]
    newest: int
    opened_at: datetime | None
    takes_signed: bool
    signed: tuple[SignedWords, ...]
    done: str
    without_approval: str

    @property
    def is_to_be_read(self) -> bool:
        """Whether a step may follow that is for those alone who have opened the PDF."""
        return any(offer.step in READ_FIRST for offer in self.offered)

    @property
    def loud(self) -> Looked | None:
        """A newer version beside the approved one: which of the two it is to be, somebody has to decide."""
        return next((one for one in self.looked if one.point.kind in {"newer", "approved"}), None)


def officer(person: Person) -> Officer:
    account = person.account
    return Officer(account.name, login=account.login, role=account.role, address=person.address)


def approval_of(house: House, person: Person, shelved: Shelved, *, just_done: str = "") -> Approval | None:
    """None for whoever may not approve. just_done: slug of the step that brought the person here."""
    if not person.may(Right.APPROVE):
        return None
    version = shelved.version
    known = approvals.known(house.engine, version)
    seen = opened_by(house, person, version.period_id)
    cut_off = parse_period(version.period_id, rule=house.province.file.period_rule).cut_off
    return Approval(
        looked=tuple(_looked(shelved, one) for one in points(house.engine, version, known, cut_off=cut_off)),
        offered=offered(shelved, person, known, seen),
        history=tuple(
            Happened(EVENT_LABELS[one.event], one)
            for one in known.entered
            if (one.key, one.version) == (version.key, version.version)
        ),
        newest=known.newest,
        opened_at=seen.get((version.unit_code, version.version)),
        takes_signed=shelved.stage in {Stage.APPROVED, Stage.PUBLISHED},
        signed=tuple(
            signed_words(one, Verdict.from_json(one.verdict)) for one in signed_copies.copies_of(house.engine, version)
        ),
        without_approval=_without_approval(shelved),
        done=DONE[BY_SLUG[just_done]] if just_done in BY_SLUG and _was_last(shelved, BY_SLUG[just_done]) else "",
    )


def _without_approval(shelved: Shelved) -> str:
    published = shelved.standing.published
    if published is None or not shelved.standing.is_without_approval:
        return ""
    return told(UsageError(published.note or "công bố khi chưa có bước kiểm tra, duyệt"))


def _was_last(shelved: Shelved, step: Step) -> bool:
    """An address can be typed: only what was really entered last is said to be done."""
    last = shelved.standing.last
    return last is not None and approvals.EVENTS[step] == last.event


def opened_by(house: House, person: Person, period: str) -> Opened:
    return opened(house.engine, person.account.login, period, {KINDS[PDF], KINDS[SIGNED]})


def offered(shelved: Shelved, person: Person, known: Known, seen: Opened) -> tuple[Offered, ...]:
    """Every step that follows from the version's stage."""
    version = shelved.version
    has_read = (version.unit_code, version.version) in seen
    steps = possible(version, officer(person), known)
    return tuple(_offered(step, why_not, version.version, has_read=has_read) for step, why_not in steps.items())


def _offered(step: Step, why_not: UsageError | None, number: int, *, has_read: bool) -> Offered:
    return Offered(step, SLUGS[step], STEP_LABELS[step], why_not or unread(step, number, has_read=has_read))


def unread(step: Step, number: int, *, has_read: bool) -> UsageError | None:
    """Why a step is not taken by whoever has not opened the PDF; None where he has, or need not."""
    if has_read or step not in READ_FIRST:
        return None
    return UsageError(
        f"bạn chưa mở tệp PDF của bản {number}", advice="mở tệp PDF của bản này và đọc, rồi làm lại bước này"
    )


def _looked(shelved: Shelved, point: Point) -> Looked:
    version = shelved.version
    report, period = f"/bao-cao/{version.period_id}/{version.unit_code}", f"/ky/{version.period_id}"
    older, newer = sorted((version.version, point.beside or version.version))
    hrefs: Mapping[str, str] = {
        "file": f"{report}/{version.version}/pdf",
        "sources": period,
        "findings": period,
        "remarks": period,
        "quarantine": f"{period}/cach-ly",
        "published": f"{report}/thay-doi?tu={older}&den={newer}" if point.beside else "",
        "approved": f"{report}/thay-doi?tu={older}&den={newer}" if point.beside else "",
        "newer": f"{report}/thay-doi?tu={older}&den={newer}" if point.beside else "",
    }
    return Looked(point, _LABELS[point.kind], hrefs.get(point.kind, ""))


def told(error: CchcError) -> str:
    """The cause and what to do next, as sentences of a page."""
    said = (error.cause, error.advice)
    return " ".join(f"{one[:1].upper()}{one[1:].rstrip('.')}." for one in said if one)
