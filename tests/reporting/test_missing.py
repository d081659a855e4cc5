"""Missing is never zero: every row, total and sentence that lacks a source says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from contracts.codes import Channel, PartitionState, Series
from contracts.errors import CriticalCheckError
from contracts.periods import parse_period
from contracts.responsibility import Elsewhere, Responsibility
from contracts.units import UnitTree
from reporting.context import build_context
from reporting.formats import percent_text
from reporting.inputs import Previous
from reporting.page import Form, FormRow, ReportContext, TablesAnnex
from reporting.ratios import Comparison, change_sentence
from reporting.tally import COUNTED, Tally
from tests.reporting import sample
from tests.reporting.blocks import chart_of, paragraphs_under, table, tables_of

DASHES = ("–",) * 11


def of_province(**changes: object) -> ReportContext:
    return build_context(sample.report_input(**changes), unit=None)  # type: ignore[arg-type]


def rows(form: Form, name: str) -> list[FormRow]:
    return [row for row in form.rows if row.name == name]


def by_unit(context: ReportContext) -> Form:
    assert context.by_unit is not None
    return context.by_unit.form


def test_a_missing_district_is_dashes_with_a_mark_and_a_note() -> None:
    form = by_unit(of_province(missing=["cam-lam"]))
    (row,) = rows(form, "Huyện Cam Lâm")
    assert (row.cells, row.marks) == (DASHES, "a")
    assert form.notes[0].mark == "a"
    assert form.notes[0].text == "Chưa gồm số liệu của huyện Cam Lâm: không kết nối được cơ sở dữ liệu."


def test_totals_that_lack_it_carry_the_mark_and_others_do_not() -> None:
    form = by_unit(of_province(missing=["cam-lam"]))
    marked = {row.name for row in form.rows if row.marks}
    assert marked == {"Huyện, thị xã, thành phố (gồm cả cấp xã)", "Huyện Cam Lâm", "Tổng cộng"}


def test_page_1_names_it_with_the_reason_and_whom_to_call() -> None:
    context = of_province(missing=["cam-lam"])
    alerts = [line for answer in context.answers for line in answer.alert]
    assert alerts == [
        "(a) Chưa gồm số liệu của huyện Cam Lâm: không kết nối được cơ sở dữ liệu. Nguồn: Hệ thống một cửa điện tử"
        " huyện Cam Lâm; liên hệ: Văn phòng HĐND và UBND huyện Cam Lâm, ĐT 0258.000.0003 (số minh họa)."
    ]
    assert all(figure.marks == "a" for figure in context.key_figures)
    assert "9/10 nguồn" in context.answers[1].lines[0]


def test_communes_below_a_missing_district_are_missing_with_it() -> None:
    context = of_province(missing=["cam-lam"])
    assert context.by_subunit is not None
    communes = rows(context.by_subunit.form, "Thị trấn Cam Đức")
    assert [(row.cells, row.marks) for row in communes] == [(DASHES, "a")]


def test_every_field_lacks_a_missing_source() -> None:
    context = of_province(missing=["cam-lam"])
    assert {row.marks for row in context.by_field.form.rows} == {"a"}


def test_two_missing_sources_have_two_marks_in_the_order_of_the_sources() -> None:
    form = by_unit(of_province(missing=["cam-ranh", "cam-lam"]))
    marks = {row.name: row.marks for row in form.rows if row.marks}
    assert (marks["Huyện Cam Lâm"], marks["Thành phố Cam Ranh"], marks["Tổng cộng"]) == ("a", "b", "a, b")


def test_many_missing_sources_are_told_as_a_range() -> None:
    form = by_unit(of_province(missing=["cam-ranh", "cam-lam", "khanh-son", "van-ninh"]))
    assert form.rows[-1].marks == "a–d"


def test_departments_are_counted_where_they_are_too_many_to_name() -> None:
    context = of_province(missing=["so-nganh"])
    assert "21 đơn vị thuộc Hệ thống một cửa điện tử các sở, ban, ngành" in context.answers[1].alert[0]


def test_a_loaded_unit_without_dossiers_is_a_true_zero() -> None:
    given = sample.report_input()
    without = given.facts[given.facts["source_id"] != "cam-lam"]
    empty = sample.made_of(given.province, given.period, given.sources, without)
    (row,) = rows(by_unit(build_context(empty, unit=None)), "Huyện Cam Lâm")
    assert (row.cells, row.marks) == (("0",) * 11, "")


def test_nothing_at_all_is_no_zero_report() -> None:
    every = [s.id for s in sample.report_input().sources]
    context = of_province(missing=every, with_previous=False)
    assert {figure.value for figure in context.key_figures} == {"–"}
    assert {row.cells for row in by_unit(context).rows} == {DASHES}
    assert chart_of(context) is None
    assert paragraphs_under(context, "đúng hạn theo") == ["Chưa có số liệu để tính tỷ lệ."]
    assert paragraphs_under(context, "Tình hình tiếp nhận")[0].startswith("Chưa nhận được số liệu")


def test_facts_of_a_source_that_is_not_loaded_are_not_printed() -> None:
    """Whatever a caller hands over: the state decides."""
    given = sample.report_input()
    states = tuple(
        s if s.id != "cam-lam" else sample.replace(s, state=PartitionState.FAILED, error="lỗi") for s in given.sources
    )
    stale = sample.replace(given, sources=states)
    (row,) = rows(by_unit(build_context(stale, unit=None)), "Huyện Cam Lâm")
    assert row.cells == DASHES


def test_a_unit_without_any_source_is_missing_too() -> None:
    given = sample.report_input()
    fewer = tuple(s for s in given.sources if s.id != "truong-sa")
    facts = given.facts[given.facts["source_id"] != "truong-sa"]
    context = build_context(sample.made_of(given.province, given.period, fewer, facts), unit=None)
    (row,) = rows(by_unit(context), "Huyện Trường Sa")
    assert row.cells == DASHES
    assert context.answers[1].alert == ("(a) Chưa gồm số liệu của huyện Trường Sa: chưa khai báo nguồn dữ liệu.",)


def test_a_table_explains_no_mark_that_it_does_not_carry() -> None:
    """The table of sources has no row for a unit that has no source."""
    given = sample.report_input(missing=["cam-lam"])
    fewer = tuple(s for s in given.sources if s.id != "truong-sa")
    facts = given.facts[given.facts["source_id"] != "truong-sa"]
    context = build_context(sample.made_of(given.province, given.period, fewer, facts), unit=None)
    for listed in context.provenance.tables:
        carried = {mark for row in listed.rows for mark in row.marks.split(", ")} - {""}
        explained = {note.mark for note in listed.notes} - {""}
        assert explained == carried, listed.caption


def test_one_district_report_says_nothing_of_another_districts_gap() -> None:
    given = sample.report_input(missing=["cam-lam"])
    whole = sample.report_input()
    other = given.province.units.find("571", on=given.as_of)
    assert build_context(given, unit=other) == build_context(whole, unit=other)


def index_annex(context: ReportContext) -> TablesAnnex:
    return next(part for part in context.further if "CHỈ SỐ PHỤC VỤ" in part.annex.title)


def test_the_index_of_a_missing_unit_is_missing() -> None:
    context = of_province(missing=["cam-lam"])
    table = index_annex(context).tables[-1]
    (row,) = [row for row in table.rows if row.cells[0] == "Huyện Cam Lâm"]
    assert (row.cells[1:], row.marks) == (("–",) * 4, "a")


def test_a_source_read_before_the_last_day_was_over_lacks_that_day() -> None:
    """A run in the morning of the cut-off: what came in and was resolved that day is not in the figures."""
    given = sample.report_input()
    assert build_context(given, unit=None).answers[0].alert == ()
    early = given.sources[0].extracted_at
    assert early is not None
    first = sample.replace(given.sources[0], extracted_at=early - sample.timedelta(days=1))
    context = build_context(sample.replace(given, sources=(first, *given.sources[1:])), unit=None)
    assert context.answers[0].alert == (
        "Số liệu ngày 14/12/2024 chưa đầy đủ: được trích xuất khi chưa hết ngày ở 1/10 nguồn"
        f" ({given.sources[0].name}).",
    )


def test_an_index_that_is_cut_says_that_its_quarter_goes_on() -> None:
    """As of 14/12 the forms' quarter is whole, and the index's calendar quarter is not."""
    cut = of_province()
    for text in (paragraphs_under(cut, "chỉ số 766")[0], index_annex(cut).paragraphs[0]):
        assert "từ ngày 01/10/2024 đến ngày 14/12/2024, chưa đến ngày cuối kỳ 31/12/2024" in text
    whole = of_province(as_of=sample.date(2025, 1, 5))
    assert "từ ngày 01/10/2024 đến ngày 31/12/2024)" in paragraphs_under(whole, "chỉ số 766")[0]


def is_compared(context: ReportContext) -> bool:
    return any("So sánh với" in t.caption for t in tables_of(context))


# What changed: only what is known of both periods is compared


def test_comparison_leaves_out_what_one_of_the_periods_lacks() -> None:
    context = of_province(missing_before=["cam-lam"])
    before, now = sample.report_input(missing_before=["cam-lam"]), sample.report_input()
    there = now.facts[(now.facts["series"] == "forms") & (now.facts["source_id"] != "cam-lam")]
    comparison = table(context, "So sánh với")
    assert comparison.rows[0].cells[2] == sample.received(there)
    assert before.previous is not None
    assert comparison.rows[0].cells[1] == sample.received(before.previous.facts)
    assert comparison.notes[0].text == "So sánh trên các đơn vị có số liệu ở cả hai kỳ."
    assert "(trên các đơn vị có số liệu ở cả hai kỳ)" in context.answers[2].lines[0]


def test_a_share_is_compared_with_its_two_counts() -> None:
    comparison = table(of_province(), "So sánh với")
    for begins in ("Tỷ lệ A.", "Tỷ lệ tiếp nhận trực tuyến"):
        place = next(n for n, row in enumerate(comparison.rows) if row.cells[0].startswith(begins))
        share, halves = comparison.rows[place], comparison.rows[place + 1]
        assert halves.kind == "basis" and share.cells[3].endswith(" điểm %")
        for ratio, counts in zip(share.cells[1:3], halves.cells[1:3], strict=True):
            upper, lower = (int(count.replace(".", "")) for count in counts.split("/"))
            assert percent_text(upper, lower) == ratio


def test_comparison_of_whole_periods_needs_no_remark() -> None:
    context = of_province()
    assert context.answers[2].lines[0].startswith("So với quý III năm 2024: ")
    assert len(table(context, "So sánh với").notes) == 1  # (6) beside the (11) before


def test_without_the_period_before_nothing_is_compared() -> None:
    context = of_province(with_previous=False)
    assert not is_compared(context)
    assert context.answers[2].lines == ("Chưa có số liệu kỳ trước liền kề trong kho dữ liệu để so sánh.",)


def test_the_series_breaks_where_the_district_level_ended() -> None:
    """1/7/2025: communes of the new order are not compared with districts of the old."""
    of = sample.province("khanh-hoa")
    period, before = parse_period("2025Q3"), parse_period("2025Q2")
    states = sample.source_states(of, period)
    facts = sample.invented_facts(of, period, states, seed="now")
    old = Previous(before, sample.invented_facts(of, before, states, seed="old"), frozenset(s.id for s in states))
    context = build_context(sample.made_of(of, period, states, facts, previous=old), unit=None)
    assert context.answers[2].lines == (
        "Không so sánh với quý II năm 2025: tổ chức đơn vị hành chính thay đổi giữa hai kỳ.",
    )


def test_a_period_under_way_is_not_compared_with_a_whole_one() -> None:
    """Half a quarter beside a whole one would read as a fall."""
    context = build_context(sample.report_input(as_of=sample.date(2024, 10, 31)), unit=None)
    assert not is_compared(context)
    assert context.answers[2].lines == ("Không so sánh với quý III năm 2024: kỳ này chưa kết thúc.",)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "compared"),
    [
        (None, sample.date(2024, 9, 1), False),  # merged away in the quarter before: its figures are only there
        (None, sample.date(2024, 11, 1), False),  # in this quarter: half of its figures are elsewhere
        (sample.date(2024, 11, 1), None, False),  # begun in this quarter: the one before knows it not
        (sample.date(2024, 6, 15), None, True),  # begun with the quarter before
        (None, sample.date(2024, 12, 14), True),  # ends with this one
        (None, sample.date(2024, 6, 14), True),  # ended before both
    ],
)
def test_the_series_breaks_where_a_unit_began_or_ended(
    valid_from: sample.date | None, valid_to: sample.date | None, *, compared: bool
) -> None:
    given = sample.report_input()
    changed = [
        sample.replace(u, valid_from=valid_from, valid_to=valid_to) if u.agency_code == "H32.32.02" else u
        for u in given.province.units
    ]
    province = sample.replace(given.province, units=UnitTree(tuple(changed)))
    after = sample.replace(given, province=province)
    assert is_compared(build_context(after, unit=None)) is compared
    district, other = (province.units.find(code, on=given.as_of) for code in ("570", "571"))
    assert is_compared(build_context(after, unit=district)) is compared
    assert is_compared(build_context(after, unit=other))


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ((9_667, 10_000), (9_666, 10_000), "giảm 0,01 điểm phần trăm (từ 96,67% xuống 96,66%)"),
        ((9_000, 10_000), (9_125, 10_000), "tăng 1,25 điểm phần trăm (từ 90,00% lên 91,25%)"),
        (
            (96_684, 100_000),
            (96_659, 100_000),
            "giảm 0,03 điểm phần trăm, tính trước khi làm tròn (từ 96,68% xuống 96,66%)",
        ),
        ((96_661, 100_000), (96_662, 100_000), "không đổi (96,66%)"),
        ((0, 0), (5, 10), ""),
    ],
)
def test_the_change_is_told_in_percentage_points(before: tuple[int, int], now: tuple[int, int], said: str) -> None:
    """Of the exact ratios; where the printed ones would give another difference, it says so."""
    found = Comparison("Quý III năm 2024", resolved(*now), resolved(*before), partial=False)
    sentence = change_sentence(found)
    assert f"tỷ lệ giải quyết trước hạn và đúng hạn {said};" in sentence if said else "tỷ lệ" not in sentence


def resolved(on_time: int, total: int) -> Tally:
    return Tally(dict.fromkeys(COUNTED, 0) | {"early": on_time, "overdue": total - on_time})


# Figures that do not add up are not printed


def test_counts_that_break_the_identity_stop_the_report() -> None:
    given = sample.report_input()
    facts = given.facts.copy()
    facts.loc[facts.index[0], "carried_over"] += 1
    with pytest.raises(CriticalCheckError, match=r"\(3\) = .* khác \(7\) \+ \(11\)"):
        build_context(sample.replace(given, facts=facts), unit=None)


def test_an_agency_outside_the_catalogue_stops_the_report() -> None:
    given = sample.report_input()
    facts = given.facts.assign(agency_code=given.facts["agency_code"].replace("H32.02", "H99.99"))
    with pytest.raises(CriticalCheckError, match=r"ngoài danh mục: H99\.99"):
        build_context(sample.replace(given, facts=facts), unit=None)


def test_a_period_under_way_says_up_to_when() -> None:
    given = sample.report_input("phu-tho", "2026Q3", as_of=sample.date(2026, 8, 20))
    made = build_context(given, unit=None)
    assert "kỳ chưa kết thúc, số liệu mới tính đến hết ngày 20/08/2026" in made.answers[0].lines[0]
    assert made.preview.startswith("BẢN XEM TRƯỚC: kỳ chưa kết thúc, số liệu mới tính đến hết ngày 20/08/2026;")
    assert build_context(sample.report_input(), unit=None).preview == ""
    assert given.spans[Series.FORMS].last_day == sample.date(2026, 8, 20)


def with_portal(*, portal: PartitionState, desk: PartitionState = PartitionState.LOADED) -> ReportContext:
    """Cam Lâm's desk holds what is filed there, a portal of its own what is filed online."""
    given = sample.report_input()
    at_the_desk = Responsibility(channels=frozenset({Channel.IN_PERSON, Channel.POSTAL}))
    known = {s.id: s for s in given.sources}
    cam_lam = sample.replace(known["cam-lam"], responsibility=at_the_desk, state=desk, error="")
    online = Responsibility(channels=frozenset({Channel.ONLINE}), except_procedures=frozenset({"2.000635"}))
    other = sample.replace(
        cam_lam, id="cong", name="Cổng dịch vụ công của huyện", responsibility=online, state=portal, error=""
    )
    sources = (*(s if s.id != "cam-lam" else cam_lam for s in given.sources), other)
    facts = given.facts if desk is PartitionState.LOADED else given.facts[given.facts["source_id"] != "cam-lam"]
    made = sample.made_of(given.province, given.period, sources, facts)
    return build_context(sample.replace(made, previous=given.previous), unit=None)


def test_a_unit_that_lacks_one_of_its_systems_is_marked_with_the_part_that_it_lacks() -> None:
    form = by_unit(with_portal(portal=PartitionState.FAILED))
    (row,) = rows(form, "Huyện Cam Lâm")
    assert row.marks == "a"
    assert row.cells == rows(by_unit(of_province()), "Huyện Cam Lâm")[0].cells
    assert form.notes[0].text == (
        "Chưa gồm phần hồ sơ nộp trực tuyến, trừ thủ tục 2.000635 của huyện Cam Lâm: trích xuất bị lỗi."
    )


def test_the_other_part_is_named_where_the_other_system_is_missing() -> None:
    form = by_unit(with_portal(portal=PartitionState.LOADED, desk=PartitionState.NOT_RECEIVED))
    assert form.notes[0].text == (
        "Chưa gồm phần hồ sơ nộp trực tiếp và nộp qua bưu chính công ích của huyện Cam Lâm: chưa nhận được."
    )


def test_a_unit_without_any_of_its_systems_is_missing_as_a_whole() -> None:
    form = by_unit(with_portal(portal=PartitionState.FAILED, desk=PartitionState.FAILED))
    (row,) = rows(form, "Huyện Cam Lâm")
    assert (row.cells, row.marks) == (DASHES, "a, b")


def test_with_both_systems_there_nothing_lacks() -> None:
    assert not [r for r in by_unit(with_portal(portal=PartitionState.LOADED)).rows if r.marks]


def test_a_part_is_not_compared_with_a_whole() -> None:
    """The quarter before, the unit's only system held both parts."""
    part, without = with_portal(portal=PartitionState.FAILED), of_province(missing=["cam-lam"])
    compared = [[t.rows for t in tables_of(c) if "So sánh" in t.caption] for c in (part, without)]
    assert compared[0] == compared[1] != []


def test_what_runs_in_a_system_that_is_not_read_is_told_under_the_forms_and_the_sources() -> None:
    given = sample.report_input()
    note = Elsewhere(what="hồ sơ đăng ký hộ tịch", system="phần mềm của Bộ Tư pháp", since=date(2024, 12, 14))
    later = Elsewhere(what="hồ sơ đất đai", system="phần mềm của bộ", since=date(2024, 12, 15))
    sources = tuple(s if s.id != "cam-lam" else sample.replace(s, elsewhere=(note, later)) for s in given.sources)
    context = build_context(sample.replace(given, sources=sources), unit=None)
    said = (
        "Không gồm hồ sơ đăng ký hộ tịch của huyện Cam Lâm: thực hiện trên phần mềm của Bộ Tư pháp từ ngày 14/12/2024, "
        "không thuộc các nguồn được đọc."
    )
    for notes in (by_unit(context).notes, context.by_field.form.notes, context.provenance.tables[0].notes):
        assert [n.text for n in notes if "hộ tịch" in n.text] == [said]
        assert not [n for n in notes if "đất đai" in n.text]
    other = given.province.units.find("571", on=given.as_of)
    elsewhere = build_context(sample.replace(given, sources=sources), unit=other)
    assert not [n for n in elsewhere.by_field.form.notes if "hộ tịch" in n.text]


def test_what_no_system_tells_of_is_no_nought_below_a_form() -> None:
    """A source without the column counts no linked dossier; «gồm 0 hồ sơ liên thông» would pass for a figure."""
    given = sample.report_input()
    silent = replace(given, facts=given.facts.assign(linked_known=0, linked_resolved=0))
    notes = [[note.text for note in build_context(one, unit=None).by_unit.form.notes] for one in (given, silent)]
    assert [any("liên thông" in text for text in texts) for texts in notes] == [True, False]
