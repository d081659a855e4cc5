"""Lan checks, Minh approves: the way of a report in the portal, and everything that is not let through."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import UploadFile
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from contracts import clock
from contracts.errors import UsageError
from contracts.roles import Role
from portal.approving import officer
from portal.house import House
from portal.people import Person
from portal.shelf import taken
from portal.signed_upload import hand_in as hand_in_file
from reporting.signature_fields import LEADER
from tests.portal.conftest import OTHER_CODE, OWN_CODE, SignIn, token_of
from tests.portal.released import again, bring, deeds, moved_to, version_of
from tests.signed import office
from warehouse import account_changes, accounts, approvals, printed, publications, register, signed_copies, texts
from warehouse.approval_rule import Officer
from warehouse.audit import Deed
from warehouse.locks import run_lock
from warehouse.stages import Stage, standings

Q4 = "2024Q4"
Browser = TestClient


def place(step: str = "", *, code: str = OWN_CODE, version: int = 1) -> str:
    return f"/bao-cao/{Q4}/{code}/{version}/{step}"


def take(client: Browser, step: str, note: str = "", *, code: str = OWN_CODE, read: str = "1") -> tuple[int, str]:
    """Status and page, or where the answer leads."""
    given = {"da-doc": read, "y-kien": note}
    answer = client.post(place(step, code=code), data={**given, **token_of(client)})
    return answer.status_code, answer.headers.get("location", "") or answer.text


def read(client: Browser, *, code: str = OWN_CODE, version: int = 1) -> None:
    assert client.get(place("pdf", code=code, version=version)).status_code == 200


def stage(house: House, code: str = OWN_CODE, version: int = 1) -> Stage:
    found = standings(publications.events(house.engine, Q4)).get((("unit", code), version))
    return found.stage if found else Stage.DRAFT


@pytest.fixture
def staff(sign_in: SignIn) -> Callable[[str], Browser]:
    """Browsers of staff who opened the PDF of Cam Lâm."""

    def browser(login: str) -> Browser:
        client = sign_in(login)
        read(client)
        return client

    return browser


def test_the_whole_way(staff: Callable[[str], Browser], sign_in: SignIn, house: House) -> None:
    lan, minh, viewer = staff("lan"), staff("minh"), sign_in("xem")
    report = f"/bao-cao/{Q4}/{OWN_CODE}"
    assert place("kiem-tra") in lan.get(report).text
    assert take(lan, "kiem-tra", "đã đối chiếu biểu") == (303, f"{report}?ban=1&vua=kiem-tra")
    page = lan.get(f"{report}?ban=1&vua=kiem-tra").text
    assert "Đã ghi nhận: bạn đã kiểm tra bản này." in page
    assert "Bạn đã kiểm tra bản 1; người khác phải duyệt." in page
    assert "đã đối chiếu biểu" in page
    assert place("duyet") not in page

    assert take(minh, "duyet")[0] == 303
    assert viewer.get(report).status_code == 404, "approved is not given out yet"
    assert take(minh, "cong-bo", "Công văn số 12")[0] == 303
    assert viewer.get(report).status_code == 200
    assert "phe-duyet" not in viewer.get(report).text, "who checked and approved is told to staff"
    assert take(lan, "thu-hoi", "sai số liệu")[0] == 303
    assert viewer.get(report).status_code == 404
    assert [(one.event, one.account, one.note) for one in publications.events(house.engine, Q4)] == [
        ("checked", "lan", "đã đối chiếu biểu"),
        ("approved", "minh", ""),
        ("published", "minh", "Công văn số 12"),
        ("withdrawn", "lan", "sai số liệu"),
    ]
    assert [len(deeds(house, action)) for action in ("check", "approve", "publish", "withdraw")] == [1, 1, 1, 1]


def test_who_checked_does_not_approve_and_the_try_is_kept(staff: Callable[[str], Browser], house: House) -> None:
    lan = staff("lan")
    take(lan, "kiem-tra")
    status, page = take(lan, "duyet")
    assert status == 409
    assert "Bạn đã kiểm tra bản 1; người khác phải duyệt." in page
    assert "<textarea" not in page, "there is nothing to send"
    assert stage(house) is Stage.CHECKED
    assert [deed["result"] for deed in deeds(house, "approve")] == ["bạn đã kiểm tra bản 1; người khác phải duyệt"]


@pytest.mark.parametrize("step", ["kiem-tra", "duyet"])
def test_whoever_has_not_opened_the_pdf_neither_checks_nor_approves(sign_in: SignIn, house: House, step: str) -> None:
    if step == "duyet":
        bring(house, Q4, OWN_CODE, Stage.CHECKED)
    before, minh = stage(house), sign_in("minh")
    assert "Bạn chưa mở tệp PDF của bản 1." in take(minh, step)[1]
    read(minh, code=OTHER_CODE)
    assert minh.get(place("so-tinh")).status_code == 200
    assert take(minh, step)[0] == 409, "another report's PDF, or the workbook, is not this PDF"
    assert stage(house) is before
    read(minh)
    assert "chưa đánh dấu" in take(minh, step, read="")[1].lower()
    assert stage(house) is before
    assert take(minh, step)[0] == 303


def test_a_pdf_that_the_browser_still_has_was_opened_by_who_asks_now(sign_in: SignIn) -> None:
    """Two of the staff use one machine: the second is shown what the browser kept for the first."""
    lan, minh = sign_in("lan"), sign_in("minh")
    kept = lan.get(place("pdf")).headers["etag"]
    assert minh.get(place("pdf"), headers={"If-None-Match": kept}).status_code == 304
    assert take(minh, "kiem-tra")[0] == 303


@pytest.mark.parametrize(("part", "opened"), [("bytes=0-0", False), ("bytes=99999999-", False), ("bytes=0-", True)])
def test_a_piece_of_the_pdf_is_not_the_pdf(sign_in: SignIn, house: House, part: str, opened: bool) -> None:
    minh = sign_in("minh")
    minh.get(place("pdf"), headers={"Range": part})
    assert take(minh, "kiem-tra")[0] == (303 if opened else 409)
    assert len(deeds(house, "download")) == 1, "who was given a piece stands in the trail all the same"


def test_a_run_keeps_a_selection_waiting_once(
    staff: Callable[[str], Browser], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not once for each of two hundred reports, while everybody else's step waits behind it."""
    lan, chosen = staff("lan"), [f"{code}/1" for code in (OWN_CODE, OTHER_CODE, "569", "571")]
    for one in chosen:
        read(lan, code=one.removesuffix("/1"))
    waited: list[str] = []

    @contextmanager
    def counted(engine: Engine, name: str) -> Iterator[None]:
        waited.append(name)
        with run_lock(engine, name):
            yield

    monkeypatch.setattr("warehouse.locks.PATIENCE_SECONDS", -1)
    with run_lock(house.engine, Q4):
        monkeypatch.setattr("warehouse.locks.run_lock", counted)
        status, page = many(lan, "kiem-tra", *chosen)
    assert (status, page.count("đang được một lượt chạy khác xử lý"), waited) == (409, len(chosen), [Q4])
    assert [one["result"] == "ok" for one in deeds(house, "check")] == [False] * len(chosen)
    assert many(lan, "kiem-tra", *chosen)[0] == 200


def test_unlocking_needs_a_reason_and_begins_anew(staff: Callable[[str], Browser], house: House) -> None:
    lan = staff("lan")
    bring(house, Q4, OWN_CODE, Stage.APPROVED)
    assert "phải có lý do" in take(lan, "mo-khoa", " ")[1]
    assert stage(house) is Stage.APPROVED
    assert take(lan, "mo-khoa", "sai tên người ký")[0] == 303
    assert stage(house) is Stage.DRAFT
    assert "sai tên người ký" in lan.get(f"/bao-cao/{Q4}/{OWN_CODE}").text


def test_a_newer_version_is_told_loudly_and_demands_a_remark(staff: Callable[[str], Browser], house: House) -> None:
    lan = staff("lan")
    bring(house, Q4, OWN_CODE, Stage.APPROVED)
    again(house, Q4, OWN_CODE, reason="mới hơn bản 1 đã duyệt")
    page = lan.get(place("cong-bo")).text
    assert "3 số liệu khác bản 2, mới hơn bản này." in page
    assert f"/bao-cao/{Q4}/{OWN_CODE}/thay-doi?tu=1&amp;den=2" in page
    assert "Bản 2 mới hơn bản đã duyệt này." in lan.get(f"/bao-cao/{Q4}/{OWN_CODE}?ban=1").text
    newer = lan.get(f"/bao-cao/{Q4}/{OWN_CODE}?ban=2").text
    assert "Bản này mới hơn bản đã duyệt." in newer
    assert "3 số liệu khác bản 1 đã duyệt, chưa công bố." in newer
    status, page = take(lan, "cong-bo")
    assert status == 409
    assert "phải ghi vì sao vẫn dùng bản 1" in page
    assert take(lan, "cong-bo", "bản 2 chờ nguồn xác nhận")[0] == 303
    page = lan.get(f"/bao-cao/{Q4}/{OWN_CODE}?ban=2").text
    assert "3 số liệu khác bản 1 đã công bố ngày 16/12/2024." in page


def test_a_publication_without_approval_is_told(sign_in: SignIn, house: House) -> None:
    lan = sign_in("lan")
    assert "phải mở và đọc" in lan.get(f"/bao-cao/{Q4}/{OWN_CODE}").text
    version = version_of(house, Q4, OWN_CODE)
    approvals.publish(house.engine, version, Officer("Phạm Văn Đức"), without_approval="cổng hỏng")
    page = lan.get(f"/bao-cao/{Q4}/{OWN_CODE}").text
    assert "Công bố không qua duyệt: cổng hỏng." in page
    assert "không được hai người kiểm tra và duyệt" in page
    assert "phải mở và đọc" not in page, "nothing is left for which it would be needed"


def test_no_step_while_a_run_goes_on(
    staff: Callable[[str], Browser], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.locks.PATIENCE_SECONDS", 0)
    lan = staff("lan")
    with run_lock(house.engine, Q4):
        status, page = take(lan, "kiem-tra")
    assert status == 409
    assert "đang được một lượt chạy khác xử lý" in page
    assert stage(house) is Stage.DRAFT


def many(client: Browser, step: str, *chosen: str, note: str = "") -> tuple[int, str]:
    form = {"ky": Q4, "buoc": step, "chon": list(chosen), "da-doc": "1", "y-kien": note, **token_of(client)}
    answer = client.post("/phe-duyet", data=form)
    return answer.status_code, answer.text


def test_several_at_once_each_by_the_rule(staff: Callable[[str], Browser], house: House) -> None:
    lan, minh = staff("lan"), staff("minh")
    for client in (lan, minh):
        read(client, code=OTHER_CODE)
    own, other, unread = f"{OWN_CODE}/1", f"{OTHER_CODE}/1", "569/1"
    listed = lan.get("/phe-duyet").text
    assert f'value="{own}"' in listed
    assert f'value="{unread}"' not in listed, "whose PDF was not opened cannot be chosen"
    status, page = many(lan, "kiem-tra", own, unread, "999/1", note="đã đối chiếu")
    assert status == 409
    assert "Đã ghi nhận: kiểm tra." in page
    assert "Bạn chưa mở tệp PDF của bản 1." in page
    assert "Báo cáo không có trong kỳ này" in page
    assert (stage(house), stage(house, OTHER_CODE), stage(house, "569")) == (Stage.CHECKED, Stage.DRAFT, Stage.DRAFT)

    assert take(minh, "kiem-tra", code=OTHER_CODE)[0] == 303
    listed = minh.get("/phe-duyet", params={"ky": Q4}).text
    assert "Bạn đã kiểm tra bản 1; người khác phải duyệt." in listed
    status, page = many(minh, "duyet", own, other)
    assert status == 409
    assert (stage(house), stage(house, OTHER_CODE)) == (Stage.APPROVED, Stage.CHECKED)
    assert many(lan, "duyet", other)[0] == 200
    assert many(lan, "cong-bo", own, other)[0] == 200
    assert stage(house) is stage(house, OTHER_CODE) is Stage.PUBLISHED
    assert publications.events(house.engine, Q4)[0].note == "đã đối chiếu"


def test_nothing_chosen_and_a_step_back_are_no_selection(staff: Callable[[str], Browser]) -> None:
    lan = staff("lan")
    assert "chưa chọn báo cáo nào" in many(lan, "kiem-tra")[1].lower()
    assert many(lan, "mo-khoa", f"{OWN_CODE}/1")[0] == 409


def test_a_period_that_somebody_typed_leaves_nothing_behind(sign_in: SignIn, house: House) -> None:
    """The lock of a period is a file of that name."""
    lan, folder = sign_in("lan"), house.settings.province_home("khanh-hoa")
    before = sorted(folder.iterdir())
    form = {"ky": "đ" * 100, "buoc": "kiem-tra", "chon": ["570/1"], "da-doc": "1", **token_of(lan)}
    assert lan.post("/phe-duyet", data=form).status_code == 409
    assert sorted(folder.iterdir()) == before


def test_what_is_to_be_seen_before_is_told(sign_in: SignIn, house: House, tmp_path: Path) -> None:
    """A version without its source, a text that came after it was printed, and a file that somebody changed."""
    lan, first = sign_in("lan"), version_of(house, Q4, OWN_CODE)
    assert "Đủ số liệu của 1/1 nguồn." in lan.get(place("kiem-tra")).text
    assert "Không có lỗi nghiêm trọng" in lan.get(place("kiem-tra")).text
    whole = json.loads(printed.kept(house.engine, first.version_key) or "")
    whole["basis"]["sources"][0] |= {"state": "failed", "rows": None, "accepted": None, "quarantined": None}
    path = tmp_path / "v2.pdf"
    path.write_bytes(b"%PDF other")
    register.add(house.engine, period_id=Q4, scope="unit", unit_code=OWN_CODE, path=str(path), sha256="0" * 64, pages=9,
                 input_digest="x", reason="thiếu nguồn", document=json.dumps(whole))  # fmt: skip
    texts.add(
        house.engine, (Q4, "unit", OWN_CODE), {"direction": "Ban hành văn bản."}, seen={}, by_whom="A", at=clock.now()
    )
    page = lan.get(f"/bao-cao/{Q4}/{OWN_CODE}?ban=2").text
    for said in (
        "Thiếu 1/1 nguồn: số liệu của báo cáo chỉ là một phần.",
        "Hệ thống một cửa điện tử huyện Cam Lâm: lỗi",
        "Không rõ số hồ sơ bị loại.",
        "Chưa kiểm tra được: bản này không có số liệu của nguồn nào.",
        "1 phần chữ được nạp sau khi in: bản này chưa có nội dung đó.",
        "Tệp của bản 2 khác với tệp đã đăng ký khi in: v2.pdf.",
    ):
        assert said in page
    assert str(tmp_path) not in page
    assert "Thiếu 1 nguồn" in lan.get("/phe-duyet", params={"ky": Q4}).text


@pytest.fixture
def approved(house: House, tmp_path: Path) -> bytes:
    """The PDF of Cam Lâm, approved, in a folder of the test's own."""
    version = bring(house, Q4, OWN_CODE, Stage.APPROVED)
    return moved_to(house, version, tmp_path / "bao-cao.pdf").read_bytes()


def hand_in(client: Browser, content: bytes, name: str = "da-ky.pdf") -> tuple[int, str]:
    files = {"tep": (name, io.BytesIO(content), "application/pdf")}
    answer = client.post(place("ban-ky-moi"), data=token_of(client), files=files)
    return answer.status_code, answer.text


def test_a_signed_copy_is_taken_and_shown_with_its_signers(
    sign_in: SignIn, house: House, approved: bytes, tmp_path: Path
) -> None:
    lan = sign_in("lan")
    assert "Bản này chưa có tệp đã ký." in lan.get(f"/bao-cao/{Q4}/{OWN_CODE}").text
    signed = office.sign(approved, office.leader(), LEADER)
    status, page = hand_in(lan, signed)
    assert status == 200
    assert "Đã nhận bản ký" in page
    assert "không kiểm tra được" in page, "no root is trusted here, and that is said"
    shown = lan.get(f"/bao-cao/{Q4}/{OWN_CODE}").text
    assert "Đang được cung cấp" in shown
    assert lan.get(place("ban-ky")).content == signed
    assert (tmp_path / "bao-cao-da-ky.pdf").read_bytes() == signed
    assert "Tệp này đã được nhận trước đó" in hand_in(lan, signed)[1]
    assert [deed["result"] for deed in deeds(house, "signed")] == ["ok", "ok"]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda pdf: b"PK\x03\x04", "Tệp không phải là PDF."),
        (lambda pdf: b"", "Tệp rỗng"),
        (lambda pdf: pdf, "chưa có chữ ký"),
        (lambda pdf: b"%PDF-1.7\n%%EOF\n", ""),
    ],
    ids=["zip", "empty", "unsigned", "foreign"],
)
def test_what_is_not_our_signed_pdf_is_refused_with_the_reason(
    sign_in: SignIn, house: House, approved: bytes, tmp_path: Path, made: Callable[[bytes], bytes], said: str
) -> None:
    before = sorted(tmp_path.iterdir())
    status, page = hand_in(sign_in("lan"), made(approved))
    assert status == 409
    assert "Không nhận tệp" in page
    assert said in page
    assert "cchc " not in page, "who reads this has no commands"
    assert str(tmp_path) not in page
    assert sorted(tmp_path.iterdir()) == before
    assert len(deeds(house, "signed")) == 1
    assert deeds(house, "signed")[0]["result"] != "ok"


def test_a_version_that_was_unlocked_meanwhile_takes_no_signed_copy(house: House, approved: bytes) -> None:
    """It stood approved when the page was asked for; the file came for a minute, and somebody unlocked it."""
    account = accounts.with_login(house.engine, "lan")
    assert account is not None
    lan = Person(account, "", "")
    one = taken(house, lan, Q4, OWN_CODE, 1)
    approvals.unlock(house.engine, one.version, Officer("Phạm Văn Đức"), reason="sai số liệu")
    signed = io.BytesIO(office.sign(approved, office.leader(), LEADER))
    assert "là dự thảo: chỉ nhận bản ký" in hand_in_file(house, lan, one, UploadFile(signed)).why_not
    assert signed_copies.copies_of(house.engine, one.version) == []


@pytest.mark.parametrize("change", ["closed", "no longer of the staff"])
def test_who_may_no_longer_approve_does_not_with_a_step_that_was_waiting(house: House, change: str) -> None:
    account = accounts.with_login(house.engine, "lan")
    assert account is not None
    who, by = officer(Person(account, "", "")), Deed("account", "quan")
    if change == "closed":
        account_changes.close(house.engine, account, by=by)
    else:
        account_changes.give_role(house.engine, account, Role.VIEWER, "H32.32", by=by)
    with pytest.raises(UsageError, match="không còn quyền"):
        approvals.check(house.engine, version_of(house, Q4, OWN_CODE), who)
    assert stage(house) is Stage.DRAFT


def test_a_draft_takes_no_signed_copy(sign_in: SignIn) -> None:
    status, page = hand_in(sign_in("lan"), b"%PDF-1.7")
    assert status == 409
    assert "chỉ nhận bản ký của bản đã duyệt hoặc đã công bố" in page
