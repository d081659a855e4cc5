"""Progress of a run, read from the ledger: the same whether the work is done here or by another machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cli.console import err, plain
from contracts.errors import WarehouseError
from flows.place import Place
from flows.progress import doing, meanwhile, progress
from warehouse import ledger, register

T = TypeVar("T")
EVERY_SECONDS = 0.5


def watch(place: Place, work: Callable[[], T], *, begun: Mapping[str, int]) -> T:
    """Do the work while a bar shows how far the ledger has come; without a terminal, just do it.

    begun: the sources to be read or counted, and how often each was tried before."""
    if not err.is_terminal:
        return work()
    done = threading.Event()
    with _bar() as bar:
        watcher = threading.Thread(target=_follow, args=(place, bar, done, begun), daemon=True)
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


def _follow(place: Place, bar: Progress, done: threading.Event, begun: Mapping[str, int]) -> None:
    engine = place.open_warehouse()
    period = place.period.id
    versions = len(register.versions(engine, period))
    told = set(meanwhile(ledger.latest(engine, period)))
    sources = bar.add_task("Nguồn", total=len(begun), now="khởi động", visible=bool(begun))
    reports = bar.add_task("Báo cáo mới", total=None, now="")
    while not done.wait(EVERY_SECONDS):
        with suppress(WarehouseError):  # told by the work itself, if it lasts
            ended, working = progress(ledger.partitions(engine, period), begun)
            now = doing(working, left=len(begun) - ended, partitions=place.settings.partitions)
            bar.update(sources, completed=ended, now=now)
            bar.update(reports, completed=len(register.versions(engine, period)) - versions)
            for event in meanwhile(ledger.latest(engine, period)):
                if event not in told:
                    told.add(event)
                    bar.console.print(f"[bold yellow]LƯU Ý {event.source_id}:[/] {plain(event.detail)}", soft_wrap=True)
