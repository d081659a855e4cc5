"""A wire between client and server that can be cut while something runs over it."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Relay:
    """Passes bytes both ways. `cut_after`: of the server's bytes, so many are passed, then every connection is closed
    and no further one is taken."""

    def __init__(self, target: int, cut_after: int) -> None:
        self._target, self._left = target, cut_after
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.passed = 0
        self._open: list[socket.socket] = [self._listener]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        for one in self._open:
            _end(one)
        self._thread.join(10)

    def _run(self) -> None:
        while self._left > 0:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            self._open += [client, server]
            threading.Thread(target=self._pass, args=(client, server), daemon=True).start()

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        with selectors.DefaultSelector() as ready, contextlib.suppress(OSError):
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in ready.select():
                    data = key.fileobj.recv(65_536)  # type: ignore[union-attr]
                    if not data or self._is_cut(key.fileobj is server, len(data)):
                        client.close()
                        server.close()
                        return
                    key.data.sendall(data)

    def _is_cut(self, from_server: bool, count: int) -> bool:
        if from_server:
            self._left -= count
            self.passed += count
        if self._left <= 0:
            _end(self._listener)
        return self._left <= 0


def _end(one: socket.socket) -> None:
    """Wakes whoever waits for it, too."""
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def relay(target: int, *, cut_after: int) -> Iterator[Relay]:
    """A wire to the server on that port of loopback."""
    one = Relay(target, cut_after)
    try:
        yield one
    finally:
        one.close()


@contextmanager
def silent() -> Iterator[int]:
    """Port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])
