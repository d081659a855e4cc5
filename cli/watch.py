"""Progress of a run, read from the ledger: the same whether the work is done here or by another machine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cli.console import err
from contracts.codes import PartitionState
from flows.place import Place
from warehouse import ledger, register

T = TypeVar("T")
EVERY_SECONDS = 0.5
_SETTLED = {PartitionState.LOADED, PartitionState.FAILED, PartitionState.NOT_RECEIVED}


def watch(place: Place, work: Callable[[], T]) -> T:
    """Do the work while a bar shows how far the ledger has come; without a terminal, just do it."""
    if not err.is_terminal:
        return work()
    done = threading.Event()
    with _bar() as bar:
        watcher = threading.Thread(target=_follow, args=(place, bar, done), daemon=True)
        watcher.start()
        try:
            return work()
        finally:
            done.set()
            watcher.join()


def _bar() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[now]}"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    )


def _follow(place: Place, bar: Progress, done: threading.Event) -> None:
    engine = place.open_warehouse()
    period = place.period.id
    begun = {p.source_id: p.updated_at for p in ledger.partitions(engine, period)}
    versions = len(register.versions(engine, period))
    sources = bar.add_task("Nguồn", total=len(begun) or None, now="khởi động")
    reports = bar.add_task("Báo cáo", total=None, now="")
    while not done.wait(EVERY_SECONDS):
        known = ledger.partitions(engine, period)
        moved = [p for p in known if p.updated_at != begun.get(p.source_id) or p.state in _SETTLED]
        working = [p.source_id for p in known if p.state not in _SETTLED]
        bar.update(sources, completed=len(moved) - len(working), total=len(known), now=" ".join(working[:3]))
        bar.update(reports, completed=len(register.versions(engine, period)) - versions)
