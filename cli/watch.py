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
from warehouse.ledger import Event

T = TypeVar("T")
EVERY_SECONDS = 0.5


def watch(place: Place, work: Callable[[], T], *, begun: Mapping[str, int]) -> T:
    """Do the work while a bar shows how far the ledger has come; without a terminal, just do it.

    begun: the sources to be read or counted, and how often each was tried before."""
    if not err.is_terminal:
        return work()
    done = threading.Event()
    with _bar() as bar:
        shown = _Watch(place, bar, begun)
        shown.look()
        watcher = threading.Thread(target=shown.follow, args=(done,), daemon=True)
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


class _Watch:
    """What is shown of a run. A warehouse that does not answer is told by the work itself, if that lasts."""

    def __init__(self, place: Place, bar: Progress, begun: Mapping[str, int]) -> None:
        self._place, self._bar, self._begun = place, bar, begun
        self._sources = bar.add_task("Nguồn", total=len(begun), now="khởi động", visible=bool(begun))
        self._reports = bar.add_task("Báo cáo mới", total=None, now="")
        self._before: tuple[int, int] | None = None
        """When the work began: the newest step in the ledger, and how many versions were printed."""
        self._told: set[Event] = set()

    def follow(self, done: threading.Event) -> None:
        """Until the work is done; what happened last is seen, too."""
        while not done.wait(EVERY_SECONDS):
            self.look()
        self.look()

    def look(self) -> None:
        with suppress(WarehouseError):
            engine, period_id = self._place.open_warehouse(), self._place.period.id
            versions = len(register.versions(engine, period_id))
            if self._before is None:
                self._before = ledger.last_event(engine, period_id), versions
            since, printed = self._before
            ended, working = progress(ledger.partitions(engine, period_id), self._begun)
            now = doing(working, left=len(self._begun) - ended, partitions=self._place.settings.partitions)
            self._bar.update(self._sources, completed=ended, now=now)
            self._bar.update(self._reports, completed=versions - printed)
            for event in meanwhile(ledger.events_after(engine, period_id, since)):
                self._tell(event)

    def _tell(self, event: Event) -> None:
        if event not in self._told:
            self._told.add(event)
            said = f"[bold yellow]LƯU Ý {event.source_id}:[/] {plain(event.detail)}"
            self._bar.console.print(said, soft_wrap=True)
