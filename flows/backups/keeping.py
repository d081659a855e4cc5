"""Backups read what retention removes: one of the two at a time, on all machines that share a warehouse and a store.
The locks end with their process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from contracts.errors import UsageError
from warehouse.filelock import LockTaken, file_lock
from warehouse.locks import keeping_lock


@contextmanager
def kept_still(province_home: Path, engine: Engine) -> Iterator[None]:
    """Hold it. Raises UsageError while a backup, or a removal, goes on."""
    province_home.mkdir(parents=True, exist_ok=True)
    try:
        with file_lock(province_home / "keeping.lock", wait=False), keeping_lock(engine):
            yield
    except LockTaken:
        raise UsageError(
            "một lượt sao lưu hoặc xóa theo thời hạn khác đang diễn ra trên dữ liệu này",
            advice="chờ lượt đó xong rồi chạy lại",
        ) from None
