"""Passwords and keys of district systems. A source names its secret; what it is lies outside the province's folder.

Looked for, in this order: environment CCHC_SECRET_<NAME>_<PART> (name and part in capitals, - and . as _); the file
<CCHC_SECRETS>/<name>.toml, which only its owner may read; then whatever `also_ask` was given (Prefect's blocks).
Values are SecretStr: they print as ****, and their text is taken out only where a driver wants it.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from contracts.configfile import Strict
from contracts.errors import SecretError
from contracts.settings import Settings

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
Lookup = Callable[[str], Mapping[str, Any] | None]
_further: list[Lookup] = []


class Secret(Strict):
    """The parts that a secret may have; a kind of system uses those that it needs.

    private_key: text of an OpenSSH key. access_key, secret_key: of an S3 store. client_id, client_secret: OAuth2."""

    user: SecretStr | None = None
    password: SecretStr | None = None
    token: SecretStr | None = None
    client_id: SecretStr | None = None
    client_secret: SecretStr | None = None
    private_key: SecretStr | None = None
    passphrase: SecretStr | None = None
    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None

    def text(self, part: str) -> str:
        """The part's text; empty where the secret has none."""
        value: SecretStr | None = getattr(self, part)
        return value.get_secret_value() if value is not None else ""


def also_ask(lookup: Lookup) -> None:
    """Ask here, too, for a secret that neither environment nor files hold."""
    if lookup not in _further:
        _further.append(lookup)


def secret(name: str) -> Secret:
    """The secret of that name; an empty one for the empty name. Raises SecretError, which holds no value."""
    if not name:
        return Secret()
    if not _NAME.fullmatch(name):
        raise SecretError(f"tên bí mật «{name}» chỉ được có chữ thường, số, dấu chấm, gạch ngang, gạch dưới")
    for lookup in (_from_environment, _from_file, *_further):
        if (parts := lookup(name)) is not None:
            return _built(name, parts)
    where = Settings().secrets_folder / f"{name}.toml"
    variable = _variable(name, "password")
    raise SecretError(
        f"chưa có bí mật «{name}»", advice=f"đặt biến {variable} (và _USER …), hoặc tạo tệp {where} với quyền 600"
    )


def place_of(name: str) -> str:
    """Where the secret of that name is, or would be: a file, or a variable of the environment."""
    if given := _from_environment(name):
        return _variable(name, "password" if "password" in given else next(iter(given)))
    return str(Settings().secrets_folder / f"{name}.toml")


def _built(name: str, parts: Mapping[str, Any]) -> Secret:
    try:
        return Secret.model_validate(parts)
    except ValidationError as error:
        part = ".".join(str(p) for p in error.errors()[0]["loc"])
        known = ", ".join(Secret.model_fields)
        raise SecretError(f"bí mật «{name}»: mục «{part}» không dùng được; các mục: {known}") from None


def _variable(name: str, part: str) -> str:
    return f"CCHC_SECRET_{re.sub(r'[.-]', '_', name)}_{part}".upper()


def _from_environment(name: str) -> Mapping[str, str] | None:
    named = {part: os.environ.get(_variable(name, part), "") for part in Secret.model_fields}
    return {part: value for part, value in named.items() if value} or None


def _from_file(name: str) -> Mapping[str, Any] | None:
    path = Settings().secrets_folder / f"{name}.toml"
    try:
        with path.open("rb") as file:
            _check_rights(path, os.fstat(file.fileno()))
            return tomllib.load(file)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise SecretError(f"không có quyền đọc tệp bí mật {path}", advice="chạy bằng tài khoản sở hữu tệp") from None
    except OSError:
        raise SecretError(f"không đọc được tệp bí mật {path}", advice="kiểm tra tệp rồi chạy lại") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):  # their messages may hold a piece of the file
        raise SecretError(
            f"tệp bí mật {path} sai cú pháp TOML", advice='ghi mỗi mục một dòng: password = "…"'
        ) from None


def _check_rights(path: Path, found: os.stat_result) -> None:
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretError(f"tệp bí mật {path} để người khác đọc được", advice=f"chạy: chmod 600 {path}")
