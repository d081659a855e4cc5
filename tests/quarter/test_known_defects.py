"""The defects that the demonstration planted come out one for one: none missed, none invented."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from contracts.settings import Settings
from tests.quarter.command import Office
from warehouse import read
from warehouse.database import open_warehouse

ERRORS = {
    "no_dossier_code": "identity.dossier_code_present",
    "no_procedure_code": "identity.procedure_code_present",
    "no_agency": "identity.agency_present",
    "no_received_date": "dates.received_present",
    "unknown_status": "statuses.status_known",
    "unknown_channel": "statuses.channel_known",
    "unknown_agency": "codes.agency_known",
    "agency_not_valid": "codes.agency_in_office",
    "end_before_received": "dates.end_not_before_received",
    "received_in_future": "dates.received_not_in_future",
    "end_in_future": "dates.end_not_in_future",
    "done_without_end": "statuses.resolved_dated",
    "unreadable_date": "dates.readable",
    "duplicate_code": "identity.copies_agree",
    "repeated_row": "identity.row_not_repeated",
    "paused_undated": "statuses.paused_dated",
    "in_two_systems": "across.received_here",
}
WARNINGS = {
    "no_due_date": "dates.due_present",
    "due_before_received": "dates.due_not_before_received",
    "bad_code_pattern": "codes.dossier_code_form",
    "level_2_online": "codes.served_online",
    "closed_with_open_supplement": "statuses.supplement_closed",
}

CONTINUITY = "continuity.carried_over"


def planted(office: Office) -> pd.DataFrame:
    """What was planted in 2024Q4. Of the July before, only a date that cannot be read is asked for again: no
    query can tell that it lies outside the period."""
    truth = pd.read_csv(office.systems / "khanh-hoa" / "truth" / "defects.csv", dtype="str")
    assert set(truth["defect"]) == set(ERRORS) | set(WARNINGS)
    in_july = truth["dossier_code"].str.contains("-2407")
    return truth[~in_july | (truth["defect"] == "unreadable_date")]


def test_the_quarantine_holds_the_planted_errors_and_no_other_row(khanh_hoa: Office) -> None:
    truth = planted(khanh_hoa)
    errors = truth[truth["defect"].isin(list(ERRORS))]
    expected = Counter(zip(errors["source"], errors["address"], errors["defect"].map(ERRORS), strict=True))
    warehouse = open_warehouse(Settings(home=khanh_hoa.home).database_url("khanh-hoa"))
    rejected = read.rejected(warehouse, "2024Q4")
    assert Counter(zip(rejected["source_id"], rejected["address"], rejected["rules"], strict=True)) == expected
    assert len(expected) > 30


def warned(office: Office) -> dict[tuple[str, str], int]:
    """(source, rule) → rows of the warnings of 2024Q4."""
    found = pd.read_csv(office.export("2024Q4", "findings"))
    found = found[found["severity"] == "warning"]
    return dict(zip(zip(found["source_id"], found["rule_id"], strict=True), found["rows"], strict=True))


def test_the_warnings_are_the_planted_ones(khanh_hoa: Office) -> None:
    truth = planted(khanh_hoa)
    warnings = truth[truth["defect"].isin(list(WARNINGS))]
    counted = {key: rows for key, rows in warned(khanh_hoa).items() if key[1] != CONTINUITY}
    assert counted == Counter(zip(warnings["source"], warnings["defect"].map(WARNINGS), strict=True))


def test_a_dossier_deleted_after_the_quarter_before_breaks_continuity_where_it_was(khanh_hoa: Office) -> None:
    """Open on 14/9/2024 and counted then, gone from the system by 14/12/2024 and counted no more."""
    lives = pd.read_parquet(khanh_hoa.systems / "khanh-hoa" / "truth" / "dossiers.parquet")
    was_open = (lives["received"] < "2024-09-15") & ~(lives["end"] < "2024-09-15")
    gone = lives["deleted"].between("2024-09-15", "2024-12-14")
    units = lives[was_open & gone].groupby("source")["unit_code"].nunique()
    found = {source: rows for (source, rule), rows in warned(khanh_hoa).items() if rule == CONTINUITY}
    assert found == units.to_dict()
    assert len(found) > 3
