"""What the portal tells of itself while it runs: a line of JSON a request, at start, at stop, at an error; and counts
for Prometheus. Neither holds who it was, from where, nor what was asked for: routes are told by their template."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contracts import clock
from portal.metrics import Metrics

METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"}
Log = structlog.typing.FilteringBoundLogger


def open_log(path: Path | None) -> Log:
    """Lines to that file (CCHC_LOG), which only its owner may read, or to the standard error."""
    made: Log = structlog.wrap_logger(
        structlog.WriteLogger(_opened(path) if path else sys.stderr),
        processors=[_at, structlog.processors.JSONRenderer(serializer=_json)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    return made


def _opened(path: Path) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8")


def _at(_log: Any, _name: str, said: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {"at": clock.now().isoformat(), "event": said["event"], **said}


def _json(said: dict[str, Any], **_more: Any) -> str:
    return json.dumps(said, ensure_ascii=False, default=str)


def tell(scope: Scope, event: str, **said: Any) -> None:
    """A line of the log of the application that answers."""
    log: Log = scope["app"].state.log
    log.info(event, **said)


class Telling:
    """Outermost: sees what was answered in the end, and how long it took."""

    def __init__(self, app: ASGIApp, log: Log, metrics: Metrics) -> None:
        self.app, self.log, self.metrics = app, log, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, self._lifespan(send))
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        else:
            await self._request(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            seconds = time.perf_counter() - began
            method = scope["method"] if scope["method"] in METHODS else "khác"
            route = _route(scope)
            self.log.info(
                "request", method=method, route=route, status=status, ms=round(seconds * 1000, 1), role=_role(scope)
            )
            self.metrics.answered(method, route, status, seconds)

    def _lifespan(self, send: Send) -> Send:
        async def noted(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                quiet_server(self.log)
                self.log.info("start", pid=os.getpid())
            elif message["type"] == "lifespan.shutdown.complete":
                self.log.info("stop", pid=os.getpid())
            await send(message)

        return noted


def _route(scope: Scope) -> str:
    """The template: /bao-cao/{period}/{unit}. "-" where no route is meant, whatever was asked for."""
    path = getattr(scope.get("route"), "path", None)
    if path is None and scope.get("app_root_path", "") != scope.get("root_path", ""):
        return str(scope["root_path"])  # of static files
    return path or "-"


def _role(scope: Scope) -> str:
    person = scope.get("state", {}).get("person")
    return str(person.account.role) if person is not None else ""


class _OurLines(logging.Handler):
    """What the server itself has to say, as one of our lines: the event alone, never a trace, whose last line has the
    value that an error is about."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self.log = log

    def emit(self, record: logging.LogRecord) -> None:
        self.log.warning("server", said=str(record.msg).partition("\n")[0], level=record.levelname)


def quiet_server(log: Log) -> None:
    """uvicorn's own lines have addresses, paths and traces; ours have none."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio"):
        server = logging.getLogger(name)
        server.handlers, server.propagate = [_OurLines(log)], False
