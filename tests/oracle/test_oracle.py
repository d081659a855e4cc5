"""The oracle agrees with what the generator put in, cell by cell, wherever the days are cut."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import demo
from contracts.settings import REPOSITORY
from demo import truth
from tests.oracle.oracle import KEYS, form_ii06

SCALE = 0.04
CUTS = """
province   first       last
khanh-hoa  2024-06-15  2024-09-14
khanh-hoa  2024-09-15  2024-12-14
khanh-hoa  2024-10-01  2024-12-16
khanh-hoa  2024-09-15  2024-10-31
khanh-hoa  2024-11-18  2024-11-18
phu-tho    2026-06-15  2026-09-14
phu-tho    2026-07-01  2026-09-26
phu-tho    2026-08-01  2026-08-31
"""


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("systems")
    for province in ("khanh-hoa", "phu-tho"):
        demo.build(province, systems=folder, scale=SCALE)
    return folder


def cells(form: pd.DataFrame) -> pd.DataFrame:
    return form.set_index(KEYS).astype("int64").sort_index()


@pytest.mark.parametrize("cut", CUTS.strip().splitlines()[1:])
def test_oracle_and_lives_agree_in_every_cell(systems: Path, cut: str) -> None:
    province, *ends = cut.split()
    first, last = map(date.fromisoformat, ends)
    lives = pd.read_parquet(systems / province / "truth" / "dossiers.parquet").rename(columns={"status": "fate"})
    put_in = truth.form_ii06(lives, first=first, last=last).astype(dict.fromkeys(KEYS, "str"))
    counted = form_ii06(province, systems, first, last)
    pd.testing.assert_frame_equal(cells(counted)[list(truth.COLUMNS)], cells(put_in), check_names=False)
    assert counted["carried_over"].sum() > 0


@pytest.mark.parametrize(
    ("province", "period", "first", "last"),
    [
        ("khanh-hoa", "2024Q3", date(2024, 6, 15), date(2024, 9, 14)),
        ("khanh-hoa", "2024Q4", date(2024, 9, 15), date(2024, 12, 14)),
        ("phu-tho", "2026Q3", date(2026, 6, 15), date(2026, 9, 14)),
    ],
)
def test_the_written_truth_is_that_form(systems: Path, province: str, period: str, first: date, last: date) -> None:
    path = systems / province / "truth" / f"form_II06_{period}.csv"
    written = pd.read_csv(path, dtype=dict.fromkeys(KEYS, "str"))
    counted = cells(form_ii06(province, systems, first, last))[list(truth.COLUMNS)]
    pd.testing.assert_frame_equal(counted, cells(written))


def test_every_form_balances_and_carries_over_what_was_open(systems: Path) -> None:
    before = form_ii06("khanh-hoa", systems, date(2024, 6, 15), date(2024, 9, 14))
    after = form_ii06("khanh-hoa", systems, date(2024, 9, 15), date(2024, 12, 14))
    for form in (before, after):
        received = form[["received_online", "received_in_person", "received_postal", "carried_over"]].sum(axis=1)
        handled = form[["early", "on_time", "overdue", "open_in_time", "open_overdue"]].sum(axis=1)
        assert (received == handled).all()
    left = before.groupby("unit_code")[["open_in_time", "open_overdue"]].sum().sum(axis=1)
    taken = after.groupby("unit_code")["carried_over"].sum()
    off = left.sub(taken, fill_value=0)
    assert off[off != 0].abs().sum() <= 20  # deleted since then


def test_the_oracle_shares_no_code_with_the_pipeline() -> None:
    text = (REPOSITORY / "tests" / "oracle" / "oracle.py").read_text(encoding="utf-8")
    ours = ("contracts", "sources", "transforms", "expectations", "warehouse", "reporting", "flows", "cli", "demo")
    imported = [line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert not set(imported) & set(ours)
