"""What became of each version of a report: which was checked, approved, published, withdrawn. Only ever added to, by
warehouse.approvals alone, which has the rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine, insert, select, text

from contracts.errors import UsageError
from storage.finished import Condition, condition, is_as_entered
from warehouse import tables
from warehouse.database import is_postgresql, reading
from warehouse.register import ReportVersion, Scope
from warehouse.retained import REMOVED

Event = Literal["checked", "approved", "published", "withdrawn", "unlocked"]
ReportKey = tuple[str, str]
"""Which report of a period: scope, unit_code."""

_table = tables.publication


@dataclass(frozen=True)
class Publication:
    """One event of one version. sha256: of its file then; account: login of who did it in the portal, None where a
    command did."""

    period_id: str
    scope: Scope
    unit_code: str
    version: int
    event: Event
    at: datetime
    by_whom: str
    note: str
    sha256: str
    account: str | None = None

    @property
    def key(self) -> ReportKey:
        return self.scope, self.unit_code


def events(engine: Engine, period_id: str) -> list[Publication]:
    """Every event of a period, in the order in which they were entered."""
    with reading(engine) as connection:
        return events_within(connection, period_id)


def standing(entered: Iterable[Publication]) -> dict[ReportKey, Publication]:
    """Of each report the publication that stands: of those not withdrawn since, the last."""
    stands: dict[ReportKey, dict[int, Publication]] = {}
    for one in entered:
        of_report = stands.setdefault(one.key, {})
        if one.event in {"published", "withdrawn"}:
            of_report.pop(one.version, None)
        if one.event == "published":
            of_report[one.version] = one
    return {key: list(found.values())[-1] for key, found in stands.items() if found}


def file_is_registered(version: ReportVersion) -> bool:
    """Whether the version's file is there, byte for byte as it was entered."""
    return is_as_entered(version.path, version.sha256)


def refuse_other_files(version: ReportVersion) -> None:
    """Raises UsageError where the version's file is missing or is not what was registered; where it went by age also
    if some machine has a copy still."""
    if version.status == REMOVED:
        raise UsageError(
            f"tệp của bản {version.version} đã được xóa theo thời hạn lưu giữ: {Path(version.path).name}",
            advice="dùng bản mới hơn; số liệu và mã kiểm chứng của bản này vẫn còn trong sổ báo cáo",
        )
    found = condition(version.path, version.sha256)
    if found is Condition.WHOLE:
        return
    what = "khác với tệp đã đăng ký khi in" if found is Condition.CHANGED else "không còn"
    raise UsageError(
        f"tệp của bản {version.version} {what}: {Path(version.path).name}",
        advice=f"khôi phục tệp từ bản sao lưu; nếu là bản mới nhất, in lại: cchc report {version.period_id}",
    )


def alone(connection: Connection, engine: Engine) -> None:
    """Two writers must not both find the same; in SQLite a writer is alone already."""
    if is_postgresql(engine):
        connection.execute(text("LOCK TABLE publication IN SHARE ROW EXCLUSIVE MODE"))


def enter_within(connection: Connection, entered: Publication) -> None:
    connection.execute(insert(_table).values(vars(entered)))


def events_within(connection: Connection, period_id: str) -> list[Publication]:
    columns = [_table.c[field.name] for field in fields(Publication)]
    query = select(*columns).where(_table.c.period_id == period_id).order_by(_table.c.id)
    return [Publication(**row) for row in connection.execute(query).mappings()]
