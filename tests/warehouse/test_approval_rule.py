"""Who may take which step of a version, and why not: tables that an officer could read, and no way around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.clock import VIETNAM
from contracts.errors import UsageError
from tests.tried import tried
from tests.warehouse.examples import Q4
from warehouse.approval_rule import FORWARD, Known, Officer, Step, possible, refuse
from warehouse.approvals import EVENTS
from warehouse.officer_names import person_of
from warehouse.publications import Publication
from warehouse.register import ReportVersion
from warehouse.stages import STAGE_LABELS, Stage, standings

AT = datetime(2024, 12, 20, 8, 0, tzinfo=VIETNAM)
ACCOUNTS = ("lan", "Nguyễn Thị Lan", "minh", "Trần Văn Minh")
LAN, MINH = Officer("Nguyễn Thị Lan", login="lan"), Officer("Trần Văn Minh", login="minh")
DUC = Officer("Phạm Văn Đức, Phó Giám đốc Sở")
NAMED_LAN = Officer("Nguyễn Thị Lan, chuyên viên")
PEOPLE = {"lan": LAN, "minh": MINH, "lệnh, tên Đức": DUC, "lệnh, tên Lan": NAMED_LAN}

# Lan checked, Minh approved and published. «được»: the step is entered; else why it is not.
WAY = """
bản đang là             | bước      | lan                 | minh                | lệnh, tên Đức       | lệnh, tên Lan
dự thảo                 | kiểm tra  | được                | được                | được                | có tài khoản
dự thảo                 | duyệt     | đang là dự thảo     | đang là dự thảo     | đang là dự thảo     | đang là dự thảo
dự thảo                 | công bố   | đang là dự thảo     | đang là dự thảo     | đang là dự thảo     | đang là dự thảo
dự thảo                 | mở khóa   | đang là dự thảo     | đang là dự thảo     | đang là dự thảo     | đang là dự thảo
dự thảo                 | thu hồi   | đang là dự thảo     | đang là dự thảo     | đang là dự thảo     | đang là dự thảo
đã kiểm tra             | kiểm tra  | đã kiểm tra ngày    | đã kiểm tra ngày    | đã kiểm tra ngày    | đã kiểm tra ngày
đã kiểm tra             | duyệt     | bạn đã kiểm tra     | được                | được                | có tài khoản
đã kiểm tra             | công bố   | đã kiểm tra ngày    | đã kiểm tra ngày    | đã kiểm tra ngày    | đã kiểm tra ngày
đã kiểm tra             | mở khóa   | được                | được                | được                | được
đã kiểm tra             | thu hồi   | đã kiểm tra ngày    | đã kiểm tra ngày    | đã kiểm tra ngày    | đã kiểm tra ngày
đã duyệt                | kiểm tra  | đã duyệt ngày       | đã duyệt ngày       | đã duyệt ngày       | đã duyệt ngày
đã duyệt                | duyệt     | đã duyệt ngày       | đã duyệt ngày       | đã duyệt ngày       | đã duyệt ngày
đã duyệt                | công bố   | được                | được                | được                | được
đã duyệt                | mở khóa   | được                | được                | được                | được
đã duyệt                | thu hồi   | đã duyệt ngày       | đã duyệt ngày       | đã duyệt ngày       | đã duyệt ngày
đã công bố              | kiểm tra  | đã công bố ngày     | đã công bố ngày     | đã công bố ngày     | đã công bố ngày
đã công bố              | duyệt     | đã công bố ngày     | đã công bố ngày     | đã công bố ngày     | đã công bố ngày
đã công bố              | công bố   | đã công bố ngày     | đã công bố ngày     | đã công bố ngày     | đã công bố ngày
đã công bố              | mở khóa   | đã công bố ngày     | đã công bố ngày     | đã công bố ngày     | đã công bố ngày
đã công bố              | thu hồi   | được                | được                | được                | được
đã thay bằng bản mới    | kiểm tra  | đã thay bằng bản    | đã thay bằng bản    | đã thay bằng bản    | đã thay bằng bản
đã thay bằng bản mới    | duyệt     | đã thay bằng bản    | đã thay bằng bản    | đã thay bằng bản    | đã thay bằng bản
đã thay bằng bản mới    | công bố   | đã thay bằng bản    | đã thay bằng bản    | đã thay bằng bản    | đã thay bằng bản
đã thay bằng bản mới    | mở khóa   | đã thay bằng bản    | đã thay bằng bản    | đã thay bằng bản    | đã thay bằng bản
đã thay bằng bản mới    | thu hồi   | đã thay bằng bản    | đã thay bằng bản    | đã thay bằng bản    | đã thay bằng bản
đã thu hồi              | kiểm tra  | được                | được                | được                | có tài khoản
đã thu hồi              | duyệt     | đã thu hồi ngày     | đã thu hồi ngày     | đã thu hồi ngày     | đã thu hồi ngày
đã thu hồi              | công bố   | đã thu hồi ngày     | đã thu hồi ngày     | đã thu hồi ngày     | đã thu hồi ngày
đã thu hồi              | mở khóa   | đã thu hồi ngày     | đã thu hồi ngày     | đã thu hồi ngày     | đã thu hồi ngày
đã thu hồi              | thu hồi   | đã thu hồi ngày     | đã thu hồi ngày     | đã thu hồi ngày     | đã thu hồi ngày
"""
STEPS = {"kiểm tra": Step.CHECK, "duyệt": Step.APPROVE, "công bố": Step.PUBLISH, "mở khóa": Step.UNLOCK,
         "thu hồi": Step.WITHDRAW}  # fmt: skip

# A command checked in the first name; the second wants to approve.
NAMES = """
kiểm tra                       | duyệt                                  | cùng người
Phạm Văn Đức, Phó Giám đốc Sở  | Phạm Văn Đức                           | có
Phạm Văn Đức                   | PHẠM VĂN ĐỨC – Chánh Văn phòng         | có
Phạm Văn Đức                   | Ông Phạm  văn Đức                      | có
Phạm Văn Đức                   | Đồng chí Pham Van Duc (Sở Nội vụ)      | có
Phạm Văn Đức                   | Đ/c Phạm Văn Đức                       | có
Phạm Văn Đức                   | Phạm Văn Đực                           | có
Phạm Văn Đức, Phó Giám đốc Sở  | Phạm Văn Đức - Chánh Văn phòng         | có
Phạm Văn Đức                   | Phạm Văn Đức -Chánh Văn phòng          | có
Phạm Văn Đức                   | Phạm Văn Đức: Chánh Văn phòng          | có
Phạm Văn Đức                   | Phạm Văn Đức Phó Giám đốc              | có
Phạm Văn Đức                   | Phó Giám đốc Phạm Văn Đức              | có
Phó Giám đốc Phạm Văn Đức      | Phạm Văn Đức                           | có
Phạm Văn Đức                   | Phạm Văn Ðức                           | có
Phạm Văn Đức                   | Ｐhạm Văn Đức，Phó Giám đốc            | có
Phạm Văn Đức                   | Phạm Văn\u200b Đức                      | có
Lê Hoa                         | Lê-Hoa                                 | có
Lê Thị Hoa                     | Hoa                                    | không
Phạm Văn Đức                   | Phạm Văn Đức Anh                       | không
Phạm Văn Đức, Phó Giám đốc Sở  | Lê Thị Hoa, Phó Giám đốc Sở            | không
"""


def version(number: int = 1) -> ReportVersion:
    return ReportVersion(Q4, "unit", "570", number, "draft", f"{number}.pdf", f"sha{number}", 1, "", AT, "")


def event(step: Step, officer: Officer, number: int = 1, note: str = "") -> Publication:
    return Publication(
        Q4, "unit", "570", number, EVENTS[step], AT, officer.name, note, f"sha{number}", account=officer.login
    )


def way(number: int = 1, *, to: Step) -> list[Publication]:
    steps = [event(Step.CHECK, LAN, number), event(Step.APPROVE, MINH, number), event(Step.PUBLISH, MINH, number)]
    return steps[: (Step.CHECK, Step.APPROVE, Step.PUBLISH).index(to) + 1]


HISTORIES = {
    Stage.DRAFT: [],
    Stage.CHECKED: way(to=Step.CHECK),
    Stage.APPROVED: way(to=Step.APPROVE),
    Stage.PUBLISHED: way(to=Step.PUBLISH),
    Stage.SUPERSEDED: [*way(to=Step.PUBLISH), *way(2, to=Step.PUBLISH)],
    Stage.WITHDRAWN: [*way(to=Step.PUBLISH), event(Step.WITHDRAW, MINH)],
}


def told(step: Step, officer: Officer, known: Known, number: int = 1, note: str = "ý kiến", without: str = "") -> str:
    try:
        refuse(step, version(number), officer, known, note=note, without_approval=without)
    except UsageError as error:
        assert error.advice
        return error.cause
    return "được"


def lines(table: str) -> Iterator[list[str]]:
    for line in table.strip().splitlines()[1:]:
        yield [cell.strip() for cell in line.split("|")]


@pytest.mark.parametrize("row", list(lines(WAY)), ids=lambda row: f"{row[0]}, {row[1]}")
def test_who_may_take_which_step(row: list[str]) -> None:
    stage = next(stage for stage, label in STAGE_LABELS.items() if label == row[0])
    entered = HISTORIES[stage]
    known = Known(entered, newest=max([1, *(one.version for one in entered)]), account_names=ACCOUNTS)
    assert known.standing(version()).stage is stage
    for officer, expected in zip(PEOPLE.values(), row[2:], strict=True):
        assert expected in told(STEPS[row[1]], officer, known)


def test_every_stage_and_step_is_in_the_table() -> None:
    assert {(row[0], row[1]) for row in lines(WAY)} == {
        (label, step) for label in STAGE_LABELS.values() for step in STEPS
    }


@pytest.mark.parametrize("row", list(lines(NAMES)), ids=lambda row: f"{row[0]}, {row[1]}")
def test_a_person_is_known_by_the_name_however_it_is_written(row: list[str]) -> None:
    checked, approves = (name.replace("\\u200b", "\u200b") for name in row[:2])
    known = Known([event(Step.CHECK, Officer(checked))], newest=1, account_names=ACCOUNTS)
    said = told(Step.APPROVE, Officer(approves), known)
    assert ("người khác phải duyệt" in said) == (row[2] == "có"), said


def test_whoever_checked_by_command_does_not_approve_with_an_account() -> None:
    known = Known([event(Step.CHECK, DUC)], newest=1, account_names=[*ACCOUNTS, "duc", "Phạm Văn Đức"])
    assert "bạn đã kiểm tra bản 1" in told(Step.APPROVE, Officer("Phạm Văn Đức", login="duc"), known)
    assert told(Step.APPROVE, LAN, known) == "được"


def test_a_changed_name_does_not_make_another_of_an_account() -> None:
    known = Known([event(Step.CHECK, LAN)], newest=1, account_names=ACCOUNTS)
    assert "bạn đã kiểm tra" in told(Step.APPROVE, replace(LAN, name="Lan Nguyễn"), known)


def test_a_login_is_no_name_for_a_command_either() -> None:
    assert "có tài khoản" in told(Step.CHECK, Officer("LAN"), Known([], newest=1, account_names=ACCOUNTS))


@pytest.mark.parametrize("name", ["Nguyễn Thị Lan - chuyên viên", "Chuyên viên Nguyễn Thị Lan"])
def test_a_post_beside_it_does_not_borrow_a_name(name: str) -> None:
    assert "có tài khoản" in told(Step.CHECK, Officer(name), Known([], newest=1, account_names=ACCOUNTS))


@pytest.mark.parametrize("name", ["Phạm Văn Đứс", "Łukasz", "Phạm Văn Ðứϲ"], ids=["Cyrillic s", "Ł", "Greek s"])
def test_a_letter_that_only_looks_like_ours_makes_nobody_else(name: str) -> None:
    assert "chữ không phải chữ Việt" in told(Step.CHECK, Officer(name), Known([], newest=1))


@pytest.mark.parametrize("step", [Step.UNLOCK, Step.WITHDRAW])
def test_going_back_needs_a_reason(step: Step) -> None:
    history = HISTORIES[Stage.APPROVED if step is Step.UNLOCK else Stage.PUBLISHED]
    assert "phải có lý do" in told(step, MINH, Known(history, newest=1), note="")


@pytest.mark.parametrize(("stage", "step"), [(Stage.DRAFT, Step.CHECK), (Stage.CHECKED, Step.APPROVE),
                                             (Stage.APPROVED, Step.PUBLISH)])  # fmt: skip
def test_a_version_that_is_not_the_newest_needs_a_remark(stage: Stage, step: Step) -> None:
    known = Known(HISTORIES[stage], newest=3)
    assert "đã có bản 3 mới hơn bản 1" in told(step, MINH, known, note="")
    assert told(step, MINH, known, note="bản 3 chỉ sửa chính tả") == "được"
    assert told(step, MINH, replace(known, newest=1), note="") == "được"


def test_one_version_of_a_report_is_approved_at_a_time() -> None:
    known = Known([*HISTORIES[Stage.APPROVED], *way(2, to=Step.CHECK)], newest=2)
    assert "bản 1 của báo cáo này đã duyệt, chưa công bố" in told(Step.APPROVE, MINH, known, 2)
    assert "bản 1 của báo cáo này đã duyệt" in told(Step.PUBLISH, MINH, known, 2, without="lý do")
    unlocked = replace(known, entered=[*known.entered, event(Step.UNLOCK, LAN)])
    assert told(Step.APPROVE, MINH, unlocked, 2) == "được"
    published = replace(known, entered=[*known.entered, event(Step.PUBLISH, LAN)])
    assert told(Step.APPROVE, MINH, published, 2) == "được", "it is to take the published one's place"


def test_a_version_older_than_the_published_one_goes_no_further() -> None:
    known = Known(way(2, to=Step.PUBLISH), newest=2)
    assert "bản 2, mới hơn bản 1, đã công bố" in told(Step.CHECK, LAN, known)
    assert "bản 2, mới hơn bản 1, đã công bố" in told(Step.PUBLISH, LAN, known, without="lý do")


def test_without_approval_is_for_what_is_not_approved() -> None:
    for stage in (Stage.DRAFT, Stage.CHECKED, Stage.WITHDRAWN):
        assert told(Step.PUBLISH, DUC, Known(HISTORIES[stage], newest=1), without="bản giấy đã ký") == "được"
    assert "không cần lý do" in told(Step.PUBLISH, DUC, Known(HISTORIES[Stage.APPROVED], newest=1), without="vội")
    assert "đã công bố" in told(Step.PUBLISH, DUC, Known(HISTORIES[Stage.PUBLISHED], newest=1), without="vội")


def test_another_file_than_the_one_of_the_step_before_is_refused() -> None:
    other = [replace(one, sha256="other") for one in HISTORIES[Stage.CHECKED]]
    assert "không phải là tệp đã ghi ở bước trước" in told(Step.APPROVE, MINH, Known(other, newest=1))


def test_what_is_offered_is_what_would_be_entered() -> None:
    known = Known(HISTORIES[Stage.CHECKED], newest=1, account_names=ACCOUNTS)
    assert possible(version(), MINH, known) == {Step.APPROVE: None, Step.UNLOCK: None}
    mine = possible(version(), LAN, known)
    assert mine[Step.UNLOCK] is None
    assert str(mine[Step.APPROVE]).startswith("bạn đã kiểm tra bản 1; người khác phải duyệt")


@dataclass(frozen=True)
class Tried:
    step: Step
    number: int
    officer: Officer
    note: str


WRITTEN = [
    "Nguyễn Thị Lan",
    "nguyen thi lan",
    "Trần Văn Minh",
    "PHẠM VĂN ĐỨC",
    "Lê Hoa",
    "Bà LÊ HOA, Phó GĐ",
    "lan",
    " ",
]
officers = st.one_of(
    st.sampled_from([LAN, MINH, Officer("Phạm Văn Đức", login="duc")]), st.sampled_from(WRITTEN).map(Officer)
)
notes = st.sampled_from(["", "ý kiến"])
tries = st.builds(Tried, st.sampled_from(Step), st.integers(1, 2), officers, notes)


@st.composite
def ways(draw: st.DrawFn) -> list[Tried]:
    """Forward by any three: chance alone seldom gets so far."""
    number = draw(st.integers(1, 2))
    return [Tried(step, number, draw(officers), draw(notes)) for step in FORWARD[: draw(st.integers(2, 3))]]


sequences = st.lists(st.one_of(ways(), tries.map(lambda one: [one])), max_size=12).map(lambda many: list(chain(*many)))


@settings(max_examples=tried(400), deadline=None)
@given(sequences)
def test_no_way_leads_to_publication_but_through_two_people(asked: Sequence[Tried]) -> None:
    """Whatever anybody tries in whatever order, and whoever has an account."""
    entered: list[Publication] = []
    for one in asked:
        known = Known(entered, newest=2, account_names=[*ACCOUNTS, "duc", "Phạm Văn Đức"])
        if told(one.step, one.officer, known, one.number, one.note) == "được":
            entered.append(event(one.step, one.officer, one.number, one.note))
    found = standings(entered)
    assert sum(standing.stage is Stage.PUBLISHED for standing in found.values()) <= 1
    assert sum(standing.stage is Stage.APPROVED for standing in found.values()) <= 1
    for place, done in enumerate(entered):
        if done.event == "published":
            _was_seen_by_two([before for before in entered[:place] if before.version == done.version])


def _was_seen_by_two(before: list[Publication]) -> None:
    """The last two things that happened to it, told from the bare events and not from the stages."""
    checked, approved = before[-2:]
    assert (checked.event, approved.event) == ("checked", "approved")
    assert checked.account is None or checked.account != approved.account
    assert person_of(checked.by_whom) != person_of(approved.by_whom)
    for one in (checked, approved):
        assert one.account or person_of(one.by_whom) == "lehoa", "everybody else of these has an account"


@settings(max_examples=tried(100), deadline=None)
@given(sequences, st.sampled_from(["bản giấy đã ký", ""]))
def test_the_exception_is_seen_wherever_it_was_made(asked: Sequence[Tried], reason: str) -> None:
    entered: list[Publication] = []
    for one in asked:
        if told(one.step, one.officer, Known(entered, newest=2), one.number, "ý kiến", reason) == "được":
            entered.append(event(one.step, one.officer, one.number))
    for standing in standings(entered).values():
        if standing.stage in {Stage.PUBLISHED, Stage.SUPERSEDED}:
            assert standing.is_without_approval == bool(reason)
