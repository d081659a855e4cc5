"""Letters to a real mail server: with and without TLS and passwords, and to servers that refuse, hang or drop."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from contracts import clock
from contracts.notices import read_notices
from flows.notices import direct, telling
from flows.notices.mail import letter
from flows.notices.trial import Tried, try_out
from flows.overdue import Kind, Overdue
from tests.notices.conftest import keep_secret
from tests.notices.world import World
from tests.quarter.command import CCHC, REPOSITORY
from tests.servers.process import free_port
from tests.servers.smtp import PASSWORD, USER, MailServer, mail_server
from tests.servers.tls import Authority, authority
from warehouse import notice_messages
from warehouse.notice_messages import Message

MAIL = """[mail]
host = "{host}"
port = {port}
tls = "{tls}"
from = "baocao-cchc@khanhhoa.gov.vn"
timeout_seconds = 5
{more}

[[to]]
address = "cchc@sonoivu.khanhhoa.gov.vn"
"""
NOBODY = '\n[[to]]\naddress = "nobody@sonoivu.khanhhoa.gov.vn"\n'
ONE_FAILS = {"khanh-son": "SourceUnreachable", "truong-sa": "ok"}
LATER = ("2024-12-16T08:05:00+07:00", "2024-12-16T08:25:00+07:00")


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def certificate(ca: Authority) -> Path:
    ca.server(ca.file.parent)
    return ca.file.parent / "127.0.0.1.pem"


@pytest.fixture(scope="module")
def plain_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with mail_server(tmp_path_factory.mktemp("plain")) as server:
        yield server


@pytest.fixture
def plain(plain_server: MailServer) -> MailServer:
    for file in (plain_server.folder / "taken").iterdir():
        file.unlink()
    plain_server.behave("")
    return plain_server


@pytest.fixture(scope="module", params=["starttls", "tls"])
def guarded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, certificate: Path
) -> Iterator[tuple[str, MailServer]]:
    with mail_server(tmp_path_factory.mktemp(request.param), tls=request.param, certificate=certificate) as server:
        yield request.param, server


def settings(world: World, port: int, *, tls: str = "none", host: str = "127.0.0.1", more: str = "") -> None:
    world.settings(MAIL.format(host=host, port=port, tls=tls, more=more))


def tried(world: World) -> Tried:
    province = world.place.province
    found = read_notices(province)
    return try_out(province, found, found.everybody[0])


def waiting(world: World) -> list[Message]:
    return notice_messages.unsent(world.engine)


def test_a_letter_says_what_it_is_and_is_the_same_whenever_it_is_made(world: World) -> None:
    settings(world, 25)
    mail = read_notices(world.place.province).file.mail
    assert mail is not None
    made = [
        letter(
            mail,
            to="a@b.vn",
            mark="<1@khanhhoa.gov.vn>",
            subject="[CCHC Khánh Hòa] Quý IV/2024: đã in báo cáo",
            text="Tỉnh Khánh Hòa.\n  cchc rerun 2024Q4 --source khanh-son " + "đ" * 300,
            at=datetime.fromisoformat("2024-12-16T08:00:00+07:00"),
        )
        for _ in range(2)
    ]
    one, again = (bytes(letter) for letter in made)
    assert one == again
    assert one.isascii()
    assert max(map(len, one.split(b"\r\n"))) <= 78
    assert made[0]["Auto-Submitted"] == "auto-generated"
    assert made[0]["Date"] == "Mon, 16 Dec 2024 08:00:00 +0700"
    assert made[0].get_content_charset() == "utf-8"


def test_a_letter_past_the_warehouse_is_one_like_any_other(world: World, plain: MailServer) -> None:
    settings(world, plain.port, more='\n[[to]]\naddress = "khac@khanhhoa.gov.vn"\nkinds = ["new_version"]\n')
    late = Overdue(Kind.NEVER_RAN, "2024Q4", "", clock.now(), "/bi/mat", "cchc run 2024Q4")
    for _ in range(2):
        direct.tell_unwatched(OSError(errno.ENOSPC, "full", "/bi/mat"), [late])
    (one,) = plain.letters()
    assert one["To"] == "cchc@sonoivu.khanhhoa.gov.vn", "who does not want to hear of what is overdue does not"
    assert one["Subject"] == "[CCHC Khánh Hòa] không canh được lịch: máy chạy báo cáo gặp trục trặc"
    text = one.get_content()
    assert "- kỳ này đã đến giờ mà chưa chạy (2024Q4)" in text and "\r\n  cchc doctor\r\n" in text
    assert "bi/mat" not in text


def test_one_letter_of_a_run_to_each_and_none_of_the_next(world: World, plain: MailServer) -> None:
    settings(world, plain.port)
    for _ in range(2):
        world.run(ONE_FAILS)
        world.tell()
    (one,) = plain.letters()
    assert one["To"] == "cchc@sonoivu.khanhhoa.gov.vn"
    assert one["Subject"] == "[CCHC Khánh Hòa] Quý IV/2024: đã in báo cáo, còn thiếu 1/2 nguồn"
    assert "cchc rerun 2024Q4 --source khanh-son" in one.get_content()
    assert one["Message-ID"].endswith("@khanhhoa.gov.vn>")
    for secret in ("bi/mat", "10.1.2.3"):
        assert secret not in one.get_content(), "what the ledger says stays in the house"


def test_over_tls_with_a_password(world: World, guarded: tuple[str, MailServer], ca: Authority) -> None:
    tls, server = guarded
    (world.folder / "ca.pem").write_bytes(ca.file.read_bytes())
    keep_secret("mail", f'user = "{USER}"\npassword = "{PASSWORD}"\n')
    settings(world, server.port, tls=tls, more='secret = "mail"\nca = "ca.pem"')
    assert tried(world).refused == ""
    assert server.letters()[-1]["Subject"] == "[CCHC Khánh Hòa] Thư thử"
    keep_secret("mail", f'user = "{USER}"\npassword = "sai"\n')
    assert tried(world).refused == "máy chủ thư không nhận tài khoản hoặc mật khẩu (mã 535 5.7.8)"
    settings(world, server.port, tls=tls, more='secret = "mail"')
    assert tried(world).refused.startswith("chứng thư của máy chủ không tin được")
    settings(world, server.port, tls=tls, host="localhost", more='secret = "mail"\nca = "ca.pem"')
    assert tried(world).refused.startswith("chứng thư của máy chủ không tin được"), "made out to another name"


def test_a_server_without_starttls_gets_nothing(world: World, plain: MailServer) -> None:
    keep_secret("mail", f'user = "{USER}"\npassword = "{PASSWORD}"\n')
    settings(world, plain.port, tls="starttls", more='secret = "mail"')
    assert tried(world).refused == "máy chủ thư không có STARTTLS hoặc không cho đăng nhập"
    assert plain.letters() == []


def test_a_missing_password_is_told_with_its_place(world: World, plain: MailServer) -> None:
    settings(world, plain.port, tls="starttls", more='secret = "mail"')
    found = tried(world)
    assert found.refused == "chưa có bí mật «mail»"
    assert "secrets/mail.toml" in found.advice


def test_a_server_that_is_not_there_does_not_listen_or_does_not_speak(world: World) -> None:
    settings(world, free_port())
    assert tried(world).refused == "máy chủ từ chối kết nối (đang tắt hoặc sai cổng)"
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings(world, mute.getsockname()[1], more="")
        world.settings((world.folder / "notices.toml").read_text().replace("seconds = 5", "seconds = 0.2"))
        assert tried(world).refused == "máy chủ không trả lời trong thời gian chờ"


def test_a_run_waits_no_longer_than_it_was_told(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings(world, mute.getsockname()[1])
        world.settings((world.folder / "notices.toml").read_text().replace("seconds = 5", "seconds = 30"))
        world.run(ONE_FAILS)
        tries = 0
        while not tries:  # a busy machine may not come so far the first time
            world.tell(within=0.3)
            (one,) = waiting(world)
            tries = one.tries
        assert (tries, one.error) == (1, None), "not the 30 seconds after which the server is said to be silent"


def test_one_address_that_is_refused_keeps_nobody_elses_letter(world: World, plain: MailServer) -> None:
    world.settings(MAIL.format(host="127.0.0.1", port=plain.port, tls="none", more="").replace("cchc@", "nobody@"))
    world.settings(
        (world.folder / "notices.toml").read_text() + NOBODY.replace("nobody@", "a@") + NOBODY.replace("nobody@", "b@")
    )
    world.run(ONE_FAILS)
    world.tell()
    assert [one["To"][:2] for one in plain.letters()] == ["a@", "b@"]
    (left,) = waiting(world)
    assert left.error == "máy chủ thư từ chối địa chỉ nhận (mã 550 5.1.1)"


@pytest.mark.parametrize(("how", "why"), [("later", "không nhận thư (mã 451 4.3.0)"), ("drop", "ngắt kết nối")])
def test_a_letter_that_was_not_taken_goes_out_later(
    how: str, why: str, world: World, plain: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(world, plain.port)
    plain.behave(how)
    world.run(ONE_FAILS)
    world.tell()
    (left,) = waiting(world)
    assert why in (left.error or "")
    plain.behave("")
    world.tell()
    assert plain.letters() == [], "not before its time"
    monkeypatch.setenv("CCHC_NOW", LATER[0])
    world.tell()
    assert [one["Message-ID"] for one in plain.letters()] == [left.mark]
    assert waiting(world) == []


def test_killed_between_sending_and_saying_so_it_is_sent_again_as_the_same(world: World, plain: MailServer) -> None:
    """The server takes the letter and kills whoever sent it before it can hear so."""
    settings(world, plain.port)
    world.run(ONE_FAILS)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    command = 'echo $$ > "$0" && read -r go && exec "$@"'
    pid_file = world.home / "pid"
    process = subprocess.Popen(
        ["/bin/bash", "-c", command, str(pid_file), str(CCHC), "notices", "send"],
        cwd=REPOSITORY,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    plain.behave(f"kill {process.pid}")
    process.communicate("go\n")
    assert process.returncode == -9
    plain.behave("")
    (left,) = waiting(world)
    assert (left.tries, left.error, left.sent_at) == (1, None, None)
    for now in LATER:
        os.environ["CCHC_NOW"] = now
        telling.send(world.engine, world.place.province)
    first, again = plain.raw()
    assert first == again, "byte for byte, and so with the same Message-ID"
    assert waiting(world) == []


def test_after_ten_tries_it_is_given_up_and_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(world, free_port())
    world.run(ONE_FAILS)
    for day in range(10):
        monkeypatch.setenv("CCHC_NOW", f"2024-12-{16 + day}T08:00:00+07:00")
        world.tell()
    assert waiting(world) == []
    from flows.notices.health import health, remark

    found = health(world.engine, world.place.province)
    assert found.said == "1 thông báo đã thôi không gửi: máy chủ từ chối kết nối (đang tắt hoặc sai cổng)"
    assert remark(world.engine, world.place.province) == f"thông báo: {found.said}. Xem: cchc notices list"


def test_what_was_given_up_is_told_when_the_server_is_back(
    world: World, plain: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(world, free_port())
    world.run(ONE_FAILS)
    for day in range(10):
        monkeypatch.setenv("CCHC_NOW", f"2024-12-{16 + day}T08:00:00+07:00")
        world.tell()
    settings(world, plain.port)
    monkeypatch.setenv("CCHC_NOW", "2024-12-26T08:00:00+07:00")
    world.tell()
    (came,) = plain.raw()
    assert b"cchc rerun 2024Q4" in came
    from flows.notices.health import remark

    assert remark(world.engine, world.place.province) == ""
