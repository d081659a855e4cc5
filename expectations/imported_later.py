"""Libraries that Great Expectations imports for expectations that we do not have: they are read when somebody uses
them, which nobody does. Two fifths of its import's time, and 60 MB."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

STATISTICS_AND_CHARTS = frozenset({"scipy.stats", "altair"})


@contextmanager
def imported_later(names: frozenset[str]) -> Iterator[None]:
    """What the block imports of these is an empty module that fills itself at the first look into it."""
    finder = _Later(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Later(MetaPathFinder):
    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._names:
            return None
        others = (one.find_spec(fullname, path, target) for one in sys.meta_path if one is not self)
        found = next((spec for spec in others if spec is not None), None)
        if found is not None and found.loader is not None:
            found.loader = importlib.util.LazyLoader(found.loader)
        return found
