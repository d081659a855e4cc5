"""The portal as a process: it begins or says why not, ends when it is told to, answers first, and leaves nothing
behind; the same of what keeps several programs running."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from cli.serve import _listening, serve
from contracts.errors import CchcError
from tests.quarter.command import CCHC, REPOSITORY


def environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CCHC_", "PREFECT_"))}
    return kept | {"CCHC_HOME": str(home), "CCHC_NOW": "2024-12-16T08:00:00+07:00", "COLUMNS": "200"}


@contextmanager
def running(home: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The command, killed at the end where it still runs."""
    with subprocess.Popen(
        [CCHC, *words],
        cwd=REPOSITORY,
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str], pattern: str) -> str:
    """The first line that fits, up to which is read; its first group."""
    assert process.stdout is not None
    read = []
    for line in process.stdout:
        read.append(line)
        if found := re.search(pattern, line):
            return found[1]
    raise AssertionError("".join(read))


def ended(process: subprocess.Popen[str]) -> str:
    """What it says after it was told to stop."""
    process.send_signal(signal.SIGTERM)
    return process.communicate(timeout=60)[0]


def cookie_given(port: int) -> str:
    """To somebody of whom a proxy says that he came over https."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/dang-nhap", headers={"X-Forwarded-Proto": "https"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return str(answer.headers["set-cookie"])


def test_a_portal_answers_whoever_has_begun_to_ask_and_ends(tmp_path: Path) -> None:
    with running(tmp_path, "serve", "--port", "0") as process:
        port = int(said(process, r"http://127\.0\.0\.1:(\d+)"))
        assert "Secure" not in cookie_given(port), "nobody was named as a proxy"
        with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as asking:
            body = b"login=lan&password=x"
            head = f"POST /dang-nhap HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n"
            asking.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + body[:5])
            cookie_given(port)  # answered after: so the one before has been read
            process.send_signal(signal.SIGTERM)
            while is_open(port):
                pass
            asking.sendall(body[5:])
            assert asking.recv(100).startswith(b"HTTP/1.1 403")
        assert "Đã dừng cổng báo cáo." in process.communicate(timeout=60)[0]
        assert process.returncode == 0


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_what_follows_the_head_of_an_answer_does_not_wait_for_an_acknowledgement() -> None:
    with (
        closing(_listening("127.0.0.1", 0, behind_proxy=False)) as listening,
        closing(socket.create_connection(listening.getsockname()[:2])),
        closing(listening.accept()[0]) as answering,
    ):
        assert answering.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_named_proxy_is_believed(tmp_path: Path) -> None:
    with running(tmp_path, "serve", "--port", "0", "--proxy", "127.0.0.1") as process:
        assert "Secure" in cookie_given(int(said(process, r"http://127\.0\.0\.1:(\d+)")))
        ended(process)
        assert process.returncode == 0


def test_a_port_that_is_taken_is_told() -> None:
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as taken,
        pytest.raises(CchcError, match=f"cổng {taken.getsockname()[1]} đang có chương trình khác dùng"),
    ):
        serve(port=taken.getsockname()[1])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"host": "0.0.0.0"}, "không tự mã hóa"),
        ({"host": "::"}, "không tự mã hóa"),
        ({"host": "cong.test"}, "không phải địa chỉ IP"),
        ({"host": "192.0.2.1", "proxy": ["127.0.0.1"]}, "không có địa chỉ 192.0.2.1"),
        ({"proxy": ["*"]}, "không phải địa chỉ IP"),
        ({"proxy": ["0.0.0.0/0"]}, "mọi máy"),
    ],
)
def test_what_is_not_safe_is_refused(words: dict[str, object], told: str) -> None:
    with pytest.raises(CchcError, match=told):
        serve(**{"port": 0, "host": "127.0.0.1", "proxy": None, **words})  # type: ignore[arg-type]


KEPT = """
import sys
from pathlib import Path
from cli.keeping import Kept
from flows.lasting import Program
folder = Path(sys.argv[1])
def program(name, script):
    return Program(name, name, ("sh", "-c", script), ends_within=5)
with Kept(log=folder) as kept:
    kept.start(program("first", "echo $$ > %(f)s/first; exec sleep 600" % {"f": folder}))
    kept.start(program("second", sys.argv[2] % {"f": folder}))
    kept.wait_until(lambda: (folder / "second").exists() and (folder / "first").exists())
    print("up", flush=True)
    kept.keep()
"""
ORPHAN = "setsid sh -c 'echo $$ > %(f)s/orphan; exec sleep 600' & while ! [ -s %(f)s/orphan ]; do :; done; "


def kept(folder: Path, second: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", KEPT, str(folder), second],
        cwd=REPOSITORY, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def alive(folder: Path, name: str) -> bool:
    return Path("/proc", (folder / name).read_text().strip()).exists()


def test_where_one_program_ends_all_end(tmp_path: Path) -> None:
    """And what it began itself, in a session of its own."""
    with kept(tmp_path, ORPHAN + "echo $$ > %(f)s/second; read line < %(f)s/go; exit 7") as process:
        os.mkfifo(tmp_path / "go")
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        assert alive(tmp_path, "first")
        (tmp_path / "go").write_text("now\n")
        _, told = process.communicate(timeout=60)
    assert "second đã dừng (mã 7)" in told
    assert not alive(tmp_path, "first")
    assert not alive(tmp_path, "orphan")


def test_a_stop_ends_all_even_what_does_not_listen(tmp_path: Path) -> None:
    with kept(tmp_path, ORPHAN + "echo $$ > %(f)s/second; exec sleep 600") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert not any(alive(tmp_path, name) for name in ("first", "second", "orphan"))
