"""Phú Thọ: the invented dossiers give the officially published counts, agency by agency."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from contracts.configfile import read_csv
from demo import truth
from demo.mix import read_mix
from tests.demo.conftest import province

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 26)
GOOD = ["early", "on_time", "open_in_time"]
HEADS = ("agency_code", "unit_code", "dossiers", "on_time_or_in_time", "mean_processing_days", "official_score")


@pytest.fixture(scope="module")
def official() -> pd.DataFrame:
    rows = [row for _, row in read_csv(province("phu-tho").folder / "official" / "progress_2026q3.csv", HEADS)]
    kinds = {"dossiers": int, "on_time_or_in_time": int, "mean_processing_days": float, "official_score": float}
    return pd.DataFrame(rows).astype(kinds).set_index("agency_code")


@pytest.fixture(scope="module")
def by_agency(phu_tho: pd.DataFrame, official: pd.DataFrame) -> pd.DataFrame:
    """Form II.06's columns of 1/7–26/9/2026 as things stood on 26/9."""
    here = province("phu-tho")
    named = truth.named(phu_tho, read_mix(here), {u.agency_code: u.unit_code for u in here.units})
    counted = truth.form_ii06(named, first=FIRST, last=LAST)
    agency = {u.unit_code: u.agency_code for u in here.units}
    measures = list(truth.COLUMNS)
    return counted.groupby(counted["unit_code"].map(agency))[measures].sum().reindex(official.index).fillna(0)


def test_dossiers_handled_are_the_official_ones(by_agency: pd.DataFrame, official: pd.DataFrame) -> None:
    resolved_or_open = by_agency[[*GOOD, "overdue", "open_overdue"]].sum(axis=1)
    received = by_agency[["received_online", "received_in_person", "received_postal", "carried_over"]].sum(axis=1)
    assert resolved_or_open.tolist() == official["dossiers"].tolist()
    assert received.tolist() == official["dossiers"].tolist()
    assert resolved_or_open.sum() == 464_494


def test_dossiers_on_time_or_in_time_are_the_official_ones(by_agency: pd.DataFrame, official: pd.DataFrame) -> None:
    good = by_agency[GOOD].sum(axis=1)
    assert good.tolist() == official["on_time_or_in_time"].tolist()
    assert good.sum() == 403_016


def test_the_score_follows(by_agency: pd.DataFrame, official: pd.DataFrame) -> None:
    busy = official["dossiers"] > 0
    score = 20 * by_agency[GOOD].sum(axis=1)[busy] / official["dossiers"][busy]
    assert (score - official["official_score"][busy]).abs().max() <= 0.005 + 1e-9


def test_processing_takes_about_the_official_mean(phu_tho: pd.DataFrame, official: pd.DataFrame) -> None:
    ended = phu_tho[phu_tho["end"].between(str(FIRST), str(LAST)) & (phu_tho["fate"] != "stopped")]
    mean = (ended["end"] - ended["received"]).dt.days.groupby(ended["agency_code"], observed=True).mean()
    large = official[official["dossiers"] >= 1000]
    off = (mean.reindex(large.index).astype(float) - large["mean_processing_days"]).abs()
    assert off.median() < 0.1
    assert (off / large["mean_processing_days"]).quantile(0.95) < 0.06


def test_payments_are_the_official_ones(phu_tho: pd.DataFrame) -> None:
    counted = phu_tho[phu_tho["received"].le(str(LAST)) & ~phu_tho["deleted"].le(str(LAST))]
    stopped = counted["fate"] == "stopped"
    counted = counted[stopped | ~(counted["end"] < str(FIRST))]
    counted = counted[counted["fate"] != "not_received"]
    path = province("phu-tho").folder / "official" / "payment_2026q3.csv"
    for _, row in read_csv(path, ("agency_code", "paid_online", "financial_obligation")):
        whole = row["agency_code"] == "H44"
        of_agency = counted if whole else counted[counted["agency_code"] == row["agency_code"]]
        assert of_agency["fee_due"].sum() == int(row["financial_obligation"]), row["agency_code"]
        assert (of_agency["paid_online"] > 0).sum() == int(row["paid_online"]), row["agency_code"]


def test_the_forms_quarter_has_dossiers_of_its_own(phu_tho: pd.DataFrame) -> None:
    early = phu_tho["end"].between("2026-06-15", "2026-06-30")
    late = phu_tho["received"] > str(LAST)
    assert early.sum() > 50_000
    assert late.sum() > 10_000
