"""Versions that have come some way: for tests of who finds and gets what. How they come there is tests of approval."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from contracts import clock
from portal.house import House
from reporting.signed.verdict import Signer, Verdict
from warehouse import printed, register, report_files, signed_copies, tables
from warehouse.database import reading, writing
from warehouse.register import ReportVersion
from warehouse.stages import Stage

_STEPS = {
    Stage.CHECKED: ("checked",),
    Stage.APPROVED: ("checked", "approved"),
    Stage.PUBLISHED: ("checked", "approved", "published"),
    Stage.WITHDRAWN: ("checked", "approved", "published", "withdrawn"),
}


def version_of(house: House, period: str, code: str, number: int = 1) -> ReportVersion:
    return next(v for v in register.versions(house.engine, period) if (v.unit_code, v.version) == (code, number))


def bring(
    house: House, period: str, code: str, stage: Stage, *, number: int = 1, at: datetime | None = None, note: str = ""
) -> ReportVersion:
    """The version is taken from draft to that stage. note: of the last step."""
    version = version_of(house, period, code, number)
    key = {name: getattr(version, name) for name in ("period_id", "scope", "unit_code", "version", "sha256")}
    steps = _STEPS[stage]
    with writing(house.engine) as connection:
        for step in steps:
            said = {"event": step, "at": at or clock.now(), "by_whom": f"Người {step}", "account": None}
            row = {**key, **said, "note": note if step == steps[-1] else ""}
            connection.execute(insert(tables.publication).values(row))
    return version


def again(
    house: House, period: str, code: str, *, reason: str, at: datetime | None = None, as_of: date | None = None
) -> ReportVersion:
    """A newer version of a report, of the same files; its first three figures are one more. as_of: of its figures,
    where that is another day."""
    last = max(v.version for v in register.versions(house.engine, period) if v.unit_code == code)
    before = version_of(house, period, code, last)
    document = printed.kept(house.engine, before.version_key)
    assert document is not None
    whole = json.loads(document)
    for row in whole["figures"][:3]:
        row[4] += 1
    if as_of is not None:
        whole["basis"]["as_of"] = as_of.isoformat()
    beside = report_files.files_of(house.engine, before.version_key)
    return register.add(
        house.engine,
        period_id=period,
        scope=before.scope,
        unit_code=code,
        path=before.path,
        sha256=before.sha256,
        pages=before.pages,
        input_digest=before.input_digest[::-1],
        reason=reason,
        document=json.dumps(whole),
        files=lambda _: beside,
        created_at=at,
    )


def visited(house: House, login: str, before: datetime) -> None:
    """When that person's visit before this one began."""
    with writing(house.engine) as connection:
        table = tables.account
        connection.execute(update(table).where(table.c.login == login).values(visited_before_at=before))


def moved_to(house: House, version: ReportVersion, path: Path) -> Path:
    """A copy of the version's PDF, where the register is made to look for it: one that a test may spoil."""
    shutil.copy(version.path, path)
    table = tables.report_version
    which = [table.c[name] == getattr(version, name) for name in ("period_id", "scope", "unit_code", "version")]
    with writing(house.engine) as connection:
        connection.execute(update(table).where(*which).values(path=str(path)))
    return path


def signed_by(house: House, version: ReportVersion, path: Path, name: str) -> bytes:
    """A file that stands for the version's signed copy; how such copies are checked is tests of signing."""
    content = Path(version.path).read_bytes() + b"% signed\n"
    path.write_bytes(content)
    signer = Signer(
        field="ChuKyLanhDao", name=name, organisation="UBND huyện", issuer="CA", serial="1", valid_to=date(2026, 1, 1),
        signed_at=version.created_at, time_source="claimed", digest="SHA-256", trust="trusted", reason="",
    )  # fmt: skip
    signed_copies.add(
        house.engine,
        version,
        path=lambda: str(path),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        by_whom="Văn thư",
        verdict=Verdict(signers=(signer,), number="123", issued_on="18/12/2024", remarks=()).to_json(),
    )
    return content


def deeds(house: House, action: str) -> list[dict[str, Any]]:
    """What stands of an action in the audit trail, in its order."""
    table = tables.audit_entry
    with reading(house.engine) as connection:
        rows = connection.execute(select(table).where(table.c.action == action).order_by(table.c.number)).mappings()
        return [dict(row) for row in rows]
