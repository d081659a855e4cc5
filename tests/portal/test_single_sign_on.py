"""Coming in by the province's single sign-on, against a provider that runs: who gets in, and every way in which nobody
does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
import time_machine
from fastapi.testclient import TestClient

from contracts.errors import CchcError, ConfigError, SecretError
from contracts.roles import Role
from contracts.settings import Settings
from portal.app import create_app
from portal.house import House
from portal.people import form_token
from tests.quarter.command import REPOSITORY
from tests.servers.oidc import CLIENT, CLIENT_SECRET, HOA, PORTAL, OidcProvider, provider, running_provider
from warehouse import accounts, identities, tables
from warehouse.audit import Deed
from warehouse.database import reading, writing

__all__ = ["provider", "running_provider"]

SESSION, AWAY = "__Host-cchc", "__Host-cchc-mot-lan"
START, BACK = "/dang-nhap/mot-lan", "/dang-nhap/mot-lan/ve"


@pytest.fixture
def configured(house: House, provider: OidcProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configured:
    """The province with that provider, and an account that waits for hoa@tinh.test."""
    folder = tmp_path / "province"
    shutil.copytree(REPOSITORY / "provinces" / "khanh-hoa", folder)
    monkeypatch.setenv("CCHC_PROVINCE", str(folder))
    monkeypatch.setenv("CCHC_PORTAL_URL", PORTAL)
    monkeypatch.setenv("CCHC_SECRET_SIGN_ON_CLIENT_SECRET", CLIENT_SECRET)
    made = Configured(folder / "province.toml", house)
    made.say(issuer=provider.issuer)
    waits(house, "hoa@tinh.test", provider.issuer)
    return made


@dataclass(frozen=True)
class Configured:
    """toml: the province's file; house: over the same warehouse."""

    toml: Path
    house: House

    def say(self, **said: str) -> None:
        before = self.toml.read_text(encoding="utf-8").partition("[portal.oidc]")[0]
        lines = {"client_id": CLIENT, "secret": "sign-on"} | said
        text = "\n".join(f'{name} = "{value}"' for name, value in lines.items())
        self.toml.write_text(f"{before}[portal.oidc]\n{text}\n", encoding="utf-8")


def waits(house: House, login: str, issuer: str, role: Role = Role.STAFF) -> int:
    account = accounts.add(house.engine, login=login, name="Lê Thị Hoa", role=role, created_by="quan")
    identities.expect(house.engine, account.id, issuer, Deed("account", who=login))
    return account.id


@dataclass
class Browser:
    """One person's, with cookies of the portal and of the provider."""

    portal: TestClient
    provider: httpx.Client = field(default_factory=httpx.Client)

    def begin(self, den: str = "/bao-cao") -> str:
        """To the provider's address."""
        answer = self.portal.get(START, params={"den": den})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def prove(self, address: str, login: str = "hoa") -> str:
        """At the provider, up to the address in the portal to which it leads back."""
        answer = self._follow(address)
        if isinstance(answer, httpx.Response):
            answer = self._follow(str(answer.url), method="POST", data={"login": login})
        assert isinstance(answer, str), answer.text
        return answer

    def _follow(self, address: str, **given: Any) -> httpx.Response | str:
        answer = self.provider.request(given.pop("method", "GET"), address, **given)
        while answer.has_redirect_location:
            address = urljoin(str(answer.url), answer.headers["location"])
            if address.startswith(PORTAL):
                return address
            answer = self.provider.get(address)
        answer.raise_for_status()
        return answer

    def sign_in(self, login: str = "hoa", den: str = "/bao-cao") -> httpx.Response:
        return self.portal.get(self.prove(self.begin(den), login))

    @property
    def is_in(self) -> bool:
        return self.portal.get("/").headers["location"] != "/dang-nhap?den=/"


NewBrowser = Callable[[], Browser]


@pytest.fixture
def new_browser(configured: Configured) -> NewBrowser:
    app = create_app(Settings())
    return lambda: Browser(TestClient(app, base_url=PORTAL, follow_redirects=False))


@pytest.fixture
def browser(new_browser: NewBrowser) -> Browser:
    return new_browser()


def last_deeds(house: House, action: str) -> list[tuple[str, str]]:
    """Who, and with which result."""
    table = tables.audit_entry
    with reading(house.engine) as connection:
        rows = connection.execute(table.select().where(table.c.action == action).order_by(table.c.number)).all()
    return [(row.who, row.result) for row in rows]


def told(house: House) -> str:
    with reading(house.engine) as connection:
        return str(connection.execute(tables.audit_entry.select()).all())


def refused(browser: Browser, answer: httpx.Response, house: House) -> str:
    """Why, as the audit trail has it; nobody is in."""
    assert answer.status_code == 403, answer.text
    assert SESSION not in browser.portal.cookies
    assert not browser.is_in
    who, result = last_deeds(house, "login")[-1]
    assert (who, result != "ok") == ("", True)
    return result


def test_whoever_is_awaited_comes_in_and_to_the_wanted_page(browser: Browser, house: House) -> None:
    answer = browser.sign_in(den="/bao-cao?q=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/bao-cao?q=1")
    assert browser.is_in
    assert AWAY not in browser.portal.cookies
    assert last_deeds(house, "login") == [("hoa@tinh.test", "ok")]
    account = accounts.with_login(house.engine, "hoa@tinh.test")
    assert account is not None
    assert (account.subject, account.role) == ("7f3a", Role.STAFF)


def test_what_is_sent_to_the_provider(browser: Browser) -> None:
    """PKCE, state and nonce; the way back is the configured one, whatever host a request names."""
    answer = browser.portal.get(START, headers={"host": "127.0.0.1"})
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    assert asked["redirect_uri"] == f"{PORTAL}{BACK}"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert min(len(asked["state"]), len(asked["nonce"]), len(asked["code_challenge"])) >= 20
    cookie = answer.headers["set-cookie"]
    assert all(said in cookie for said in ("HttpOnly", "SameSite=lax", "Secure", "Max-Age=600", "__Host-"))


def test_the_second_time_the_subject_tells_whatever_the_login_is(
    browser: Browser, new_browser: NewBrowser, provider: OidcProvider, house: House
) -> None:
    assert browser.sign_in().status_code == 303
    provider.told(people={"hoa": {**HOA, "email": "hoa.le@tinh.test", "email_verified": False}})
    later = new_browser()
    assert later.sign_in().status_code == 303
    assert later.is_in
    assert last_deeds(house, "login") == [("hoa@tinh.test", "ok")] * 2


def test_a_login_that_was_given_to_somebody_else_opens_nothing(
    browser: Browser, new_browser: NewBrowser, provider: OidcProvider, house: House
) -> None:
    browser.sign_in()
    provider.told(people={"hoa": {**HOA, "sub": "other"}})
    other = new_browser()
    assert refused(other, other.sign_in(), house) == "không có tài khoản"


def test_who_has_no_account_is_told_so_and_gets_none(browser: Browser, provider: OidcProvider, house: House) -> None:
    provider.told(people={"nam": {"sub": "9", "email": "nam@tinh.test", "email_verified": True}})
    answer = browser.sign_in("nam")
    assert refused(browser, answer, house) == "không có tài khoản"
    assert "Chưa có tài khoản ở cổng báo cáo" in answer.text
    assert "«nam@tinh.test»" in answer.text
    assert accounts.with_login(house.engine, "nam@tinh.test") is None
    assert "nam@tinh.test" not in told(house)


@pytest.mark.parametrize("first", [True, False], ids=["waiting", "bound"])
def test_a_closed_account_is_refused(browser: Browser, new_browser: NewBrowser, house: House, first: bool) -> None:
    if not first:
        assert browser.sign_in().status_code == 303
    table = tables.account
    with writing(house.engine) as connection:
        connection.execute(table.update().where(table.c.login == "hoa@tinh.test").values(disabled=True))
    later = new_browser()
    answer = later.sign_in()
    assert (answer.status_code, later.is_in) == (403, False)
    assert "đã đóng" in answer.text
    assert last_deeds(house, "login")[-1] == ("hoa@tinh.test", "tài khoản đã đóng")


def test_an_account_with_a_password_is_not_taken_over(browser: Browser, provider: OidcProvider, house: House) -> None:
    """Whoever is called at the provider as an administrator is here."""
    provider.told(people={"hoa": {**HOA, "email": "quan"}})
    assert refused(browser, browser.sign_in(), house) == "không có tài khoản"


def test_an_account_that_waits_for_another_issuer_is_not_bound(
    browser: Browser, provider: OidcProvider, house: House
) -> None:
    waits(house, "mai@tinh.test", "https://khac.test")
    provider.told(people={"hoa": {**HOA, "email": "mai@tinh.test"}})
    assert refused(browser, browser.sign_in(), house) == "không có tài khoản"


def test_a_login_that_the_provider_does_not_vouch_for_binds_nothing(
    browser: Browser, provider: OidcProvider, house: House
) -> None:
    for verified in (False, None, "true"):
        provider.told(people={"hoa": {**HOA, "email_verified": verified}})
        assert refused(browser, browser.sign_in(), house) == "không có tài khoản"


def test_what_the_provider_says_of_roles_is_not_asked(browser: Browser, provider: OidcProvider, house: House) -> None:
    provider.told(people={"hoa": HOA}, changes={"role": "admin", "roles": ["admin"], "groups": ["admin"]})
    assert browser.sign_in().status_code == 303
    account = accounts.with_login(house.engine, "hoa@tinh.test")
    assert account is not None
    assert account.role is Role.STAFF


PAST = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp())


WRONG_TOKENS: tuple[dict[str, Any], ...] = (
    {"changes": {"aud": "another"}},
    {"changes": {"aud": ["another"], "azp": CLIENT}},
    {"changes": {"aud": [CLIENT, "another"]}},
    {"changes": {"aud": None}},
    {"changes": {"iss": "https://khac.test"}},
    {"changes": {"nonce": "another"}},
    {"changes": {"nonce": None}},
    {"changes": {"exp": PAST}},
    {"changes": {"exp": None}},
    {"changes": {"sub": None}},
    {"changes": {"sub": ""}},
    {"key": "foreign"},
    {"key": "public"},
    {"key": "none"},
)


def test_an_id_token_that_is_not_for_us_now_lets_nobody_in(
    browser: Browser, provider: OidcProvider, house: House
) -> None:
    """One browser for all: a refusal leaves nothing behind, and at the end it comes in after all."""
    for wrong in WRONG_TOKENS:
        provider.told(people={"hoa": HOA}, **wrong)
        said = refused(browser, browser.sign_in(), house)
        assert said.startswith("thẻ định danh không hợp lệ"), wrong
    provider.told(people={"hoa": HOA}, changes={"aud": [CLIENT], "remark": "said again"})
    assert browser.sign_in().status_code == 303


def test_another_state_is_refused(browser: Browser, house: House) -> None:
    back = re.sub(r"state=[^&]+", "state=another", browser.prove(browser.begin()))
    assert refused(browser, browser.portal.get(back), house) == "sai trạng thái"


def test_no_state_is_refused(browser: Browser, house: House) -> None:
    back = re.sub(r"state=[^&]+&?", "", browser.prove(browser.begin()))
    assert refused(browser, browser.portal.get(back), house) == "sai trạng thái"


def test_an_answer_in_anothers_browser_is_refused(browser: Browser, new_browser: NewBrowser, house: House) -> None:
    """Neither one that has begun nothing, nor one that has begun a sign-in of its own."""
    back = browser.prove(browser.begin())
    for begun in (False, True):
        victim = new_browser()
        if begun:
            victim.begin()
        refused(victim, victim.portal.get(back), house)


def test_an_answer_serves_once(browser: Browser, new_browser: NewBrowser, house: House) -> None:
    """Not again without the cookie, which is gone; nor with it, from a copy: the provider knows the code."""
    address = browser.begin()
    kept = browser.portal.cookies[AWAY]
    back = browser.prove(address)
    assert browser.portal.get(back).status_code == 303
    again = new_browser()
    assert refused(again, again.portal.get(back), house) == "không có lượt đăng nhập đang chờ"
    again.portal.cookies.set(AWAY, kept)
    assert refused(again, again.portal.get(back), house) == "máy chủ đăng nhập không nhận: invalid_grant"


def test_an_expired_code_is_refused(browser: Browser, provider: OidcProvider, house: House) -> None:
    back = browser.prove(browser.begin())
    provider.told(people={"hoa": HOA}, later=120)
    assert refused(browser, browser.portal.get(back), house) == "máy chủ đăng nhập không nhận: invalid_grant"


def test_a_sign_in_that_took_too_long_begins_again(browser: Browser, house: House) -> None:
    back = browser.prove(browser.begin())
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        cookie = {"cookie": f"{AWAY}={browser.portal.cookies[AWAY]}"}
        answer = browser.portal.get(back, headers=cookie)
        assert answer.status_code == 403
        assert last_deeds(house, "login")[-1] == ("", "không có lượt đăng nhập đang chờ")


def test_a_changed_cookie_is_refused(browser: Browser, house: House) -> None:
    back = browser.prove(browser.begin())
    said, _, mark = browser.portal.cookies[AWAY].partition(".")
    browser.portal.cookies.delete(AWAY)
    browser.portal.cookies.set(AWAY, f"{said[:-1]}A.{mark}", domain="cong.test", path="/")
    assert refused(browser, browser.portal.get(back), house) == "không có lượt đăng nhập đang chờ"


def test_whoever_is_refused_by_the_provider(browser: Browser, house: House) -> None:
    answer = browser.sign_in("nobody")
    assert refused(browser, answer, house) == "máy chủ đăng nhập từ chối: access_denied"


def test_nobody_is_led_away(browser: Browser) -> None:
    for wanted in ("//ngoai.test/", "https://ngoai.test/", "/\\ngoai.test", "javascript:alert(1)"):
        assert browser.sign_in(den=wanted).headers["location"] == "/"


def test_a_provider_that_is_silent_is_told_of_and_passwords_go_on(
    configured: Configured, running_provider: OidcProvider
) -> None:
    configured.say(issuer="http://127.0.0.1:9")
    browser = TestClient(create_app(Settings()), base_url=PORTAL, follow_redirects=False)
    for _ in range(2):
        answer = browser.get(START)
        assert answer.status_code == 503
        assert "hiện không trả lời" in answer.text
        assert "mật khẩu riêng của cổng này" in answer.text
    page = browser.get("/dang-nhap")
    assert page.status_code == 200
    assert f'href="{START}?den=/"' in page.text


def test_a_provider_that_fails_on_the_way_back_can_be_asked_again(
    browser: Browser, provider: OidcProvider, house: House
) -> None:
    back = browser.prove(browser.begin())
    provider.told(people={"hoa": HOA}, broken=True)
    answer = browser.portal.get(back)
    assert (answer.status_code, last_deeds(house, "login")) == (503, [])
    provider.told(people={"hoa": HOA})
    assert browser.portal.get(back).status_code == 303
    assert browser.is_in


def test_a_description_of_another_issuer_is_none(configured: Configured, provider: OidcProvider) -> None:
    configured.say(issuer=f"{provider.issuer}/")
    browser = TestClient(create_app(Settings()), base_url=PORTAL, follow_redirects=False)
    assert browser.get(START).status_code == 503


def test_whoever_leaves_is_led_out_of_the_provider_too(browser: Browser, house: House) -> None:
    browser.sign_in()
    token = form_token(browser.portal.cookies[SESSION])
    answer = browser.portal.post("/dang-xuat", data={"form_token": token})
    assert answer.headers["location"] == "/dang-nhap/mot-lan/ra"
    assert not browser.is_in
    assert last_deeds(house, "logout") == [("hoa@tinh.test", "ok")]
    page = browser.portal.get("/dang-nhap/mot-lan/ra").text
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert found is not None
    farewell = unescape(found[1])
    asked = browser.provider.get(farewell)
    hidden = re.search(r'name="xsrf" value="(\w+)"', asked.text)
    assert hidden is not None
    ended = browser.provider.post(urljoin(farewell, "/session/end/confirm"), data={"xsrf": hidden[1], "logout": "yes"})
    assert ended.headers["location"].startswith(f"{PORTAL}/dang-nhap?state=")
    assert browser.provider.get(browser.begin()).headers["location"].startswith("/sign-in/")


WRONGLY_TOLD: tuple[tuple[dict[str, str], str, type[CchcError], str], ...] = (
    ({"issuer": "http://sso.tinh.test"}, PORTAL, ConfigError, "phải là địa chỉ https://"),
    ({"issuer": "https://sso.test", "scope": "profile"}, PORTAL, ConfigError, "phải có openid"),
    ({"issuer": "https://sso.test", "roles": "all"}, PORTAL, ConfigError, "không có trong cấu hình"),
    ({"issuer": "https://sso.test"}, "", ConfigError, "CCHC_PORTAL_URL"),
    ({"issuer": "https://sso.test"}, "http://cong.tinh.test", ConfigError, "CCHC_PORTAL_URL"),
    ({"issuer": "https://sso.test", "secret": "missing"}, PORTAL, SecretError, "missing"),
)


def test_a_portal_that_is_told_wrongly_does_not_start(configured: Configured, monkeypatch: pytest.MonkeyPatch) -> None:
    for said, portal_url, kind, words in WRONGLY_TOLD:
        configured.say(**said)
        monkeypatch.setenv("CCHC_PORTAL_URL", portal_url)
        with pytest.raises(kind, match=words):
            create_app(Settings())


def test_an_account_comes_in_one_way_only(browser: Browser, house: House, provider: OidcProvider) -> None:
    """Linking takes the password and the sessions; what was bound can be bound anew."""
    browser.sign_in()
    account = accounts.with_login(house.engine, "hoa@tinh.test")
    assert account is not None
    assert account.password is None
    identities.expect(house.engine, account.id, provider.issuer, Deed("account", who="quan"))
    assert not browser.is_in
    provider.told(people={"hoa": {**HOA, "sub": "anew"}})
    browser.provider.cookies.clear()
    assert browser.sign_in().status_code == 303


def test_of_two_who_are_bound_at_once_one_is(house: House) -> None:
    number = waits(house, "hai@tinh.test", "https://sso.test")
    deed = Deed("account", who="hai@tinh.test")
    bound = [identities.bind(house.engine, number, "https://sso.test", subject, deed) for subject in ("a", "b")]
    assert bound == [True, False]
    account = accounts.with_id(house.engine, number)
    assert account is not None
    assert account.subject == "a"
