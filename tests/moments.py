"""Random moments within work of which nobody knows how long it will last: no two runs of it take the same time, and
the first may have been held up."""

from __future__ import annotations

import random
import signal
from typing import Protocol


class Work(Protocol):
    """A process: one of multiprocessing, or what answers as they do."""

    def join(self, timeout: float | None = None) -> None: ...

    def kill(self) -> None: ...

    @property
    def exitcode(self) -> int | None: ...


class Moments:
    """A moment beyond the work's end shows nothing, so the next one is drawn from those before it; one that fell within
    lets the next be later. fell: how many fell within."""

    def __init__(self, seed: int, *, within: float) -> None:
        self._dice, self._within, self.fell = random.Random(seed), within, 0

    def kill(self, work: Work) -> None:
        """At such a moment, where the work has not come to its end before; it is over then. Its exit code tells what
        ended it, for it may come to its end between a look and the kill."""
        moment = self._dice.uniform(0, self._within)
        work.join(moment)
        work.kill()
        work.join()
        if work.exitcode == -signal.SIGKILL:
            self.fell += 1
            self._within *= 1.5
        else:
            assert work.exitcode == 0, f"neither done nor killed: {work.exitcode}"
            self._within = moment
