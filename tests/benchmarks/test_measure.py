"""The benchmarks' own scales: a call in a process of its own, a table, and results that are kept."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.__main__ import keep, main, names, table
from benchmarks.measure import Result, measure, side_by_side

FAST = Result(stage="read", case="1 row", ours_s=0.5, ours_peak_mb=100.4)
SLOW = Result(
    stage="write", case="1.000 rows", ours_s=12, ours_peak_mb=90, obvious_s=30, peers={"duckdb": 1.25}, limit_s=0.1
)


def test_memory_of_the_caller_is_not_counted() -> None:
    ballast = bytearray(400_000_000)
    ballast[::4096] = b"x" * len(ballast[::4096])
    found = measure("math:sqrt", 9.0, rounds=1)
    assert found.answer == 3.0 and found.peak_mb < 300 and found.seconds < 1


def test_calls_are_told_apart_and_their_answers_summed_up() -> None:
    found = side_by_side({"up": "math:ceil", "down": "math:floor"}, 2.5, rounds=2, summary="builtins:str")
    assert {name: one.answer for name, one in found.items()} == {"up": "3", "down": "2"}


def test_a_call_that_answers_differently_is_refused() -> None:
    with pytest.raises(AssertionError, match="round to round"):
        measure("time:time_ns", rounds=2)


def test_a_call_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="ValueError"):
        measure("math:sqrt", -1.0, rounds=1)


def test_the_table_is_aligned() -> None:
    lines = table([FAST, SLOW]).splitlines()
    assert lines[0].index("ours s") + len("ours s") == lines[2].index("12.00") + len("12.00")
    assert lines[1].endswith("–") and lines[2].endswith("duckdb 1.25")


def test_results_of_other_cases_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    keep([FAST, SLOW], file=file)
    again = Result(stage=FAST.stage, case=FAST.case, ours_s=0.7, ours_peak_mb=101)
    other = Result(stage=FAST.stage, case="2 rows", ours_s=0.9, ours_peak_mb=101)
    keep([again, other], file=file)
    rows = json.loads(file.read_text())
    assert [(row["stage"], row["case"]) for row in rows] == [
        ("write", "1.000 rows"),
        ("read", "1 row"),
        ("read", "2 rows"),
    ]
    assert set(rows[0]) == {"stage", "case", "ours_s", "ours_peak_mb", "obvious_s", "peers", "limit_s"}
    assert rows[0]["peers"] == {"duckdb": 1.25} and rows[1]["obvious_s"] is None


def test_an_unknown_name_is_told_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no_such"]) == 2
    assert "state_facts" in capsys.readouterr().err


def test_every_benchmark_can_be_run() -> None:
    assert "state_facts" in names()
    assert all(callable(import_module(f"benchmarks.{name}").run) for name in names())
