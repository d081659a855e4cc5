"""Where a file lies, told so that it holds on every machine and after a move: relative to the home (CCHC_HOME).

What lies elsewhere is told by its whole path, and does not move along."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from contracts.settings import Settings


def home() -> Path:
    """`Settings().home`, which takes longer to find out than reading a row does."""
    return Path(_home(os.environ.get("CCHC_HOME", "")))


def told(path: str | Path) -> str:
    """That place relative to the home, `khanh-hoa/reports/2024Q4/x.pdf`; as given where it is not below it."""
    for given, root in _ways(os.fspath(path), _home(os.environ.get("CCHC_HOME", ""))):
        if given.startswith(f"{root}{os.sep}"):
            return given[len(root) + 1 :]
    return os.fspath(path)


def lies_at(said: str) -> str:
    """The place that `told` told of, below the present home."""
    return os.path.join(_home(os.environ.get("CCHC_HOME", "")), said)  # noqa: PTH118 - 500 of them a page


def _ways(path: str, root: str) -> list[tuple[str, str]]:
    """By name first; then where a link leads."""
    path, root = os.path.abspath(path), os.path.abspath(root)  # noqa: PTH100 - resolve() follows links
    return [(path, root), (os.path.realpath(path), os.path.realpath(root))]


@lru_cache(maxsize=4)
def _home(_given: str) -> str:
    return str(Settings().home)
