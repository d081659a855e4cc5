"""cchc worker: one more process that takes runs and sources from the work pool, on this machine or a further one."""

from __future__ import annotations

import os
from typing import Annotated
from urllib.parse import urlsplit

import typer

from cli.console import out
from cli.up import OK, places, status
from contracts.errors import UsageError
from contracts.settings import Settings

AT_ONCE = 2
"""Each needs about half a gigabyte beside what its source's rows take."""


def worker(
    limit: Annotated[
        int, typer.Option("--limit", metavar="SỐ", min=1, help="Số việc làm cùng lúc: một nguồn hoặc một lượt chạy kỳ.")
    ] = AT_ONCE,
    sources_only: Annotated[
        bool,
        typer.Option("--sources-only", help="Chỉ nhận từng nguồn, không nhận cả lượt chạy kỳ (tính và in báo cáo)."),
    ] = False,
) -> None:
    """Nhận việc từ máy chủ Prefect (PREFECT_API_URL): chạy kỳ theo lịch, đọc và tính từng nguồn; giữ cho đến Ctrl-C."""
    from cli.keeping import Kept
    from flows.lasting import further_worker

    shown = _server()
    os.environ.update(places())
    with Kept(log=Settings().home.resolve() / "logs") as kept:
        try:
            program = further_worker(limit, sources_only=sources_only)
            kept.start(program)
            out.print(f"Đang nhận việc từ {shown}, tối đa {limit} việc cùng lúc. Dừng: Ctrl-C.")
            kept.keep()
        except KeyboardInterrupt:
            out.print("Đang dừng…")
    out.print("Đã dừng. Việc đang làm dở do lượt chạy giao lại cho tiến trình khác.")


def _server() -> str:
    """Where Prefect's server answers, to be shown. Raises UsageError where there is none, or nobody answers there."""
    address = os.environ.get("PREFECT_API_URL", "").rstrip("/")
    if not address:
        raise UsageError(
            "chưa biết máy chủ Prefect ở đâu",
            advice="đặt PREFECT_API_URL, ví dụ: PREFECT_API_URL=http://127.0.0.1:4200/api cchc worker",
        )
    parts = urlsplit(address)
    shown = f"{parts.scheme}://{parts.hostname}:{parts.port}"  # a password could stand before it
    if (found := status(f"{address}/health")) != OK:
        told = f"trả lời mã {found}" if found else "không trả lời"
        raise UsageError(
            f"máy chủ Prefect tại {shown} {told}",
            advice="kiểm tra cchc up trên máy chủ, đường nối đến cổng đó, và địa chỉ có /api ở cuối",
        )
    return shown
