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
ROUNDS, UNCHANGED_ROUNDS, OBVIOUS_ROUNDS = 6, 14, 2
LIMIT_S = 1.5
NOW = "2024-12-16T08:00:00+07:00"


def run() -> list[Result]:
    """Seconds more than the same functions take without Prefect: the median of the differences of each round, in which
    both follow one another. Of a run that reads and counts all anew, and of one that finds everything as it was: it
    makes as many tasks, and takes so little itself that the difference is seen. ours_s: the flow's; limit_s: what was
    promised."""
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
            rounds = (ROUNDS, UNCHANGED_ROUNDS, OBVIOUS_ROUNDS)
            found = measure(f"{WAYS}:side_by_side", *rounds, rounds=1, summary=f"{WAYS}:middle")
            for name in settings:
                del os.environ[name]
    took = found.answer
    return [
        _told(took, "", found.peak_mb, own=own.seconds - took["direct"]),
        _told(took, "unchanged ", found.peak_mb),
    ]


def _told(took: dict[str, float], kind: str, peak_mb: float, own: float | None = None) -> Result:
    added, cpu, alone = took[f"{kind}flow over"], took[f"{kind}flow CPU over"], took[f"{kind}direct"]
    print(
        f"{kind}flow: {added:.2f} s more than the {alone:.1f} s without Prefect, {cpu:.2f} s of them this process's CPU"
    )
    print(f"{kind}within {LIMIT_S} s: {added <= LIMIT_S}", flush=True)
    case = f"{province.SOURCES} sources, a task each, {kind or 'read anew '}more than without"
    obvious = None if kind else took["task a step"] - alone
    peers = {} if own is None else {"temporary server, with its imports": own}
    return Result("Prefect", case, added, peak_mb, obvious, peers, LIMIT_S)
