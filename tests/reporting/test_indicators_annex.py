"""The annex of indicators: all of them with both counts, by area; what no source tells of is no 0; fields of note."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from contracts.codes import Series
from reporting.annexes.indicators import FIELDS_SHOWN, MEDIAN_LABEL, content
from reporting.context import build_context
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Row, Table, TablesAnnex
from reporting.scope import scope_of
from tests.reporting import sample
from transforms.indicators import declared


def told(given: ReportInput) -> ReportInput:
    """Some sources tell of levels, results and time; none tells of payments."""
    facts = given.facts.copy()
    some = facts["source_id"].isin(sorted(facts["source_id"].unique())[:4])
    now = facts[["received_online", "received_in_person", "received_postal"]].sum(axis=1)
    resolved = facts[["early", "on_time", "overdue"]].sum(axis=1)
    facts["level_known"] = now.where(some, 0)
    facts["offered"] = (now * 3 // 4).where(some, 0)
    facts["offered_online"] = facts[["offered", "received_online"]].min(axis=1)
    facts["linked_known"] = resolved
    facts["linked_resolved"], facts["linked_overdue"] = resolved // 5, facts["overdue"] // 2
    facts["linked_overdue"] = facts[["linked_resolved", "linked_overdue"]].min(axis=1)
    facts["processed"], facts["processing_days"] = resolved, resolved * 4
    rows = facts[(facts["series"] == Series.FORMS.value) & (resolved > 0)]
    taken = {"source_id": rows["source_id"], "agency_code": rows["agency_code"], "field": rows["field"]}
    durations = pd.DataFrame({**taken, "days": 3, "dossiers": rows["processed"]})
    return replace(given, facts=facts, durations=durations)


def annex(given: ReportInput, code: str | None = None) -> TablesAnnex:
    unit = given.province.units.find(code, on=given.as_of) if code else None
    found = build_context(given, unit=unit).further
    return next(part for part in found if part.annex.title == "CÁC CHỈ TIÊU TÍNH TỪ HỒ SƠ")


def row(table: Table, begins: str) -> Row:
    return next(row for row in table.rows if row.cells[0].startswith(begins))


def test_every_indicator_of_the_forms_stands_there_with_its_name() -> None:
    names = " ".join(row.cells[0] for row in annex(told(sample.report_input())).tables[0].rows)
    for one in declared():
        assert (one.label in names) == (one.series is Series.FORMS), one.id


def test_the_areas_are_groups_in_their_order() -> None:
    groups = [row.cells[0] for row in annex(sample.report_input()).tables[0].rows if row.kind == "group"]
    assert groups == ["Cải cách thủ tục hành chính", "Xây dựng, phát triển Chính phủ điện tử, Chính phủ số"]


def test_counts_come_first_then_the_shares_that_are_called_by_a_letter() -> None:
    names = [row.cells[0] for row in annex(sample.report_input()).tables[0].rows if row.kind == "unit"]
    letters = [names.index(next(n for n in names if n.startswith(f"{letter}. "))) for letter in "ABC"]
    assert letters == list(range(letters[0], letters[0] + 3))
    assert names[0] == "Số hồ sơ tiếp nhận trong kỳ: (4+5)"


def test_what_some_sources_tell_of_says_of_how_many_dossiers() -> None:
    table = annex(told(sample.report_input())).tables[0]
    found = row(
        table, "Tỷ lệ hồ sơ nộp trực tuyến trên số hồ sơ tiếp nhận của thủ tục cung cấp dịch vụ công trực tuyến m"
    )
    note = next(note for note in table.notes if note.mark == found.marks)
    assert note.text.startswith("Chỉ tính trên ") and "mức độ dịch vụ công" in note.text
    assert found.cells[3].endswith("%")


def test_what_no_source_tells_of_is_missing_and_no_zero() -> None:
    table = annex(told(sample.report_input())).tables[0]
    found = row(table, "Tỷ lệ hồ sơ thanh toán trực tuyến")
    assert found.cells[1:] == ("–", "–", "–")
    note = next(note for note in table.notes if note.mark == found.marks)
    assert note.text == "Chưa có số liệu: không nguồn nào ghi nghĩa vụ tài chính."


def test_the_median_stands_after_the_mean_with_the_number_of_its_dossiers() -> None:
    given = told(sample.report_input())
    rows = annex(given).tables[0].rows
    mean = next(n for n, row in enumerate(rows) if row.cells[0].startswith("Thời gian giải quyết bình quân"))
    assert rows[mean].cells[3] == "4,00"
    assert rows[mean + 1].cells[0] == MEDIAN_LABEL and rows[mean + 1].cells[3] == "3,00"
    assert rows[mean + 1].cells[2] == rows[mean].cells[2]
    assert row(annex(sample.report_input()).tables[0], MEDIAN_LABEL).cells[1:] == ("", "–", "–")


def test_what_is_no_dossier_says_its_unit() -> None:
    names = [row.cells[0] for row in annex(sample.report_input()).tables[0].rows]
    assert any(name.endswith("(tử số, mẫu số: ngày làm việc)") for name in names), "a share of days"
    assert any(name.endswith("(ngày làm việc)") and "bình quân" in name for name in names), "a mean"


def test_fields_of_note_are_few_and_the_others_are_summed() -> None:
    given = told(sample.report_input())
    table = annex(given).tables[1]
    groups = [n for n, row in enumerate(table.rows) if row.kind == "group"]
    first = table.rows[groups[0] + 1 : groups[1]]
    assert len(first) == FIELDS_SHOWN + 1 and first[-1].cells[0].endswith("lĩnh vực khác")
    whole = row(annex(given).tables[0], table.rows[0].cells[0])
    as_number = [int(line.cells[2].replace(".", "")) for line in first]
    assert sum(as_number) == int(whole.cells[2].replace(".", "")), "the fields add up to the whole"
    assert as_number[:-1] == sorted(as_number[:-1], reverse=True)


def test_a_unit_without_figures_has_no_such_annex() -> None:
    given = sample.report_input(missing=["cam-lam"])
    scope = scope_of(given, given.province.units.find("570", on=given.as_of))
    assert content(given, Origin(scope, given.period, given.spans)) is None


def test_what_is_missing_below_is_marked() -> None:
    table = annex(sample.report_input(missing=["cam-lam"])).tables[0]
    assert row(table, "A. ").marks == "a"
    assert any(note.mark == "a" and "Cam Lâm" in note.text for note in table.notes)
