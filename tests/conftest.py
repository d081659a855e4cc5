"""What holds for every test: nothing of the developer's own settings, nothing written outside tmp_path."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.homes import khanh_hoa, khanh_hoa_lacking, khanh_hoa_q3, khanh_hoa_unread, phu_tho
from tests.order import pytest_collection_modifyitems
from tests.tried import tried

__all__ = [
    "khanh_hoa",
    "khanh_hoa_lacking",
    "khanh_hoa_q3",
    "khanh_hoa_unread",
    "phu_tho",
    "pytest_collection_modifyitems",
]

for _name in [n for n in os.environ if n.startswith(("CCHC_", "PREFECT_"))]:
    del os.environ[_name]

settings.register_profile("cchc", max_examples=tried(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("cchc")
"""A slow machine is no fault of what is tested."""

UMASK = 0o022
"""Servers of tests do not run as root: what a test writes for them must be theirs to read."""
os.umask(UMASK)


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    """The command narrows it for its process, which here is that of the tests."""
    yield
    os.umask(UMASK)


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def _own_home(_homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder; not by mktemp, which looks through those of all tests before it finds the next number."""
    if "CCHC_HOME" not in os.environ:
        monkeypatch.setenv("CCHC_HOME", tempfile.mkdtemp(dir=_homes))
