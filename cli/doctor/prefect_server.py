"""Prefect's own database and, where one runs, its server: what a schedule stands and falls with."""

from __future__ import annotations

import os
import urllib.request
from pathlib import Path

from contracts.fitness import Fit, Fitness, good, unfit
from contracts.settings import Settings

ANSWERS_WITHIN = 8.0
DATABASE = ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL")
_REBUILD = "dừng dịch vụ, chuyển tệp này đi nơi khác rồi chạy lại: chỉ mất lịch sử của Prefect, không mất số liệu"


def prefect() -> Fitness:
    """Raises WarehouseError where its database is a server that does not answer."""
    database = _database()
    if database.state is not Fit.GOOD:
        return database
    api = os.environ.get("PREFECT_API_URL", "")
    if api and not _answers(f"{api}/health"):
        said = f"PREFECT_API_URL là {api}, ở đó không có máy chủ Prefect nào trả lời"
        return unfit(said, "mở máy chủ đó, hoặc bỏ biến này", "systemctl status cchc")
    return database


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


def _answers(address: str) -> bool:
    if not address.startswith(("http://", "https://")):
        return False
    try:
        with urllib.request.urlopen(address, timeout=ANSWERS_WITHIN) as answer:  # noqa: S310  see above
            return int(answer.status) == 200
    except OSError:
        return False
