"""Columns of days as texts, the way each system writes them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from demo.workdays import Array


def iso(days: pd.Series, seconds: Array) -> Array:
    """2024-10-05T08:31:22, None where there is no day."""
    known = days.notna().to_numpy()
    texts = np.full(len(days), None, dtype=object)
    moments = days.to_numpy(dtype="datetime64[s]")[known] + seconds[known].astype("timedelta64[s]")
    texts[known] = np.datetime_as_string(moments, unit="s")
    return texts


def day_first(days: pd.Series, seconds: Array) -> Array:
    """05/10/2024 08:31, "" where there is no day."""
    texts = iso(days, seconds)
    known = days.notna().to_numpy()
    written = [f"{t[8:10]}/{t[5:7]}/{t[:4]} {t[11:16]}" for t in texts[known]]
    result = np.full(len(days), "", dtype=object)
    result[known] = written
    return result


def at_hour(rows: int, hour: int) -> Array:
    """The same time of day for all rows, in seconds."""
    return np.full(rows, hour * 3600)


def chosen(values: pd.Series, words: dict[str, object]) -> Array:
    """Each value replaced by its word; all values must have one."""
    codes, distinct = pd.factorize(values)
    return np.array([words[str(value)] for value in distinct], dtype=object)[codes]
