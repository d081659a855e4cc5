"""A portal as it stands in an office: `cchc serve`, a process of its own, over a home that may be changed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine

from contracts.roles import Role
from tests.quarter.command import CCHC, REPOSITORY, Office
from warehouse import accounts, approvals, register, sessions
from warehouse.approval_rule import Officer
from warehouse.database import open_warehouse

PASSWORD = "Ghế đá dưới gốc bàng 1975"
PEOPLE = {
    "xem": (Role.VIEWER, "H32.32", "Nguyễn Thị Xem"),
    "lan": (Role.STAFF, "", "Trần Thị Lan"),
    "minh": (Role.STAFF, "", "Lê Quang Minh"),
    "truc": (Role.OPERATOR, "", "Phạm Văn Trực"),
    "quan": (Role.ADMIN, "", "Võ Thị Quản"),
    "moi": (Role.STAFF, "", "Nguyễn Công Huyền Tôn Nữ Thị Mới"),
    "khoa": (Role.STAFF, "", "Đặng Văn Khóa"),
}
"""login → role, unit, name. moi must change the first password; khoa is there to be locked out."""
RELEASED = "2024Q3"
STARTS_WITHIN = 180.0


@dataclass(frozen=True)
class RealPortal:
    """address: http://127.0.0.1:…; office: its home and the command beside it."""

    address: str
    office: Office
    engine: Engine

    def session(self, login: str) -> str:
        """The secret of a session, for what is not about signing in."""
        account = accounts.with_login(self.engine, login)
        assert account is not None
        return sessions.begin(self.engine, account.id, via="password", lasts=timedelta(hours=1))


@contextmanager
def portal_over(shared: Office, home: Path) -> Iterator[RealPortal]:
    """A portal over a copy of that office, which is this process's own home, too, while it is open."""
    shutil.copytree(shared.home, home, ignore=shutil.ignore_patterns("export"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CCHC_HOME", str(home))
        yield from _opened(Office(home, now=shared.now, province=shared.province))


def _opened(office: Office) -> Iterator[RealPortal]:
    home = office.home
    engine = open_warehouse(f"sqlite:///{home / 'khanh-hoa' / 'warehouse.sqlite'}")
    _add_people(engine)
    _release(engine)
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [str(CCHC), "serve", "--port", str(port)],
            cwd=REPOSITORY,
            env=_environment(office),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(address, process, home / "serve.log")
            yield RealPortal(address, office, engine)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _add_people(engine: Engine) -> None:
    hashed = PasswordHasher().hash(PASSWORD)
    for login, (role, unit, name) in PEOPLE.items():
        accounts.add(
            engine,
            login=login,
            name=name,
            role=role,
            unit_code=unit,
            created_by="quan",
            password=hashed,
            must_change=login == "moi",
        )


def _release(engine: Engine) -> None:
    """The last quarter's reports were checked, approved and published; of this quarter there are but drafts."""
    lan, minh = (Officer(name=PEOPLE[login][2], login=login, role=PEOPLE[login][0]) for login in ("lan", "minh"))
    for version in register.versions(engine, RELEASED):
        approvals.check(engine, version, lan)
        approvals.approve(engine, version, minh)
        approvals.publish(engine, version, minh)


def _environment(office: Office) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CCHC_", "PREFECT_"))}
    return kept | {"CCHC_HOME": str(office.home), "CCHC_NOW": office.now, "CCHC_PROVINCE": office.province}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/dang-nhap", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"the portal did not start:\n{log.read_text()}")
