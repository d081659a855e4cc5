"""Files in an S3 store, at the endpoint that the source names and with the keys of its secret."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from contracts.errors import SourceError
from contracts.secrets import secret
from contracts.source_config import SourceConfig
from contracts.table_spec import FileConnection
from sources.reader import drifted, unreachable
from storage import s3_system

_AT_ONCE = 4 << 20


class S3Store:
    """See `sources.files.sent_files.Store`."""

    def __init__(self, source: SourceConfig) -> None:
        self._source = source
        self._bucket = source.address.removeprefix("s3://").partition("/")[0]
        connection = source.connection if isinstance(source.connection, FileConnection) else FileConnection()
        if not connection.endpoint:
            raise drifted(source, "chưa ghi endpoint của kho S3 ở [connection]")
        self._system = s3_system.s3_system(
            secret(source.secret),
            endpoint=connection.endpoint,
            region=connection.region,
            verify=str(source.folder / connection.ca_file) if connection.ca_file else True,
            seconds=source.timeout_seconds,
        )

    def info(self, path: str) -> dict[str, Any]:
        with self._translated():
            found: dict[str, Any] = self._system.info(path, refresh=True)
            return found

    def entries(self, folder: str) -> list[dict[str, Any]]:
        with self._translated():
            found = self._system.ls(folder, detail=True, refresh=True)
        return [entry for entry in found if entry["name"].rstrip("/") != folder.rstrip("/")]

    @contextmanager
    def opened(self, path: str) -> Iterator[Any]:
        with self._translated():
            handle = self._system.open(path, "rb", block_size=_AT_ONCE, cache_type="readahead")
        with handle:
            yield _Stream(self, handle)

    def read(self, handle: Any, size: int) -> bytes:
        with self._translated():
            data: bytes = handle.read(size)
            return data

    def close(self) -> None:
        s3_system.close(self._system)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The driver's errors as those of `Store`."""
        try:
            yield
        except s3_system.LATE:
            raise TimeoutError(errno.ETIMEDOUT, "") from None
        except s3_system.CUT:
            raise unreachable(self._source, "không nối được tới kho S3, hoặc kết nối bị ngắt giữa chừng") from None
        except s3_system.ANSWERED as error:
            raise self._explained(error, s3_system.code_of(error)) from None

    def _explained(self, error: Exception, code: str) -> Exception:
        if code == s3_system.NO_BUCKET:
            return drifted(self._source, f"kho S3 không có bucket «{self._bucket}»")
        if code == s3_system.CLOCKS_APART:
            return self._refused("đồng hồ của máy này lệch với kho S3", "chỉnh lại đồng hồ máy này")
        if code in s3_system.WRONG_KEYS:
            advice = f"kiểm tra access_key, secret_key của bí mật «{self._source.secret}»; hỏi {self._source.contact}"
            return self._refused("kho S3 từ chối: khóa truy cập sai hoặc không được phép đọc", advice)
        if code in s3_system.CHANGED:
            return unreachable(self._source, "tệp trong kho S3 thay đổi trong khi đọc")
        if isinstance(error, FileNotFoundError | PermissionError | TimeoutError):
            return type(error)(error.errno or 0, "")
        return OSError(errno.EIO, "")

    def _refused(self, cause: str, advice: str) -> SourceError:
        return SourceError(f"{self._source.name}: {cause}", source_id=self._source.id, advice=advice)


class _Stream:
    """An object of the store as something to read from."""

    def __init__(self, store: S3Store, handle: Any) -> None:
        self._store, self._handle = store, handle

    def read(self, size: int) -> bytes:
        return self._store.read(self._handle, size)
