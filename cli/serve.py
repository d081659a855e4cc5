"""cchc serve: the portal of one province, on this machine alone; a reverse proxy stands before it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.console import out

PORT = 8020


def serve(
    port: Annotated[int, typer.Option("--port", metavar="CỔNG", help="Cổng TCP trên 127.0.0.1.")] = PORT,
) -> None:
    """Mở cổng tra cứu, kiểm tra, duyệt báo cáo cho cán bộ Sở Nội vụ."""
    import uvicorn

    from portal.app import create_app

    app = create_app()
    out.print(f"Cổng báo cáo: http://127.0.0.1:{port}  (dừng: Ctrl-C)")
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", server_header=False)
