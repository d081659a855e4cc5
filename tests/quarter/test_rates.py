"""Reporting rates of a quarter that was run: in time and too late, with a source gone, and with rows in quarantine."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from contracts.codes import Severity
from expectations.suites import DOSSIER_RULES
from expectations.suites.across import RECEIVED_HERE
from tests.quarter.command import REPOSITORY, Office
from warehouse import ledger
from warehouse.database import open_warehouse

UNITS = 162
"""21 departments (one was dissolved in 2018), 9 districts and their 132 communes."""


def rates(office: Office, period: str) -> dict[str, Any]:
    return json.loads(office.cchc("rates", period, "--json").stdout)  # type: ignore[no-any-return]


def counts(document: dict[str, Any]) -> tuple[int, int, int | None, int]:
    total = document["total"]
    return total["expected"], total["received"], total["on_time"], total["complete"]


@pytest.fixture
def looked_at(khanh_hoa: Office, tmp_path: Path) -> Office:
    """The same warehouse, which a test may change, without the systems."""
    for name in ("warehouse.sqlite", "counted"):
        found = khanh_hoa.home / "khanh-hoa" / name
        (tmp_path / "khanh-hoa").mkdir(exist_ok=True)
        (shutil.copytree if found.is_dir() else shutil.copy)(found, tmp_path / "khanh-hoa" / name)
    return Office(tmp_path)


def test_a_quarter_run_in_time_came_in_time(khanh_hoa: Office) -> None:
    found = rates(khanh_hoa, "2024Q4")
    assert counts(found) == (UNITS, UNITS, UNITS, UNITS)
    assert found["total"]["rate_on_time"] == 100
    assert found["due"]["commune"]["day"] == "2024-12-17"
    assert {unit["came_at"] for unit in found["units"]} == {"2024-12-16T08:00:00+07:00"}


def test_a_quarter_run_three_months_late_is_whole_but_late(khanh_hoa: Office) -> None:
    found = rates(khanh_hoa, "2024Q3")
    assert counts(found) == (UNITS, UNITS, 0, UNITS)
    assert (found["total"]["reporting_rate"], found["total"]["rate_on_time"]) == (100, 0)
    assert "hạn 17/09/2024" in found["units"][0]["late"][0]


def test_a_quarter_never_run_was_expected_all_the_same(khanh_hoa: Office) -> None:
    assert counts(rates(khanh_hoa, "2024Q2")) == (UNITS, 0, 0, 0)


def test_the_units_of_a_source_that_is_gone_are_missing_by_name(looked_at: Office) -> None:
    engine = open_warehouse(f"sqlite:///{looked_at.home}/khanh-hoa/warehouse.sqlite")
    ledger.mark_failed(engine, "2024Q4", "khanh-son", kind="SourceError", error="hỏng", advice="chạy lại")
    found = rates(looked_at, "2024Q4")
    assert counts(found) == (UNITS, UNITS - 9, UNITS - 9, UNITS - 9)
    said = looked_at.cchc("rates", "2024Q4").stdout
    assert "CHƯA CÓ: nguồn «khanh-son»: LỖI – 9 đơn vị: Huyện Khánh Sơn, Thị trấn Tô Hạp" in said
    assert "94,44%" in said  # 153/162
    assert "Thứ Ba 17/12/2024, chưa qua hạn. Căn cứ: Quyết định số 01/2023/QĐ-UBND" in said
    assert "Thứ Sáu 20/12/2024" in said


def test_a_unit_is_whole_as_long_as_few_of_its_rows_are_lost(looked_at: Office, khanh_hoa: Office) -> None:
    """With no loss allowed, exactly the units with a row in quarantine are not whole."""
    folder = looked_at.home / "province"
    shutil.copytree(REPOSITORY / "provinces" / "khanh-hoa", folder)
    path = folder / "province.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("quarantine_share = 0.05", "quarantine_share = 0.0"))
    found = rates(replace(looked_at, province=str(folder)), "2024Q4")
    units = {unit["agency_code"] for unit in found["units"]}
    lost = set(_lost(pd.read_csv(khanh_hoa.export("2024Q4", "rejected"), dtype="str"))) & units
    assert {unit["agency_code"] for unit in found["units"] if unit["lacking"]} == lost
    assert 0 < found["total"]["complete"] == UNITS - len(lost) < UNITS


def test_without_a_due_day_of_the_units_nothing_is_said_of_time(phu_tho: Office) -> None:
    found = rates(phu_tho, "2026Q3")
    assert counts(found) == (163, 163, None, 163)
    said = phu_tho.cchc("rates", "2026Q3").stdout
    assert "Hạn của sở, ban, ngành, cấp xã: chưa khai trong province.toml" in said
    assert "Hạn gửi báo cáo của tỉnh: Chủ nhật 20/09/2026, là ngày nghỉ. Căn cứ" in said
    [total] = [line.split() for line in said.splitlines() if line.strip().startswith("Tỉnh Phú Thọ  ")]
    assert total[3:] == ["163", "163", "–", "163", "100,00%", "–", "100,00%"]


def _lost(rejected: pd.DataFrame) -> list[str]:
    """Agencies of the rows that count in no source; one that another source counts is not lost."""
    errors = {rule.id for rule in DOSSIER_RULES if rule.severity is Severity.ERROR} - {RECEIVED_HERE}
    chosen = [bool(errors & set(rules.split(","))) for rules in rejected["rules"]]
    return rejected["agency_code"][chosen].dropna().tolist()
