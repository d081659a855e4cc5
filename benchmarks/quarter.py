"""A whole quarter as an operator runs it: the command from start to finish, temporary server and PDFs included."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import REPOSITORY, Result

CCHC = Path(sys.executable).with_name("cchc")
SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Case:
    name: str
    province: str
    now: str
    words: tuple[str, ...]
    limit_s: float  # what was promised, not what the hardware allows


CASES = (
    Case("Khánh Hòa 2024Q4", "provinces/khanh-hoa", "2024-12-16T08:00:00+07:00", ("run", "2024Q4"), 60),
    Case(
        "Phú Thọ 2026Q3, 464.494 dossiers",
        "provinces/phu-tho",
        "2026-09-27T08:00:00+07:00",
        ("run", "2026Q3", "--as-of", "2026-09-26"),
        120,
    ),
)


def run() -> list[Result]:
    """limit_s is the goal. peers: the same run again, when nothing has changed."""
    return [_case(case) for case in CASES]


def _case(case: Case) -> Result:
    with tempfile.TemporaryDirectory(prefix="cchc-bench-") as home:
        environment = os.environ | {"CCHC_HOME": home, "CCHC_PROVINCE": case.province, "CCHC_NOW": case.now}
        command(("demo", "build"), environment)
        seconds, peak_mb = command(case.words, environment)
        again, _ = command(case.words, environment)
    return Result("whole quarter", case.name, seconds, peak_mb, None, {"nothing changed": again}, case.limit_s)


def command(words: tuple[str, ...], environment: dict[str, str]) -> tuple[float, float]:
    """Run `cchc`: seconds, and the highest proportional memory of the command and all its children together."""
    started = time.perf_counter()
    running = subprocess.Popen([str(CCHC), *words], cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL)
    peak = 0.0
    while running.poll() is None:
        peak = max(peak, sum(_proportional_mb(pid) for pid in _tree(running.pid)))
        time.sleep(SAMPLE_SECONDS)
    if running.returncode != 0:
        raise RuntimeError(f"cchc {' '.join(words)} left with {running.returncode}")
    return time.perf_counter() - started, peak


def _tree(pid: int) -> list[int]:
    """The process and everything below it."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return [pid]
    return [pid, *(below for child in children for below in _tree(child))]


def _proportional_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has just ended
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
