"""A period against the one before and against last year's: every difference has its dossiers, and no more is compared
than can be."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine

from contracts.columns import OPEN
from contracts.comparisons import CARRIED_OVER, NOT_CARRIED, REASONS, UNUSUAL_CHANGE
from flows.comparisons import NOT_CONTINUED, compare
from flows.continued import continued_from
from flows.place import Place
from flows.remarks import remarks
from flows.unusual import unusual_since
from tests.quarter.command import Office
from tests.quarter.stages import Stages, stages
from tests.quarter.test_planning import DOSSIER, after_the_quarter, load, place, with_policy
from warehouse import comparisons, ledger

__all__ = ["after_the_quarter", "stages"]
together = pytest.mark.xdist_group("both quarters")


def dossier(number: int, **more: str) -> dict[str, str]:
    return {**DOSSIER, "MaHoSo": f"000.00.32.H32-240801-{number:04}", **more}


STAYS, GOES, MOVES, IS_DELETED = (dossier(n) for n in range(4))
COMES = dossier(9)
MOVED = {**MOVES, "MaCoQuanTiepNhan": "H32.32.01"}
DELETED = {**IS_DELETED, "DeletedOn": "2024-10-01 08:00:00"}
OTHER = {**dossier(0), "MaHoSo": "000.00.10.H32-240801-0001", "MaCoQuanTiepNhan": "H32.10"}
UNREADABLE = dossier(4, NgayTiepNhan="31/02/2024")


def both_quarters(at: Place, stages: Stages) -> Engine:
    def go() -> None:
        load(place("2024Q3"), "cam-lam", rows=[STAYS, GOES, MOVES, IS_DELETED])
        load(at, "cam-lam", rows=[STAYS, MOVED, DELETED, COMES])

    stages.reach("both quarters", go)
    return at.open_warehouse()


def told(engine: Engine) -> list[tuple[Any, ...]]:
    found = comparisons.continuity(engine, "2024Q4")
    return list(found[["source_id", "kind", "agency_code", "reason"]].itertuples(index=False, name=None))


@together
def test_each_dossier_of_the_difference_is_stored_with_its_reason(stages: Stages) -> None:
    at = place()
    engine = both_quarters(at, stages)
    compare(engine, at)
    expected = [
        ("cam-lam", "not_carried", "H32.32", "gone"),
        ("cam-lam", "not_carried", "H32.32", "to_agency"),
        ("cam-lam", "not_carried", "H32.32", "deleted"),
        ("cam-lam", "not_open", "H32.32.01", "from_agency"),
        ("cam-lam", "not_open", "H32.32", "was_absent"),
    ]
    assert told(engine) == expected
    stored = comparisons.deviations(engine, "2024Q4")
    shown = stored[["rule_id", "agency_code", "measure", "compared_with", "was", "now"]]
    assert shown.to_numpy().tolist() == [
        [CARRIED_OVER, "H32.32", "carried_over", "2024Q3", 4, 2],
        [CARRIED_OVER, "H32.32.01", "carried_over", "2024Q3", 0, 1],
    ]
    compare(engine, at)
    assert told(engine) == expected, "made anew, not added to"


def test_a_dossier_in_quarantine_is_said_to_be_there() -> None:
    at = place()
    load(place("2024Q3"), "cam-lam", rows=[dossier(n) for n in range(30)])
    engine, _ = load(at, "cam-lam", rows=[UNREADABLE, *(dossier(n) for n in range(30) if n != 4)])
    compare(engine, at)
    assert told(engine) == [("cam-lam", "not_carried", "H32.32", "quarantined")]


def test_a_dossier_that_another_system_carries_over_now_is_not_gone() -> None:
    at = place()
    for source_id in ("cam-lam", "so-nganh"):
        load(place("2024Q3"), source_id, rows=[STAYS, GOES] if source_id == "cam-lam" else [OTHER])
    load(at, "cam-lam", rows=[STAYS])
    engine, _ = load(at, "so-nganh", rows=[OTHER, {**GOES, "MaCoQuanTiepNhan": "H32.10"}])
    compare(engine, at)
    assert told(engine) == [
        ("cam-lam", "not_carried", "H32.32", "elsewhere"),
        ("so-nganh", "not_open", "H32.10", "was_elsewhere"),
    ]


def test_a_code_that_the_other_system_had_before_is_another_dossiers() -> None:
    """Two systems gave one code to two dossiers; one of them is gone, and the other one is no trace of it."""
    at = place()
    load(place("2024Q3"), "so-nganh", rows=[{**GOES, "MaCoQuanTiepNhan": "H32.10"}])
    load(place("2024Q3"), "cam-lam", rows=[STAYS, GOES])
    load(at, "so-nganh", rows=[{**GOES, "MaCoQuanTiepNhan": "H32.10"}])
    engine, _ = load(at, "cam-lam", rows=[STAYS])
    compare(engine, at)
    assert told(engine) == [("cam-lam", "not_carried", "H32.32", "gone")]


@together
def test_a_source_without_the_period_before_is_left_out_and_that_is_said_once(stages: Stages) -> None:
    at = place()
    engine = both_quarters(at, stages)
    load(at, "so-nganh", rows=[OTHER])
    for _ in range(2):
        compare(engine, at)
    assert {row[0] for row in told(engine)} == {"cam-lam"}
    assert remarks(engine, "2024Q4") == {"so-nganh": [f"{NOT_CONTINUED}chưa có số liệu kỳ trước (2024Q3)"]}
    events = [e for e in ledger.latest(engine, "2024Q4") if e.detail.startswith(NOT_CONTINUED)]
    assert len(events) == 1


def test_the_first_period_of_all_is_no_remark_a_source() -> None:
    at = place("2024Q3")
    engine, _ = load(at, "cam-lam", rows=[STAYS])
    compare(engine, at)
    assert continued_from(engine, at).left_out == {"cam-lam": "chưa có số liệu kỳ trước (2024Q2)"}
    assert remarks(engine, "2024Q3") == {}
    assert comparisons.deviations(engine, "2024Q3").empty


@together
def test_nothing_is_compared_where_nothing_stands(stages: Stages) -> None:
    at = place()
    engine = both_quarters(at, stages)
    compare(engine, at)
    ledger.begin_attempt(engine, "2024Q4", "cam-lam", as_of=at.as_of)
    ledger.mark_failed(engine, "2024Q4", "cam-lam", kind="SourceUnreachable", error="", advice="")
    compare(engine, at)
    assert told(engine) == []
    assert comparisons.deviations(engine, "2024Q4").empty


@together
def test_a_period_counted_by_another_policy_is_not_compared(stages: Stages) -> None:
    at = place()
    engine = both_quarters(at, stages)
    assert continued_from(engine, with_policy(at, stopped_is="closed")).left_out.keys() == {"cam-lam"}


MANY = [dossier(n, NgayTiepNhan="2023-11-01 08:00:00") for n in range(60)]


def test_a_unit_that_had_many_dossiers_a_year_ago_and_has_none_is_told_of() -> None:
    at = place()
    load(place("2023Q4"), "cam-lam", rows=MANY)
    engine, _ = load(at, "cam-lam", rows=[OTHER | {"MaCoQuanTiepNhan": "H32.32.01"}])
    compare(engine, at)
    found = comparisons.deviations(engine, "2024Q4")
    assert found[["rule_id", "agency_code", "measure", "compared_with", "was", "now"]].to_numpy().tolist() == [
        [UNUSUAL_CHANGE, "H32.32", "open", "2023Q4", 60, 0],
        [UNUSUAL_CHANGE, "H32.32", "received", "2023Q4", 60, 0],
    ]
    compared = unusual_since(engine, at).agencies
    assert {"H32.32", "H32.32.01"} <= compared
    assert not {code for code in compared if not code.startswith("H32.32")}, "their sources are missing"


def test_only_whole_periods_of_units_that_lasted_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Districts ended on 30/6/2025, in the middle of 2025Q3: its dossiers of 15–30/6 are no quarter."""
    monkeypatch.setenv("CCHC_NOW", "2025-10-01T08:00:00+07:00")
    for period in ("2024Q2", "2024Q3", "2025Q2", "2025Q3"):
        load(place(period), "cam-lam", rows=[STAYS])
    at = place("2025Q2")
    engine = at.open_warehouse()
    assert "H32.32" in unusual_since(engine, at).agencies
    assert unusual_since(engine, place("2025Q2", as_of="2025-06-01")).why_not == "kỳ 2025Q2 chưa kết thúc"
    ended = unusual_since(engine, place("2025Q3"))
    assert ended.agencies == frozenset()
    assert "2024Q3" in ended.why_not


def test_the_dossiers_of_the_demonstration_explain_each_units_difference(khanh_hoa: Office) -> None:
    """Figures of the two quarters as they are exported, on the one side; the dossiers on the other."""
    said = json.loads(khanh_hoa.cchc("compare", "2024Q4", "--json").stdout)["continuity"]
    assert said["compared_with"] == "2024Q3" and said["left_out"] == {}
    facts = [pd.read_csv(khanh_hoa.export(period, "facts")) for period in ("2024Q3", "2024Q4")]
    before, now = (frame.groupby("agency_code").sum(numeric_only=True) for frame in facts)
    units = pd.DataFrame(said["units"]).groupby("agency_code")[["previous_open", "carried_over"]].sum()
    assert units["carried_over"].sum() == now["carried_over"].sum() > 1000
    assert units["previous_open"].sum() == before[list(OPEN)].to_numpy().sum()
    for agency, unit in units.iterrows():
        assert unit["carried_over"] == (now["carried_over"].get(agency, 0)), agency
        assert unit["previous_open"] == before[list(OPEN)].sum(axis=1).get(agency, 0), agency
    for unit in said["units"]:
        signed = {r: -n if REASONS[r].kind == NOT_CARRIED else n for r, n in unit["reasons"].items()}
        assert unit["previous_open"] + sum(signed.values()) == unit["carried_over"], unit


def test_what_was_deleted_while_open_is_listed_for_its_owner_and_named_nowhere_else(khanh_hoa: Office) -> None:
    file = khanh_hoa.home / "compared.csv"
    khanh_hoa.cchc("compare", "2024Q4", "--out", str(file))
    assert file.stat().st_mode & 0o077 == 0
    listed = pd.read_csv(file)
    lives = pd.read_parquet(khanh_hoa.systems / "khanh-hoa" / "truth" / "dossiers.parquet")
    was_open = (lives["received"] < "2024-09-15") & ~(lives["end"] < "2024-09-15")
    deleted = lives[was_open & lives["deleted"].between("2024-09-15", "2024-12-14")]
    assert set(listed.loc[listed["reason"] == "deleted", "dossier_code"]) == set(deleted["dossier_code"])

    shown = khanh_hoa.cchc("compare", "2024Q4").stdout
    assert REASONS["deleted"].sentence in shown
    assert "2023Q4" in shown, "there is no year before: it says so"
    assert not re.search(r"-24\d{4}-\d{4}", shown + khanh_hoa.cchc("compare", "2024Q4", "--json").stdout)
    one = khanh_hoa.cchc("compare", "2024Q4", "--source", "so-nganh").stdout
    assert "so-nganh" in one and "nha-trang" not in one
