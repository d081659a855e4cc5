"""The shared store in a folder that every machine has mounted: file:///mnt/kho/cchc."""

from __future__ import annotations

import errno
import os
from functools import partial
from pathlib import Path

from fsspec.implementations.local import LocalFileSystem

from contracts.errors import machine_error
from storage.errors import StoreError
from storage.opened import Opened, Told


def opened(place: str) -> Opened:
    """place: the folder, which must be there: what is not mounted must not be written onto the disk below it."""
    return Opened(
        LocalFileSystem(auto_mkdir=True, skip_instance_cache=True),
        place,
        failures=(OSError,),
        told=_told,
        is_away=_is_away,
        ready=partial(_check, Path(place)),
        settled=_synced,
    )


def _check(folder: Path) -> None:
    if not folder.is_dir():
        raise StoreError(f"không có thư mục {folder}", advice="gắn ổ dùng chung (mount) rồi chạy lại")


def _synced(path: str) -> None:
    """What the store holds must outlive a power cut as the row does that names it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_away(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in {errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.EIO}


def _told(error: BaseException) -> Told:
    machine = machine_error(error) if isinstance(error, OSError) else None
    if machine:
        return machine.cause, "giải phóng ổ dùng chung hoặc cấp quyền ghi cho tài khoản này"
    said = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else type(error).__name__
    return f"ổ dùng chung báo lỗi ({said})", "kiểm tra ổ dùng chung"
