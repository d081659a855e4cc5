"""What the shared store needs to know of each kind of place that fsspec reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Told = tuple[str, str]
"""What went wrong and what to do, both Vietnamese."""


@dataclass(frozen=True)
class Opened:
    """An opened place. root: where keys begin. puts_whole: whether the place itself shows a file only when it is whole;
    otherwise it is written beside and renamed. failures: the driver's exceptions; told: what one of them means, and
    whether the place did not answer. ready: raises where nothing may be written yet. settled: sees to it that a file
    or folder outlives a power cut. close: ends the connection. patience: seconds after which a call is given up that
    has nothing to send; None where the driver sees to that."""

    system: Any
    root: str
    failures: tuple[type[BaseException], ...]
    told: Callable[[BaseException], Told]
    is_away: Callable[[BaseException], bool]
    puts_whole: bool = False
    ready: Callable[[], None] = lambda: None
    close: Callable[[], None] = lambda: None
    settled: Callable[[str], None] = lambda _: None
    patience: float | None = None
