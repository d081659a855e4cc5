"""cchc user: accounts from the machine."""

from __future__ import annotations

import json
import os
import pwd
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from cli import user
from cli.console import err, out
from contracts import clock
from contracts.errors import UsageError
from contracts.roles import Role
from contracts.settings import Settings
from portal import passwords
from portal.house import House
from tests.portal.typing_passwords import cheap_hashes
from warehouse import accounts, sessions, tables
from warehouse.accounts import Account, State
from warehouse.database import reading

__all__ = ["cheap_hashes"]
FIRST = re.compile(r"Mật khẩu đầu tiên: (\S+)")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cheap_hashes: None) -> House:
    monkeypatch.setenv("CCHC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CCHC_PROVINCE", "provinces/khanh-hoa")
    for console in (out, err):
        monkeypatch.setattr(console, "_width", 200)
    return House.of(Settings())


def account(house: House, login: str) -> Account:
    found = accounts.with_login(house.engine, login)
    assert found is not None
    return found


def first_password(capsys: pytest.CaptureFixture[str]) -> str:
    told = capsys.readouterr().out
    found = FIRST.findall(told)
    assert len(found) == 1, told
    return str(found[0])


def test_the_first_password_is_told_once_and_kept_as_a_hash(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    user.add("Quan.Vo", name="Võ Quản", role=Role.ADMIN)
    first = first_password(capsys)
    made = account(house, "quan.vo")
    assert (made.name, made.role, made.must_change) == ("Võ Quản", Role.ADMIN, True)
    assert passwords.is_right(made.password, first)
    assert len(first) >= house.policy.password_length
    user.list_accounts()
    told = capsys.readouterr().out
    assert "quan.vo" in told
    assert "chờ vào lần đầu" in told
    assert first not in told


@pytest.mark.parametrize("code", ["H32.32", "h32.32", "570"])
def test_a_viewers_unit_is_known_by_either_code(house: House, code: str) -> None:
    user.add("xem", name="Người xem", role=Role.VIEWER, unit=code)
    assert account(house, "xem").unit_code == "H32.32"


@pytest.mark.parametrize(
    ("role", "unit", "said"),
    [
        (Role.VIEWER, "", "người xem phải thuộc một đơn vị"),
        (Role.STAFF, "570", "vai trò Sở Nội vụ xem cả tỉnh"),
        (Role.VIEWER, "cam lâm", "không có đơn vị mã «cam lâm» → có phải: H32.32 Huyện Cam Lâm"),
        (Role.VIEWER, "H32.3", "có phải: H32.3"),
        (Role.VIEWER, "????", "agencies.csv"),
    ],
)
def test_a_unit_that_will_not_do_is_told_with_what_is_near(house: House, role: Role, unit: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        user.add("xem", name="Người xem", role=role, unit=unit)
    assert said in str(refused.value)
    assert accounts.everybody(house.engine) == []


@pytest.mark.parametrize("login", ["a", "lê.lan", "lan lan", "lan/..", "x" * 101, ""])
def test_logins_are_of_plain_letters(house: House, login: str) -> None:
    with pytest.raises(UsageError, match="chữ a–z không dấu"):
        user.add(login, name="Lan", role=Role.STAFF)


def test_an_account_through_its_life(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    user.add("quan", name="Võ Quản", role=Role.ADMIN)
    user.add("lan", name="Trần Thị Lan", role=Role.STAFF)
    capsys.readouterr()
    session = sessions.begin(house.engine, account(house, "lan").id, via="password", lasts=house.policy.lasts)
    user.reset("lan")
    assert passwords.is_right(account(house, "lan").password, first_password(capsys))
    assert sessions.find(house.engine, session, idle=house.policy.idle) is None
    user.give_role("lan", role=Role.VIEWER, unit="570")
    assert (account(house, "lan").role, account(house, "lan").unit_code) == (Role.VIEWER, "H32.32")
    user.close("LAN")
    assert account(house, "lan").state(clock.now()) is State.CLOSED
    user.reopen("lan")
    assert account(house, "lan").state(clock.now()) is State.WAITING
    with pytest.raises(UsageError, match="quản trị cuối cùng"):
        user.close("quan")
    with pytest.raises(UsageError, match="không có tài khoản «minh»"):
        user.close("minh")
    user.list_accounts(as_json=True)
    told = capsys.readouterr().out
    assert [one["login"] for one in json.loads(told[told.index("[") :])] == ["lan", "quan"]


def test_each_change_is_entered_under_the_machines_user(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    user.add("lan", name="Trần Thị Lan", role=Role.STAFF)
    first = first_password(capsys)
    user.close("lan")
    with reading(house.engine) as connection:
        rows = connection.execute(select(tables.audit_entry).order_by(tables.audit_entry.c.number)).all()
    who = pwd.getpwuid(os.geteuid()).pw_name
    assert [(row.who, row.role, row.action, row.result) for row in rows] == [(who, "", "account", "ok")] * 2
    assert [json.loads(row.about)["command"] for row in rows] == ["cchc user add", "cchc user close"]
    assert first not in str(rows)


def test_single_sign_on_needs_a_province_that_has_it(house: House) -> None:
    with pytest.raises(UsageError, match="chưa có đăng nhập một lần"):
        user.add("lan", name="Lan", role=Role.STAFF, single_sign_on=True)
    assert accounts.everybody(house.engine) == []
