"""The figures at the end of the whole way agree with oracles that share no code with it."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from contracts.columns import MEASURES
from contracts.periods import parse_period
from tests.oracle.oracle import form_ii06
from tests.quarter.command import REPOSITORY, Office

KEYS = ["unit_code", "field", "procedure_code"]


def facts(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=dict.fromkeys(KEYS, "str"))
    return frame.set_index(KEYS)[list(MEASURES)].sort_index()


def expected(office: Office, province: str, period: str) -> pd.DataFrame:
    forms = parse_period(period).forms
    frame = form_ii06(province, office.systems, forms.first_day, forms.last_day)
    frame = frame.set_index(KEYS)[list(MEASURES)].sort_index().astype("int64")
    return frame[frame.sum(axis=1) > 0]


@pytest.mark.xdist_group("khanh-hoa")
@pytest.mark.parametrize("period", ["2024Q3", "2024Q4"])
def test_every_cell_of_form_ii06_agrees_with_plain_sql_over_the_systems(khanh_hoa: Office, period: str) -> None:
    ours = facts(khanh_hoa.export(period, "facts"))
    pd.testing.assert_frame_equal(ours, expected(khanh_hoa, "khanh-hoa", period))
    assert len(ours) > 1000


@pytest.mark.xdist_group("phu-tho")
def test_phu_tho_agrees_with_plain_sql_cell_by_cell(phu_tho: Office) -> None:
    ours = facts(phu_tho.export("2026Q3", "facts"))
    pd.testing.assert_frame_equal(ours, expected(phu_tho, "phu-tho", "2026Q3"))


def official() -> list[dict[str, str]]:
    path = REPOSITORY / "provinces/phu-tho/official/progress_2026q3.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.xdist_group("phu-tho")
def test_all_163_official_progress_scores_come_back(phu_tho: Office) -> None:
    """The portal's evaluation page, Phú Thọ, 1/7–26/9/2026: dossiers, on time or in time, and the score."""
    frame = pd.read_csv(phu_tho.export("2026Q3", "indicators"), dtype="str")
    progress = frame[(frame["indicator"] == "PROGRESS_ON_TIME")].set_index("agency_code")
    assert len(official()) == 163
    for row in official():
        ours = progress.loc[row["agency_code"]]
        said = (ours["denominator"], ours["numerator"], Decimal(ours["score"]))
        assert said == (row["dossiers"], row["on_time_or_in_time"], Decimal(row["official_score"])), row
    whole = progress.loc["H44"]
    assert (whole["denominator"], whole["numerator"], Decimal(whole["score"])) == ("464494", "403016", Decimal("17.35"))


@pytest.mark.xdist_group("khanh-hoa")
def test_what_is_open_at_the_end_is_carried_over_at_the_beginning(khanh_hoa: Office) -> None:
    """Column (6) of a quarter is column (11) of the one before (TT 01/2020/TT-VPCP), unit by unit."""
    before = facts(khanh_hoa.export("2024Q3", "facts")).groupby("unit_code").sum()
    after = facts(khanh_hoa.export("2024Q4", "facts")).groupby("unit_code").sum()
    still_open = before["open_in_time"] + before["open_overdue"]
    carried = after["carried_over"].reindex(still_open.index, fill_value=0)
    assert carried.to_dict() == still_open.to_dict()
