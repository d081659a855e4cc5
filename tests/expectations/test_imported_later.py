"""A library is read at the first look into it, and not before."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from expectations.imported_later import imported_later


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """One that notes in the interpreter that it was read."""
    (tmp_path / "slow_library.py").write_text("import sys\nsys.slow_library_was_read = True\nANSWER = 42\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delattr(sys, "slow_library_was_read", raising=False)
    monkeypatch.delitem(sys.modules, "slow_library", raising=False)
    return "slow_library"


def test_what_nobody_uses_is_not_read(library: str) -> None:
    with imported_later(frozenset({library})):
        module = importlib.import_module(library)
    assert not hasattr(sys, "slow_library_was_read")
    assert module.ANSWER == 42
    assert hasattr(sys, "slow_library_was_read")


def test_others_are_read_at_once(library: str) -> None:
    with imported_later(frozenset({"another"})):
        importlib.import_module(library)
    assert hasattr(sys, "slow_library_was_read")


def test_after_the_block_imports_are_what_they_were(library: str) -> None:
    before = list(sys.meta_path)
    with pytest.raises(ModuleNotFoundError), imported_later(frozenset({"no_such_library"})):
        importlib.import_module("no_such_library")
    assert sys.meta_path == before
    importlib.import_module(library)
    assert hasattr(sys, "slow_library_was_read")
