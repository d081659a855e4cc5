"""Being a good guest of the host that a source lies on: its hours, and no more connections than it bears.

A connection is a lock on one of the host's numbered files, so that all threads and processes of this machine share
them, and the system frees one when its holder dies, however it dies.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from contracts import clock
from contracts.errors import SourceNotNow
from contracts.settings import Settings
from contracts.source_config import SourceConfig

PATIENCE = 1800.0
"""Seconds that a source waits for a free connection: another one may be reading millions of rows."""

_LOOK_AGAIN = 0.1


@contextmanager
def guest(source: SourceConfig, *, patience: float = PATIENCE) -> Iterator[None]:
    """Hold one of the host's connections. Raises SourceNotNow outside its hours, or where none gets free in time."""
    if not source.host:
        yield
        return
    _check_hours(source)
    folder = Settings().home / "hosts"
    folder.mkdir(parents=True, exist_ok=True)
    held = _wait_for_one(source, folder, time.monotonic() + patience)
    try:
        yield
    finally:
        held.close()


def _check_hours(source: SourceConfig) -> None:
    now = clock.now()
    if source.host_rules.may_be_read(now):
        return
    hours = ", ".join(source.host_rules.hours)
    raise SourceNotNow(
        f"{source.name}: máy chủ {source.host} chỉ được đọc trong giờ {hours}, bây giờ là {now:%H:%M}",
        source_id=source.id,
        advice="chạy lại trong giờ đó; giờ đọc ghi ở [hosts] của province.toml",
    )


def _wait_for_one(source: SourceConfig, folder: Path, deadline: float) -> IO[str]:
    numbers = range(1, source.host_rules.connections + 1)
    while True:
        for number in numbers:
            if (held := _taken(folder / f"{source.host.replace(':', '_')}.{number}")) is not None:
                return held
        if time.monotonic() > deadline:
            raise SourceNotNow(
                f"{source.name}: mọi kết nối tới máy chủ {source.host} ({len(numbers)}) đều đang bận",
                source_id=source.id,
                advice="chờ lượt đọc khác xong rồi chạy lại",
            )
        time.sleep(_LOOK_AGAIN)


def _taken(path: Path) -> IO[str] | None:
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
