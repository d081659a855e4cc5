"""The own account and those of others: what changes, what ends with it, what is entered, and what is refused."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from contracts import clock
from contracts.roles import Role
from portal import passwords
from portal.cookies import BEFORE, COOKIE
from portal.house import House
from portal.people import form_token
from tests.portal.conftest import OWN, SignIn, token_of
from tests.portal.typing_passwords import cheap_hashes
from warehouse import account_changes, accounts, identities, tables
from warehouse.accounts import Account, State
from warehouse.audit import Deed
from warehouse.database import reading

__all__ = ["cheap_hashes"]
pytestmark = pytest.mark.usefixtures("cheap_hashes")
NEW = "chiều nay trời lại mưa"
SHOWN = re.compile(r'class="code once">([a-z0-9-]{19})<')


def sent(client: TestClient, path: str, **fields: str) -> httpx.Response:
    return client.post(path, data=fields | token_of(client))


def account(house: House, login: str) -> Account:
    found = accounts.with_login(house.engine, login)
    assert found is not None
    return found


def deeds(house: House) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Who, action, result and what else, in the order in which it was entered."""
    table = tables.audit_entry
    columns = (table.c.who, table.c.action, table.c.result, table.c.about)
    with reading(house.engine) as connection:
        rows = connection.execute(select(*columns).order_by(table.c.number))
        return [(row.who, row.action, row.result, json.loads(row.about)) for row in rows]


def with_first_password(house: House, login: str) -> str:
    first = passwords.first_password()
    account_changes.reset_password(
        house.engine, account(house, login), passwords.hashed(first), by=Deed("account", "quan")
    )
    return first


def came_in(sign_in: SignIn, login: str, password: str) -> TestClient:
    """A browser in which that person signed in with the form."""
    client = sign_in("")
    client.get("/dang-nhap")
    form = {"login": login, "password": password, "form_token": form_token(client.cookies[BEFORE])}
    assert client.post("/dang-nhap", data=form).status_code == 303
    return client


def test_whoever_has_a_first_password_gets_no_further_until_it_is_changed(sign_in: SignIn, house: House) -> None:
    first = with_first_password(house, "lan")
    client = came_in(sign_in, "lan", first)
    for path in ("/", "/bao-cao", "/ky/2024Q4"):
        assert client.get(path).headers["location"] == "/mat-khau"
    assert sent(client, "/mat-khau/phien-khac").headers["location"] == "/mat-khau"
    assert "<h1>Đổi mật khẩu đầu tiên</h1>" in client.get("/mat-khau").text
    assert sent(client, "/mat-khau", current=first, new=NEW, again=NEW).headers["location"] == "/"
    assert client.get("/").headers["location"] == "/bao-cao"
    assert came_in(sign_in, "lan", NEW).get("/mat-khau").status_code == 200


def test_another_password_ends_every_other_session_and_renews_this_one(sign_in: SignIn, house: House) -> None:
    first = with_first_password(house, "lan")
    there, here = came_in(sign_in, "lan", first), came_in(sign_in, "lan", first)
    before = here.cookies[COOKIE]
    sent(here, "/mat-khau", current=first, new=NEW, again=NEW)
    assert here.cookies[COOKIE] != before
    assert here.get("/mat-khau").status_code == 200
    assert there.get("/mat-khau").headers["location"].startswith("/dang-nhap")
    assert deeds(house)[-1] == ("lan", "password", "ok", {})
    assert NEW not in str(deeds(house))


REFUSED = """
current | new                    | again                  | said
wrong   | chiều nay trời lại mưa | chiều nay trời lại mưa | Mật khẩu hiện tại không đúng.
right   | chiều nay trời lại mưa | chiều nay trời lại mưu | Hai lần gõ mật khẩu mới không giống nhau.
right   | ngắn quá               | ngắn quá               | ít nhất 12 ký tự
right   | lan-lan-lan-1          | lan-lan-lan-1          | chứa tên đăng nhập
right   | Mật khẩu 2024!!        | Mật khẩu 2024!!        | hay bị đoán nhất
right   | 056123456789           | 056123456789           | hay bị đoán nhất
right   | aaaaaaaaaaaaaaa        | aaaaaaaaaaaaaaa        | hay bị đoán nhất
right   | same                   | same                   | phải khác mật khẩu hiện tại
"""


def test_a_password_that_will_not_do_is_refused_with_the_reason(sign_in: SignIn, house: House) -> None:
    first = with_first_password(house, "lan")
    client = came_in(sign_in, "lan", first)
    stands = account(house, "lan").password
    for line in REFUSED.strip().splitlines()[1:]:
        current, new, again, said = (cell.strip() for cell in line.split("|"))
        words = {"right": first, "same": first}
        answer = sent(
            client,
            "/mat-khau",
            current=words.get(current, current),
            new=words.get(new, new),
            again=words.get(again, again),
        )
        assert answer.status_code == 422
        assert said in answer.text
        assert new not in answer.text
    assert account(house, "lan").password == stands


def test_a_session_left_open_does_not_do_for_guessing_the_password(sign_in: SignIn, house: House) -> None:
    first = with_first_password(house, "lan")
    client = came_in(sign_in, "lan", first)
    for _ in range(house.policy.failures):
        assert sent(client, "/mat-khau", current="x", new=NEW, again=NEW).status_code == 422
    assert sent(client, "/mat-khau", current=first, new=NEW, again=NEW).status_code == 429
    assert deeds(house)[-1] == ("lan", "password", "sai mật khẩu hiện tại", {})


def test_the_page_lists_the_own_sessions_and_ends_the_others(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    there = sign_in("lan")
    monkeypatch.setenv("CCHC_NOW", (clock.now() + timedelta(minutes=5)).isoformat())
    here, hers = sign_in("lan"), sign_in("minh")
    page = here.get("/mat-khau").text
    assert re.findall(r"Mở lúc (\d\d:\d\d)", page) == ["08:05", "08:00"]
    assert page.index("phiên này") < page.index("08:00 16/12/2024")
    assert sent(here, "/mat-khau/phien-khac").headers["location"] == "/mat-khau?xong=phien"
    assert there.get("/mat-khau").status_code == 303
    assert here.get("/mat-khau").text.count("Mở lúc") == 1
    assert hers.get("/mat-khau").status_code == 200


def test_a_new_account_shows_its_first_password_once(sign_in: SignIn, house: House) -> None:
    admin = sign_in("quan")
    answer = sent(admin, "/tai-khoan/moi", login="Hoa.Le", name="Lê  Thị Hòa", role="viewer", unit=OWN)
    assert answer.headers["cache-control"] == "no-store"
    first = SHOWN.search(answer.text)
    assert first is not None
    made = account(house, "hoa.le")
    assert (made.name, made.role, made.unit_code, made.created_by) == ("Lê Thị Hòa", Role.VIEWER, OWN, "quan")
    assert made.state(clock.now()) is State.WAITING
    assert passwords.is_right(made.password, first[1])
    assert first[1] not in admin.get(f"/tai-khoan/{made.id}").text
    about = {"did": "thêm", "login": "hoa.le", "role": "viewer", "unit": OWN}
    assert deeds(house)[-1] == ("quan", "account", "ok", about)
    assert first[1] not in str(deeds(house))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"login": "lan"}, "đã có tài khoản «lan»"),
        ({"login": "Lê Hòa"}, "chữ a–z không dấu"),
        ({"login": "h"}, "từ 2 đến 100 ký tự"),
        ({"name": " "}, "họ tên không dùng được"),
        ({"role": "vua"}, "chưa chọn vai trò"),
        ({"role": "viewer"}, "người xem phải thuộc một đơn vị"),
        ({"role": "viewer", "unit": "H32.9999"}, "không có đơn vị mã «H32.9999»"),
        ({"unit": OWN}, "không gắn với một đơn vị"),
    ],
)
def test_what_an_account_cannot_be_is_said_and_what_was_typed_stays(
    sign_in: SignIn, house: House, changed: dict[str, str], said: str
) -> None:
    typed = {"login": "hoa", "name": "Lê Thị Hòa", "role": "staff", "unit": ""} | changed
    answer = sent(sign_in("quan"), "/tai-khoan/moi", **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed["login"]}"' in answer.text
    assert len(accounts.everybody(house.engine)) == 5
    assert deeds(house) == []


ENDS = {
    "dong": ({}, "đóng"),
    "cap-lai": ({}, "cấp lại mật khẩu"),
    "vai-tro": ({"role": "operator"}, "đổi vai trò"),
}


@pytest.mark.parametrize("what", ENDS)
def test_what_ends_somebodys_access_is_asked_first_and_ends_it_at_once(
    sign_in: SignIn, house: House, what: str
) -> None:
    fields, did = ENDS[what]
    admin, staff, other = sign_in("quan"), sign_in("lan"), sign_in("minh")
    number = account(house, "lan").id
    assert admin.get(f"/tai-khoan/{number}/{what}").status_code == 200
    assert staff.get("/mat-khau").status_code == 200, "asking changes nothing"
    sent(admin, f"/tai-khoan/{number}/{what}", **fields)
    assert staff.get("/mat-khau").headers["location"].startswith("/dang-nhap")
    assert other.get("/mat-khau").status_code == 200
    who, action, result, about = deeds(house)[-1]
    assert (who, action, result, about["did"], about["login"]) == ("quan", "account", "ok", did, "lan")


def test_a_closed_account_comes_in_no_more_until_it_is_opened(sign_in: SignIn, house: House) -> None:
    first = with_first_password(house, "lan")
    admin, number = sign_in("quan"), account(house, "lan").id
    sent(admin, f"/tai-khoan/{number}/dong")
    assert account(house, "lan").state(clock.now()) is State.CLOSED
    sent(admin, f"/tai-khoan/{number}/mo")
    came_in(sign_in, "lan", first)


def test_an_administrator_does_not_shut_himself_out(sign_in: SignIn, house: House) -> None:
    admin, own = sign_in("quan"), account(house, "quan").id
    for what, fields in (("dong", {}), ("cap-lai", {}), ("vai-tro", {"role": "staff"}), ("mo", {})):
        assert sent(admin, f"/tai-khoan/{own}/{what}", **fields).status_code == 403
    assert account(house, "quan").state(clock.now()) is State.OPEN
    assert admin.get("/mat-khau").status_code == 200


def test_a_lock_is_shown_and_ended(sign_in: SignIn, house: House) -> None:
    with_first_password(house, "lan")
    client = sign_in("")
    client.get("/dang-nhap")
    form = {"login": "lan", "password": "x", "form_token": form_token(client.cookies[BEFORE])}
    for _ in range(house.policy.failures):
        client.post("/dang-nhap", data=form)
    admin, number = sign_in("quan"), account(house, "lan").id
    assert "nhập sai mật khẩu 5 lần, đến 08:15 16/12/2024" in admin.get(f"/tai-khoan/{number}").text
    sent(admin, f"/tai-khoan/{number}/mo")
    assert account(house, "lan").state(clock.now()) is State.WAITING


FOUND = """
asked            | logins
                 | lan minh quan truc xem
tim=NGUOI+la     | lan
tim=tru          | truc
vai-tro=staff    | lan minh
don-vi=H32.32    | xem
tinh-trang=closed | minh
tim=khong-co     |
"""


def test_accounts_are_found_by_name_role_unit_and_state(sign_in: SignIn, house: House) -> None:
    account_changes.close(house.engine, account(house, "minh"), by=Deed("account", "quan"))
    admin = sign_in("quan")
    for line in FOUND.strip().splitlines()[1:]:
        asked, logins = (cell.strip() for cell in line.split("|"))
        page = admin.get(f"/tai-khoan?{asked}").text
        assert re.findall(r'</a><span class="under">([^<]+)</span>', page) == logins.split()


def test_a_first_password_takes_an_account_back_from_single_sign_on(sign_in: SignIn, house: House) -> None:
    identities.expect(house.engine, account(house, "lan").id, "https://sso.example", Deed("account", "quan"))
    assert account(house, "lan").state(clock.now()) is State.WAITING
    sent(sign_in("quan"), f"/tai-khoan/{account(house, 'lan').id}/cap-lai")
    after = account(house, "lan")
    assert (after.issuer, after.subject, after.must_change) == (None, None, True)
