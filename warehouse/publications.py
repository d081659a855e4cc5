"""What became of each version of a report: which was checked, approved, published, withdrawn. Only ever added to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine, insert, select, text

from contracts import clock
from contracts.errors import UsageError
from contracts.whole_files import is_as_entered
from warehouse import tables
from warehouse.database import is_postgresql, reading, writing
from warehouse.register import ReportVersion, Scope

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
        return _events(connection, period_id)


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


def publish(engine: Engine, version: ReportVersion, *, by_whom: str, note: str = "") -> Publication:
    """Enter that the version was published. Raises UsageError where it stands published already, where a newer one
    does, and where its file is missing or is not what was registered."""
    sha256 = _file_of(version)
    with writing(engine) as connection:
        before = _alone(connection, engine, version)
        if before is not None and before.version >= version.version:
            raise UsageError(
                f"bản {before.version} của báo cáo này đã công bố ngày {before.at:%d/%m/%Y}",
                advice=f"muốn thay: cchc publish {version.period_id} --version {before.version} --withdraw …",
            )
        return _enter(connection, version, event="published", by_whom=by_whom, note=note, sha256=sha256)


def withdraw(engine: Engine, version: ReportVersion, *, by_whom: str, reason: str) -> Publication:
    """Enter that the version is no longer published. Raises UsageError where it is not the one that stands."""
    with writing(engine) as connection:
        before = _alone(connection, engine, version)
        if before is None or before.version != version.version:
            raise UsageError(
                f"bản {version.version} không phải là bản đang công bố",
                advice=f"xem bản đang công bố: cchc status {version.period_id}",
            )
        return _enter(connection, version, event="withdrawn", by_whom=by_whom, note=reason, sha256=before.sha256)


def file_is_registered(version: ReportVersion) -> bool:
    """Whether the version's file is there, byte for byte as it was entered."""
    return is_as_entered(version.path, version.sha256)


def _file_of(version: ReportVersion) -> str:
    if file_is_registered(version):
        return version.sha256
    what = "khác với tệp đã đăng ký khi in" if Path(version.path).is_file() else "không còn"
    raise UsageError(
        f"tệp của bản {version.version} {what}: {version.path}",
        advice=f"khôi phục tệp từ bản sao lưu; nếu là bản mới nhất, in lại: cchc report {version.period_id}",
    )


def _alone(connection: Connection, engine: Engine, version: ReportVersion) -> Publication | None:
    """The report's publication that stands; two writers must not both find the same."""
    if is_postgresql(engine):
        connection.execute(text("LOCK TABLE publication IN SHARE ROW EXCLUSIVE MODE"))
    return standing(_events(connection, version.period_id)).get((version.scope, version.unit_code))


def _enter(
    connection: Connection, version: ReportVersion, *, event: Event, by_whom: str, note: str, sha256: str
) -> Publication:
    entered = Publication(
        period_id=version.period_id,
        scope=version.scope,
        unit_code=version.unit_code,
        version=version.version,
        event=event,
        at=clock.now(),
        by_whom=by_whom,
        note=note,
        sha256=sha256,
    )
    connection.execute(insert(_table).values(vars(entered)))
    return entered


def _events(connection: Connection, period_id: str) -> list[Publication]:
    columns = [_table.c[field.name] for field in fields(Publication)]
    query = select(*columns).where(_table.c.period_id == period_id).order_by(_table.c.id)
    return [Publication(**row) for row in connection.execute(query).mappings()]
