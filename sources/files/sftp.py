"""Files on an SFTP server, whose key lies in the source's folder."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from sshfs import SSHFileSystem

from contracts.errors import SourceError
from contracts.secrets import secret
from contracts.source_config import SourceConfig
from contracts.table_spec import FileConnection
from sources.reader import unreachable
from storage import sftp_system
from storage.sftp_system import SftpAway, SftpRefused, SftpServer


class SftpStore:
    """See `sources.files.sent_files.Store`. It lists, looks and reads; it never asks the server for anything else."""

    def __init__(self, source: SourceConfig) -> None:
        self._source = source
        place = urlsplit(source.address)
        self._host, self._port = place.hostname or "", place.port or 22
        self._timeout = source.timeout_seconds
        self._system = self._connected()

    def _connected(self) -> SSHFileSystem:
        connection = self._source.connection
        name = connection.known_hosts if isinstance(connection, FileConnection) else "known_hosts"
        server = SftpServer(
            self._host,
            self._port,
            known_hosts=self._source.folder / name,
            keys=secret(self._source.secret),
            secret=self._source.secret,
            whom=self._source.contact,
            seconds=self._timeout,
        )
        try:
            return server.connected()
        except SftpRefused as error:
            raise self._refused(error.cause, error.advice) from None
        except SftpAway as error:
            raise unreachable(self._source, error.cause) from None

    def info(self, path: str) -> dict[str, Any]:
        with self._translated():
            found: dict[str, Any] = self._system.info(path, timeout=self._timeout)
            return found

    def entries(self, folder: str) -> list[dict[str, Any]]:
        with self._translated():
            return list(self._system.ls(folder, detail=True, timeout=self._timeout))

    @contextmanager
    def opened(self, path: str) -> Iterator[Any]:
        with self._translated():
            handle = self._system.open(path, "rb")
        try:
            yield _Stream(self, handle)
        finally:
            self._close_quietly(handle)

    def read(self, handle: Any, size: int) -> bytes:
        with self._translated():
            data: bytes = handle.read(size, timeout=self._timeout)
            return data

    def close(self) -> None:
        sftp_system.close(self._system)

    def _close_quietly(self, handle: Any) -> None:
        """A file of a connection that is gone cannot be closed, and need not be."""
        try:
            with self._translated():
                handle.close()
        except (OSError, SourceError):
            return

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The driver's errors as those of `Store`."""
        try:
            yield
        except sftp_system.GONE:
            raise FileNotFoundError(errno.ENOENT, "") from None
        except sftp_system.DENIED:
            raise PermissionError(errno.EACCES, "") from None
        except sftp_system.CUT:
            raise unreachable(self._source, f"kết nối tới máy chủ {self._host} bị ngắt giữa chừng") from None
        except sftp_system.FAILED as error:
            raise OSError(errno.EIO, type(error).__name__) from None

    def _refused(self, cause: str, advice: str) -> SourceError:
        """Not worth a retry: a person has to act first."""
        where = f"{self._host}:{self._port}"
        return SourceError(
            f"{self._source.name}: máy chủ SFTP {where}: {cause}", source_id=self._source.id, advice=advice
        )


class _Stream:
    """A file of the server as something to read from."""

    def __init__(self, store: SftpStore, handle: Any) -> None:
        self._store, self._handle = store, handle

    def read(self, size: int) -> bytes:
        return self._store.read(self._handle, size)
