"""Documents in force on a day: a citation never stands in code."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _table() -> list[dict[str, Any]]:
    text = files("reporting").joinpath("regulations.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["regulation"])


def in_force(subject: str, *, on: date) -> str:
    """The document on that subject in force that day, as it is cited; empty where there is none."""
    for entry in _table():
        if entry["id"] == subject and entry["valid_from"] <= on <= entry.get("valid_to", date.max):
            return str(entry["text"])
    return ""
