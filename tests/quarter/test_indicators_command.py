"""cchc indicators on a period that was run: both counts, by unit and field, as the export has them."""

from __future__ import annotations

import json

import pandas as pd

from tests.quarter.command import Office


def test_the_command_says_what_the_export_says(khanh_hoa: Office) -> None:
    shown = json.loads(khanh_hoa.cchc("indicators", "show", "2024Q4", "--unit", "570", "--json").stdout)
    frame = pd.read_csv(khanh_hoa.export("2024Q4", "indicators"), dtype="str", keep_default_na=False)
    mine = frame[(frame["unit_code"] == "570") & (frame["scope"] == "tree") & (frame["field"] == "")]
    counts = {row["indicator"]: (row["numerator"], row["denominator"]) for row in mine.to_dict("records")}
    told = {
        row["indicator"]: tuple("" if row[n] is None else str(row[n]) for n in ("numerator", "denominator"))
        for row in shown["indicators"]
    }
    assert told == counts and len(told) > 20
    assert shown["median_days"]["dossiers"] > 0 and shown["cumulative"] == []


def test_a_field_is_a_part_of_the_unit(khanh_hoa: Office) -> None:
    whole, field = (
        {row["indicator"]: row for row in json.loads(khanh_hoa.cchc(*words, "--json").stdout)["indicators"]}
        for words in (("indicators", "show", "2024Q4"), ("indicators", "show", "2024Q4", "--field", "Đất đai"))
    )
    assert 0 < field["ON_TIME_RESOLVED"]["denominator"] < whole["ON_TIME_RESOLVED"]["denominator"]
    assert field["ON_TIME_RESOLVED"]["field"] == "Đất đai"


def test_an_unknown_field_is_answered_with_those_that_are_there(khanh_hoa: Office) -> None:
    said = khanh_hoa.cchc("indicators", "show", "2024Q4", "--field", "Dat dai", expect=2).stderr
    assert "Đất đai" in said


def test_a_period_that_was_not_run_says_how_to_run_it(khanh_hoa: Office) -> None:
    assert "cchc run 2024Q2" in khanh_hoa.cchc("indicators", "show", "2024Q2", expect=2).stderr


def test_people_read_a_table_and_a_dictionary(khanh_hoa: Office) -> None:
    table = khanh_hoa.cchc("indicators", "show", "2024Q4").stdout
    assert "A. Tỷ lệ hồ sơ giải quyết trước hạn" in table and "Thời gian giải quyết trung vị" in table
    assert "ON_TIME_RESOLVED" in khanh_hoa.cchc("indicators", "list").stdout
    assert khanh_hoa.cchc("indicators", "dictionary").stdout.startswith("# Từ điển chỉ tiêu")
