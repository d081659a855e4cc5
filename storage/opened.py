"""What the shared store needs to know of each kind of place that fsspec reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Told = tuple[str, str]
"""What went wrong and what to do, both Vietnamese."""


@dataclass(frozen=True)
class Opened:
    """An opened place. root: where keys begin. failures: the driver's exceptions; gone: those that say that a file is
    not there; told: what another one means, and is_away: whether the place did not answer. puts_whole: whether the
    place itself shows a file only when it is whole; otherwise it is written beside and renamed. ready: raises where
    nothing may be written yet. settled: sees to it that a file or folder outlives a power cut. patience: seconds after
    which a call is given up that has nothing to send; None where the driver sees to that. alive: whether the connection
    still stands, as far as this machine knows; close: ends it."""

    system: Any
    root: str
    failures: tuple[type[BaseException], ...]
    told: Callable[[BaseException], Told]
    is_away: Callable[[BaseException], bool]
    gone: tuple[type[BaseException], ...] = (FileNotFoundError,)
    puts_whole: bool = False
    ready: Callable[[], None] = lambda: None
    alive: Callable[[], bool] = lambda: True
    close: Callable[[], None] = lambda: None
    settled: Callable[[str], None] = lambda _: None
    patience: float | None = None
