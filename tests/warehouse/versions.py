"""Versions of reports whose files are a line long."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import Engine

from tests.warehouse.examples import Q4
from warehouse import register
from warehouse.register import ReportVersion


def version(
    engine: Engine, folder: Path, *, unit_code: str = "56", document: str | None = "{}", stand: str | None = None
) -> ReportVersion:
    """The next one of that report: the province's, or a unit's."""

    def put(number: int) -> str:
        path = folder / f"{unit_code}-v{number}.pdf"
        path.write_text(f"%PDF {unit_code} {number}", encoding="utf-8")
        return str(path)

    number = len([v for v in register.versions(engine, Q4) if v.unit_code == unit_code]) + 1
    return register.add(
        engine,
        period_id=Q4,
        scope="province" if unit_code == "56" else "unit",
        unit_code=unit_code,
        path=put,
        sha256=hashlib.sha256(f"%PDF {unit_code} {number}".encode()).hexdigest(),
        pages=1,
        input_digest="d",
        reason="",
        document=document,
        stand=stand,
    )
