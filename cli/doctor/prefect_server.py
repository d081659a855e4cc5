"""Prefect's own database and, where one runs, its server: what a schedule stands and falls with."""

from __future__ import annotations

import os
from pathlib import Path

from cli.doctor.portal import listens, whose
from cli.doctor.prefect_address import answer_of, given, near
from contracts.fitness import Fit, Fitness, good, unfit, warning
from contracts.settings import Settings

ANSWERS_WITHIN = 8.0
DATABASE = ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL")
_REBUILD = "dừng dịch vụ, chuyển tệp này đi nơi khác rồi chạy lại: chỉ mất lịch sử của Prefect, không mất số liệu"


def prefect() -> Fitness:
    """Raises WarehouseError where its database is a server that does not answer."""
    database = _database()
    if database.state is not Fit.GOOD:
        return database
    if api := given():
        if _answers(api):
            return database
        said = f"PREFECT_API_URL là {api}, ở đó không có máy chủ Prefect nào trả lời"
        return unfit(said, "mở máy chủ đó, hoặc bỏ biến này", "systemctl status cchc")
    port = Settings().prefect_port
    return database if port is None or _answers(near()) else _silent(port)


def _silent(port: int) -> Fitness:
    """The server of `cchc up` may be stopped on purpose: before the first start, in the midst of an upgrade. Where it
    should not be, the watchdog tells people."""
    if listens(port):
        said = f"cổng {port} (CCHC_PREFECT_PORT) có chương trình giữ mà không trả lời như máy chủ Prefect"
        return unfit(said, "xem là chương trình nào; nếu là Prefect thì khởi động lại dịch vụ", whose(port))
    said = f"không có máy chủ Prefect nào ở cổng {port} (CCHC_PREFECT_PORT): lịch chưa chạy"
    return warning(said, "nếu dịch vụ cchc phải đang chạy: xem vì sao nó dừng rồi mở lại", "systemctl status cchc")


def _database() -> Fitness:
    url = next((os.environ[name] for name in DATABASE if os.environ.get(name)), "")
    if url.startswith("postgresql"):
        return _on_server(url)
    file = _file(url)
    if not file.exists():
        return good("chưa có cơ sở dữ liệu riêng: mỗi lệnh mở một máy chủ tạm")
    from warehouse.examined_sqlite import of_file

    found = of_file(file, restore=_REBUILD, wal=False)
    return good(f"{file}: {found.said}") if found.state is Fit.GOOD else found


def _on_server(url: str) -> Fitness:
    from warehouse.database import open_unchanged
    from warehouse.examined_postgresql import of_server

    found = of_server(open_unchanged(url.replace("+asyncpg", "+psycopg")))
    return good(f"cơ sở dữ liệu riêng: {found.said}") if found.state is Fit.GOOD else found


def _file(url: str) -> Path:
    if url.startswith("sqlite"):
        return Path(url.partition(":///")[2])
    home = os.environ.get("PREFECT_HOME") or Settings().home.resolve() / "prefect"
    return Path(home) / "prefect.db"


def _answers(api: str) -> bool:
    return answer_of(f"{api}/health", within=ANSWERS_WITHIN) is not None
