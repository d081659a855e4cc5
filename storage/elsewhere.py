"""The shared store in any other place that fsspec can write to: smb://, ftp://, webdav://…, with user and password of
the secret. What fsspec itself takes from the machine's set-up for such a place is not ours to forbid."""

from __future__ import annotations

from typing import Any

import fsspec

from contracts.secrets import Secret
from storage.errors import StoreError
from storage.opened import Opened, Told


def opened(url: str, keys: Secret) -> Opened:
    scheme = url.partition("://")[0]
    login = {"username": keys.text("user"), "password": keys.text("password")}
    given: dict[str, Any] = {name: value for name, value in login.items() if value}
    try:
        system, root = fsspec.url_to_fs(url, **given)
    except (ValueError, ImportError):
        raise StoreError(
            f"kho dùng chung không dùng được «{scheme}»",
            advice="đặt CCHC_STORE dạng s3://, sftp://, file:// hoặc cài gói fsspec cần cho loại kho đó",
        ) from None
    return Opened(system, root.rstrip("/"), failures=(OSError, NotImplementedError), told=_told, is_away=_is_away)


def _is_away(error: BaseException) -> bool:
    return isinstance(error, TimeoutError | ConnectionError)


def _told(error: BaseException) -> Told:
    if _is_away(error):
        return "không nối được, hoặc kết nối bị ngắt giữa chừng", "kiểm tra mạng và CCHC_STORE"
    if isinstance(error, NotImplementedError):
        return "loại kho này chỉ đọc được", "đặt CCHC_STORE ở nơi ghi được"
    return f"kho báo lỗi {type(error).__name__}", "kiểm tra quyền ghi và bí mật «store»"
