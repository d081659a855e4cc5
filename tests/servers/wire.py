"""A wire to a server that goes silent, is cut, and is mended again, as somebody says."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Wire:
    """Passes bytes both ways between whoever connects to `port` and the server on loopback."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._clients: list[socket.socket] = []
        self._left: list[socket.socket] = []
        self._passes = threading.Event()
        self._passes.set()
        self._is_cut = self._closed = False
        self.waiting = threading.Event()
        """Somebody has sent something into the silence."""
        threading.Thread(target=self._take, daemon=True).start()

    def hold(self) -> None:
        """Nothing passes any more, and nobody is told."""
        self.waiting.clear()
        self._passes.clear()

    def cut(self) -> None:
        """Every connection is closed, and each new one at once."""
        self._is_cut = True
        self._close_all()

    def cut_for_clients(self) -> None:
        """The clients' ends alone: the server notices nothing."""
        for client in self._clients:
            self._left.append(client)
            _end(client)
        self._clients.clear()

    def mend(self) -> None:
        self._is_cut = False
        self._close_all()  # what was held is of a client that is gone
        self._passes.set()

    def close(self) -> None:
        self._closed = True
        self._passes.set()
        _end(self._listener)
        self._close_all()

    def _close_all(self) -> None:
        while self._open:
            _end(self._open.pop())

    def _take(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._is_cut:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:  # the server itself is away
                client.close()
                continue
            self._open += [client, server]
            self._clients.append(client)
            threading.Thread(target=self._pass, args=(client, server), daemon=True).start()

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        with selectors.DefaultSelector() as ready, contextlib.suppress(OSError, ValueError):
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while self._passed_on(ready):
                pass
        _end(client)
        if client not in self._left:
            _end(server)

    def _passed_on(self, ready: selectors.BaseSelector) -> bool:
        """Whether both ends are there still."""
        for key, _ in ready.select():
            data = key.fileobj.recv(65_536)  # type: ignore[union-attr]
            if not self._passes.is_set():
                self.waiting.set()
                self._passes.wait()
            if not data:
                return False
            key.data.sendall(data)
        return True


def _end(one: socket.socket) -> None:
    """Wakes whoever waits for it, too."""
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def wire(target: int) -> Iterator[Wire]:
    one = Wire(target)
    try:
        yield one
    finally:
        one.close()
