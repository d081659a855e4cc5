"""An interface in miniature, its configuration, and what waiting for it would have cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from contracts.rest_spec import Paging, RestConnection, RestTable
from contracts.source_config import SourceConfig
from sources.interfaces import http
from sources.reader import open_reader
from tests.servers.http import (
    JsonServer,
)
from tests.sources.systems import PERIOD, PERSON, rows_of, source, table_map

FIELDS = {
    "dossier_code": ("maHoSo", ""),
    "procedure_code": ("thuTuc.ma", ""),
    "agency": ("coQuan", ""),
    "status": ("trangThai", ""),
    "channel": ("kenh", ""),
    "received_date": ("ngayTiepNhan", "iso"),
    "due_date": ("ngayHenTra", "iso"),
    "end_date": ("ngayKetThuc", "iso"),
    "linked": ("lienThong", "TRUE"),
}
COUNTED = {"total": "data.total"}
STYLES = {
    "page": Paging(style="page", param="page", size_param="size", size=10, **COUNTED),
    "offset": Paging(style="offset", param="offset", size_param="size", size=10, **COUNTED),
    "cursor": Paging(style="cursor", param="cursor", size_param="size", size=10, next="next", **COUNTED),
    "link": Paging(style="link", size_param="size", size=10, next="next", **COUNTED),
    "head": Paging(style="link", size_param="size", size=10, **COUNTED),
}
RETRIES = http.ATTEMPTS


def dossier(number: int, **changes: Any) -> dict[str, Any]:
    """A row as the interface gives it, a person's fields included."""
    row = {
        "maHoSo": f"H32.30-241015-{number:04d}",
        "thuTuc": {"ma": "1.000635", "ten": "Đăng ký khai sinh"},
        "coQuan": "H32.30.01",
        "trangThai": 9,
        "kenh": 2,
        "ngayTiepNhan": "2024-10-15T08:30:00",
        "ngayHenTra": "2024-10-20",
        "ngayKetThuc": None if number % 3 else "2024-10-18",
        "lienThong": number % 2 == 0,
        "hoTen": PERSON[0],
        "lienHe": {"dienThoai": PERSON[1], "diaChi": [PERSON[2]]},
    }
    return {**row, **changes}


def dossiers(count: int, *, after: int = 0) -> list[dict[str, Any]]:
    return [dossier(number) for number in range(after + 1, after + count + 1)]


def rest_source(server: JsonServer, paging: Paging | None = None, **connection: Any) -> SourceConfig:
    spec = RestTable(path="/hoso", rows="data.items", paging=paging or STYLES.get(server.style, Paging()))
    config = source(Path("x"), {"dossiers": table_map("dossiers", FIELDS, spec)}, kind="rest")
    said = RestConnection(**{"pause_seconds": 0, **connection})
    return replace(config, address=server.url, connection=said, timeout_seconds=5)


def asking(config: SourceConfig, **changes: Any) -> SourceConfig:
    """The same source, its dossiers asked for otherwise."""
    table = config.tables["dossiers"]
    changed = replace(table, spec=table.spec.model_copy(update=changes))
    return replace(config, tables={"dossiers": changed})


def read(config: SourceConfig) -> list[tuple[str | None, ...]]:
    with open_reader(config) as reader:
        return [r for batch in reader.read(config.tables["dossiers"], PERIOD.window) for r in rows_of(batch)]


def codes(config: SourceConfig) -> list[str | None]:
    return [row[0] for row in read(config)]


def all_codes(server: JsonServer) -> list[str]:
    return [row["maHoSo"] for row in server.rows]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been waited: between tries, and between requests."""
    waited: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=waited.append))
    monkeypatch.setattr(http, "sleep", waited.append)
    return waited


def given_secret(monkeypatch: pytest.MonkeyPatch, **parts: str) -> str:
    """Name of a secret of these parts."""
    for name, text in parts.items():
        monkeypatch.setenv(f"CCHC_SECRET_HUYEN_THU_{name.upper()}", text)
    return "huyen-thu"
