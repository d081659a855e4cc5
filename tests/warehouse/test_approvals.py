"""The steps of a version as they are entered: with their deed, of a file that is what was registered, one at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from contracts.errors import UsageError
from contracts.roles import Role
from tests.warehouse.examples import Q4
from tests.warehouse.processes import go_on, python, said
from tests.warehouse.versions import version
from warehouse import accounts, approvals, audit, locks, publications, tables
from warehouse.approval_rule import Officer
from warehouse.database import reading
from warehouse.register import ReportVersion
from warehouse.report_files import ReportFile
from warehouse.stages import Stage, standings

LAN = Officer("Nguyễn Thị Lan", login="lan", role="staff", address="10.0.0.7")
MINH = Officer("Trần Văn Minh", login="minh", role="staff", address="10.0.0.8")
DUC = Officer("Phạm Văn Đức, Phó Giám đốc Sở", machine_user="vanhanh")
HOLD = """
import sys
from warehouse.database import open_warehouse
from warehouse.locks import run_lock
with run_lock(open_warehouse(sys.argv[1]), "2024Q4"):
    print("held", flush=True)
    sys.stdin.readline()
print("let go", flush=True)
sys.stdin.readline()
"""


def stage(engine: Engine, one: ReportVersion) -> Stage:
    return standings(publications.events(engine, Q4))[one.key, one.version].stage


def deeds(engine: Engine) -> list[tuple[str, str, str, str]]:
    table = tables.audit_entry
    columns = (table.c[name] for name in ("action", "who", "role", "address"))
    with reading(engine) as connection:
        return [
            (row[0], row[1], row[2], row[3]) for row in connection.execute(select(*columns).order_by(table.c.number))
        ]


def test_the_way_is_entered_with_its_deeds(engine: Engine, folder: Path) -> None:
    first = version(engine, folder)
    checked = approvals.check(engine, first, LAN, note="  đã đối chiếu biểu  ")
    assert (checked.note, checked.by_whom, checked.account) == ("đã đối chiếu biểu", "Nguyễn Thị Lan", "lan")
    approvals.approve(engine, first, DUC)
    approvals.unlock(engine, first, MINH, reason="sai tên người ký")
    assert stage(engine, first) is Stage.DRAFT
    approvals.check(engine, first, MINH)
    approvals.approve(engine, first, LAN)
    approvals.publish(engine, first, LAN)
    approvals.withdraw(engine, first, LAN, reason="sai số liệu")
    assert stage(engine, first) is Stage.WITHDRAWN
    assert deeds(engine) == [
        ("check", "lan", "staff", "10.0.0.7"),
        ("approve", "vanhanh", "", ""),
        ("unlock", "minh", "staff", "10.0.0.8"),
        ("check", "minh", "staff", "10.0.0.8"),
        ("approve", "lan", "staff", "10.0.0.7"),
        ("publish", "lan", "staff", "10.0.0.7"),
        ("withdraw", "lan", "staff", "10.0.0.7"),
    ]
    assert {one.sha256 for one in publications.events(engine, Q4)} == {first.sha256}


def test_what_is_refused_leaves_nothing(engine: Engine, folder: Path) -> None:
    first = version(engine, folder)
    with pytest.raises(UsageError, match="không duyệt được lúc này"):
        approvals.approve(engine, first, LAN)
    assert publications.events(engine, Q4) == []
    assert deeds(engine) == []


def test_no_step_without_its_deed(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(audit, "enter_within", full)
    with pytest.raises(OSError, match="no space"):
        approvals.check(engine, version(engine, folder), LAN)
    assert publications.events(engine, Q4) == []


@pytest.mark.parametrize("step", ["check", "approve", "publish"])
def test_a_file_that_is_lost_or_altered_goes_no_further(engine: Engine, folder: Path, step: str) -> None:
    first = version(engine, folder)
    for done in ("check", "approve", "publish"):
        officer = MINH if done == "approve" else LAN
        if done == step:
            Path(first.path).write_bytes(b"%PDF other")
            with pytest.raises(UsageError, match="khác với tệp đã đăng ký khi in"):
                getattr(approvals, done)(engine, first, officer)
            Path(first.path).unlink()
            with pytest.raises(UsageError, match="không còn"):
                getattr(approvals, done)(engine, first, officer)
            return
        getattr(approvals, done)(engine, first, officer)


def test_an_altered_workbook_goes_no_further_either(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = version(engine, folder)
    book = ReportFile("workbook", str(folder / "56-v1.xlsx"), "0" * 64, 2)
    monkeypatch.setattr("warehouse.report_files.files_of", lambda *_: (book,))
    with pytest.raises(UsageError, match="tệp đi kèm bản 1 không còn hoặc đã bị sửa"):
        approvals.check(engine, first, LAN)


def test_a_lost_file_can_still_be_unlocked_and_withdrawn(engine: Engine, folder: Path) -> None:
    first = version(engine, folder)
    approvals.check(engine, first, LAN)
    Path(first.path).unlink()
    assert approvals.unlock(engine, first, LAN, reason="mất tệp").sha256 == first.sha256


def test_whoever_has_an_account_is_not_spoken_for_by_a_command(engine: Engine, folder: Path) -> None:
    first = version(engine, folder)
    accounts.add(engine, login="lan", name="Nguyễn Thị Lan", role=Role.STAFF, created_by="quan")
    with pytest.raises(UsageError, match="có tài khoản trên cổng báo cáo"):
        approvals.check(engine, first, Officer("NGUYEN THI LAN, chuyên viên"))


def test_two_who_approve_at_once_give_one_approval(engine: Engine, folder: Path) -> None:
    first = version(engine, folder)
    approvals.check(engine, first, LAN)

    def tried(number: int) -> bool:
        try:
            approvals.approve(engine, first, Officer(f"Người {number}", login=f"nguoi{number}"))
        except UsageError as error:
            assert "đã duyệt ngày" in error.cause, "whoever comes second is told so, and not that a run goes on"
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(tried, range(8))) == 1
    assert [one.event for one in publications.events(engine, Q4)] == ["checked", "approved"]


def test_two_versions_approved_at_once_give_one_approved(engine: Engine, folder: Path) -> None:
    both = [version(engine, folder), version(engine, folder)]
    for one in both:
        approvals.check(engine, one, LAN, note="cả hai bản")

    def tried(one: ReportVersion) -> bool:
        try:
            approvals.approve(engine, one, MINH, note="bản này")
        except UsageError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(tried, both)) == 1


def test_no_step_while_a_run_goes_on(url: str, engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = version(engine, folder)
    monkeypatch.setattr(locks, "PATIENCE_SECONDS", 0)
    with python(HOLD, url) as run:
        assert said(run) == "held"
        with pytest.raises(UsageError, match="đang được một lượt chạy khác xử lý"):
            approvals.check(engine, first, LAN)
        go_on(run)
        assert said(run) == "let go"
        approvals.check(engine, first, LAN)


def test_a_superseded_version_knows_by_which(engine: Engine, folder: Path) -> None:
    first, second, third = (version(engine, folder) for _ in range(3))
    for one in (first, second, third):
        approvals.check(engine, one, LAN, note="dùng bản này")
        approvals.approve(engine, one, MINH, note="dùng bản này")
        approvals.publish(engine, one, MINH, note=f"công văn {one.version}")
    found = standings(publications.events(engine, Q4))
    assert [found[one.key, one.version].stage for one in (first, second, third)] == [
        *(Stage.SUPERSEDED, Stage.SUPERSEDED, Stage.PUBLISHED)
    ]
    by = found[first.key, 1].superseded_by
    assert by is not None
    assert (by.version, by.note) == (2, "công văn 2")
    assert not found[first.key, 1].is_without_approval
