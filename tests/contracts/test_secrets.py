"""A secret lies outside the province, where only its owner reads it, and is printed nowhere."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from contracts import secrets
from contracts.errors import SecretError
from contracts.secrets import Secret, place_of, secret

CANARY = "chim-hoàng-yến-42"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CCHC_SECRETS", str(tmp_path))
    monkeypatch.setattr(secrets, "_further", [])
    return tmp_path


def write(path: Path, text: str, *, mode: int = 0o600) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def test_no_name_is_no_secret() -> None:
    assert secret("") == Secret()
    assert secret("").text("password") == ""


def test_it_is_read_from_a_file(folder: Path) -> None:
    write(folder / "cam-lam.toml", f'user = "doc"\npassword = "{CANARY}"\n')
    found = secret("cam-lam")
    assert (found.text("user"), found.text("password"), found.text("token")) == ("doc", CANARY, "")


def test_the_environment_goes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "cam-lam.v2.toml", 'password = "cũ"\n')
    monkeypatch.setenv("CCHC_SECRET_CAM_LAM_V2_PASSWORD", CANARY)
    assert secret("cam-lam.v2").text("password") == CANARY


def test_others_are_asked_last(folder: Path) -> None:
    secrets.also_ask(lambda _name: None)
    secrets.also_ask(lambda name: {"token": CANARY} if name == "cong" else None)
    assert secret("cong").text("token") == CANARY
    write(folder / "cong.toml", 'token = "của tệp"\n')
    assert secret("cong").text("token") == "của tệp"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(folder: Path, mode: int) -> None:
    write(folder / "cam-lam.toml", f'password = "{CANARY}"\n', mode=mode)
    with pytest.raises(SecretError, match="chmod 600"):
        secret("cam-lam")


BROKEN = {
    "not TOML": f'password = "{CANARY}',
    "an unknown part": f'pasword = "{CANARY}"',
    "a number": "password = 424242",
    "not UTF-8": None,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_told_without_the_value(folder: Path, text: str | None) -> None:
    path = folder / "cam-lam.toml"
    write(path, text or "")
    if text is None:
        path.write_bytes(b'password = "\xff' + CANARY.encode() + b'"')
    with pytest.raises(SecretError) as told:
        secret("cam-lam")
    said = "".join(traceback.format_exception(told.value))
    assert CANARY not in said
    assert "424242" not in said


def test_a_secret_that_is_nowhere_says_where_to_put_it(folder: Path) -> None:
    with pytest.raises(SecretError) as told:
        secret("cam-lam")
    assert "CCHC_SECRET_CAM_LAM_PASSWORD" in str(told.value)
    assert str(folder / "cam-lam.toml") in str(told.value)


def test_its_place_can_be_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert place_of("cam-lam") == str(folder / "cam-lam.toml")
    monkeypatch.setenv("CCHC_SECRET_CAM_LAM_PASSWORD", "x")
    assert place_of("cam-lam") == "CCHC_SECRET_CAM_LAM_PASSWORD"


@pytest.mark.parametrize("name", ["../cam-lam", "Cam Lâm", "/etc/passwd", "-x", "a/b"])
def test_a_name_leads_nowhere_else(folder: Path, name: str) -> None:
    with pytest.raises(SecretError, match="chỉ được có"):
        secret(name)


def test_it_prints_as_stars(folder: Path) -> None:
    write(folder / "cam-lam.toml", f'password = "{CANARY}"\n')
    found = secret("cam-lam")
    assert CANARY not in f"{found} {found!r} {found.model_dump_json()}"


def test_what_is_no_file_is_told(folder: Path) -> None:
    (folder / "cam-lam.toml").mkdir()
    with pytest.raises(SecretError, match="không đọc được"):
        secret("cam-lam")
