"""A register as a province has it after ten quarters: 500 reports of 50 units, a fifth of them in two versions, each
with a PDF, a workbook and an archival copy; all released but those of the last quarter, half of which are drafts."""

from __future__ import annotations

import hashlib
import io
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from contracts.clock import VIETNAM
from contracts.province import read_province
from contracts.roles import Role
from contracts.units import Unit
from reporting.scope import code_of
from warehouse import accounts, owner, register, sessions, tables
from warehouse.database import open_warehouse, writing
from warehouse.report_files import ReportFile

PROVINCE = "provinces/khanh-hoa"
UNITS = 50
PERIODS = ("2022Q3", "2022Q4", "2023Q1", "2023Q2", "2023Q3", "2023Q4", "2024Q1", "2024Q2", "2024Q3", "2024Q4")
NOW = "2024-12-16T08:00:00+07:00"
PDF_PAGES, PDF_BYTES, OTHER_BYTES = 12, 120_000, 8_000
"""Districts of the demonstration: 15–19 pages, 110–140 kB."""


@dataclass(frozen=True)
class Filled:
    """cookie: of somebody of the staff who is signed in; released: path below the home → SHA-256."""

    home: Path
    database: Path
    cookie: str
    reports: tuple[register.ReportVersion, ...]


def fill(home: Path) -> Filled:
    province = read_province(Path(PROVINCE))
    units = [unit for unit in province.units if unit.level.value != "commune"]
    units = (units + [unit for unit in province.units if unit.level.value == "commune"])[:UNITS]
    database = home / province.id / "warehouse.sqlite"
    database.parent.mkdir(parents=True)
    engine = open_warehouse(f"sqlite:///{database}")
    owner.claim(engine, province.id)
    made, events = [], []
    for place, period in enumerate(PERIODS):
        at = datetime(2022, 9, 20, 8, tzinfo=VIETNAM) + timedelta(days=91 * place)
        for number, unit in enumerate(units):
            code = code_of(unit, province.units)
            versions = 2 if number % 5 == 0 else 1
            for version in range(1, versions + 1):
                one = _report(engine, home / province.id / "reports" / period, period, unit, code, version, at)
                made.append(one)
                if period != PERIODS[-1] or number % 2 == 0:
                    events += _life(one, at + timedelta(days=version))
    with writing(engine) as connection:
        connection.execute(tables.publication.insert(), events)
    for login in ("lan", "minh"):
        accounts.add(engine, login=login, name=login, role=Role.STAFF, created_by="bench", must_change=False)
    person = accounts.with_login(engine, "lan")
    assert person is not None
    cookie = sessions.begin(engine, person.id, via="password", lasts=timedelta(hours=8))
    engine.dispose()
    return Filled(home, database, cookie, tuple(made))


def _report(
    engine: Any, folder: Path, period: str, unit: Unit, code: str, version: int, at: datetime
) -> register.ReportVersion:
    folder.mkdir(parents=True, exist_ok=True)
    seed = f"{period} {code} {version}"
    pdf = folder / f"bao-cao-cchc-{period}-khanh-hoa-{code}-v{version}.pdf"
    pdf.write_bytes(pdf_of(seed))
    others = [
        _other(pdf.with_suffix(".xlsx"), "workbook", seed),
        _other(pdf.with_name(f"{pdf.stem}-luu-tru.pdf"), "archive", seed),
    ]
    return register.add(
        engine,
        period_id=period,
        scope="province" if unit.level.value == "province" else "unit",
        unit_code=code,
        path=str(pdf),
        sha256=_sha256(pdf),
        pages=PDF_PAGES,
        input_digest=hashlib.sha256(seed.encode()).hexdigest(),
        reason="" if version == 1 else "nguồn cam-lam gửi lại số liệu",
        files=lambda _: others,
        created_at=at,
    )


def _other(path: Path, kind: Any, seed: str) -> ReportFile:
    path.write_bytes(random.Random(f"{kind} {seed}").randbytes(OTHER_BYTES))
    return ReportFile(kind, str(path), _sha256(path), OTHER_BYTES)


def pdf_of(seed: str) -> bytes:
    """A PDF that any reader opens, of the weight of a district's report; other bytes for another seed."""
    import pikepdf

    made, given = pikepdf.new(), random.Random(seed)
    for _ in range(PDF_PAGES):
        page = made.add_blank_page(page_size=(595, 842))
        page.contents_add(b"% " + given.randbytes(PDF_BYTES // PDF_PAGES // 2).hex().encode())
    out = io.BytesIO()
    made.save(out, deterministic_id=True, compress_streams=False)
    return out.getvalue()


def _life(one: register.ReportVersion, at: datetime) -> list[dict[str, Any]]:
    """Checked by one, approved and published by another."""
    base = {
        "period_id": one.period_id,
        "scope": one.scope,
        "unit_code": one.unit_code,
        "version": one.version,
        "note": "",
        "sha256": one.sha256,
    }
    steps = (("checked", "lan"), ("approved", "minh"), ("published", "minh"))
    return [
        base | {"event": event, "account": who, "by_whom": who, "at": at + timedelta(hours=hour)}
        for hour, (event, who) in enumerate(steps)
    ]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
