"""An HTTP server for tests: gives rows as JSON in every style of paging, and misbehaves as it is told.

A thread of the tests, so that a test can change the rows while they are read, and look at what was asked.
"""

from __future__ import annotations

import base64
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

USER, PASSWORD = "cchc", "mật khẩu: @/"
CLIENT, CLIENT_SECRET = "cchc-client", "client-secret-of-cchc"


@dataclass(frozen=True)
class Asked:
    """One request as it came. body: of a POST."""

    method: str
    path: str
    query: dict[str, str]
    heads: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """content: bytes to send; more are promised by Content-Length where `promised` says so."""

    content: bytes
    status: int = 200
    heads: dict[str, str] = field(default_factory=dict)
    promised: int | None = None


Act = Callable[["JsonServer", Asked], Reply | None]
"""What the server does in place of its usual answer; None: the usual answer after all."""


class JsonServer:
    """rows: what it serves at /hoso, `size` a page where nothing is asked. style: none, page, offset, cursor, link or
    head (the Link head). script: acts for the next requests, one each. auth: heads without which it answers 401."""

    def __init__(self, tls: SSLContext | None = None) -> None:
        self.rows: list[dict[str, Any]] = []
        self.style = "page"
        self.size = 100
        self.largest = 1_000_000
        self.total: Callable[[], Any] = lambda: len(self.rows)
        self.pages: Callable[[int], Any] = lambda size: -(-len(self.rows) // size)
        self.script: deque[Act] = deque()
        self.auth: dict[str, str] = {}
        self.tokens: list[str] = []
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self.gone = threading.Event()
        self._at_once = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.scheme = "https" if tls else "http"
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.gone.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def then(self, *acts: Act) -> None:
        self.script.extend(acts)

    def answered(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            act = self.script.popleft() if self.script else usual
        try:
            return act(self, asked) or self._usual(asked)
        finally:
            with self._lock:
                self._at_once -= 1

    def _usual(self, asked: Asked) -> Reply:
        if asked.path == "/token":
            return self._token(asked)
        if any(asked.heads.get(name) != value for name, value in self.auth.items()):
            return Reply(b"bi mat", 401)
        if self.tokens and asked.heads.get("Authorization") != f"Bearer {self.tokens[-1]}":
            return Reply(b"bi mat", 401)
        if asked.path != "/hoso":
            return Reply(b"{}", 404)
        return self._page({**asked.query, **(json.loads(asked.body) if asked.body else {})})

    def _token(self, asked: Asked) -> Reply:
        form = dict(parse_qsl(asked.body.decode()))
        named = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        by_head = asked.heads.get("Authorization") == f"Basic {named}"
        by_body = (form.get("client_id"), form.get("client_secret")) == (CLIENT, CLIENT_SECRET)
        if not (by_head or by_body) or form.get("grant_type") != "client_credentials":
            return Reply(b'{"error": "invalid_client"}', 401)
        self.tokens.append(f"token-{len(self.tokens) + 1}")
        return as_json({"access_token": self.tokens[-1], "token_type": "Bearer", "expires_in": 3600})

    def _page(self, said: dict[str, Any]) -> Reply:
        size = min(int(said.get("size", self.size)), self.largest)
        first = self._first(said, size)
        rows, more = self.rows[first : first + size], first + size < len(self.rows)
        answer: dict[str, Any] = {"data": {"items": rows, "total": self.total(), "pages": self.pages(size)}}
        heads = {}
        following = urlencode({**said, "after": first + size, "size": size})
        if self.style == "cursor":
            answer["next"] = f"c{first + size}" if more else None
        if self.style == "link":
            answer["next"] = f"/hoso?{following}" if more else None
        if self.style == "head" and more:
            heads["Link"] = f'<{self.url}/hoso?{following}>; rel="next"'
        return as_json(answer, heads=heads)

    def _first(self, said: dict[str, Any], size: int) -> int:
        match self.style:
            case "page":
                return (int(said.get("page", 1)) - 1) * size
            case "offset":
                return int(said.get("offset", 0))
            case "cursor":
                return int(str(said.get("cursor", "c0")).removeprefix("c"))
            case _:
                return int(said.get("after", 0))


def as_json(content: Any, status: int = 200, heads: dict[str, str] | None = None) -> Reply:
    text = json.dumps(content, ensure_ascii=False).encode()
    return Reply(text, status, {"Content-Type": "application/json", **(heads or {})})


def usual(_server: JsonServer, _asked: Asked) -> None:
    return None


def answer(content: bytes, status: int = 200, **heads: str) -> Act:
    """That reply; «Retry_After» is the head Retry-After."""
    named = {name.replace("_", "-"): value for name, value in heads.items()}
    return lambda _server, _asked: Reply(content, status, named)


def broken_off(server: JsonServer, asked: Asked) -> Reply:
    """The first half of the usual answer; then the line is dead."""
    whole = server._usual(asked)
    return Reply(whole.content[: len(whole.content) // 2], whole.status, whole.heads, promised=len(whole.content))


def silent(server: JsonServer, _asked: Asked) -> None:
    """No answer before the client, or the test, has gone."""
    server.gone.wait(30)


def first(change: Callable[[JsonServer], object]) -> Act:
    """The rows change, or anything else, before the usual answer."""

    def act(server: JsonServer, _asked: Asked) -> None:
        change(server)

    return act


@pytest.fixture
def json_server() -> Iterator[JsonServer]:
    server = JsonServer()
    yield server
    server.stop()


def _handler(told: JsonServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # heads and body are two packets: the second would wait for the client's nod

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            heads = {name.title(): value for name, value in self.headers.items()}
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), heads, body)
            self._reply(told.answered(asked))

        do_POST = do_GET

        def _reply(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.heads.items():
                self.send_header(name, value)
            promised = len(reply.content) if reply.promised is None else reply.promised
            self.send_header("Content-Length", str(promised))
            self.end_headers()
            self.wfile.write(reply.content)
            self.close_connection = promised != len(reply.content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:  # the client has gone, as it should where it was kept waiting
                self.close_connection = True

    return Handler
