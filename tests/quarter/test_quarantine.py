"""A dossier in quarantine is shown with its place and its errors, and counts once its district has mended it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pandas as pd

from tests.quarter.command import Office
from tests.quarter.moved import province


def test_what_is_listed_is_what_does_not_count(khanh_hoa: Office) -> None:
    listed = {
        s["id"]: s for s in json.loads(khanh_hoa.cchc("quarantine", "list", "2024Q4", "--json").stdout)["sources"]
    }
    for source in khanh_hoa.status("2024Q4")["sources"]:
        of_source = listed[source["id"]]
        assert of_source["rows"] == of_source["accepted"] + of_source["quarantined"]
        assert of_source["quarantined"] == source["quarantined"]
        assert sum(of_source["rules"].values()) >= of_source["quarantined"], "each has a reason"


def test_each_dossier_can_be_looked_up(khanh_hoa: Office) -> None:
    path = khanh_hoa.home / "cach-ly.csv"
    khanh_hoa.cchc("quarantine", "show", "2024Q4", "--source", "ninh-hoa", "--out", str(path))
    rows = pd.read_csv(path)
    assert path.stat().st_mode & 0o077 == 0
    assert len(rows) == next(s for s in khanh_hoa.status("2024Q4")["sources"] if s["id"] == "ninh-hoa")["quarantined"]
    assert rows[["address", "rules", "cells"]].notna().all(axis=None)
    shown = khanh_hoa.cchc("quarantine", "show", "2024Q4", "--source", "ninh-hoa", "--rule", "dates.readable")
    assert "1 trong 1 hồ sơ" in shown.stdout


def test_mended_at_the_source_and_read_again_it_counts(already_run: Office, tmp_path: Path) -> None:
    office = replace(already_run, province=str(province(tmp_path / "configured", unit_reports=False)))
    with sqlite3.connect(office.systems / "khanh-hoa" / "cam-lam.sqlite") as system:
        mended = system.execute(
            "UPDATE HoSo SET KenhThucHien = '1' WHERE KenhThucHien IS NULL OR KenhThucHien NOT IN ('1', '2', '3')"
        )
        assert mended.rowcount == 1
    system.close()
    before = {s["id"]: s for s in office.status("2024Q4")["sources"]}["cam-lam"]
    said = office.cchc("quarantine", "replay", "2024Q4", "--source", "cam-lam").stdout
    after = {s["id"]: s for s in office.status("2024Q4")["sources"]}["cam-lam"]
    assert (after["accepted"], after["quarantined"]) == (before["accepted"] + 1, before["quarantined"] - 1)
    assert said.rstrip().splitlines()[-1].split() == ["cam-lam", "2", "1", "1", "0", "0"]
