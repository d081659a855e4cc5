"""The register of reports: every version that was rendered, never overwritten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import count
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Select, and_, func, insert, select, text

from contracts import clock
from warehouse import printed, report_files, tables
from warehouse.database import is_postgresql, reading, writing
from warehouse.printed import VersionKey
from warehouse.report_files import ReportFile
from warehouse.stand import check_stand

Scope = Literal["province", "unit"]
_table = tables.report_version


@dataclass(frozen=True)
class ReportVersion:
    """One version of one report. path: of the PDF; input_digest: of everything it was made from;
    reason: Vietnamese, why there is a new version."""

    period_id: str
    scope: Scope
    unit_code: str
    version: int
    status: str
    path: str
    sha256: str
    pages: int
    input_digest: str
    created_at: datetime
    reason: str

    @property
    def key(self) -> tuple[Scope, str]:
        """Which report of the period."""
        return self.scope, self.unit_code

    @property
    def version_key(self) -> VersionKey:
        return self.period_id, self.scope, self.unit_code, self.version


def newest(engine: Engine, period_id: str, scope: Scope, unit_code: str) -> ReportVersion | None:
    """The last version of that report, None before the first."""
    query = _versions().where(_is(period_id, scope, unit_code)).order_by(_table.c.version.desc()).limit(1)
    return next(iter(_read(engine, query)), None)


def newest_number(connection: Connection, version: ReportVersion) -> int:
    """Of the versions of that one's report, within a transaction; 0 where there is none."""
    query = select(func.max(_table.c.version)).where(_is(version.period_id, version.scope, version.unit_code))
    return connection.scalar(query) or 0


def versions(engine: Engine, period_id: str) -> list[ReportVersion]:
    """Every version of every report of a period, the province's first, then by unit and version."""
    order = (_table.c.scope, _table.c.unit_code, _table.c.version)
    return _read(engine, _versions().where(_table.c.period_id == period_id).order_by(*order))


def with_sha256(engine: Engine, digests: Sequence[str]) -> list[ReportVersion]:
    """Every version whose PDF is one of these files."""
    order = (_table.c.period_id, _table.c.scope, _table.c.unit_code, _table.c.version)
    return _read(engine, _versions().where(_table.c.sha256.in_(digests)).order_by(*order))


def add(
    engine: Engine,
    *,
    period_id: str,
    scope: Scope,
    unit_code: str,
    path: str | Callable[[int], str],
    sha256: str,
    pages: int,
    input_digest: str,
    reason: str | Callable[[int], str],
    document: str | None = None,
    files: Callable[[int], Sequence[ReportFile]] | None = None,
    is_free: Callable[[int], bool] = lambda _version: True,
    status: str = "draft",
    created_at: datetime | None = None,
    stand: str | None = None,
) -> ReportVersion:
    """Enter the next version of a report.

    path: where the file lies, or a function of the version that puts it there and returns the place. It is called
    within the transaction, so that no version is visible without its file and no number is used twice.
    document: what the version prints, kept in the same transaction (warehouse.printed).
    files: puts the files beside the PDF in their places, called like `path`.
    is_free: whether that number may be given; one that may not is left out. reason: may depend on the number.
    stand: of the sources whose figures it shows. Raises StandMoved where these stand otherwise now."""
    with writing(engine) as connection:
        check_stand(connection, period_id, stand)
        _alone(connection, engine)
        last = connection.scalar(select(func.max(_table.c.version)).where(_is(period_id, scope, unit_code)))
        version = next(number for number in count((last or 0) + 1) if is_free(number))
        entered = ReportVersion(
            period_id=period_id,
            scope=scope,
            unit_code=unit_code,
            version=version,
            status=status,
            path=path(version) if callable(path) else path,
            sha256=sha256,
            pages=pages,
            input_digest=input_digest,
            created_at=created_at or clock.now(),
            reason=reason(version) if callable(reason) else reason,
        )
        connection.execute(insert(_table).values(vars(entered)))
        if document is not None:
            printed.keep(connection, (period_id, scope, unit_code, version), document)
        if files is not None:
            report_files.enter(connection, (period_id, scope, unit_code, version), files(version))
    return entered


def _alone(connection: Connection, engine: Engine) -> None:
    """Two writers must not both read the same last version; in SQLite a writer is alone already."""
    if is_postgresql(engine):
        connection.execute(text("LOCK TABLE report_version IN SHARE ROW EXCLUSIVE MODE"))


def _is(period_id: str, scope: Scope, unit_code: str) -> Any:
    return and_(_table.c.period_id == period_id, _table.c.scope == scope, _table.c.unit_code == unit_code)


def _versions() -> Select[Any]:
    return select(*(_table.c[field.name] for field in fields(ReportVersion)))


def _read(engine: Engine, query: Select[Any]) -> list[ReportVersion]:
    with reading(engine) as connection:
        return [ReportVersion(**row) for row in connection.execute(query).mappings()]
