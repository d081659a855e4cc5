"""python -m benchmarks [NAME…]: a table on the screen, and benchmarks/results.json."""

from __future__ import annotations

import json
import pkgutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import benchmarks
from benchmarks.measure import Result

RESULTS = Path(__file__).with_name("results.json")
HEAD = ("stage", "case", "ours s", "peak MB", "obvious s", "limit s", "peers s")


def names() -> list[str]:
    """Every module of the folder that has something to run."""
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name for name in found if name not in {"__main__", "measure"} and not name.startswith("_"))


def table(results: Iterable[Result]) -> str:
    """Aligned columns, figures to the right."""
    cells = [HEAD, *(_cells(result) for result in results)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(HEAD))]
    return "\n".join("  ".join(_aligned(row, widths)).rstrip() for row in cells)


def keep(results: Sequence[Result], *, file: Path = RESULTS) -> None:
    """Write the results; those of cases that were not run this time stay."""
    before = json.loads(file.read_text()) if file.exists() else []
    measured = {(result.stage, result.case) for result in results}
    rows = [row for row in before if (row["stage"], row["case"]) not in measured]
    rows += [asdict(result) for result in results]
    file.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


def main(wanted: Sequence[str]) -> int:
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    results: list[Result] = []
    for name in wanted or names():
        results += import_module(f"benchmarks.{name}").run()
        keep(results)
    print(table(results))
    return 0


def _cells(result: Result) -> tuple[str, ...]:
    peers = ", ".join(f"{name} {seconds:.2f}" for name, seconds in result.peers.items())
    obvious, limit = ("–" if s is None else f"{s:.2f}" for s in (result.obvious_s, result.limit_s))
    return result.stage, result.case, f"{result.ours_s:.2f}", f"{result.ours_peak_mb:.0f}", obvious, limit, peers or "–"


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    figures = range(2, 6)
    return [
        cell.rjust(w) if n in figures else cell.ljust(w) for n, (cell, w) in enumerate(zip(row, widths, strict=True))
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
