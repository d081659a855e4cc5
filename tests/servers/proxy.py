"""Reverse proxies for tests, with the very configuration of docs/deploy: what must be another here (ports, certificate,
the name of the machine behind) is put in its place, and a place that is not there fails."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from contracts.settings import REPOSITORY
from tests.servers.process import START_SECONDS

DEPLOY = REPOSITORY / "docs" / "deploy"
NAME = "baocao.khanhhoa.gov.vn"

_NGINX = """
daemon off;
user {user};
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{}}
http {{
    access_log off;
    {temporary}
    include {folder}/cchc.conf;
}}
"""
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True)
class Ports:
    """secure, plain: on which the proxy listens. portal: behind it."""

    secure: int
    plain: int
    portal: int


@contextmanager
def nginx(folder: Path, ports: Ports, certificate: Path) -> Iterator[None]:
    """certificate: of the name above, key and chain in one file."""
    replaced = {
        "listen 80;": f"listen 127.0.0.1:{ports.plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{ports.secure} ssl http2;",
        "/etc/ssl/cchc/fullchain.pem": str(certificate),
        "/etc/ssl/cchc/key.pem": str(certificate),
        "http://127.0.0.1:8020": f"http://127.0.0.1:{ports.portal}",
    }
    (folder / "cchc.conf").write_text(_placed(DEPLOY / "nginx" / "cchc.conf", replaced), encoding="utf-8")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in _TEMPORARY)
    whole = _NGINX.format(user=folder.owner(), folder=folder, temporary=temporary)
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    program = _program("nginx", "nginx-light", "/usr/sbin/nginx")
    command = [program, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    with _running(command, ports, folder / "error.log"):
        yield


@contextmanager
def caddy(folder: Path, ports: Ports, certificate: Path) -> Iterator[None]:
    alone = "{\n\tadmin off\n\tauto_https disable_redirects\n}\n"
    replaced = {
        f"{NAME} {{": f"{alone}https://{NAME}:{ports.secure} {{\n\tbind 127.0.0.1",
        "/etc/ssl/cchc/fullchain.pem /etc/ssl/cchc/key.pem": f"{certificate} {certificate}",
        "127.0.0.1:8020": f"127.0.0.1:{ports.portal}",
    }
    (folder / "Caddyfile").write_text(_placed(DEPLOY / "caddy" / "Caddyfile", replaced), encoding="utf-8")
    command = [_program("caddy", "caddy", ""), "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"]
    with _running(command, ports, folder / "caddy.log"):
        yield


def _placed(file: Path, replaced: Mapping[str, str]) -> str:
    text = file.read_text(encoding="utf-8")
    for was, now in replaced.items():
        assert was in text, f"{file} no longer says «{was}»"
        text = text.replace(was, now)
    return text


def _program(name: str, package: str, elsewhere: str) -> str:
    found = shutil.which(name) or (elsewhere if elsewhere and Path(elsewhere).exists() else None)
    if found is None:
        pytest.fail(f"{name} is missing: apt-get install {package}", pytrace=False)
    return str(found)


@contextmanager
def _running(command: Sequence[object], ports: Ports, log: Path) -> Iterator[None]:
    """Ends with the tests even where those are killed."""
    with log.open("ab") as said:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig=TERM", *map(str, command)],
            cwd=log.parent, stdout=said, stderr=said,
            env={"HOME": str(log.parent), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
    try:
        _wait_until_open(process, ports.secure, log)
        yield
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_until_open(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    process.kill()
    pytest.fail(f"the proxy did not start:\n{log.read_text(encoding='utf-8')[-2000:]}", pytrace=False)
