"""The figures at the end of the whole way agree with oracles that share no code with it."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from contracts.columns import MEASURES, MEMOS
from contracts.periods import parse_period
from tests.oracle.oracle import form_ii06
from tests.quarter.command import REPOSITORY, Office

KEYS = ["unit_code", "field", "procedure_code"]
COUNTS = (*MEASURES, *MEMOS)


def facts(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=dict.fromkeys(KEYS, "str"))
    return frame.set_index(KEYS)[list(COUNTS)].sort_index()


def expected(office: Office, province: str, period: str) -> pd.DataFrame:
    forms = parse_period(period).forms
    frame = form_ii06(province, office.systems, forms.first_day, forms.last_day)
    frame = frame.set_index(KEYS)[list(COUNTS)].sort_index().astype("int64")
    return frame[frame[list(MEASURES)].sum(axis=1) > 0]


@pytest.mark.parametrize("period", ["2024Q3", "2024Q4"])
def test_every_cell_of_form_ii06_agrees_with_plain_sql_over_the_systems(khanh_hoa: Office, period: str) -> None:
    ours = facts(khanh_hoa.export(period, "facts"))
    pd.testing.assert_frame_equal(ours, expected(khanh_hoa, "khanh-hoa", period))
    assert len(ours) > 1000


def test_phu_tho_agrees_with_plain_sql_cell_by_cell(phu_tho: Office) -> None:
    ours = facts(phu_tho.export("2026Q3", "facts"))
    pd.testing.assert_frame_equal(ours, expected(phu_tho, "phu-tho", "2026Q3"))


def official() -> list[dict[str, str]]:
    path = REPOSITORY / "provinces/phu-tho/official/progress_2026q3.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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


def test_the_official_payments_come_back(phu_tho: Office) -> None:
    """The same page: dossiers paid online, of those with a financial obligation; the province and 11 agencies."""
    frame = pd.read_csv(phu_tho.export("2026Q3", "indicators"), dtype="str")
    payments = frame[frame["indicator"] == "PAYMENT_DOSSIERS"].set_index("agency_code")
    path = REPOSITORY / "provinces/phu-tho/official/payment_2026q3.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        ours = payments.loc[row["agency_code"]]
        assert (ours["numerator"], ours["denominator"]) == (row["paid_online"], row["financial_obligation"]), row
    assert len(rows) == 12 and payments.loc["H44", "denominator"] == "268066"


def test_what_is_open_at_the_end_is_carried_over_but_for_what_was_deleted_since(khanh_hoa: Office) -> None:
    """Column (6) of a quarter is column (11) of the one before (TT 01/2020/TT-VPCP), unit by unit, less the
    dossiers that the system deleted in between; the source's finding says in how many units they differ."""
    before = facts(khanh_hoa.export("2024Q3", "facts")).groupby("unit_code").sum()
    after = facts(khanh_hoa.export("2024Q4", "facts")).groupby("unit_code").sum()
    still_open = before["open_in_time"] + before["open_overdue"]
    carried = after["carried_over"].reindex(still_open.index, fill_value=0)
    lost = (still_open - carried)[lambda difference: difference != 0]
    assert lost.to_dict() == deleted_while_open(khanh_hoa)
    assert lost.sum() > 0

    findings = pd.read_csv(khanh_hoa.export("2024Q4", "findings"))
    told = findings[findings["rule_id"] == "continuity.carried_over"]
    assert told["rows"].sum() == len(lost)


def deleted_while_open(office: Office) -> dict[str, int]:
    """From what the generator put in: deleted in 2024Q4, received before it and not ended before it, by unit."""
    truth = pd.read_parquet(office.systems / "khanh-hoa" / "truth" / "dossiers.parquet")
    truth = truth[(truth["defect"] == "") & (truth["status"] != "not_received")]
    day = {name: pd.to_datetime(truth[name]) for name in ("received", "end", "deleted")}
    first, last = pd.Timestamp("2024-09-15"), pd.Timestamp("2024-12-15")
    gone = (day["deleted"] >= first) & (day["deleted"] < last)
    was_open = (day["received"] < first) & ~((day["end"] < first) & (truth["status"] != "stopped"))
    counts: dict[str, int] = truth[gone & was_open].groupby("unit_code").size().to_dict()
    return counts
