"""A server that greets like a MySQL of some version, asks for some way of logging in, and keeps what it is told."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_PROTOCOL_41, _SECURE, _PLUGINS, _WITH_DATABASE = 1 << 9, 1 << 15, 1 << 19, 1 << 3
_OK = b"\x00\x00\x00\x02\x00\x00\x00"


@dataclass
class Greeter:
    port: int
    heard: list[bytes] = field(default_factory=list)


@contextmanager
def greeter(*, version: str = "8.0.36", then_asks_for: str = "") -> Iterator[Greeter]:
    """then_asks_for: the plugin to which it wants the login switched; without, everybody is let in."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = Greeter(listener.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listener, one, version, then_asks_for), daemon=True)
        thread.start()
        yield one
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def _serve(listener: socket.socket, one: Greeter, version: str, plugin: str) -> None:
    with suppress(OSError):
        client, _ = listener.accept()
        with client:
            client.settimeout(10)
            _send(client, 0, _greeting(version))
            one.heard.append(client.recv(65_536))
            _send(client, 2, b"\xfe" + plugin.encode() + b"\0" + b"x" * 20 + b"\0" if plugin else _OK)
            while said := client.recv(65_536):
                one.heard.append(said)
                _send(client, 1, _OK)


def _greeting(version: str) -> bytes:
    flags = _PROTOCOL_41 | _SECURE | _PLUGINS | _WITH_DATABASE
    low, high = flags & 0xFFFF, flags >> 16
    head = b"\x0a" + version.encode() + b"\0" + struct.pack("<I", 1) + b"salt-one" + b"\0"
    tail = struct.pack("<HBHHB10x", low, 45, 2, high, 21) + b"salt-two-abc" + b"\0"
    return head + tail + b"mysql_native_password\0"


def _send(client: socket.socket, number: int, content: bytes) -> None:
    client.sendall(len(content).to_bytes(3, "little") + bytes([number]) + content)
