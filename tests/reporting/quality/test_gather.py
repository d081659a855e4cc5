"""What the page is given is what stands in the warehouse: no more, and nothing of an attempt that is over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.counted import COUNTED_COLUMNS
from contracts.periods import parse_period
from reporting.quality.gather import gather
from reporting.quality.inputs import QualityInput, SourceQuality
from tests.reporting.sample import province
from tests.warehouse import examples
from tests.warehouse.looks import looked
from warehouse import changes, counted, ledger, store
from warehouse.database import open_warehouse, writing

PERIOD = parse_period("2024Q4")
SOURCES = {s.id: s for s in province().sources(period=PERIOD, systems=Path("systems"))}
FINDINGS = """
rule_id            | severity | rows | sentence                                   | regulation
dates.due_present  | warning  | 3    | Hồ sơ không có ngày hẹn trả; đề nghị bổ sung. | TT 01/2018/TT-VPCP
dates.readable     | error    | 2    | Có ô ngày không đọc được; đề nghị ghi lại. |
"""
REJECTED = """
row | address   | dossier_code       | agency_code | rules                            | cells
17  | HoSo 4711 | H32.32-241002-0001 | H32.32      | dates.readable                   | cột NGAY_XONG, khóa 4711
40  | HoSo 4734 |                    |             | dates.readable,dates.due_present |
"""
CHECKS = {"findings": examples.table(FINDINGS).fillna({"regulation": ""}), "rejected": examples.table(REJECTED)}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_warehouse(f"sqlite:///{tmp_path}/warehouse.sqlite")


def load(engine: Engine, source_id: str, *, period_id: str = "2024Q4") -> None:
    examples.load(engine, source_id, examples.CAM_LAM, period_id=period_id, **CHECKS)


def came_in(engine: Engine) -> None:
    """What was landed is loaded."""
    ledger.mark_validated(engine, "2024Q4", "cam-lam", accepted=40, quarantined=2)
    examples.replace(engine, "cam-lam", examples.facts(examples.CAM_LAM), **CHECKS)


def gathered(engine: Engine, root: Path) -> QualityInput:
    wanted = [SOURCES["cam-lam"], SOURCES["nha-trang"]]
    return gather(
        engine,
        province=province(),
        period=PERIOD,
        as_of=PERIOD.cut_off,
        sources=wanted,
        counted_root=root,
    )


def source(engine: Engine, root: Path, source_id: str = "cam-lam") -> SourceQuality:
    return next(s for s in gathered(engine, root).sources if s.id == source_id)


def test_figures_are_the_ledgers(engine: Engine, tmp_path: Path) -> None:
    load(engine, "cam-lam")
    found = source(engine, tmp_path)
    known = ledger.partition(engine, "2024Q4", "cam-lam")
    now = found.now
    assert (now.rows, now.accepted, now.quarantined) == (known.rows, known.accepted, known.quarantined) == (42, 40, 2)
    assert (found.read_at, found.rows_checked, now.broken) == (known.extracted_at, 42, 2)
    assert dict(zip(found.findings["rule_id"], found.findings["rows"], strict=True)) == {
        "dates.due_present": 3,
        "dates.readable": 2,
    }
    assert found.rejected["dossier_code"].fillna("").tolist() == ["H32.32-241002-0001", ""]


def test_a_source_that_nobody_read_is_there_all_the_same(engine: Engine, tmp_path: Path) -> None:
    load(engine, "cam-lam")
    found = source(engine, tmp_path, "nha-trang")
    assert found.now.state is PartitionState.EXPECTED
    assert not found.checked
    assert found.now.rows is found.rows_checked is None


def test_findings_of_an_attempt_that_is_over_are_not_those_of_now(engine: Engine, tmp_path: Path) -> None:
    load(engine, "cam-lam")
    ledger.begin_attempt(engine, "2024Q4", "cam-lam")
    error = f"{SOURCES['cam-lam'].name}: không kết nối được"
    ledger.mark_failed(engine, "2024Q4", "cam-lam", kind="SourceUnreachable", error=error, advice="")
    found = source(engine, tmp_path)
    assert not found.checked
    assert found.findings.empty
    assert found.rejected.empty
    assert found.now.rows is found.read_at is None
    assert found.error == "không kết nối được", "its name stands before it already"


def test_a_source_that_comes_in_meanwhile_is_not_said_to_break_no_rule(engine: Engine, tmp_path: Path) -> None:
    """Its findings are not given out while it is not loaded; it is loaded when the ledger is asked."""
    load(engine, "cam-lam")
    whole = source(engine, tmp_path).now
    assert (whole.loaded, whole.broken) == (True, 2)
    examples.land(engine, "cam-lam")
    with looked(engine, 1, lambda: came_in(engine), table="finding"):
        now = source(engine, tmp_path).now
    assert not now.loaded or now == whole
    assert source(engine, tmp_path).now == whole


def test_a_source_refused_for_its_rows_shows_what_was_found(engine: Engine, tmp_path: Path) -> None:
    examples.land(engine, "cam-lam")
    ledger.mark_validated(engine, "2024Q4", "cam-lam", accepted=30, quarantined=12)
    store.replace_checks(engine, period_id="2024Q4", source_id="cam-lam", **CHECKS)
    ledger.mark_failed(engine, "2024Q4", "cam-lam", kind="SourceError", error="bị loại quá mức", advice="sửa")
    found = source(engine, tmp_path)
    assert found.checked
    assert (len(found.findings), len(found.rejected), found.rows_checked) == (2, 2, 42)
    assert found.now.rows is None, "its figures do not stand"


def test_a_refused_source_does_not_show_what_an_older_attempt_carried_over(engine: Engine, tmp_path: Path) -> None:
    """Its figures were compared while they stood."""
    examples.land(engine, "cam-lam")
    ledger.mark_validated(engine, "2024Q4", "cam-lam", accepted=30, quarantined=12)
    stale = CHECKS["findings"].assign(rule_id=["continuity.carried_over", "dates.readable"])
    store.replace_checks(engine, period_id="2024Q4", source_id="cam-lam", findings=stale, rejected=CHECKS["rejected"])
    ledger.mark_failed(engine, "2024Q4", "cam-lam", kind="SourceError", error="quá mức cho phép", advice="")
    assert source(engine, tmp_path).findings["rule_id"].tolist() == ["dates.readable"]


def test_periods_go_back_to_the_oldest_that_is_known_without_a_gap(engine: Engine, tmp_path: Path) -> None:
    load(engine, "cam-lam", period_id="2024Q1")
    load(engine, "cam-lam", period_id="2024Q3")
    load(engine, "cam-lam")
    given = gathered(engine, tmp_path)
    assert [period.id for period in given.periods] == ["2024Q1", "2024Q2", "2024Q3", "2024Q4"]
    trend = given.sources[0].trend
    assert [c is not None for c in trend] == [True, False, True, True]
    assert given.sources[0].before == trend[2]
    assert given.sources[1].trend[-1] is None


def test_a_period_older_than_two_years_is_left_out(engine: Engine, tmp_path: Path) -> None:
    load(engine, "cam-lam", period_id="2022Q4")
    load(engine, "cam-lam")
    assert [period.id for period in gathered(engine, tmp_path).periods] == ["2024Q4"]


def test_accepted_dossiers_with_warnings_come_from_the_file_behind_the_facts(engine: Engine, tmp_path: Path) -> None:
    load(engine, "cam-lam")
    warned = {"dossier_code": "H32.32-241001-0003", "agency_code": "H32.32", "warnings": "dates.due_present"}
    clean = {"dossier_code": "H32.32-241001-0004", "warnings": ""}
    left = {"dossier_code": "H32.32-241001-0005", "warnings": "dates.due_present", "elsewhere": "nha-trang"}
    rows = [{"row": n, "elsewhere": "", "address": f"{n}"} | row for n, row in enumerate((warned, clean, left))]
    frame = pd.DataFrame(rows).reindex(columns=list(COUNTED_COLUMNS))
    days = ("received_date", "due_date", "end_date", "deleted_date")
    frame = frame.astype({name: "datetime64[s]" for name in days if name in frame.columns})
    root = tmp_path / "counted"
    counted.write(counted.file_of(root, ledger.partition(engine, "2024Q4", "cam-lam")), frame, as_of=date(2024, 12, 14))
    assert source(engine, root).warned.to_dict("records") == [
        {
            "address": "0",
            "dossier_code": "H32.32-241001-0003",
            "agency_code": "H32.32",
            "rules": "dates.due_present",
            "cells": "",
        }
    ]


def test_a_dossier_that_vanished_and_came_back_is_not_told_of(engine: Engine, tmp_path: Path) -> None:
    load(engine, "cam-lam")
    for before, after, kind in (("a", "b", "vanished"), ("b", "c", "new"), ("c", "d", "due_rewritten")):
        code, column = "H32.32-241001-0003", "due_date" if kind == "due_rewritten" else ""
        row = [kind, code, column, "1", "2024-10-01", "2024-11-01"]
        noted = pd.DataFrame([row], columns=list(changes.CHANGE_COLUMNS), dtype="str")
        key = {"period_id": "2024Q4", "source_id": "cam-lam", "landing_id": after, "before_landing_id": before}
        with writing(engine) as connection:
            changes.enter(connection, **key, changes=noted)
    given = gathered(engine, tmp_path)
    assert dict(given.sources[0].changes).get("vanished", 0) == 0
    assert dict(given.sources[0].changes)["due_rewritten"] == 1
    told = given.changed["kind"].tolist()
    assert "vanished" not in told
    assert "due_rewritten" in told
