"""The page shows exactly what the context documents, and every figure is one that the facts hold."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest

from contracts.codes import Series
from contracts.columns import FORM_COLUMNS
from contracts.errors import CriticalCheckError
from reporting import page, render
from reporting.context import build_context
from reporting.forms import check_sum
from reporting.inputs import ReportInput, WrittenText
from reporting.page import Form, ReportContext
from tests.reporting import charted, sample
from tests.reporting.blocks import paragraphs_under, table

PARTS = [part for part in vars(page).values() if isinstance(part, type) and is_dataclass(part)]


class Watched:
    """Stands for a part of the context and notes which of its fields a template asks for."""

    def __init__(self, part: Any, asked: set[tuple[str, str]]) -> None:
        self._part = part
        self._asked = asked

    def __getattr__(self, name: str) -> Any:
        self._asked.add((type(self._part).__name__, name))
        return watched(getattr(self._part, name), self._asked)


def watched(value: Any, asked: set[tuple[str, str]]) -> Any:
    if is_dataclass(value):
        return Watched(value, asked)
    return tuple(watched(item, asked) for item in value) if isinstance(value, tuple) else value


def contexts() -> list[ReportContext]:
    """A whole province, one with a gap and a part that was written, one of a commune, one of a department (with a
    superior body)."""
    whole, gap, single = (
        sample.report_input(),
        sample.report_input(missing=["cam-lam"]),
        sample.report_input("phu-tho", "2026Q3"),
    )
    commune = single.province.units.find("07900", on=single.as_of)
    office = whole.province.units.find("H32.02", on=whole.as_of)
    empty = sample.report_input(missing=[s.id for s in whole.sources], with_previous=False)
    return [
        build_context(whole, unit=None),
        build_context(with_text(gap, "good", "Đạt {tỷ lệ A}"), unit=None),
        build_context(single, unit=commune),
        build_context(whole, unit=office),
        build_context(empty, unit=None),
        build_context(charted.whole(), unit=None),
    ]


def with_text(given: ReportInput, part: str, text: str) -> ReportInput:
    """With what the province's office wrote of that part."""
    code, moment = given.province.units.root.unit_code, sample.datetime(2024, 12, 16, 8, 0, tzinfo=sample.VIETNAM)
    return replace(given, written=(WrittenText("province", code, part, text, 1, "A", moment),))


def test_what_is_rendered_is_what_is_documented() -> None:
    documented = {(part.__name__, field.name) for part in PARTS for field in fields(part)}
    asked: set[tuple[str, str]] = set()
    for context in contexts():
        render.to_html(watched(context, asked))
    assert asked == documented


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_says_what_it_is(part: type) -> None:
    hints = get_type_hints(part, include_extras=True)
    for field in fields(part):
        assert get_origin(hints[field.name]) is Annotated, field.name
        assert len(get_args(hints[field.name])[1]) > 3, field.name


def test_every_cell_is_finished_text() -> None:
    for context in contexts():
        for value in texts(context):
            assert isinstance(value, str)
            assert not {"None", "nan", "NaN", "True", "False"} & set(value.split()), value


def texts(value: Any) -> list[str]:
    if is_dataclass(value) and not isinstance(value, type):
        return [text for field in fields(value) for text in texts(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [text for item in value for text in texts(item)]
    return [] if value is None else [value]


# Figures


def column_sums(facts: Any, agencies: set[str]) -> tuple[str, ...]:
    own = facts[(facts["series"] == Series.FORMS.value) & facts["agency_code"].isin(agencies)]
    sums = [int(own[list(measures)].to_numpy().sum()) for measures in FORM_COLUMNS.values()]
    return tuple(f"{n:,}".replace(",", ".") for n in sums)


def test_each_unit_row_is_the_sum_of_its_tree() -> None:
    given = sample.report_input()
    form = form_of(build_context(given, unit=None).by_unit)
    tree = given.province.units
    for name, code in (("Huyện Cam Lâm", "570"), ("Thành phố Nha Trang", "568"), ("Sở Nội vụ", "H32.02")):
        unit = tree.find(code, on=given.as_of)
        agencies = {u.agency_code for u in tree.subtree(unit.agency_code)}
        (row,) = [r for r in form.rows if r.name == name]
        assert row.cells == column_sums(given.facts, agencies)


def test_fields_and_units_and_communes_add_up_to_the_same_total() -> None:
    given = sample.report_input()
    context = build_context(given, unit=None)
    total = column_sums(given.facts, set(given.facts["agency_code"]))
    assert form_of(context.by_field).rows[-1].cells == total
    assert form_of(context.by_unit).rows[-1].cells == total
    districts = given.facts[~given.facts["source_id"].eq("so-nganh")]
    below = column_sums(districts, set(districts["agency_code"]))
    assert form_of(context.by_subunit).rows[-1].cells == below


def test_every_row_holds_the_identities_of_the_form() -> None:
    """(3) = (4)+(5)+(6), (7) = (8)+(9)+(10), (11) = (12)+(13), (3) = (7)+(11)."""
    context = build_context(sample.report_input(), unit=None)
    for annex in (context.by_field, context.by_unit, context.by_subunit):
        for row in form_of(annex).rows:
            n = dict(zip(FORM_COLUMNS, (int(cell.replace(".", "")) for cell in row.cells), strict=True))
            assert n[3] == n[4] + n[5] + n[6] == n[7] + n[11]
            assert n[7] == n[8] + n[9] + n[10]
            assert n[11] == n[12] + n[13]


def test_notes_below_a_form_count_what_stands_in_it() -> None:
    """The form by commune has no department in it: nor have its notes."""
    given = sample.report_input()
    context = build_context(given, unit=None)
    forms = given.facts[given.facts["series"] == Series.FORMS.value]
    for annex, facts in (
        (context.by_unit, forms),
        (context.by_field, forms),
        (context.by_subunit, forms[forms["source_id"] != "so-nganh"]),
    ):
        withdrawn = f"{facts['withdrawn'].sum():,}".replace(",", ".")
        assert f"cột (9) gồm {withdrawn} hồ sơ công dân, tổ chức xin rút" in form_of(annex).notes[-1].text


def form_of(annex: Any) -> Form:
    assert annex is not None
    form: Form = annex.form
    return form


def test_rows_that_do_not_add_up_to_the_total_stop_the_report() -> None:
    with pytest.raises(CriticalCheckError, match="Tổng cộng"):
        check_sum([("1", "2"), ("–", "3")], ("1", "6"))


def test_a_two_level_province_lists_its_163_agencies() -> None:
    context = build_context(sample.report_input("phu-tho", "2026Q3"), unit=None)
    rows = form_of(context.by_unit).rows
    assert len([r for r in rows if r.kind == "unit"]) == 163
    assert [r.name for r in rows if r.kind == "group"] == ["Sở, ban, ngành", "Xã, phường"]
    assert context.by_subunit is None


def test_a_district_report_has_its_office_and_its_communes_alone() -> None:
    given = sample.report_input()
    district = given.province.units.find("570", on=given.as_of)
    context = build_context(given, unit=district)
    names = [r.name for r in form_of(context.by_unit).rows if r.kind == "unit"]
    assert names[0] == "UBND huyện Cam Lâm"
    assert len(names) == 1 + len(given.province.units.children(district.agency_code))
    assert not any("Nha Trang" in text for text in texts(context))


def test_page_1_says_period_cut_off_and_time_of_reading() -> None:
    context = build_context(sample.report_input(), unit=None)
    (line,) = context.answers[0].lines
    assert "từ ngày 15/09/2024 đến ngày 14/12/2024" in line
    assert "hết ngày 14/12/2024" in line
    assert "Trích xuất từ lúc 08:00 ngày 15/12/2024 đến lúc 08:36 ngày 15/12/2024" in line


def test_each_named_ratio_stands_with_its_counts() -> None:
    given = sample.report_input()
    found = table(build_context(given, unit=None), "kèm tử số")
    assert [row.cells[0][:2] for row in found.rows[:3]] == ["A.", "B.", "C."]
    total = dict(zip(FORM_COLUMNS, column_sums(given.facts, set(given.facts["agency_code"])), strict=True))
    ratio_a = found.rows[0].cells
    assert ratio_a[1] == "(8+9)/(7)"
    assert ratio_a[3] == total[7]
    early_and_on_time = int(total[8].replace(".", "")) + int(total[9].replace(".", ""))
    assert int(ratio_a[2].replace(".", "")) == early_and_on_time


def test_the_index_has_days_of_its_own_and_is_called_an_estimate() -> None:
    context = build_context(sample.report_input("phu-tho", "2026Q3", as_of=sample.date(2026, 9, 26)), unit=None)
    (said,) = paragraphs_under(context, "Tiến độ giải quyết theo chỉ số 766 (ước tính)")
    assert "từ ngày 01/07/2026 đến ngày 26/09/2026" in said
    assert "từ ngày 15/06/2026 đến ngày 14/09/2026" in context.answers[0].lines[0]


@pytest.mark.parametrize(
    ("period", "decree"), [("2024Q4", "61/2018/NĐ-CP"), ("2025Q2", "61/2018/NĐ-CP"), ("2026Q3", "118/2025/NĐ-CP")]
)
def test_the_decree_in_force_on_the_cut_off_is_cited(period: str, decree: str) -> None:
    province = "phu-tho" if period == "2026Q3" else "khanh-hoa"
    opening = build_context(sample.report_input(province, period), unit=None).opening
    assert decree in opening
    assert ({"61/2018/NĐ-CP", "118/2025/NĐ-CP"} - {decree}).pop() not in opening


def test_a_text_is_cited_with_its_title_the_first_time() -> None:
    opening = build_context(sample.report_input(), unit=None).opening
    assert (
        "căn cứ Nghị định số 61/2018/NĐ-CP ngày 23 tháng 4 năm 2018 của Chính phủ về thực hiện cơ chế một cửa, một cửa"
        " liên thông trong giải quyết thủ tục hành chính; Nghị định số 09/2019/NĐ-CP ngày 24 tháng 01 năm 2019 của"
        " Chính phủ quy định về chế độ báo cáo của cơ quan hành chính nhà nước; Thông tư số 01/2020/TT-VPCP" in opening
    )


def test_a_form_that_was_not_held_against_the_text_in_force_is_told() -> None:
    """From 15/02/2026 another circular has the forms; only its head was seen."""
    context = build_context(sample.report_input("phu-tho", "2026Q3"), unit=None)
    assert "Thông tư số 05/2025/TT-VPCP ngày 31 tháng 12 năm 2025" in context.opening
    said = paragraphs_under(context, "chất lượng số liệu")
    assert any(
        "chưa đối chiếu được với văn bản gốc: mẫu biểu II.06a theo Thông tư số 05/2025/TT-VPCP" in s for s in said
    )
    before = paragraphs_under(build_context(sample.report_input(), unit=None), "chất lượng số liệu")
    assert not any("mẫu biểu" in s for s in before)


def test_number_date_and_name_are_left_to_the_clerk_and_the_leader() -> None:
    context = build_context(sample.report_input(), unit=None)
    assert context.head.number_tail == "BC-UBND"
    assert context.head.place == "Khánh Hòa"
    assert context.signature.title == "CHỦ TỊCH"


@pytest.mark.parametrize("period", ["2024M11", "2024H1", "2024T9", "2024Y", "2024-09-01..2024-10-31"])
def test_every_kind_of_period_can_be_reported(period: str) -> None:
    context = build_context(sample.report_input(period_id=period), unit=None)
    assert context.key_figures[0].value != "–"
