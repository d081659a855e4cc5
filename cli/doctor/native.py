"""The libraries of the system that set pages: there, new enough, and installed as setup/packages-run.txt asks."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from contracts.fitness import Fitness, good, unfit, warning
from contracts.settings import REPOSITORY

PACKAGES = REPOSITORY / "setup" / "packages-run.txt"
PANGO = (1, 44)
"""The oldest one that WeasyPrint can use."""

Say = Callable[[ctypes.CDLL], str]


def _pango(library: ctypes.CDLL) -> str:
    library.pango_version_string.restype = ctypes.c_char_p
    return bytes(library.pango_version_string()).decode()


def _harfbuzz(library: ctypes.CDLL) -> str:
    library.hb_version_string.restype = ctypes.c_char_p
    return bytes(library.hb_version_string()).decode()


def _fontconfig(library: ctypes.CDLL) -> str:
    number = library.FcGetVersion()
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def _there(_library: ctypes.CDLL) -> str:
    return ""


LIBRARIES: tuple[tuple[str, str, Say], ...] = (
    ("Pango", "libpango-1.0.so.0", _pango),
    ("PangoFT2", "libpangoft2-1.0.so.0", _there),
    ("HarfBuzz", "libharfbuzz.so.0", _harfbuzz),
    ("HarfBuzz-subset", "libharfbuzz-subset.so.0", _there),
    ("Fontconfig", "libfontconfig.so.1", _fontconfig),
)
"""As WeasyPrint looks for them; without harfbuzz-subset a PDF would hold each font whole, or none."""


def native(packages: Path = PACKAGES) -> Fitness:
    wanted = packages.read_text(encoding="utf-8").split()
    command = f"apt-get install --no-install-recommends {' '.join(wanted)}"
    found, lost = _versions()
    if lost:
        return unfit(f"không nạp được {', '.join(lost)}: không in được PDF", "cài lại các gói hệ thống", command)
    if tuple(int(part) for part in found["Pango"].split(".")[:2]) < PANGO:
        return unfit(f"Pango {found['Pango']} quá cũ, cần từ 1.44", "nâng cấp gói libpango-1.0-0", command)
    if missing := _not_installed(wanted):
        return warning(f"chưa cài gói {', '.join(missing)}", "cài cho đủ như setup/packages-run.txt", command)
    return good(", ".join(f"{name} {number}" for name, number in found.items() if number))


def _versions() -> tuple[dict[str, str], list[str]]:
    """Of those that can be loaded; and those that cannot."""
    found: dict[str, str] = {}
    lost = []
    for name, file, say in LIBRARIES:
        try:
            found[name] = say(ctypes.CDLL(file))
        except (OSError, AttributeError):
            lost.append(name)
    return found, lost


def _not_installed(packages: list[str]) -> list[str]:
    """By Debian's own account; none where this is no Debian."""
    query = shutil.which("dpkg-query")
    if query is None:
        return []
    words = (query, "-W", "-f=${Package} ${db:Status-Status}\n", *packages)
    said = subprocess.run(words, capture_output=True, text=True, check=False).stdout  # noqa: S603  words of ours
    there = {line.split()[0] for line in said.splitlines() if line.endswith(" installed")}
    return [name for name in packages if name not in there]
