"""An SFTP server through fsspec: its key is known beforehand, one connection, nothing of this machine's own SSH
set-up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncssh
from asyncssh import sftp
from sshfs import SSHFileSystem

from contracts.secrets import Secret

GONE = (sftp.SFTPNoSuchFile, sftp.SFTPNoSuchPath, sftp.SFTPNotADirectory)
CUT = (asyncssh.DisconnectError, asyncssh.ChannelOpenError, sftp.SFTPConnectionLost, sftp.SFTPNoConnection)
DENIED = sftp.SFTPPermissionDenied
FAILED = asyncssh.Error
"""Whatever else the library tells."""


class SftpRefused(Exception):
    """Not worth a retry: a person has to act first. cause, advice: Vietnamese."""

    def __init__(self, cause: str, advice: str) -> None:
        super().__init__(cause)
        self.cause, self.advice = cause, advice


class SftpAway(Exception):
    """No answer. cause: Vietnamese."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class SftpServer:
    """known_hosts: file with the server's key. secret: name of the secret that holds `keys`. whom: who is to be asked
    about the server. seconds: waited for an answer."""

    def __init__(
        self, host: str, port: int, *, known_hosts: Path, keys: Secret, secret: str, whom: str, seconds: float
    ) -> None:
        self._host, self._port, self._seconds = host, port, seconds
        self._file, self._keys, self._secret, self._whom = known_hosts, keys, secret, whom

    def connected(self) -> SSHFileSystem:
        """Raises SftpRefused, SftpAway. A refused login is not tried again: it may lock the account."""
        known, login = self._known_hosts(), self._login()
        try:
            try:
                return self._connected(known_hosts=known, **login)
            except (asyncssh.ConnectionLost, ConnectionResetError):
                # A server that has no key of the kind that we know hangs up without a word. Asked for any of its keys
                # it shows the one that it has, and that is refused.
                return self._connected(known_hosts=known, server_host_key_algs="default", **login)
        except asyncssh.HostKeyNotVerifiable:
            raise SftpRefused(
                f"khóa của máy chủ KHÁC khóa đã ghi trong {self._file.parent}: có thể có kẻ giả mạo",
                f"gọi {self._whom} hỏi máy chủ có thay khóa không; {self._how_to_know()}",
            ) from None
        except asyncssh.KeyExchangeFailed:
            raise SftpAway("máy chủ chỉ biết cách mã hóa cũ, không an toàn") from None
        except (PermissionError, sftp.SFTPPermissionDenied):
            advice = f"kiểm tra user, khóa hoặc mật khẩu của bí mật «{self._secret}»; hỏi {self._whom}"
            raise SftpRefused("máy chủ từ chối đăng nhập", advice) from None
        except TimeoutError:
            raise SftpAway(f"máy chủ không trả lời trong {self._seconds:g} giây") from None
        except CUT:
            raise SftpAway(f"kết nối tới máy chủ {self._host} bị ngắt giữa chừng") from None
        except (OSError, FAILED):
            raise SftpAway(f"không nối được tới máy chủ {self._host}:{self._port}") from None

    def _connected(self, **how: Any) -> SSHFileSystem:
        return SSHFileSystem(
            self._host,
            port=self._port,
            config=None,
            agent_path=None,
            gss_host=None,
            login_timeout=self._seconds,
            connect_timeout=self._seconds,
            timeout=self._seconds,
            keepalive_interval=self._seconds,
            skip_instance_cache=True,
            **how,
        )

    def _known_hosts(self) -> asyncssh.SSHKnownHosts:
        """Without the server's key there is no telling who answers."""
        try:
            known = asyncssh.import_known_hosts(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SftpRefused(f"chưa có tệp {self._file} ghi khóa của máy chủ", self._how_to_know()) from None
        except (OSError, ValueError):
            raise SftpRefused(f"tệp {self._file} không đọc được hoặc sai dạng", self._how_to_know()) from None
        if not self._keys_for_host(known):
            raise SftpRefused(f"tệp {self._file} không có khóa của máy chủ này", self._how_to_know())
        return known

    def _keys_for_host(self, known: asyncssh.SSHKnownHosts) -> bool:
        port = None if self._port == 22 else self._port
        host_keys, authorities, *_ = asyncssh.match_known_hosts(known, self._host, "", port)
        return bool(host_keys or authorities)

    def _login(self) -> dict[str, Any]:
        if not (user := self._keys.text("user")):
            raise SftpRefused("bí mật chưa có «user»", f"thêm user vào bí mật «{self._secret}»")
        if key := self._keys.text("private_key"):
            opened = self._key(key, self._keys.text("passphrase"))
            return {"username": user, "client_keys": [opened], "preferred_auth": ["publickey"]}
        if not (password := self._keys.text("password")):
            advice = f"thêm private_key hoặc password vào bí mật «{self._secret}»"
            raise SftpRefused("bí mật không có khóa riêng, cũng không có mật khẩu", advice)
        by_password = ["password", "keyboard-interactive"]
        return {"username": user, "password": password, "client_keys": None, "preferred_auth": by_password}

    def _key(self, text: str, passphrase: str) -> asyncssh.SSHKey:
        try:
            return asyncssh.import_private_key(text, passphrase or None)
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
            advice = f"sửa private_key, passphrase của bí mật «{self._secret}»"
            if "bcrypt" in str(error):  # asyncssh's own words; the key's text is not in them
                advice = "đổi dạng khóa bằng: ssh-keygen -p -m PKCS8 -f TỆP_KHÓA, rồi ghi lại vào bí mật"
            raise SftpRefused("khóa riêng trong bí mật không mở được: sai dạng hoặc sai passphrase", advice) from None

    def _how_to_know(self) -> str:
        scan = f"ssh-keyscan -p {self._port} {self._host}"
        return (
            f"lấy khóa bằng: {scan}; đọc dấu vân tay (ssh-keygen -lf) cho {self._whom} xác nhận, "
            f"rồi ghi vào {self._file.parent}"
        )


def close(system: SSHFileSystem) -> None:
    system.loop.call_soon_threadsafe(system.client.close)
