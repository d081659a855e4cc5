"""Coming in: who gets in, what others are told, when an account is locked, when a session ends, where one lands."""

from __future__ import annotations

import json
import unicodedata
from datetime import timedelta

import httpx
import pytest
import time_machine
from argon2 import PasswordHasher, profiles
from fastapi.testclient import TestClient
from sqlalchemy import select

from contracts import clock
from contracts.roles import Role
from portal import passwords
from portal.app import create_app
from portal.cookies import BEFORE, COOKIE
from portal.house import House
from portal.people import form_token
from portal.wanted import local_path
from tests.portal.conftest import DOMAIN, SignIn, token_of
from tests.portal.typing_passwords import CHEAP, cheap_hashes
from warehouse import account_changes, accounts, sessions, tables
from warehouse.accounts import Account
from warehouse.audit import Deed
from warehouse.database import reading

RIGHT = "ba con mèo trên mái ngói"
__all__ = ["cheap_hashes"]
pytestmark = pytest.mark.usefixtures("cheap_hashes")


@pytest.fixture
def hoa(house: House) -> Account:
    """Staff with a password of her own."""
    return accounts.add(
        house.engine,
        login="hoa",
        name="Lê Thị Hòa",
        role=Role.STAFF,
        created_by="quan",
        password=passwords.hashed(RIGHT),
        must_change=False,
    )


def typed(client: TestClient, login: str, password: str, den: str = "/") -> httpx.Response:
    """The form to sign in, filled and sent."""
    if not client.cookies:
        client.get("/dang-nhap")
    secret = client.cookies.get(COOKIE) or client.cookies[BEFORE]
    form = {"login": login, "password": password, "den": den, "form_token": form_token(secret)}
    return client.post("/dang-nhap", data=form)


def later(monkeypatch: pytest.MonkeyPatch, **ahead: int) -> None:
    monkeypatch.setenv("CCHC_NOW", (clock.now() + timedelta(**ahead)).isoformat())


def entered(house: House) -> list[tuple[str, str, str]]:
    """Who, action and result of every entry in the audit trail."""
    table = tables.audit_entry
    with reading(house.engine) as connection:
        rows = connection.execute(select(table.c.who, table.c.action, table.c.result).order_by(table.c.number))
        return [(row.who, row.action, row.result) for row in rows]


def test_the_right_password_opens_the_wanted_page(sign_in: SignIn, hoa: Account, house: House) -> None:
    client = sign_in()
    assert client.get("/tai-khoan?tim=a b").headers["location"] == "/dang-nhap?den=/tai-khoan%3Ftim%3Da%2520b"
    answer = typed(client, " HOA ", RIGHT, "/bao-cao?ky=2024Q4")
    assert (answer.status_code, answer.headers["location"]) == (303, "/bao-cao?ky=2024Q4")
    assert client.get("/mat-khau").status_code == 200
    assert entered(house)[-1] == ("hoa", "login", "ok")


def test_a_sign_in_gets_a_new_secret_and_ends_the_session_before(sign_in: SignIn, hoa: Account, house: House) -> None:
    client = sign_in("lan")
    laid = client.cookies[COOKIE]
    typed(client, "hoa", RIGHT)
    assert client.cookies[COOKIE] != laid
    assert sessions.find(house.engine, laid, idle=house.policy.idle) is None
    stranger = sign_in()
    stranger.cookies.set(COOKIE, "laid-there-by-somebody-else", domain=DOMAIN)
    typed(stranger, "hoa", RIGHT)
    assert stranger.cookies[COOKIE] != "laid-there-by-somebody-else"
    assert BEFORE not in stranger.cookies


def test_nobody_learns_from_the_answer_which_logins_there_are(
    sign_in: SignIn, hoa: Account, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong, unknown, closed, and locked with the right password: one page, to the letter but for what was typed."""
    closed = accounts.add(
        house.engine, login="cu", name="Cũ", role=Role.STAFF, created_by="quan", password=hoa.password
    )
    account_changes.close(house.engine, closed, by=Deed("account", "quan"))
    client = sign_in()
    said = {login: typed(client, login, word) for login, word in (("hoa", "x"), ("nobody", "x"), ("cu", RIGHT))}
    for _ in range(house.policy.failures - 1):
        typed(client, "hoa", "x")
    said["hoa locked"] = typed(client, "hoa", RIGHT)
    assert {answer.status_code for answer in said.values()} == {401}
    pages = {answer.text.replace(f'value="{login.split()[0]}"', "") for login, answer in said.items()}
    assert len(pages) == 1
    assert "bị khóa 15 phút" in pages.pop()


def test_unknown_logins_cost_a_hash_too(sign_in: SignIn, hoa: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    class Counted(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            seen.append("verify")
            return CHEAP.verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counted.from_parameters(profiles.CHEAPEST))
    client = sign_in()
    for login in ("hoa", "nobody", "lan"):  # lan has no password
        typed(client, login, "x")
        assert seen == ["verify"]
        seen.clear()


def test_what_is_typed_as_the_name_of_nobody_is_not_kept(sign_in: SignIn, house: House) -> None:
    typed(sign_in(), "Mật khẩu gõ nhầm ô", "x")
    assert entered(house)[-1] == ("", "login", "không có tài khoản")


def test_a_lock_keeps_out_the_right_password_until_it_ends(
    sign_in: SignIn, hoa: Account, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in()
    for _ in range(5):
        assert typed(client, "hoa", "x").status_code == 401
    later(monkeypatch, minutes=14)
    assert typed(client, "hoa", RIGHT).status_code == 401
    assert entered(house)[-1] == ("hoa", "login", "đang khóa")
    later(monkeypatch, minutes=1)  # guesses in between have not made it longer
    assert typed(client, "hoa", RIGHT).status_code == 303
    after = accounts.with_id(house.engine, hoa.id)
    assert after is not None
    assert (after.failures, after.locked_until) == (0, None)


def test_right_passwords_in_between_begin_the_count_anew(sign_in: SignIn, hoa: Account) -> None:
    client = sign_in()
    for _ in range(4):
        typed(client, "hoa", "x")
    assert typed(client, "hoa", RIGHT).status_code == 303
    for _ in range(4):
        typed(client, "hoa", "x")
    assert typed(client, "hoa", RIGHT).status_code == 303


def test_an_address_that_fails_too_often_waits_whatever_the_login(
    sign_in: SignIn, hoa: Account, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in()
    with time_machine.travel("2024-12-16T01:00:00Z", tick=False) as travel:
        for number in range(house.policy.address_failures):
            assert typed(client, f"nobody{number}", "x").status_code == 401
        refused = typed(client, "hoa", RIGHT)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
        assert "Chờ 15 phút rồi thử lại." in refused.text
        travel.shift(901)
        assert typed(client, "hoa", RIGHT).status_code == 303


def test_a_hash_of_old_parameters_is_made_anew(sign_in: SignIn, hoa: Account, house: House) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(RIGHT)
    account_changes.reset_password(house.engine, hoa, old, by=Deed("account", "quan"))
    typed(sign_in(), "hoa", RIGHT)
    after = accounts.with_id(house.engine, hoa.id)
    assert after is not None
    assert after.password is not None
    assert after.password != old
    assert not CHEAP.check_needs_rehash(after.password)
    assert passwords.is_right(after.password, RIGHT)


def test_letters_of_one_or_two_code_points_are_one_password(sign_in: SignIn, hoa: Account) -> None:
    decomposed = unicodedata.normalize("NFD", RIGHT)
    assert decomposed != RIGHT
    assert typed(sign_in(), "hoa", decomposed).status_code == 303


def test_a_session_ends_when_it_is_not_used_and_when_it_is_old(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("lan")
    later(monkeypatch, minutes=29)
    assert client.get("/mat-khau").status_code == 200
    later(monkeypatch, minutes=30)
    assert client.get("/mat-khau").headers["location"] == "/dang-nhap?den=/mat-khau"
    client = sign_in("lan")
    for _ in range(20):
        later(monkeypatch, minutes=29)
        assert client.get("/mat-khau").status_code == 200
    later(monkeypatch, minutes=20)
    assert client.get("/mat-khau").status_code == 303, "ten hours, though it was used"


def test_the_visit_before_is_kept(sign_in: SignIn, hoa: Account, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    first = clock.now()
    typed(sign_in(), "hoa", RIGHT)
    later(monkeypatch, days=3)
    client = sign_in()
    typed(client, "hoa", RIGHT)
    after = accounts.with_id(house.engine, hoa.id)
    assert after is not None
    assert (after.visited_before_at, after.visited_at) == (first, first + timedelta(days=3))
    assert "<dt>Lần đăng nhập trước</dt><dd>08:00 16/12/2024</dd>" in client.get("/mat-khau").text


def test_over_a_secure_connection_the_cookie_is_this_hosts_alone(house: House, hoa: Account) -> None:
    ours = "https://cchc.example"
    app = create_app(house.settings.model_copy(update={"portal_url": ours}))
    client = TestClient(app, base_url=ours, follow_redirects=False)
    client.get("/dang-nhap")
    form = {"login": "hoa", "password": RIGHT, "form_token": form_token(client.cookies[f"__Host-{BEFORE}"])}
    answer = client.post("/dang-nhap", data=form)
    laid = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(f"__Host-{COOKIE}="))
    assert {part.strip() for part in laid.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}
    assert client.get("/mat-khau").status_code == 200
    out = client.post("/dang-xuat", data={"form_token": form_token(client.cookies[f"__Host-{COOKIE}"])})
    assert out.status_code == 303
    assert f"__Host-{COOKIE}" not in client.cookies
    client.cookies.set(COOKIE, "from-an-unencrypted-page")
    assert client.get("/mat-khau").status_code == 303


@pytest.mark.parametrize(
    ("login", "first"),
    [("xem", "/bao-cao"), ("lan", "/bao-cao"), ("truc", "/bao-cao"), ("quan", "/tai-khoan")],
)
def test_the_first_page_is_the_first_that_one_may_use(sign_in: SignIn, login: str, first: str) -> None:
    client = sign_in(login)
    assert client.get("/").headers["location"] == first
    assert client.get("/dang-nhap?den=//evil.example").headers["location"] == "/"


def test_signing_out_ends_the_session_and_is_entered(sign_in: SignIn, house: House) -> None:
    client = sign_in("lan")
    kept = client.cookies[COOKIE]
    assert client.post("/dang-xuat", data=token_of(client)).status_code == 303
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, kept, domain=DOMAIN)
    assert client.get("/mat-khau").status_code == 303
    assert entered(house)[-1] == ("lan", "logout", "ok")


WANTED = r"""
/                                  | /
/bao-cao                           | /bao-cao
/bao-cao/                          | /bao-cao/
/ky/2018-01-01..2018-07-31?don-vi=570 | /ky/2018-01-01..2018-07-31?don-vi=570
/bao-cao?tim=a//b&ky=..            | /bao-cao?tim=a//b&ky=..
                                   | /
bao-cao                            | /
?ky=2024Q4                         | /
//evil.example                     | /
///evil.example                    | /
////evil.example/%2e%2e            | /
/\\evil.example                  | /
\\\\evil.example               | /
/\t/evil.example                  | /
/\n/evil.example                  | /
\t//evil.example                  | /
/bao-cao\r\nSet-Cookie: a=b      | /
/bao-cao?a=\r\nSet-Cookie: a=b   | /
/\u0000                           | /
/\u200b/evil.example              | /
/\u2028/evil.example              | /
/\ud800                           | /
/%2F/evil.example                  | /
/%2f%2fevil.example                | /
/%5Cevil.example                   | /
/%09/evil.example                  | /
/.//evil.example                   | /
/..//evil.example                  | /
/../etc                            | /
/a/..                              | /
/%2e%2e/x                          | /
https://evil.example               | /
HTTPS:evil.example                 | /
https:/evil.example                | /
javascript:alert(1)                | /
data:text/html,x                   | /
@evil.example                      | /
"""


@pytest.mark.parametrize("line", WANTED.strip("\n").splitlines())
def test_the_wanted_page_is_one_of_ours_or_the_first(line: str) -> None:
    wanted, _, expected = line.rpartition("|")
    assert local_path(json.loads(f'"{wanted.strip()}"')) == expected.strip()


def test_an_endless_wanted_address_is_the_first_page() -> None:
    assert local_path("/" + "a" * 2000) == "/"


def test_the_form_carries_no_hostile_address(sign_in: SignIn) -> None:
    assert 'name="den" value="/"' in sign_in().get("/dang-nhap", params={"den": "//evil.example"}).text
