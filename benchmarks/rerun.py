"""A source that is read again, of a province of ten: what the operator waits for, beside a run of them all, and what
was touched by it.

The obvious way is to run everything again. Between the two runs the source's data changed: forty dossiers of the period
were taken out of it, so that figures, its district's report and the province's move."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks._lasting import lasting
from benchmarks._rerun_larger import enlarge
from benchmarks._rerun_seen import PERIOD, Line, compared, seen
from benchmarks.measure import Result
from benchmarks.quarter import command
from contracts.province import read_province

PROVINCE, NOW = "provinces/khanh-hoa", "2024-12-16T08:00:00+07:00"
SOURCE, UNIT = "cam-lam", "570"
SHARE = 0.2
"""Of a full run that a rerun of one source of ten may take."""
ROUNDS = 3
CHANGE = """UPDATE HoSo SET DeletedOn = '2024-12-10 08:00:00' WHERE Id IN (
    SELECT Id FROM HoSo WHERE DeletedOn IS NULL AND NgayTiepNhan >= '2024-10-01' AND NgayTiepNhan < '2024-12-01'
    ORDER BY Id LIMIT 40)"""


@dataclass(frozen=True)
class Case:
    """times: how often every dossier is there. stays_up: Prefect's server, as on a host; otherwise each command
    starts one of its own."""

    name: str
    times: int
    stays_up: bool


CASES = (
    Case("demonstration, a server for each command", 1, stays_up=False),
    Case("demonstration", 1, stays_up=True),
    Case("a province's real number of dossiers", 8, stays_up=True),
)


def run() -> list[Result]:
    """limit_s: a fifth of the full run. obvious_s: the full run."""
    return [result for case in CASES for result in _case(case)]


def _case(case: Case) -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="cchc-bench-") as folder, _server(case, Path(folder)) as settings:
        start = _prepared(Path(folder) / "start", case, settings)
        tells = (_told, *[_quiet] * (ROUNDS - 1))
        rounds = [_round(Path(folder) / "home", start, settings, tell) for tell in tells]
    for what, of in (("seconds", [one.seconds for one in rounds]), ("seconds of CPU", [one.cpu for one in rounds])):
        changed, same = (median(each[n] / each[0] for each in of) for n in (1, 2))
        print(f"{case.name}, {what}: {changed:.0%} of a full run, {same:.0%} where nothing had changed", flush=True)
    full, changed, same = (median(one.seconds[n] for one in rounds) for n in range(3))
    peak = median(one.peak_mb for one in rounds)
    peers = {"nothing changed": same}
    return [Result("rerun of one source of ten", case.name, changed, peak, full, peers, SHARE * full)]


def _server(case: Case, folder: Path) -> AbstractContextManager[dict[str, str]]:
    """Settings of the commands: which Prefect server is theirs."""
    return lasting(folder / "prefect") if case.stays_up else nullcontext({})


def _prepared(home: Path, case: Case, settings: dict[str, str]) -> Path:
    """The systems, and the quarter before run."""
    environment = _of(home) | settings
    command(("demo", "build"), environment)
    dossiers = enlarge(home / "systems" / "khanh-hoa", case.times)
    print(f"{case.name}: {dossiers:,} dossiers in ten systems", flush=True)
    command(("run", "2024Q3"), environment)
    return home


@dataclass(frozen=True)
class _Round:
    """seconds, cpu: of the full run, of a rerun after a change and of one without. peak_mb: of a rerun."""

    seconds: tuple[float, float, float]
    cpu: tuple[float, float, float]
    peak_mb: float


def _round(home: Path, start: Path, settings: dict[str, str], tell: Callable[[str, Sequence[Line]], None]) -> _Round:
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(start, home)
    environment, place = _of(home) | settings, home / "khanh-hoa"
    full, full_cpu, _ = _timed(("run", PERIOD), environment)
    words = ("rerun", PERIOD, "--source", SOURCE)
    with closing(sqlite3.connect(home / "systems" / "khanh-hoa" / f"{SOURCE}.sqlite")) as system, system:
        system.execute(CHANGE)
    before = seen(place)
    changed, changed_cpu, peak = _timed(words, environment)
    after = seen(place)
    same, same_cpu, _ = _timed(words, environment)
    cpu = f"seconds of CPU {full_cpu:.1f}, {changed_cpu:.1f}, {same_cpu:.1f}"
    print(f"run {full:.1f} s, rerun {changed:.1f} s, where nothing had changed {same:.1f} s; {cpu}", flush=True)
    lines, again = compared(before, after), compared(after, seen(place))
    tell(f"after forty dossiers of {SOURCE} changed", lines)
    tell("after nothing changed", again)
    _only_what_depends(lines, moved=True)
    _only_what_depends(again, moved=False)
    return _Round((full, changed, same), (full_cpu, changed_cpu, same_cpu), peak)


def _timed(words: tuple[str, ...], environment: dict[str, str]) -> tuple[float, float, float]:
    """Seconds that pass, seconds of CPU of the command and all it starts, and its highest memory (MB)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, peak = command(words, environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak


def _of(home: Path) -> dict[str, str]:
    return os.environ | {"CCHC_HOME": str(home), "CCHC_PROVINCE": PROVINCE, "CCHC_NOW": NOW}


def _only_what_depends(lines: Sequence[Line], *, moved: bool) -> None:
    """Raises where something was touched that does not depend on the source, or nothing that does."""
    whole = read_province(Path(PROVINCE)).units
    below = {unit.agency_code for unit in whole.subtree(next(u for u in whole if u.unit_code == UNIT).agency_code)}
    agencies = below | {whole.root.agency_code}
    allowed = {SOURCE, *agencies, UNIT, "province", whole.root.unit_code}
    for line in lines:
        if beyond := sorted({*line.touched} - allowed):
            raise RuntimeError(f"{line.what}: touched {', '.join(beyond)}")
        if line.what == "files: reports" and bool(line.touched) != moved:
            raise RuntimeError(f"{line.what}: touched {line.touched}")
    figures = [line for line in lines if line.what in {"rows: fact", "rows: indicator"}]
    if any(bool(line.touched) != moved for line in figures):
        raise RuntimeError(f"figures that moved: {[line.what for line in figures if line.touched]}")


def _told(when: str, lines: Sequence[Line]) -> None:
    print(f"{when}: content, and of files their inodes and times")
    for line in lines:
        whose = ", ".join(line.touched[:4]) + (f" and {len(line.touched) - 4} more" if len(line.touched) > 4 else "")
        print(f"  {line.what:<24} touched {whose or '–':<40} as they were {line.left:>4}")


def _quiet(_when: str, _lines: Sequence[Line]) -> None:
    """The same in every round."""
