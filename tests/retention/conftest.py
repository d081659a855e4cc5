"""The demonstration two years on, with drafts, extracts and logs that nobody rests on any more."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from contracts import clock
from contracts.settings import Settings
from tests.homes import copy_of
from tests.quarter.command import Office
from warehouse import register
from warehouse.database import open_warehouse
from warehouse.register import ReportVersion
from warehouse.report_files import ReportFile

LATER = "2026-12-20T08:00:00+07:00"
OLD = datetime(2024, 12, 16, tzinfo=clock.VIETNAM).timestamp()


@pytest.fixture
def aged(khanh_hoa: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """This process is at it, too."""
    home = tmp_path / "home"
    copy_of(khanh_hoa.home, home)
    given = {"CCHC_HOME": str(home), "CCHC_NOW": khanh_hoa.now, "CCHC_PROVINCE": khanh_hoa.province}
    for name, value in (given | {"CCHC_SYSTEMS": str(khanh_hoa.systems)}).items():
        monkeypatch.setenv(name, value)
    landings = home / "khanh-hoa" / "landing" / "cam-lam" / "2024Q3"
    (whole,) = (path for path in landings.iterdir() if path.is_dir())
    shutil.copytree(whole, landings / "0000000000000001")
    for name in ("landing/cam-lam/2024Q3/.unfinished-abc/page.parquet", "logs/rerun-1.log", "marked/x.pdf"):
        path = home / "khanh-hoa" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"old")
        os.utime(path, (OLD, OLD))
        os.utime(path.parent, (OLD, OLD))
    return Office(home, now=LATER, settings={"CCHC_SYSTEMS": str(khanh_hoa.systems)})


def another_version(period: str = "2024Q3", unit_code: str = "568") -> ReportVersion:
    """One more of that unit's report, as if figures had moved: it keeps what the one before kept."""
    engine = open_warehouse(Settings().database_url("khanh-hoa"))
    last = register.newest(engine, period, "unit", unit_code)
    assert last is not None

    def put(number: int, tail: str = ".pdf") -> str:
        path = Path(last.path).with_name(f"{unit_code}-v{number}{tail}")
        path.write_text(f"{unit_code} {number}{tail}", encoding="utf-8")
        return str(path)

    def beside(number: int) -> list[ReportFile]:
        path = Path(put(number, ".xlsx"))
        return [ReportFile("workbook", str(path), _sha256(path), path.stat().st_size)]

    return register.add(
        engine,
        period_id=period,
        scope="unit",
        unit_code=unit_code,
        path=put,
        sha256=hashlib.sha256(f"{unit_code} {last.version + 1}.pdf".encode()).hexdigest(),
        pages=1,
        input_digest=f"{last.version + 1:064x}",
        reason="",
        document='{"figures": [], "basis": {"as_of": "2024-09-14", "policy": "", "procedures": "", "units": "",'
        ' "formulas": {}, "sources": []}, "restates": null}',
        files=beside,
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
