"""The shared store on an SFTP server: sftp://host:port/folder, with user and private_key (or password) of the secret,
and the server's key in the file CCHC_STORE_KNOWN_HOSTS."""

from __future__ import annotations

import asyncio
from functools import partial
from urllib.parse import SplitResult

from contracts.secrets import Secret
from contracts.settings import Settings
from storage import sftp_system
from storage.errors import StoreAway, StoreError
from storage.opened import Opened, Told
from storage.sftp_system import SftpAway, SftpRefused, SftpServer

_TRIES = 4


def opened(settings: Settings, place: SplitResult, keys: Secret, secret: str) -> Opened:
    server = SftpServer(
        place.hostname or "",
        place.port or 22,
        known_hosts=settings.store_known_hosts or settings.secrets_folder / "store_known_hosts",
        keys=keys,
        secret=secret,
        whom="người quản lý kho",
        seconds=settings.store_patience,
    )
    try:
        system = server.connected()
    except SftpRefused as error:
        raise StoreError(f"kho dùng chung {place.geturl()}: {error.cause}", advice=error.advice) from None
    except SftpAway as error:
        advice = "kiểm tra mạng và CCHC_STORE, rồi chạy lại"
        raise StoreAway(f"kho dùng chung {place.geturl()}: {error.cause}", advice=advice) from None
    return Opened(
        system,
        place.path.rstrip("/"),
        failures=(sftp_system.FAILED, OSError),
        told=_told,
        is_away=_is_away,
        gone=(FileNotFoundError, *sftp_system.GONE),
        patience=_TRIES * settings.store_patience,
        alive=lambda: not system.client.is_closed(),
        close=partial(sftp_system.close, system),
    )


def _is_away(error: BaseException) -> bool:
    return isinstance(error, (*sftp_system.CUT, asyncio.TimeoutError, ConnectionError))


def _told(error: BaseException) -> Told:
    if _is_away(error):
        return "không nối được, hoặc kết nối bị ngắt giữa chừng", "kiểm tra mạng và CCHC_STORE"
    if isinstance(error, sftp_system.DENIED | PermissionError):
        return "tài khoản không có quyền", "cấp quyền ghi cho tài khoản của bí mật «store»"
    return f"máy chủ báo lỗi {type(error).__name__}", "kiểm tra ổ đĩa và nhật ký của kho"
