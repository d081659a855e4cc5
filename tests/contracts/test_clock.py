"""The clock that can be fixed, and the settings beside it, never end in a traceback for a slip of the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts import clock
from contracts.errors import UsageError
from contracts.settings import Settings


def test_a_fixed_time_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", "hôm nay")
    with pytest.raises(UsageError, match="CCHC_NOW"):
        clock.now()


def test_an_empty_setting_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty CCHC_HOME must not scatter a warehouse over the working folder."""
    monkeypatch.setenv("CCHC_HOME", "")
    assert Settings().home == Path("var")
