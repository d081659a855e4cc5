"""The way of a report's version: draft → checked → approved → published, and back. The one place that has the rule.

What was entered goes in, why a step is refused comes out; warehouse.approvals takes the steps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contracts import clock
from contracts.errors import UsageError
from warehouse import publications
from warehouse.officer_names import is_same_name, person_of, strange_letters
from warehouse.publications import Publication, ReportKey
from warehouse.register import ReportVersion
from warehouse.stages import STAGE_LABELS, Stage, Standing, standings


class Step(StrEnum):
    CHECK = "check"
    APPROVE = "approve"
    PUBLISH = "publish"
    UNLOCK = "unlock"
    WITHDRAW = "withdraw"


STEP_LABELS = {
    Step.CHECK: "kiểm tra",
    Step.APPROVE: "duyệt",
    Step.PUBLISH: "công bố",
    Step.UNLOCK: "mở khóa",
    Step.WITHDRAW: "thu hồi",
}
_FROM = {
    Step.CHECK: {Stage.DRAFT, Stage.WITHDRAWN},
    Step.APPROVE: {Stage.CHECKED},
    Step.PUBLISH: {Stage.APPROVED},
    Step.UNLOCK: {Stage.CHECKED, Stage.APPROVED},
    Step.WITHDRAW: {Stage.PUBLISHED},
}
"""Step → the stages from which it goes on."""
FORWARD = (Step.CHECK, Step.APPROVE, Step.PUBLISH)
NEEDS_REASON = frozenset({Step.UNLOCK, Step.WITHDRAW})
_NEXT = {
    Stage.DRAFT: "bước tiếp theo là kiểm tra",
    Stage.CHECKED: "bước tiếp theo là duyệt, do người khác làm; muốn làm lại thì mở khóa",
    Stage.APPROVED: "bước tiếp theo là công bố; muốn làm lại thì mở khóa",
    Stage.PUBLISHED: "bản đã công bố chỉ có thể thu hồi, có lý do",
    Stage.SUPERSEDED: "đã có bản mới hơn được công bố thay bản này",
    Stage.WITHDRAWN: "muốn dùng lại bản này thì kiểm tra và duyệt lại từ đầu",
}


@dataclass(frozen=True)
class Officer:
    """Who takes a step. name: as it is entered; login: of the account, None where a command does it; machine_user: of
    whoever typed the command; role, address: as in the audit trail."""

    name: str
    login: str | None = None
    machine_user: str = ""
    role: str = ""
    address: str = ""


@dataclass(frozen=True)
class Known:
    """What a step is held against. entered: every event of the period, in order; newest: number of the report's newest
    version; account_names: logins and names of everybody with an account."""

    entered: Sequence[Publication]
    newest: int
    account_names: Collection[str] = ()

    def standing(self, version: ReportVersion) -> Standing:
        return standings(self.entered).get((version.key, version.version), Standing())

    def approved(self, key: ReportKey) -> list[int]:
        """Versions of that report that stand approved and not published."""
        return approved(self.entered).get(key, [])


def approved(entered: Sequence[Publication]) -> dict[ReportKey, list[int]]:
    """Of each report the versions that stand approved and are not published yet: one at most."""
    found: dict[ReportKey, list[int]] = {}
    for (key, number), standing in standings(entered).items():
        if standing.stage is Stage.APPROVED:
            found.setdefault(key, []).append(number)
    return found


def refuse(
    step: Step, version: ReportVersion, officer: Officer, known: Known, *, note: str = "", without_approval: str = ""
) -> None:
    """The rule. Raises UsageError where the step does not follow, or is not this officer's."""
    for rule in _RULES:
        rule(_Asked(step, version, officer, known, note, without_approval))


@dataclass(frozen=True)
class _Asked:
    step: Step
    version: ReportVersion
    officer: Officer
    known: Known
    note: str
    without_approval: str

    @property
    def number(self) -> int:
        return self.version.version

    @property
    def standing(self) -> Standing:
        return self.known.standing(self.version)


def _refuse_nameless(asked: _Asked) -> None:
    officer = asked.officer
    if not (officer.login or person_of(officer.name)):
        raise UsageError("phải ghi ai làm bước này", advice='ghi họ tên, chức vụ: "Nguyễn Văn A, Chánh Văn phòng"')
    if not officer.login and (strange := strange_letters(officer.name)):
        raise UsageError(f"họ tên có chữ không phải chữ Việt: {strange}", advice="gõ lại họ tên bằng bộ gõ tiếng Việt")


def _refuse_without_reason(asked: _Asked) -> None:
    if asked.step in NEEDS_REASON and not asked.note:
        raise UsageError(f"{STEP_LABELS[asked.step]} phải có lý do", advice="ghi lý do rồi làm lại")


def _refuse_stage(asked: _Asked) -> None:
    stage = asked.standing.stage
    if stage in _FROM[asked.step]:
        return
    if asked.step is Step.PUBLISH and asked.without_approval and stage not in {Stage.PUBLISHED, Stage.SUPERSEDED}:
        return
    last = asked.standing.last
    when = f" ngày {last.at.astimezone(clock.VIETNAM):%d/%m/%Y} ({last.by_whom})" if last else ""
    now = f"đang là {STAGE_LABELS[stage]}" if stage is Stage.DRAFT else f"{STAGE_LABELS[stage]}{when}"
    raise UsageError(f"bản {asked.number} {now}: không {STEP_LABELS[asked.step]} được lúc này", advice=_NEXT[stage])


def _refuse_other_content(asked: _Asked) -> None:
    last = asked.standing.last
    if asked.step in {Step.APPROVE, Step.PUBLISH} and last is not None and last.sha256 != asked.version.sha256:
        raise UsageError(
            f"tệp của bản {asked.number} không phải là tệp đã ghi ở bước trước",
            advice="mở khóa rồi kiểm tra lại từ đầu",
        )


def _refuse_needless_exception(asked: _Asked) -> None:
    if asked.without_approval and asked.standing.stage is Stage.APPROVED:
        raise UsageError(f"bản {asked.number} đã duyệt, không cần lý do công bố không qua duyệt", advice="bỏ lý do đó")


def _refuse_older_than_published(asked: _Asked) -> None:
    stands = publications.standing(asked.known.entered).get(asked.version.key)
    if asked.step in FORWARD and stands and stands.version > asked.number:
        day = stands.at.astimezone(clock.VIETNAM)
        raise UsageError(
            f"bản {stands.version}, mới hơn bản {asked.number}, đã công bố ngày {day:%d/%m/%Y}",
            advice=f"muốn dùng bản {asked.number} thì thu hồi bản {stands.version} trước",
        )


def _refuse_beside_an_approved_one(asked: _Asked) -> None:
    others = [number for number in asked.known.approved(asked.version.key) if number != asked.number]
    if asked.step in {Step.APPROVE, Step.PUBLISH} and others:
        raise UsageError(
            f"bản {others[0]} của báo cáo này đã duyệt, chưa công bố: mỗi lúc chỉ một bản được duyệt",
            advice=f"công bố bản {others[0]}, hoặc mở khóa bản đó rồi làm lại",
        )


def _refuse_older_without_remark(asked: _Asked) -> None:
    if asked.step in FORWARD and asked.number < asked.known.newest and not (asked.note or asked.without_approval):
        raise UsageError(
            f"đã có bản {asked.known.newest} mới hơn bản {asked.number}: phải ghi vì sao vẫn dùng bản {asked.number}",
            advice=f"xem hai bản khác nhau ở đâu; ghi ý kiến, hoặc dùng bản {asked.known.newest}",
        )


def _refuse_borrowed_name(asked: _Asked) -> None:
    """Whoever has an account is known by it: a command does not speak in that name."""
    if asked.officer.login is not None or asked.step not in {Step.CHECK, Step.APPROVE}:
        return
    if any(is_same_name(asked.officer.name, name) for name in asked.known.account_names):
        raise UsageError(
            f"«{asked.officer.name}» có tài khoản trên cổng báo cáo: không {STEP_LABELS[asked.step]} thay bằng lệnh",
            advice="người đó đăng nhập cổng báo cáo và tự làm bước này; nếu là người khác trùng tên, xin cấp tài khoản",
        )


def _refuse_the_same_person(asked: _Asked) -> None:
    checked = asked.standing.checked
    if asked.step is Step.APPROVE and checked is not None and is_same_person(checked, asked.officer):
        whose = "bạn" if asked.officer.login else checked.by_whom
        raise UsageError(
            f"{whose} đã kiểm tra bản {asked.number}; người khác phải duyệt",
            advice="đề nghị người khác có quyền duyệt mở bản này và duyệt",
        )


_RULES: tuple[Callable[[_Asked], None], ...] = (
    _refuse_nameless,
    _refuse_without_reason,
    _refuse_stage,
    _refuse_other_content,
    _refuse_needless_exception,
    _refuse_older_than_published,
    _refuse_beside_an_approved_one,
    _refuse_borrowed_name,
    _refuse_the_same_person,
    _refuse_older_without_remark,
)


def is_same_person(one: Publication, officer: Officer) -> bool:
    """By account where both have one, else by name."""
    if one.account is not None and officer.login is not None:
        return one.account == officer.login
    return is_same_name(one.by_whom, officer.name)


def possible(version: ReportVersion, officer: Officer, known: Known) -> dict[Step, UsageError | None]:
    """Every step that follows from the version's stage, and why this officer may not take it; None: he may. A reason or
    remark that he has yet to write is taken as written."""
    stage = known.standing(version).stage
    return {step: _why_not(step, version, officer, known) for step in Step if stage in _FROM[step]}


def _why_not(step: Step, version: ReportVersion, officer: Officer, known: Known) -> UsageError | None:
    try:
        refuse(step, version, officer, known, note="…")
    except UsageError as error:
        return error
    return None
