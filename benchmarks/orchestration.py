"""What Prefect adds to a run of thirty sources, with a server that stays up: the flow beside the same functions called
without it, in one process, in turns.

The obvious way is a task for every step of a source; another one, a server that is started for the run."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from benchmarks import _orchestration_province as province
from benchmarks._lasting import lasting
from benchmarks.measure import Result, measure
from benchmarks.quarter import command

WAYS = "benchmarks._orchestration_ways"
ROUNDS = 7
LIMIT_S = 1.5
NOW = "2024-12-16T08:00:00+07:00"


def run() -> list[Result]:
    """Seconds more than the same functions take without Prefect: the median of the differences of each round, in which
    the ways follow one another. ours_s: the flow's; limit_s: what was promised."""
    with tempfile.TemporaryDirectory(prefix="cchc-bench-") as folder:
        home = Path(folder) / "home"
        os.environ |= {"CCHC_HOME": str(home), "CCHC_NOW": NOW, "CCHC_PROVINCE": str(province.TEMPLATE)}
        command(("demo", "build"), dict(os.environ))
        configured, dossiers = province.make(Path(folder), home / "systems" / "khanh-hoa")
        os.environ |= {"CCHC_PROVINCE": str(configured), "CCHC_SYSTEMS": str(home / "systems")}
        print(f"{province.SOURCES} sources, {dossiers:,} dossiers", flush=True)
        own = measure(f"{WAYS}:temporary", rounds=3, summary=f"{WAYS}:nothing")
        with lasting(home / "prefect") as settings:
            os.environ |= settings
            found = measure(f"{WAYS}:side_by_side", ROUNDS, rounds=1, summary=f"{WAYS}:middle")
            for name in settings:
                del os.environ[name]
    took = found.answer
    for way in ("flow", "task a step"):
        added, cpu = took[f"{way} over"], took[f"{way} CPU over"]
        print(f"{way}: {added:.2f} s more than without Prefect, {cpu:.2f} s of them this process's CPU", flush=True)
    print(f"without Prefect: {took['direct']:.1f} s; within {LIMIT_S} s: {took['flow over'] <= LIMIT_S}", flush=True)
    peers = {"temporary server, with its imports": own.seconds - took["direct"]}
    case = f"{province.SOURCES} sources, a task each: more than without"
    return [Result("Prefect", case, took["flow over"], found.peak_mb, took["task a step over"], peers, LIMIT_S)]
