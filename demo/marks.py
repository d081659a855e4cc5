"""What a system notes of a dossier beside its life: how the result goes back, and what was made electronic.

Drawn from streams of their own, so that the lives stay as they are whatever is noted of them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from contracts.codes import Channel
from demo.workdays import Array

_BY_POST_AGAIN = 0.85  # what came by post goes back by post
_BACK_BY_POST, _BACK_ONLINE = 0.11, 0.2
_ELECTRONIC = np.array([0.0, 0.0, 0.25, 0.55, 0.8])  # by service level
_DIGITISED, _REUSED = {Channel.ONLINE: 0.9}, 0.35
_ELSEWHERE = 0.5  # share of what did not come online, and is digitised all the same


def marked(world: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """The world with return_channel (Channel), result_electronic, digitised and reused."""
    digitised = _chances(world, seed, 12) < world["channel"].astype("str").map(_DIGITISED).fillna(_ELSEWHERE)
    return world.assign(
        return_channel=pd.Categorical(_return_channels(world, seed), categories=list(Channel)),
        result_electronic=_chances(world, seed, 13) < _ELECTRONIC[world["service_level"].to_numpy()],
        digitised=digitised,
        reused=digitised & (_chances(world, seed, 14) < _REUSED),
    )


def _return_channels(world: pd.DataFrame, seed: int) -> Array:
    chance = _chances(world, seed, 11)
    by_post = chance < np.where(world["channel"] == Channel.POSTAL, _BY_POST_AGAIN, _BACK_BY_POST)
    otherwise = np.where(chance > 1 - _BACK_ONLINE, Channel.ONLINE, Channel.IN_PERSON)
    return np.where(by_post, Channel.POSTAL, otherwise).astype(object)


def _chances(world: pd.DataFrame, seed: int, stream: int) -> Array:
    return np.random.default_rng([seed, stream]).random(len(world))
