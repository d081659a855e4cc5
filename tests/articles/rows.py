"""The figures of the five articles, a row each, and which test holds each of them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TypeVar

CSV = Path(__file__).parents[2] / "docs" / "article_metrics.csv"
_MARK = "article_rows"

Test = TypeVar("Test", bound=Callable[..., object])


@cache
def rows() -> dict[str, dict[str, str]]:
    """Every row of docs/article_metrics.csv by its id, as text."""
    with CSV.open(encoding="utf-8", newline="") as file:
        return {found["id"]: found for found in csv.DictReader(file)}


def row(row_id: str) -> dict[str, str]:
    """A1-13 → {"value": "96.11", "numerator": "6355", …}. Raises KeyError for an id that no article has."""
    return rows()[row_id]


def article(*row_ids: str) -> Callable[[Test], Test]:
    """Marks a test with the rows that it holds: given their inputs, the figure and the printed form are the article's.
    Raises KeyError for an id that no article has."""

    def marked(test: Test) -> Test:
        setattr(test, _MARK, (*getattr(test, _MARK, ()), *(row(one)["id"] for one in row_ids)))
        return test

    return marked


def claimed() -> dict[str, list[str]]:
    """Row id → the tests that hold it, of every tests/articles/test_*.py."""
    found: dict[str, list[str]] = {}
    for name, test in _tests():
        for row_id in getattr(test, _MARK, ()):
            found.setdefault(row_id, []).append(name)
    return found


def _tests() -> Iterator[tuple[str, object]]:
    for module in iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("test_"):
            held = vars(import_module(f"tests.articles.{module.name}"))
            yield from ((f"{module.name}::{name}", test) for name, test in held.items() if name.startswith("test_"))
