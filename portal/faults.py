"""A bug of ours, or a machine that refuses: a page with a number, never what went wrong; that stands in the log."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contracts.settings import Settings
from flows.trace import describe, write_trace
from portal.house import house_of
from portal.pages import bare
from portal.refusals import Refusal
from portal.telling import tell


class Fault(Refusal):
    """number: by which the trace is found in <home>/logs."""

    status = 500
    title = "Cổng báo cáo gặp lỗi"

    def __init__(self, number: str) -> None:
        super().__init__()
        self.advice = (
            f"Số liệu đã lưu vẫn nguyên. Thử lại sau ít phút; nếu vẫn lỗi, báo người vận hành mã lỗi {number}."
        )


class Faults:
    """Innermost, so that even such an answer passes through everything that others pass through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as bug:
            if scope["type"] != "http":
                raise
            number = f"{secrets.randbelow(10**8):08d}"
            settings: Settings = house_of(Request(scope)).settings
            write_trace(bug, settings.home / "logs", number=number)
            tell(scope, "error", number=number, kind=describe(bug))
            if begun:  # cut short, which whoever receives it notices
                raise
            await bare(Request(scope), Fault(number))(scope, receive, send)
