"""Time and peak memory of one call, in a process of its own, so that nothing is warm and nothing is shared."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Measured:
    """seconds: median of the call alone, without the process and its imports. peak_mb: highest resident
    memory of the whole process in any round. answer: what the call returned (JSON)."""

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


def measure(call: str, *args: str | float, rounds: int = 3) -> Measured:
    """Run `module:function` with these arguments, each round in a fresh Python. Its answer must be JSON-able
    and the same in every round."""
    found = [_round(call, args) for _ in range(rounds)]
    answers = {json.dumps(one["answer"], sort_keys=True) for one in found}
    if len(answers) != 1:
        raise AssertionError(f"{call} answers differently from round to round")
    seconds = median(one["seconds"] for one in found)
    return Measured(seconds, max(one["peak_mb"] for one in found), found[0]["answer"])


def _round(call: str, args: tuple[str | float, ...]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measure", call, json.dumps(args)],
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
    """Of this process image alone: getrusage would count the parent's memory from before exec, too."""
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _main(call: str, args: str) -> None:
    module, function = call.split(":")
    run = getattr(importlib.import_module(module), function)
    started = time.perf_counter()
    answer = run(*json.loads(args))
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "peak_mb": _peak_mb(), "answer": answer}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
