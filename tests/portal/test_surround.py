"""What stands around every route: headers, hosts, sizes, the pace, errors; and what is told of each request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from contracts.errors import WarehouseError
from contracts.roles import Role
from contracts.settings import Settings
from portal import bodies, headers
from portal.app import create_app
from portal.bodies import FORM, SIGNED_COPY
from portal.cookies import COOKIE
from portal.house import House
from portal.looks import MOST, Recent
from portal.people import anyone
from reporting.signed.identity import LARGEST
from tests.portal.conftest import OTHER_CODE, OWN_CODE
from tests.portal.test_rights import ROWS, ask, declared
from warehouse import accounts, audit_search, sessions
from warehouse.audit import Entry
from warehouse.audit_search import Wanted

SECRET_WORDS = "Nguyễn Văn A, hồ sơ 000.00.16.H32-241101-0001"
Make = Callable[..., TestClient]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Path:
    monkeypatch.setenv("CCHC_LOG", str(tmp_path / "log" / "portal.jsonl"))
    return tmp_path / "log" / "portal.jsonl"


@pytest.fixture
def make(house: House, log: Path) -> Make:
    """A browser of a portal whose settings are read now; of that person, from that address."""

    def made(
        login: str = "", *, app: Any = None, address: str = "127.0.0.1", url: str = "http://testserver"
    ) -> TestClient:
        client = TestClient(
            app or create_app(Settings()),
            base_url=url,
            client=(address, 50_000),
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        if login:
            account = accounts.with_login(house.engine, login)
            assert account is not None
            lasts = house.policy.lasts
            client.cookies.set(COOKIE, sessions.begin(house.engine, account.id, via="password", lasts=lasts))
        return client

    return made


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def deeds(house: House, action: str) -> list[Entry]:
    return list(audit_search.every(house.engine, Wanted(action=action)))


def with_a_bug() -> FastAPI:
    app = create_app(Settings())

    @app.get("/hong/{code}", dependencies=[Depends(anyone)])
    def broken(code: str) -> None:
        raise RuntimeError(SECRET_WORDS)

    return app


def break_warehouse(settings: Settings) -> None:
    for file in (settings.home / "khanh-hoa").glob("warehouse.sqlite*"):
        file.write_bytes(b"no database at all " * 100)


# Headers


def test_the_policy_of_a_page_lets_nothing_in() -> None:
    assert headers.CONTENT_SECURITY == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def test_every_answer_has_the_headers_whatever_it_is(make: Make, settings: Settings) -> None:
    browser = make("xem", app=with_a_bug())
    big = b"x" * (FORM + 1)
    answers = {
        200: browser.get("/bao-cao"),
        303: browser.get("/"),
        403: browser.get("/nhat-ky"),
        404: browser.get("/khong-co"),
        405: browser.put("/bao-cao"),
        413: browser.post("/mat-khau", content=big),
        421: browser.get("/", headers={"host": "ke-xau.example"}),
        422: browser.get(f"/bao-cao/2024Q3/{OWN_CODE}/mot/pdf"),
        500: browser.get("/hong/1"),
    }
    answers[304] = browser.get(
        "/tinh/icon.svg", headers={"if-none-match": browser.get("/tinh/icon.svg").headers["etag"]}
    )
    break_warehouse(settings)
    answers[503] = browser.get("/bao-cao")
    for status, answer in answers.items():
        assert answer.status_code == status, answer.text
        assert answer.headers["content-security-policy"] == headers.CONTENT_SECURITY
        assert {name: answer.headers[name] for name in headers.ALWAYS} == headers.ALWAYS
        assert answer.headers["cache-control"] == ("no-cache" if status == 304 else "no-store")
        assert "strict-transport-security" not in answer.headers
        assert "server" not in answer.headers
        if status not in {200, 303, 304}:
            assert '<html lang="vi">' in answer.text and "<h1>" in answer.text, status


def test_encryption_is_demanded_only_of_who_has_it(make: Make) -> None:
    answer = make(url="https://testserver").get("/dang-nhap")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_a_pdf_is_shown_by_the_browsers_own_viewer(make: Make) -> None:
    answer = make("lan").get(f"/bao-cao/2024Q4/{OWN_CODE}/1/pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert answer.headers["content-security-policy"] == headers.OF_A_PDF
    assert answer.headers["x-content-type-options"] == "nosniff"


# Hosts, addresses


@pytest.mark.parametrize(
    "host",
    ["ke-xau.example", "testserver.ke-xau.example", "testserver@ke-xau.example", "", "a b", "testserver:x", "[::1"],
)
def test_another_host_gets_nothing(make: Make, host: str) -> None:
    answer = make("lan").get("/bao-cao", headers={"host": host})
    assert answer.status_code == 421 and "CCHC_PORTAL_URL" in answer.text


@pytest.mark.parametrize("host", ["testserver", "TESTSERVER:8020", "localhost:8020", "127.0.0.1", "[::1]:8020"])
def test_the_portals_own_names(make: Make, host: str) -> None:
    assert make().get("/dang-nhap", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(("address", "known_as"), [("10.0.0.9", "10.0.0.9"), ("127.0.0.1", "203.0.113.7")])
def test_who_is_no_proxy_is_not_believed(make: Make, house: House, address: str, known_as: str) -> None:
    behind = ProxyHeadersMiddleware(create_app(Settings()), trusted_hosts="127.0.0.1")
    browser = make("lan", app=behind, address=address)
    forged = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}
    browser.cookies.set(f"__Host-{COOKIE}", browser.cookies[COOKIE])
    browser.get("/nhat-ky", headers=forged)
    assert [one.address for one in deeds(house, "refused")] == [known_as]


# Sizes


def chunks(octets: int) -> Iterator[bytes]:
    for _ in range(octets // 1000 + 1):
        yield b"x" * 1000


def test_what_is_sent_is_counted_whatever_its_head_says(make: Make) -> None:
    browser = make("lan")
    for content in (b"x" * (FORM + 1), chunks(FORM)):
        answer = browser.post(
            "/mat-khau", content=content, headers={"content-type": "application/x-www-form-urlencoded"}
        )
        assert answer.status_code == 413
        assert "không quá 1 MB" in answer.text


def test_a_signed_copy_may_be_larger(make: Make) -> None:
    assert SIGNED_COPY > LARGEST
    browser = make("lan")
    path = f"/bao-cao/2024Q4/{OWN_CODE}/1/ban-ky-moi"
    assert browser.post(path, content=b"x" * (FORM + 1)).status_code != 413
    declared = {"content-length": str(SIGNED_COPY + 1)}
    assert browser.post(path, content=b"x", headers=declared).status_code == 413
    assert {row.path.format(period="1", unit="2", version="3") for row in ROWS if "ban-ky-moi" in row.path} == {
        path for path in ["/bao-cao/1/2/3/ban-ky-moi"] if bodies.LARGER.fullmatch(path)
    }


# The pace


def test_more_than_a_person_asks_for_is_refused_for_a_while(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_REQUESTS_A_MINUTE", "3")
    app = create_app(Settings())
    lan, minh, nobody = make("lan", app=app), make("minh", app=app), make(app=app)
    assert [lan.get("/mat-khau").status_code for _ in range(3)] == [200] * 3
    answer = lan.get("/mat-khau")
    assert answer.status_code == 429 and 1 <= int(answer.headers["retry-after"]) <= 60
    assert "Chờ" in answer.text
    assert minh.get("/mat-khau").status_code == 200, "another person is counted by himself"
    assert [nobody.get("/dang-nhap").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert lan.get("/tinh/portal.css").status_code == 200
    assert make(app=app, url="http://localhost").get("/healthz").status_code == 200


# Errors


def test_a_bug_has_a_number_and_nothing_else(make: Make, settings: Settings, log: Path) -> None:
    answer = make("lan", app=with_a_bug()).get("/hong/000.00.16.H32-241101-0001?q=bi-mat")
    number = re.search(r"mã lỗi (\d{8})", answer.text)
    assert answer.status_code == 500 and number
    (trace,) = (settings.home / "logs").glob("cchc-bugs-*.log")
    kept = trace.read_text(encoding="utf-8")
    assert f"mã lỗi {number[1]} RuntimeError tại tests/portal/test_surround.py" in kept
    error, request = lines(log)
    assert error == {"at": error["at"], "event": "error", "number": number[1], "kind": error["kind"]}
    assert (request["route"], request["status"], request["role"]) == ("/hong/{code}", 500, "staff")
    for told in (answer.text, kept, log.read_text(encoding="utf-8")):
        assert not any(word in told for word in ("Nguyễn Văn A", "241101", "bi-mat"))


def test_a_warehouse_that_does_not_answer(make: Make, settings: Settings, log: Path) -> None:
    browser = make("lan", url="http://localhost")
    assert browser.get("/healthz").json() == {"status": "ok", "database": "ok", "register": "ok", "disk": "ok"}
    break_warehouse(settings)
    answer = browser.get("/bao-cao")
    assert answer.status_code == 503 and "tạm thời không đọc được số liệu" in answer.text
    well = browser.get("/healthz")
    assert well.status_code == 503
    assert well.json() == {"status": "failing", "database": "failing", "register": "failing", "disk": "ok"}
    assert str(settings.home) not in answer.text + well.text
    assert {"event": "out_of_order", "kind": "WarehouseError"}.items() <= lines(log)[1].items()


def test_a_report_whose_file_is_gone_is_told(make: Make, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from warehouse import health

    monkeypatch.setattr(health, "newest_report_file", lambda engine: Path("/khong/co"))
    assert make(url="http://localhost").get("/healthz").json()["register"] == "failing"


# Refusals and looks in the audit trail


def test_who_is_refused_is_entered_once_a_minute(make: Make, house: House) -> None:
    browser = make("xem")
    for _ in range(2):
        assert browser.get(f"/bao-cao/2024Q4/{OTHER_CODE}").status_code == 404
        assert browser.get("/ky").status_code == 403
        assert browser.get("/bao-cao/2024Q9/Nguyen-Van-A").status_code in {404, 409}
        assert browser.get("/khong-co-trang-nay").status_code == 404
        assert make().get("/ky").status_code == 303
    found = [
        (one.who, one.result, one.period_id, one.unit_code, json.loads(one.about)) for one in deeds(house, "refused")
    ]
    route = {"method": "GET", "page": "/bao-cao/{period}/{unit}"}
    assert found == [
        ("xem", "không có, hoặc của đơn vị khác", "2024Q4", OTHER_CODE, route),
        ("xem", "không có quyền", "", "", {"method": "GET", "page": "/ky"}),
        ("xem", "không có, hoặc của đơn vị khác", "", "", route),
    ]


def test_whoever_tries_one_unit_after_another_is_entered_with_each(make: Make, house: House) -> None:
    browser = make("xem")
    for code in (OTHER_CODE, "569", OTHER_CODE):
        assert browser.get(f"/bao-cao/2024Q4/{code}").status_code == 404
    assert [one.unit_code for one in deeds(house, "refused")] == [OTHER_CODE, "569"]


def test_a_look_is_one_within_five_minutes() -> None:
    now = 0.0
    recent = Recent(300, now=lambda: now)
    recent.add("a")
    recent.add("b")
    now = 299.9
    assert "a" in recent and "b" in recent and "c" not in recent
    now = 300.0
    assert "a" not in recent
    recent.add("a")
    assert "a" in recent
    for number in range(MOST + 1):
        recent.add(number)
    assert "a" not in recent, "what was long ago is forgotten, and memory stays bounded"


def test_what_could_not_be_entered_is_entered_the_next_time(
    make: Make, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The warehouse was busy: the page was not shown, and the look that follows is no repeated one."""
    lan, viewer = make("lan"), make("xem")
    page, other = f"/bao-cao/2024Q4/{OWN_CODE}", f"/bao-cao/2024Q4/{OTHER_CODE}"

    def busy(*_: object) -> None:
        raise WarehouseError("kho dữ liệu đang bị một tiến trình khác khóa")

    with monkeypatch.context() as patched:
        patched.setattr("warehouse.audit.enter", busy)
        assert (lan.get(page).status_code, viewer.get(other).status_code) == (503, 503)
    assert (lan.get(page).status_code, viewer.get(other).status_code) == (200, 404)
    assert (len(deeds(house, "view")), len(deeds(house, "refused"))) == (1, 1)


# Lines and counts


def test_no_line_holds_who_or_what_was_asked_for(make: Make, log: Path) -> None:
    app = create_app(Settings())
    make("lan", app=app).get("/bao-cao")
    for login in ("", "xem", "truc", "quan"):
        browser = make(login, app=app)
        for row in ROWS:
            if row.method == "GET":
                ask(browser, row, OWN_CODE)
        browser.get(f"/bao-cao?tim={SECRET_WORDS}")
        browser.get("/ky/000.00.16.H32-241101-0001")
        browser.request("LOOK", "/")
    told = lines(log)
    templates = {path for _, path in declared()} | {"-", "/tinh"}
    assert len(told) > 100
    for line in told:
        assert set(line) == {"at", "event", "method", "route", "status", "ms", "role"}
        assert line["at"] == "2024-12-16T08:00:00+07:00" and line["event"] == "request"
        assert line["method"] in {"GET", "khác"} and line["route"] in templates
        assert line["status"] in {200, 303, 400, 403, 404, 405, 409, 422} and line["role"] in {"", *Role}
        assert isinstance(line["ms"], float) and line["ms"] >= 0
    assert {line["role"] for line in told} == {"", *Role}


def test_start_and_stop_are_told(log: Path, settings: Settings, house: House) -> None:
    import logging

    with TestClient(create_app(Settings())):
        logging.getLogger("uvicorn.error").error("Exception in ASGI application\n%s", SECRET_WORDS)
    assert [line["event"] for line in lines(log)] == ["start", "server", "stop"]
    assert lines(log)[1]["said"] == "Exception in ASGI application"
    assert log.stat().st_mode & 0o777 == 0o600


def counts(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^(cchc\S*(?:\{.*?\})?) (\S+)$", text, re.MULTILINE)}


def test_counts_for_prometheus(make: Make, house: House) -> None:
    browser = make("lan", url="http://localhost")
    browser.get(f"/bao-cao/2024Q4/{OWN_CODE}/1/pdf")
    make(app=browser.app).post("/dang-nhap", data={"login": "lan", "password": "x"})
    before = counts(browser.get("/metrics").text)
    again = counts(browser.get("/metrics").text)
    name = 'cchc_requests_total{method="GET",route="/bao-cao/{period}/{unit}/{version}/{kind}",status="200"}'
    assert before[name] == 1
    assert before["cchc_downloads_total"] == again["cchc_downloads_total"] == 1
    assert before["cchc_sign_in_failures_total"] == 0, "a form without its token never came to the password"
    assert before["cchc_sessions"] == 1
    sources = {name: value for name, value in before.items() if name.startswith("cchc_sources")}
    assert sources['cchc_sources{period="2024Q4",state="loaded"}'] == sum(sources.values()) > 5
    assert before["cchc_last_run_timestamp_seconds"] > 1_700_000_000
    late = {name: value for name, value in before.items() if name.startswith("cchc_overdue")}
    assert late['cchc_overdue{kind="never_ran"}'] == sum(late.values()) == 0


def test_what_should_have_run_is_counted(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = make(url="http://localhost")
    monkeypatch.setenv("CCHC_NOW", "2025-03-15T07:30:00+07:00")
    assert counts(browser.get("/metrics").text)['cchc_overdue{kind="never_ran"}'] == 1


@pytest.mark.parametrize(
    ("address", "said", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.9", {}, 404),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 404),
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}, 404),
        ("10.0.0.9", {"authorization": "Bearer đúng"}, 404),
        ("10.0.0.9", {"authorization": "Bearer dung-roi"}, 200),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.9", "authorization": "bearer dung-roi"}, 200),
        ("10.0.0.9", {"authorization": "Basic dung-roi"}, 404),
        ("10.0.0.9", {"authorization": "Bearer "}, 404),
    ],
)
@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_machines_are_of_here_or_have_the_token(
    make: Make, monkeypatch: pytest.MonkeyPatch, path: str, address: str, said: dict[str, str], status: int
) -> None:
    monkeypatch.setenv("CCHC_SECRET_PORTAL_METRICS_TOKEN", "dung-roi")
    said = {name: value.encode() for name, value in said.items()}  # type: ignore[misc]
    assert make(address=address).get(path, headers=said).status_code == status


def test_without_a_token_there_is_none(make: Make) -> None:
    assert make(address="10.0.0.9").get("/metrics", headers={"authorization": "Bearer x"}).status_code == 404
