"""Whose warehouse it is, and which: tables have no province, so two provinces must never share one; and what several
machines share is of one warehouse (storage.belonging)."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, Engine, Row, select, true

from contracts import clock
from contracts.errors import UsageError
from storage import belonging
from warehouse import tables
from warehouse.bulk import insert_missing
from warehouse.database import reading, writing

_OCTETS = 16


def claim(engine: Engine, province_id: str) -> str:
    """Make the warehouse that province's, or check that it is; gives its mark. From now on this process makes files of
    that warehouse. Raises UsageError where it is another province's."""
    owner, mark = _found(engine) or _settle(engine, province_id)
    if owner != province_id:
        raise UsageError(
            f"kho dữ liệu này là của tỉnh «{owner}», không phải «{province_id}»",
            advice="mỗi tỉnh một kho: sửa CCHC_WAREHOUSE_URL hoặc CCHC_PROVINCE",
        )
    belonging.works_for(province_id, mark)
    return mark


def mark_of(engine: Engine) -> str | None:
    """None where nobody has claimed it yet; of a warehouse that is up to date."""
    with reading(engine) as connection:
        return connection.scalar(select(tables.warehouse_mark.c.mark))


def _found(engine: Engine) -> tuple[str, str] | None:
    with reading(engine) as connection:
        row = _row(connection)
    return (row.province_id, row.mark) if row else None


def _row(connection: Connection) -> Row[tuple[str, str]] | None:
    owner, mark = tables.owner, tables.warehouse_mark
    return connection.execute(select(owner.c.province_id, mark.c.mark).join_from(owner, mark, true())).one_or_none()


def _settle(engine: Engine, province_id: str) -> tuple[str, str]:
    """Enter the province and a mark unless somebody was quicker; what stands then."""
    with writing(engine) as connection:
        insert_missing(connection, tables.owner, [{"id": 1, "province_id": province_id, "since": clock.now()}])
        insert_missing(connection, tables.warehouse_mark, [{"id": 1, "mark": secrets.token_hex(_OCTETS)}])
        row = _row(connection)
    assert row is not None
    return row.province_id, row.mark
