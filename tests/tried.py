"""How many examples of a property are tried: a third in each run of all tests, all of them where it may take long."""

from __future__ import annotations

import os


def tried(number: int) -> int:
    """Of that many examples (decision 109): other ones in each run."""
    return number if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else max(2, number // 3)
