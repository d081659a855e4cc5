"""Shared stores of both sorts: one that shows a file only when it is whole (S3), one that must be renamed in (disk)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.s3 import BUCKET, S3Server, s3, s3_server
from tests.servers.sftp import SftpServer, writable_sftp

__all__ = ["s3", "s3_server", "writable_sftp"]
FOLDER = "kho/cchc"


@dataclass(frozen=True)
class Place:
    """url: CCHC_STORE. write: lays those bytes under a key, as somebody else would; keys: all that lie there."""

    url: str
    write: Callable[[str, bytes], object]
    keys: Callable[[], list[str]]


def set_up(monkeypatch: pytest.MonkeyPatch, url: str, **settings: str) -> None:
    monkeypatch.setenv("CCHC_STORE", url)
    for name, text in settings.items():
        monkeypatch.setenv(f"CCHC_{name.upper()}", text)


@pytest.fixture
def on_s3(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> Place:
    keys = {"secret_store_access_key": s3.access_key, "secret_store_secret_key": s3.secret_key}
    url = f"s3://{BUCKET}/{FOLDER}"
    set_up(monkeypatch, url, store_endpoint=s3.endpoint, store_patience="5", **keys)

    def lying() -> list[str]:
        found = s3.client().list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return sorted(one["Key"].removeprefix(f"{FOLDER}/") for one in found)

    return Place(url, lambda key, content: s3.put(f"{FOLDER}/{key}", content), lying)


def _lying_in(url: str, folder: Path) -> Place:
    def write(key: str, content: bytes) -> None:
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(content)

    def lying() -> list[str]:
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    return Place(url, write, lying)


@pytest.fixture
def on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    folder = tmp_path / "Ổ dùng chung" / "cchc"
    folder.mkdir(parents=True)
    set_up(monkeypatch, f"file://{folder}")

    return _lying_in(f"file://{folder}", folder)


@pytest.fixture
def on_sftp(writable_sftp: SftpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    (tmp_path / "known_hosts").write_text(writable_sftp.known_hosts())
    keys = {"secret_store_user": writable_sftp.user, "secret_store_private_key": writable_sftp.private_key}
    folder = f"{tmp_path.name}-{secrets.token_hex(4)}"  # pytest gives a name again, the server keeps what lies there
    url = writable_sftp.address(folder)
    set_up(monkeypatch, url, store_known_hosts=str(tmp_path / "known_hosts"), **keys)
    return _lying_in(url, writable_sftp.drop / folder)


@pytest.fixture(params=["on_s3", "on_disk", "on_sftp"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return at(tmp_path / "máy 1", monkeypatch)


def at(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """On that machine from now on."""
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("CCHC_HOME", str(home))
    return home
