"""The portal behind nginx and Caddy, both with the files of docs/deploy: who comes is known, nobody is misled."""

from __future__ import annotations

import re
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from contracts.roles import Role
from portal.headers import ONE_YEAR
from portal.passwords import hashed
from tests.cli.test_serve import environment, said
from tests.quarter.command import CCHC, REPOSITORY
from tests.servers.process import free_port
from tests.servers.proxy import NAME, Ports, caddy, nginx
from tests.servers.tls import authority
from warehouse import accounts, audit_search, owner
from warehouse.database import open_warehouse

PASSWORD = "một mật khẩu đủ dài 71"
SOMEWHERE = "127.0.0.9"
"""From where the person comes; another address of loopback than that of the proxy."""
START = {"nginx": nginx, "caddy": caddy}


@dataclass(frozen=True)
class Behind:
    """A portal behind a proxy of that kind. authority: of its certificate."""

    kind: str
    ports: Ports
    authority: Path
    home: Path

    def browser(self, host: str = NAME) -> httpx.Client:
        """Somebody who has typed that name; it leads to the proxy."""
        client = httpx.Client(
            base_url=f"https://127.0.0.1:{self.ports.secure}",
            transport=httpx.HTTPTransport(
                verify=ssl.create_default_context(cafile=self.authority), local_address=SOMEWHERE
            ),
            headers={"Host": host},
        )
        client.event_hooks["request"] = [lambda asked: asked.extensions.update(sni_hostname=NAME)]
        return client


@contextmanager
def portal(home: Path) -> Iterator[int]:
    """Of Khánh Hòa, with one account; its port."""
    engine = open_warehouse(f"sqlite:///{home}/khanh-hoa/warehouse.sqlite")
    owner.claim(engine, "khanh-hoa")
    accounts.add(
        engine, login="lan", name="Trần Thị Lan", role=Role.STAFF, unit_code="", created_by="x", must_change=False,
        password=hashed(PASSWORD),
    )  # fmt: skip
    settings = environment(home) | {"CCHC_PORTAL_URL": f"https://{NAME}"}
    with subprocess.Popen(
        [CCHC, "serve", "--port", "0", "--proxy", "127.0.0.1"],
        cwd=REPOSITORY, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        try:
            yield int(said(process, r"http://127\.0\.0\.1:(\d+)"))
        finally:
            process.kill()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("behind")


@pytest.fixture(scope="module")
def portal_port(home: Path) -> Iterator[int]:
    with portal(home) as port:
        yield port


@pytest.fixture(scope="module", params=sorted(START))
def behind(request: pytest.FixtureRequest, home: Path, portal_port: int) -> Iterator[Behind]:
    folder = home / str(request.param)
    folder.mkdir()
    trusted = authority(folder)
    trusted.server(folder, host=NAME)
    ports = Ports(free_port(), free_port(), portal_port)
    with START[str(request.param)](folder, ports, folder / f"{NAME}.pem"):
        yield Behind(str(request.param), ports, trusted.file, home)


def signed_in(browser: httpx.Client) -> httpx.Response:
    page = browser.get("/dang-nhap", headers={"X-Forwarded-For": "10.9.9.9", "X-Forwarded-Proto": "http"})
    assert page.status_code == 200, page.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return browser.post("/dang-nhap", data={**fields, "login": "lan", "password": PASSWORD})


def test_signing_in_gives_a_cookie_of_this_host_alone_and_enters_whence(behind: Behind) -> None:
    with behind.browser() as browser:
        answer = signed_in(browser)
        assert answer.status_code == 303, answer.text
        cookie = next(said for said in answer.headers.get_list("set-cookie") if said.startswith("__Host-cchc="))
        assert {"Secure", "HttpOnly", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
        assert "Trần Thị Lan" in browser.get("/").text or browser.get("/").status_code == 303
    engine = open_warehouse(f"sqlite:///{behind.home}/khanh-hoa/warehouse.sqlite")
    (last,) = audit_search.newest(engine, audit_search.Wanted(action="login"), most=1)
    assert (last.action, last.who, last.address) == ("login", "lan", SOMEWHERE)


def test_every_answer_asks_for_encryption_and_names_no_program(behind: Behind) -> None:
    with behind.browser() as browser:
        for path in ("/dang-nhap", "/none-such"):
            heads = browser.get(path).headers
            assert heads["strict-transport-security"] == f"max-age={ONE_YEAR}"
            assert "default-src 'none'" in heads["content-security-policy"]
            assert not re.search(r"\d", heads.get("server", "")), "no version"
            assert "x-powered-by" not in heads


@pytest.mark.parametrize("heads", [{}, {"X-Forwarded-For": "127.0.0.1"}, {"Connection": "close, X-Forwarded-For"}])
def test_what_is_for_this_machine_is_not_handed_on(heads: dict[str, str], behind: Behind) -> None:
    """However it is written."""
    with behind.browser() as browser:
        for path in (b"/healthz", b"/metrics", b"/%68ealthz", b"//healthz", b"/./metrics", b"/metrics?x=1"):
            answer = browser.get(browser.base_url.copy_with(raw_path=path), headers=heads)
            assert answer.status_code == 404, (path, answer.text)
            assert "cchc_requests" not in answer.text
            assert '"database"' not in answer.text


def test_too_much_is_refused_in_vietnamese(behind: Behind) -> None:
    with behind.browser() as browser:
        for size in (2_000_000, 90_000_000):
            answer = browser.post("/dang-nhap", content=bytes(size), timeout=60)
            assert answer.status_code == 413
            assert "quá lớn" in answer.text


def test_another_name_is_not_answered(behind: Behind) -> None:
    with behind.browser(host="evil.example") as browser:
        answer = browser.get("/dang-nhap")
        assert answer.status_code in {200, 421}
        assert "Mật khẩu" not in answer.text


def test_a_portal_that_is_away_is_told_in_vietnamese(behind: Behind, tmp_path: Path) -> None:
    ports = Ports(free_port(), free_port(), free_port())
    certificate = behind.authority.with_name(f"{NAME}.pem")
    with (
        START[behind.kind](tmp_path, ports, certificate),
        Behind(behind.kind, ports, behind.authority, tmp_path).browser() as browser,
    ):
        answer = browser.get("/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Cổng báo cáo đang khởi động lại" in answer.text


def test_who_comes_without_encryption_is_sent_to_it(behind: Behind) -> None:
    if behind.kind == "caddy":
        return  # of itself, on port 80 alone
    answer = httpx.get(f"http://127.0.0.1:{behind.ports.plain}/tai-khoan?a=1", headers={"Host": NAME})
    assert (answer.status_code, answer.headers["location"]) == (301, f"https://{NAME}/tai-khoan?a=1")


def test_a_signed_copy_passes(behind: Behind) -> None:
    """60 MB come through to the portal, which asks who that is."""
    with behind.browser() as browser:
        answer = browser.post("/bao-cao/2024Q4/khanh-hoa/1/ban-ky-moi", content=bytes(60_000_000), timeout=60)
    assert answer.status_code in {303, 403}, answer.text
