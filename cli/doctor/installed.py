"""How a file of the program itself is brought back: the way by which the program came here."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from contracts.settings import REPOSITORY


class BroughtBack(NamedTuple):
    """advice: Vietnamese. command: to be typed as it stands."""

    advice: str
    command: str


def brought_back(path: str, folder: Path = REPOSITORY) -> BroughtBack:
    """path: within the program's folder. One that was unpacked of a release (docs/operate/upgrade.md) has no git."""
    if (folder / ".git").exists():
        return BroughtBack("lấy lại từ bản cài đặt", f"cd {folder} && git checkout -- {path}")
    release = f"cchc-{version('cchc')}"
    return BroughtBack(
        "lấy lại từ gói phát hành đã kiểm tra bằng setup/verify-release; gói nằm nơi khác thì sửa đường dẫn",
        f"tar -xzf /root/{release}/{release}.tar.gz -C {folder} --strip-components=1 {release}/{path}",
    )
