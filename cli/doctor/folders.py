"""Who may read and write what: the home, the secrets, and the files that a command typed by root leaves behind."""

from __future__ import annotations

import os
import pwd
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from contracts.errors import machine_error
from contracts.fitness import Fitness, good, unfit, warning
from contracts.settings import Settings

PROBE = 1_000_000
"""Bytes that are written to see whether writing works: a quota and a full disk let an empty file pass."""
LOOKED_AT = 2_000
"""Files of the home whose owner is looked at: those of newest make are found first."""


def home() -> Fitness:
    folder = Settings().home.resolve()
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        _write(folder)
    except OSError as error:
        known = machine_error(error)
        cause = f"không ghi được vào {folder}" + (f" ({known.cause})" if known else "")
        return unfit(cause, "cấp quyền ghi cho tài khoản chạy cchc", f"chown -R {_me()} {folder}")
    if strange := _not_ours(folder):
        owner = _name(folder.stat().st_uid)
        said = f"{strange} không ghi được bằng tài khoản {_me()}" if os.geteuid() else f"{strange} là của root"
        return unfit(
            f"{said} (có lệnh đã chạy bằng tài khoản khác)", "trả lại chủ sở hữu", f"chown -R {owner}: {folder}"
        )
    if _mode(folder) & stat.S_IRWXO:
        return warning(f"{folder} mở cho mọi tài khoản trên máy", "chỉ để tài khoản chạy cchc", f"chmod o-rwx {folder}")
    return good(str(folder))


def account() -> Fitness:
    """Root who works in a home of somebody else leaves files that the service cannot write."""
    folder = Settings().home.resolve()
    there = next(one for one in (folder, *folder.parents) if one.exists())
    owner = there.stat().st_uid
    if os.geteuid() == 0 and owner != 0:
        said = f"đang chạy bằng root, còn {there} là của {_name(owner)}: tệp mới sẽ không ai khác ghi được"
        return unfit(said, "chạy mọi lệnh cchc bằng tài khoản đó", f"sudo -u {_name(owner)} cchc doctor")
    return good(_me())


def secrets() -> Fitness:
    folder = Settings().secrets_folder
    try:
        return _of_secrets(folder)
    except PermissionError:
        return unfit(
            f"{folder}: tài khoản {_me()} không được đọc", "trao thư mục này cho nó", f"chown -R {_me()} {folder}"
        )


def _of_secrets(folder: Path) -> Fitness:
    if not folder.is_dir():
        return good(f"chưa có {folder}")
    if folder.resolve().is_relative_to(Settings().province_folder.resolve()):
        return unfit(f"{folder} nằm trong thư mục cấu hình tỉnh", "chuyển ra ngoài, đặt lại CCHC_SECRETS")
    files = sorted(folder.glob("*.toml"))
    open_ones = [file for file in files if _mode(file) & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_ones:
        return unfit(f"{open_ones[0]} để người khác đọc được", "chỉ để chủ sở hữu đọc", f"chmod 600 {folder}/*.toml")
    if _mode(folder) & (stat.S_IRWXG | stat.S_IRWXO):
        return warning(f"{folder} để người khác vào được", "chỉ để chủ sở hữu vào", f"chmod 700 {folder}")
    for file in files:
        file.open("rb").close()
    return good(f"{folder}: {len(files)} tệp, chỉ chủ sở hữu đọc được")


def _write(folder: Path) -> None:
    """To the disk, and gone again."""
    with tempfile.TemporaryFile(dir=folder, prefix=".doctor-") as probe:
        probe.write(b"\0" * PROBE)
        probe.flush()
        os.fsync(probe.fileno())


def _not_ours(folder: Path) -> Path | None:
    """A file or folder below that this account cannot write; for root one that is not the home's owner's."""
    if os.geteuid() == 0:
        owner = folder.stat().st_uid
        return next((path for path in _below(folder) if path.lstat().st_uid != owner), None)
    return next((path for path in _below(folder) if not os.access(path, os.W_OK)), None)


def _below(folder: Path) -> Iterator[Path]:
    """Level by level: what runs write first lies near the top. Reports are read-only on purpose, their folders not."""
    level = [folder]
    seen = 0
    while level and seen < LOOKED_AT:
        below = [path for one in level for path in _entries(one)]
        for path in below:
            if path.is_dir() or path.suffix in {".sqlite", ".marks", ".log", ".lock", ".db"}:
                seen += 1
                yield path
        level = [path for path in below if path.is_dir() and not path.is_symlink()]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except PermissionError:  # it was told of already, as it cannot be written either
        return []


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _me() -> str:
    return _name(os.geteuid())


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
