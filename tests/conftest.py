"""What holds for every test: nothing of the developer's own settings, nothing written outside tmp_path."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

for _name in [n for n in os.environ if n.startswith(("CCHC_", "PREFECT_"))]:
    del os.environ[_name]

UMASK = 0o022
"""Servers of tests do not run as root: what a test writes for them must be theirs to read."""
os.umask(UMASK)


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    """The command narrows it for its process, which here is that of the tests."""
    yield
    os.umask(UMASK)


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    if "CCHC_HOME" not in os.environ:
        monkeypatch.setenv("CCHC_HOME", str(tmp_path_factory.mktemp("home")))
