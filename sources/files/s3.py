"""Files in an S3 store, at the endpoint that the source names and with the keys of its secret: nothing is taken from
the machine's own AWS set-up, and nobody else is asked for keys."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiobotocore.session import AioSession
from aiohttp import ClientError as HttpError
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError
from s3fs import S3FileSystem

from contracts.errors import SourceError
from contracts.secrets import secret
from contracts.source_config import SourceConfig
from contracts.table_spec import FileConnection
from sources.reader import drifted, unreachable

_WRONG_KEYS = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "403"}
_FURTHER_TRIES = 1
_AT_ONCE = 4 << 20


class S3Store:
    """See `sources.files.sent_files.Store`."""

    def __init__(self, source: SourceConfig) -> None:
        self._source = source
        self._bucket = source.address.removeprefix("s3://").partition("/")[0]
        connection = source.connection if isinstance(source.connection, FileConnection) else FileConnection()
        if not connection.endpoint:
            raise drifted(source, "chưa ghi endpoint của kho S3 ở [connection]")
        keys = secret(source.secret)
        verify: Any = str(source.folder / connection.ca_file) if connection.ca_file else True
        self._system = S3FileSystem(
            key=keys.text("access_key") or None,
            secret=keys.text("secret_key") or None,
            anon=not keys.text("access_key"),
            endpoint_url=connection.endpoint,
            client_kwargs={"region_name": connection.region or "us-east-1", "verify": verify},
            config_kwargs=_patience(source.timeout_seconds),
            session=AioSession(session_vars=_nothing_of_this_machine()),
            use_listings_cache=False,
            skip_instance_cache=True,
        )
        self._system.retries = 1 + _FURTHER_TRIES

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
        client = self._system._s3  # s3fs closes it at garbage collection only
        if client is not None:
            self._system.close_session(self._system.loop, client)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The driver's errors as those of `Store`."""
        try:
            yield
        except (ConnectTimeoutError, ReadTimeoutError):
            raise TimeoutError(errno.ETIMEDOUT, "") from None
        except (BotoCoreError, HttpError):
            raise unreachable(self._source, "không nối được tới kho S3, hoặc kết nối bị ngắt giữa chừng") from None
        except (ClientError, OSError) as error:
            raise self._explained(error, _code(error)) from None

    def _explained(self, error: Exception, code: str) -> Exception:
        if code == "NoSuchBucket":
            return drifted(self._source, f"kho S3 không có bucket «{self._bucket}»")
        if code == "RequestTimeTooSkewed":
            return self._refused("đồng hồ của máy này lệch với kho S3", "chỉnh lại đồng hồ máy này")
        if code in _WRONG_KEYS:
            advice = f"kiểm tra access_key, secret_key của bí mật «{self._source.secret}»; hỏi {self._source.contact}"
            return self._refused("kho S3 từ chối: khóa truy cập sai hoặc không được phép đọc", advice)
        if code in {"PreconditionFailed", "412"}:
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


def _patience(seconds: float) -> dict[str, Any]:
    tries = {"total_max_attempts": 1 + _FURTHER_TRIES, "mode": "standard"}
    # A proxy of the machine's environment would see what is read.
    return {"connect_timeout": seconds, "read_timeout": seconds, "retries": tries, "proxies": {}}


def _nothing_of_this_machine() -> dict[str, tuple[Any, ...]]:
    """Every setting of the AWS client at its default, whatever environment and ~/.aws say."""
    files = {"config_file": os.devnull, "credentials_file": os.devnull}
    return {
        name: (None, None, files.get(name, default), conversion)
        for name, (_, _, default, conversion) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
    }


def _code(error: BaseException) -> str:
    """S3's own name of the error; s3fs keeps it in the cause."""
    for one in (error, error.__cause__, error.__context__):
        if isinstance(one, ClientError):
            return str(one.response.get("Error", {}).get("Code", ""))
    return ""
