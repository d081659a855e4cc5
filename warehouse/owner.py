"""Whose warehouse it is: tables have no province, so two provinces must never share one."""

from __future__ import annotations

from sqlalchemy import Engine, select

from contracts import clock
from contracts.errors import UsageError
from warehouse import tables
from warehouse.bulk import insert_missing
from warehouse.database import reading, writing


def claim(engine: Engine, province_id: str) -> None:
    """Make the warehouse that province's, or check that it is. Raises UsageError where it is another's."""
    owner = _owner(engine) or _settle(engine, province_id)
    if owner != province_id:
        raise UsageError(
            f"kho dữ liệu này là của tỉnh «{owner}», không phải «{province_id}»",
            advice="mỗi tỉnh một kho: sửa CCHC_WAREHOUSE_URL hoặc CCHC_PROVINCE",
        )


def _owner(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return connection.scalar(select(tables.owner.c.province_id))


def _settle(engine: Engine, province_id: str) -> str:
    """Enter the province unless somebody was quicker; the owner that stands then."""
    with writing(engine) as connection:
        insert_missing(connection, tables.owner, [{"id": 1, "province_id": province_id, "since": clock.now()}])
        return str(connection.scalar(select(tables.owner.c.province_id)))
