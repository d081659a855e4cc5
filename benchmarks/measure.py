"""Time and peak memory of one call, in a process of its own, so that nothing is warm and nothing is shared."""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Measured:
    """seconds: median of the call alone, without the process and the import of its module. peak_mb: highest resident
    memory of the process, or of a child that it started, in any round. answer: what the call returned (JSON)."""

    seconds: float
    peak_mb: float
    answer: Any


@dataclass(frozen=True)
class Result:
    """One line of the table. Seconds; None where there is no such way. limit_s: what the hardware or the
    other side allows at best, doing nothing but the unavoidable."""

    stage: str
    case: str
    ours_s: float
    ours_peak_mb: float
    obvious_s: float | None = None
    peers: dict[str, float] = field(default_factory=dict)
    limit_s: float | None = None


def measure(call: str, *args: str | float, rounds: int = 3, summary: str = "") -> Measured:
    """Run `module:function` with these arguments, each round in a fresh Python. Its answer must be JSON-able
    and the same in every round; `summary` names a function that makes it so, and is not measured."""
    return side_by_side({call: call}, *args, rounds=rounds, summary=summary)[call]


def side_by_side(
    calls: Mapping[str, str], *args: str | float, rounds: int = 3, summary: str = ""
) -> dict[str, Measured]:
    """measure several calls on the same input, in turns: what else the machine does falls on all alike."""
    found = [{name: _round(call, args, summary) for name, call in calls.items()} for _ in range(rounds)]
    return {name: _middle(call, [one[name] for one in found]) for name, call in calls.items()}


def _middle(call: str, rounds: Sequence[dict[str, Any]]) -> Measured:
    answers = {json.dumps(one["answer"], sort_keys=True) for one in rounds}
    if len(answers) != 1:
        raise AssertionError(f"{call} answers differently from round to round")
    seconds = median(one["seconds"] for one in rounds)
    return Measured(seconds, max(one["peak_mb"] for one in rounds), rounds[0]["answer"])


def _round(call: str, args: tuple[str | float, ...], summary: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measure", call, json.dumps(args), summary],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{call} failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _peak_mb() -> float:
    """Of this process image or any one of its children that has ended, alone: of itself, getrusage would count the
    parent's memory from before exec, too."""
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmHWM"))
    return max(int(line.split()[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _named(call: str) -> Callable[..., Any]:
    module, function = call.split(":")
    named: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return named


def _main(call: str, args: str, summary: str) -> None:
    run = _named(call)
    started = time.perf_counter()
    answer = run(*json.loads(args))
    seconds, peak_mb = time.perf_counter() - started, _peak_mb()
    print(
        json.dumps({"seconds": seconds, "peak_mb": peak_mb, "answer": _named(summary)(answer) if summary else answer})
    )


if __name__ == "__main__":
    _main(*sys.argv[1:])
