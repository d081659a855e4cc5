"""Every number that is printed, in PDF and workbook, is one of what the warehouse stores: the whole way's files against
sums made here by SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.periods import parse_period
from contracts.province import read_province
from reporting.companions import beside
from tests.quarter.command import REPOSITORY, Office
from tests.reporting.orphans import Stored, faults


def stored(office: Office, period: str, code: str | None = None, *, before: str = "") -> Stored:
    province = read_province(REPOSITORY / office.province)
    units = province.units
    root = next(u for u in units if u.unit_code == code) if code else units.root
    sources = province.sources(period=parse_period(period), systems=office.systems)
    warehouse = office.home / province.id / "warehouse.sqlite"
    return Stored(warehouse, units, root, period, before=before, sources=sources)


def printed(office: Office, period: str, code: str | None = None) -> tuple[Path, Path]:
    pdf = Path(office.report(period, code)["path"])
    return pdf, beside(pdf, "workbook")


@pytest.mark.parametrize("code", [None, "568", "575"])
def test_no_number_of_khanh_hoa_is_without_its_origin(khanh_hoa: Office, code: str | None) -> None:
    """Beside the period before: the province, the largest district and a small one."""
    assert faults(*printed(khanh_hoa, "2024Q4", code), stored(khanh_hoa, "2024Q4", code, before="2024Q3")) == []


def test_no_number_of_phu_tho_is_without_its_origin(phu_tho: Office) -> None:
    """Two levels, 163 agencies, nothing to compare with."""
    assert faults(*printed(phu_tho, "2026Q3"), stored(phu_tho, "2026Q3")) == []
