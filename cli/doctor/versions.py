"""Python, and each package of requirements.lock beside what is installed."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

from cli.doctor.installed import brought_back
from contracts.fitness import Fitness, good, unfit, worst
from contracts.settings import REPOSITORY

LOCK = REPOSITORY / "requirements.lock"
_MEND = f"cd {REPOSITORY} && setup/environment requirements.lock"
_PINNED = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>\S+)", re.IGNORECASE | re.MULTILINE)

BROKEN_TOGETHER = (
    ("prefect==3.8.8", "sqlalchemy>=2.1", "Prefect không bao giờ lập lượt chạy theo lịch"),
    ("prefect<=3.8.8", "fastapi>=0.155", "máy chủ Prefect không khởi động được"),
)
"""Pairs that install together without a word, and what then goes wrong. Also where the lock itself was changed."""


def python() -> Fitness:
    if sys.version_info[:2] != (3, 11):
        return unfit(f"đang chạy Python {platform.python_version()}, cần 3.11", "cài lại môi trường bằng 3.11", _MEND)
    return good(platform.python_version())


def packages(lock: Path = LOCK) -> Fitness:
    if not lock.exists():
        return unfit(f"không có {lock}", *brought_back(lock.name))
    wanted = {found["name"]: found["version"] for found in _PINNED.finditer(lock.read_text(encoding="utf-8"))}
    other = [line for name, pinned in wanted.items() if (line := _other(name, pinned))]
    pairs = [unfit(said, "cài đúng phiên bản đã khóa", _MEND) for said in _bad_pairs()]
    if other:
        more = f" và {len(other) - 3} gói nữa" if len(other) > 3 else ""
        said = f"khác requirements.lock: {', '.join(other[:3])}{more}"
        pairs.append(unfit(said, "cài đúng phiên bản đã khóa", _MEND))
    return worst(pairs or [good(f"{len(wanted)} gói đúng như requirements.lock")])


def _other(name: str, pinned: str) -> str:
    """«pandas 3.0.1 (cần 3.1.0)»; "" where it is as pinned."""
    found = _installed(name)
    if found is None:
        return f"{name} chưa cài (cần {pinned})"
    return "" if Version(found) == Version(pinned) else f"{name} {found} (cần {pinned})"


def _bad_pairs() -> Iterator[str]:
    for one, other, harm in BROKEN_TOGETHER:
        pair = [(name, _installed(name), name.specifier) for name in (Requirement(one), Requirement(other))]
        if all(found is not None and wanted.contains(found, prereleases=True) for _, found, wanted in pair):
            named = " cùng ".join(f"{requirement.name} {found}" for requirement, found, _ in pair)
            yield f"{named}: {harm}"


def _installed(package: str | Requirement) -> str | None:
    try:
        return version(package if isinstance(package, str) else package.name)
    except PackageNotFoundError:
        return None
