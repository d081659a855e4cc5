"""Files on an SFTP server: its key is known beforehand, one connection, nothing of this machine's own SSH set-up."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncssh
from asyncssh import sftp
from sshfs import SSHFileSystem

from contracts.errors import SourceError
from contracts.secrets import Secret, secret
from contracts.source_config import SourceConfig
from contracts.table_spec import FileConnection
from sources.reader import unreachable

_GONE = (sftp.SFTPNoSuchFile, sftp.SFTPNoSuchPath, sftp.SFTPNotADirectory)
_CUT = (asyncssh.DisconnectError, asyncssh.ChannelOpenError, sftp.SFTPConnectionLost, sftp.SFTPNoConnection)


class SftpStore:
    """See `sources.files.sent_files.Store`. It lists, looks and reads; it never asks the server for anything else."""

    def __init__(self, source: SourceConfig) -> None:
        self._source = source
        place = urlsplit(source.address)
        self._host, self._port = place.hostname or "", place.port or 22
        self._timeout = source.timeout_seconds
        known = self._known_hosts()
        login = self._login(secret(source.secret))
        with self._connecting(), self._translated():
            try:
                self._system = self._connected(known_hosts=known, **login)
            except (asyncssh.ConnectionLost, ConnectionResetError):
                # A server that has no key of the kind that we know hangs up without a word. Asked for any of its keys
                # it shows the one that it has, and that is refused.
                self._system = self._connected(known_hosts=known, server_host_key_algs="default", **login)

    def _connected(self, **how: Any) -> SSHFileSystem:
        return SSHFileSystem(
            self._host,
            port=self._port,
            config=None,
            agent_path=None,
            gss_host=None,
            login_timeout=self._timeout,
            connect_timeout=self._timeout,
            timeout=self._timeout,
            keepalive_interval=self._timeout,
            skip_instance_cache=True,
            **how,
        )

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
        self._system.loop.call_soon_threadsafe(self._system.client.close)

    def _close_quietly(self, handle: Any) -> None:
        """A file of a connection that is gone cannot be closed, and need not be."""
        try:
            with self._translated():
                handle.close()
        except (OSError, SourceError):
            return

    def _known_hosts(self) -> asyncssh.SSHKnownHosts:
        """The server's key as the province wrote it down. Without one there is no telling who answers."""
        connection = self._source.connection
        name = connection.known_hosts if isinstance(connection, FileConnection) else "known_hosts"
        path = self._source.folder / name
        try:
            text = path.read_text(encoding="utf-8")
            known = asyncssh.import_known_hosts(text)
        except FileNotFoundError:
            raise self._refused(f"chưa có tệp {path} ghi khóa của máy chủ", self._how_to_know()) from None
        except (OSError, ValueError):
            raise self._refused(f"tệp {path} không đọc được hoặc sai dạng", self._how_to_know()) from None
        if not self._keys_for_host(known):
            raise self._refused(f"tệp {path} không có khóa của máy chủ này", self._how_to_know())
        return known

    def _keys_for_host(self, known: asyncssh.SSHKnownHosts) -> bool:
        port = None if self._port == 22 else self._port
        host_keys, authorities, *_ = asyncssh.match_known_hosts(known, self._host, "", port)
        return bool(host_keys or authorities)

    def _login(self, parts: Secret) -> dict[str, Any]:
        user = parts.text("user")
        if not user:
            raise self._refused("bí mật chưa có «user»", f"thêm user vào bí mật «{self._source.secret}»")
        if key := parts.text("private_key"):
            return {
                "username": user,
                "client_keys": [self._key(key, parts.text("passphrase"))],
                "preferred_auth": ["publickey"],
            }
        if not (password := parts.text("password")):
            advice = f"thêm private_key hoặc password vào bí mật «{self._source.secret}»"
            raise self._refused("bí mật không có khóa riêng, cũng không có mật khẩu", advice)
        by_password = ["password", "keyboard-interactive"]
        return {"username": user, "password": password, "client_keys": None, "preferred_auth": by_password}

    def _key(self, text: str, passphrase: str) -> asyncssh.SSHKey:
        try:
            return asyncssh.import_private_key(text, passphrase or None)
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
            advice = f"sửa private_key, passphrase của bí mật «{self._source.secret}»"
            if "bcrypt" in str(error):  # asyncssh's own words; the key's text is not in them
                advice = "đổi dạng khóa bằng: ssh-keygen -p -m PKCS8 -f TỆP_KHÓA, rồi ghi lại vào bí mật"
            raise self._refused("khóa riêng trong bí mật không mở được: sai dạng hoặc sai passphrase", advice) from None

    @contextmanager
    def _connecting(self) -> Iterator[None]:
        """What can go wrong before the first file is asked for. A refused login is not tried again: it may lock the
        account."""
        try:
            yield
        except asyncssh.HostKeyNotVerifiable:
            raise self._changed_key() from None
        except asyncssh.KeyExchangeFailed:
            raise unreachable(self._source, "máy chủ chỉ biết cách mã hóa cũ, không an toàn") from None
        except PermissionError:
            advice = f"kiểm tra user, khóa hoặc mật khẩu của bí mật «{self._source.secret}»; hỏi {self._source.contact}"
            raise self._refused("máy chủ từ chối đăng nhập", advice) from None
        except TimeoutError:
            raise unreachable(self._source, f"máy chủ không trả lời trong {self._timeout:g} giây") from None
        except OSError:
            raise unreachable(self._source, f"không nối được tới máy chủ {self._host}:{self._port}") from None

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The driver's errors as those of `Store`."""
        try:
            yield
        except (asyncssh.HostKeyNotVerifiable, asyncssh.KeyExchangeFailed):
            raise
        except _GONE:
            raise FileNotFoundError(errno.ENOENT, "") from None
        except sftp.SFTPPermissionDenied:
            raise PermissionError(errno.EACCES, "") from None
        except _CUT:
            raise unreachable(self._source, f"kết nối tới máy chủ {self._host} bị ngắt giữa chừng") from None
        except asyncssh.Error as error:
            raise OSError(errno.EIO, type(error).__name__) from None

    def _changed_key(self) -> SourceError:
        return self._refused(
            f"khóa của máy chủ KHÁC khóa đã ghi trong {self._source.folder}: có thể có kẻ giả mạo",
            f"gọi {self._source.contact} hỏi máy chủ có thay khóa không; {self._how_to_know()}",
        )

    def _how_to_know(self) -> str:
        scan = f"ssh-keyscan -p {self._port} {self._host}"
        return (
            f"lấy khóa bằng: {scan}; đọc dấu vân tay (ssh-keygen -lf) cho {self._source.contact} xác nhận, "
            f"rồi ghi vào {Path(self._source.folder)}"
        )

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
