"""Random moments within work of which nobody knows how long it will last: no two runs of it take the same time, and
the first may have been held up."""

from __future__ import annotations

import random
from multiprocessing.process import BaseProcess


class Moments:
    """A moment beyond the work's end shows nothing, so the next one is drawn from those before it; one that fell within
    lets the next be later. fell: how many fell within."""

    def __init__(self, seed: int, *, within: float) -> None:
        self._dice, self._within, self.fell = random.Random(seed), within, 0

    def wait(self, process: BaseProcess) -> None:
        """Returns at such a moment of the process, or at its end."""
        moment = self._dice.uniform(0, self._within)
        process.join(moment)
        if process.is_alive():
            self.fell += 1
            self._within *= 1.5
        else:
            self._within = moment
