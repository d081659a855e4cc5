"""Taking a step in the portal: by the rule of warehouse.approval_rule, of a version that the person has opened; what is
refused stands in the audit trail, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.errors import UsageError
from portal.approving import BY_SLUG, READ_FIRST, officer, opened_by, told, unread
from portal.house import House
from portal.people import Person
from portal.shelf import Shelved, on_shelf
from warehouse import approvals, audit
from warehouse.approval_rule import FORWARD, STEP_LABELS, Step, refuse
from warehouse.locks import between_runs


@dataclass(frozen=True)
class Result:
    """What became of one version of a selection. name: of its unit and version; said: what was done, or why not."""

    name: str
    href: str
    said: str
    is_done: bool = False


def take_one(
    house: House,
    person: Person,
    one: Shelved,
    step: Step,
    *,
    note: str,
    has_read: bool,
    busy: UsageError | None = None,
) -> None:
    """Enter the step. has_read: whether the person says so; busy: why nothing of the period can be entered now. Raises
    UsageError."""
    who = officer(person)
    try:
        if busy:
            raise busy
        _refuse_unread(house, person, one, step, says_so=has_read)
        approvals.take(house.engine, step, one.version, who, note=note)
    except UsageError as error:
        audit.enter(house.engine, approvals.deed(step, one.version, who, note=note.strip(), result=error.cause))
        raise


def _refuse_unread(house: House, person: Person, one: Shelved, step: Step, *, says_so: bool) -> None:
    number = one.version.version
    opened = (one.version.unit_code, number) in opened_by(house, person, one.version.period_id)
    if step in READ_FIRST and (refusal := refusal_of(house, person, one, step)):
        raise refusal
    if error := unread(step, number, has_read=opened):
        raise error
    if step in READ_FIRST and not says_so:
        raise UsageError(
            "chưa đánh dấu «Tôi đã mở và đọc bản PDF này»", advice="đọc bản PDF, đánh dấu vào ô đó rồi làm lại"
        )


def refusal_of(house: House, person: Person, one: Shelved, step: Step) -> UsageError | None:
    """Why the rule refuses this person the step, whatever he writes; None where it does not."""
    try:
        refuse(step, one.version, officer(person), approvals.known(house.engine, one.version), note="…")
    except UsageError as error:
        return error
    return None


def take_many(
    house: House, person: Person, period: str, slug: str, chosen: Sequence[str], *, note: str, has_read: bool
) -> list[Result]:
    """Each on its own: one that is refused keeps none of the others back. chosen: 570/1, unit and version. Raises
    UsageError where nothing was chosen or the step is none of those that go forward."""
    step = BY_SLUG.get(slug)
    if step not in FORWARD:
        raise UsageError("không có bước này", advice="chọn kiểm tra, duyệt hoặc công bố")
    if not chosen:
        raise UsageError(f"chưa chọn báo cáo nào để {STEP_LABELS[step]}", advice="đánh dấu vào ít nhất một báo cáo")
    shelf = {f"{one.version.unit_code}/{one.version.version}": one for one in on_shelf(house, person, period)}
    busy = _run_goes_on(house, period) if shelf else None
    return [
        _result(house, person, shelf.get(name), step, note=note, has_read=has_read, busy=busy)
        for name in dict.fromkeys(chosen)
    ]


def _run_goes_on(house: House, period: str) -> UsageError | None:
    """Waited for once and not for each of a selection: everybody else's steps wait meanwhile."""
    try:
        with between_runs(house.engine, period):
            return None
    except UsageError as error:
        return error


def _result(
    house: House,
    person: Person,
    one: Shelved | None,
    step: Step,
    *,
    note: str,
    has_read: bool,
    busy: UsageError | None,
) -> Result:
    if one is None:
        return Result("Báo cáo không có trong kỳ này", "", "Mở lại danh sách rồi chọn lại.")
    name = f"{one.unit.name}, bản {one.version.version}"
    href = f"/bao-cao/{one.version.period_id}/{one.version.unit_code}?ban={one.version.version}"
    try:
        take_one(house, person, one, step, note=note, has_read=has_read, busy=busy)
    except UsageError as error:
        return Result(name, href, told(error))
    return Result(name, href, f"Đã ghi nhận: {STEP_LABELS[step]}.", is_done=True)
