"""One small report, printed once, as it lies in a register."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.settings import REPOSITORY
from tests.reporting.printed import Made, made
from tests.signed import office
from tests.signed.desk import Desk

__all__ = ["made"]


@pytest.fixture(scope="session")
def printed(made: Made) -> bytes:
    """The PDF of a commune's report."""
    return made("commune")[1].read_bytes()


@pytest.fixture(scope="session")
def whole(printed: bytes) -> bytes:
    """Signed by the leader, numbered, sealed."""
    return office.signed(printed)


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], printed: bytes
) -> Iterator[Desk]:
    """The PDF is the province's report of 2024Q4; the authority's root is trusted."""
    made = Desk(tmp_path, monkeypatch, capsys, REPOSITORY / "provinces" / "khanh-hoa")
    made.trust(office.authority())
    made.register("2024Q4", printed)
    assert hashlib.sha256(printed).hexdigest() == made.newest().sha256
    yield made
    made.engine.dispose()
