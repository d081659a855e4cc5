"""A form read back: every kind of answer, and every defect at its cell, all in one pass."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from contracts.answers import Answer, is_approximate
from contracts.codes import Level
from contracts.periods import parse_period
from contracts.return_form import COVER, IDENTITY, Column, Form, cell_name
from contracts.returned import Asked, Kind, State, read_questions
from contracts.units import Unit
from reporting.returns.template import template_bytes
from sources.returns.identity import identity_of
from sources.returns.reading import Reading, read_form
from sources.returns.workbook import NotAForm, read_workbook
from tests.returns.filling import APPROXIMATE, COVER_CELLS, NOT_YET, OUTSIDE, cell, columns_of
from tests.tried import tried

UNIT = Unit("H99.31", "575", "Huyện Khánh Sơn", Level.DISTRICT, "H99", None, None, False)
TODAY = date(2024, 12, 16)


@cache
def form() -> Form:
    period = parse_period("2024Q4")
    return Form("tinh-thu", UNIT, period, read_questions(Path("không có")).of(Level.DISTRICT, period))


@cache
def empty() -> bytes:
    return template_bytes(form(), due="17/12/2024")


def opened() -> Workbook:
    book = openpyxl.load_workbook(io.BytesIO(empty()))
    for row, said in COVER_CELLS.items():
        book[COVER][cell_name(row, 1)] = said
    return book


def put(book: Workbook, indicator: str, said: Any) -> None:
    for column, value in columns_of(said).items():
        cell(book, indicator, column).value = value


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def reading(book: Workbook) -> Reading:
    return read_form(read_workbook(saved(book)), form(), today=TODAY)


def answers(book: Workbook) -> dict[str, Answer]:
    found = reading(book)
    assert found.content is not None, found.remarks
    return {a.indicator: a for a in found.content.answers}


def errors(book: Workbook) -> list[tuple[str, str]]:
    found = reading(book)
    assert (found.content is None) == any(r.is_error for r in found.remarks)
    return [(r.place.partition("!")[2] or r.place, r.wrong) for r in found.remarks if r.is_error]


@pytest.mark.parametrize("typed", [0.4, 0.97, 0.05, 1, 1.0])
def test_a_percentage_that_may_be_a_fraction_is_refused(typed: float) -> None:
    """«40%» typed into a cell is 0,4 to Excel: printed as 0,4% it would be a hundredth of what the unit said."""
    book = opened()
    put(book, "time_cut", typed)
    ((place, wrong),) = errors(book)
    assert place.startswith("G") and "hai cách" in wrong


@pytest.mark.parametrize(("typed", "read"), [(40, "40"), (33.5, "33.5"), (1.01, "1.01"), (0, "0"), (100, "100")])
def test_a_percentage_is_taken_as_it_was_typed(typed: float, read: str) -> None:
    book = opened()
    put(book, "time_cut", typed)
    assert answers(book)["time_cut"].amount == Decimal(read)


def test_every_kind_of_answer() -> None:
    book = opened()
    put(book, "staff_quota", 2076)
    put(book, "documents_exchanged", (973, 1000))
    put(book, "reform_budget", 12.5)
    put(book, "iso_applied", "có ")
    put(book, "appraisal", "Hằng quý")
    put(book, "plan_number", "  67/KH-UBND ")
    put(book, "plan_date", date(2024, 1, 22))
    put(book, "petitions_received", 0)
    put(book, "procedures_shortened", ("~", ">300"))
    put(book, "satisfaction", NOT_YET)
    put(book, "delegations", OUTSIDE)
    found = answers(book)
    assert (found["staff_quota"].numerator, found["staff_quota"].denominator) == (2076, None)
    assert (found["documents_exchanged"].numerator, found["documents_exchanged"].denominator) == (973, 1000)
    assert found["reform_budget"].amount == Decimal("12.5")
    assert (found["iso_applied"].numerator, found["appraisal"].text) == (1, "Hằng quý")
    assert (found["plan_number"].text, found["plan_date"].day) == ("67/KH-UBND", date(2024, 1, 22))
    assert (found["petitions_received"].state, found["petitions_received"].numerator) == (State.GIVEN, 0)
    shortened = found["procedures_shortened"]
    assert (shortened.state, shortened.text, shortened.numerator) == (State.APPROXIMATE, ">300", None)
    states = {name: found[name].state for name in ("satisfaction", "delegations", "inspections")}
    assert states == {
        "satisfaction": State.NOT_YET,
        "delegations": State.OUT_OF_SCOPE,
        "inspections": State.UNANSWERED,
    }
    assert {found[name].numerator for name in states} == {None}, "not yet, no concern of ours and blank: none is 0"


@dataclass(frozen=True)
class Defect:
    """What is typed into a line, where it is told, and what is said."""

    indicator: str
    typed: Any
    column: Column | None
    said: str


STATE = {Column.STATE: NOT_YET}
LABEL = "Ngày ban hành kế hoạch cải cách hành chính của năm"
DEFECTS = {
    "thousand-with-a-point-as-text": Defect("staff_quota", "1.234", Column.VALUE, "«1.234» là chữ, không phải số"),
    "comma-as-text": Defect("staff_quota", "12,5", Column.VALUE, "«12,5» là chữ"),
    "no-whole-number": Defect("staff_quota", 1.234, Column.VALUE, "«1,234» không phải là số nguyên"),
    "digits-as-text": Defect("staff_quota", "2076", None, ""),
    "leading-zero-as-text": Defect("staff_quota", "0191", Column.VALUE, "là chữ"),
    "negative": Defect("staff_quota", -3, Column.VALUE, "âm"),
    "a-date-for-a-count": Defect("staff_quota", datetime(2024, 3, 1), Column.VALUE, "ô đã thành ngày (01/03/2024)"),
    "true-for-a-count": Defect("staff_quota", True, Column.VALUE, "không phải số"),
    "too-many-digits": Defect("staff_quota", 10**15, Column.VALUE, "lớn quá mức"),
    "a-bound-without-its-state": Defect("procedures_shortened", ">300", Column.VALUE, "«>300» là chữ"),
    "a-bound-that-is-none": Defect("procedures_shortened", ("~", "nhiều"), Column.VALUE, "không phải là số gần đúng"),
    "a-number-said-to-be-a-bound": Defect(
        "procedures_shortened",
        {Column.STATE: APPROXIMATE, Column.VALUE: 300},
        Column.VALUE,
        "không phải là số gần đúng",
    ),
    "approximate-but-blank": Defect("procedures_shortened", {Column.STATE: APPROXIMATE}, Column.VALUE, "chưa ghi số"),
    "approximate-text": Defect(
        "plan_number", {Column.STATE: APPROXIMATE, Column.VALUE: ">3"}, Column.STATE, "không dùng"
    ),
    "not-yet-and-a-figure": Defect("staff_quota", {**STATE, Column.VALUE: 5}, Column.VALUE, "vẫn ghi «5»"),
    "given-but-blank": Defect("staff_quota", {Column.STATE: "Đã có số liệu"}, Column.VALUE, "chưa ghi số liệu"),
    "unknown-state": Defect(
        "staff_quota", {Column.STATE: "Có", Column.VALUE: 5}, Column.STATE, "không có trong danh sách"
    ),
    "formula": Defect("staff_quota", "=2000+76", Column.VALUE, "công thức"),
    "formula-in-a-note": Defect("staff_quota", {Column.VALUE: 1, Column.NOTE: "=1+1"}, Column.NOTE, "công thức"),
    "count-in-the-numerator": Defect("staff_quota", {Column.NUMERATOR: 5}, Column.NUMERATOR, "không phải điền"),
    "half-a-share": Defect("satisfaction", {Column.NUMERATOR: 5}, Column.DENOMINATOR, "chưa ghi số liệu ở ô này"),
    "a-share-as-a-value": Defect("satisfaction", 0.973, Column.NUMERATOR, "chưa ghi số liệu"),
    "above-its-denominator": Defect("satisfaction", (6, 5), Column.NUMERATOR, "tử số 6 lớn hơn mẫu số 5"),
    "a-share-of-halves": Defect("satisfaction", (1.5, 5), Column.NUMERATOR, "không phải là số nguyên"),
    "three-decimals": Defect("reform_budget", 1.234, Column.VALUE, "quá hai chữ số thập phân"),
    "an-amount-as-text": Defect("reform_budget", "12,5", Column.VALUE, "là chữ"),
    "date-as-text": Defect("plan_date", "22/01/2024", Column.VALUE, "đang là chữ trong Excel"),
    "not-of-the-list": Defect("iso_applied", "x", Column.VALUE, "không có trong danh sách"),
    "a-telephone-number": Defect("pilots", "hỏi 0905123456", Column.VALUE, "số điện thoại"),
    "an-identity-number": Defect("pilots", {Column.NOTE: "056123456789", Column.VALUE: "x"}, Column.NOTE, "định danh"),
    "endless-text": Defect("pilots", "dài " * 400, Column.VALUE, "rút gọn|ký tự"),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_told_at_its_cell(name: str) -> None:
    defect, book = DEFECTS[name], opened()
    put(book, defect.indicator, defect.typed)
    if defect.column is None:
        assert answers(book)[defect.indicator].numerator == int(defect.typed)
        return
    (place, wrong), *_ = errors(book)
    assert place == cell(book, defect.indicator, defect.column).coordinate
    assert any(said in wrong for said in defect.said.split("|")), wrong


def test_a_number_is_no_day_unless_the_cell_shows_it_as_one() -> None:
    book = opened()
    put(book, "plan_date", 45313)
    assert answers(book)["plan_date"].day == date(2024, 1, 22), "the cell shows 22/01/2024"
    cell(book, "plan_date", Column.VALUE).number_format = "General"
    assert [wrong for _, wrong in errors(book)] == [f"{LABEL}: «45313» không phải là ngày"]


def test_everything_is_told_in_one_pass() -> None:
    book = opened()
    put(book, "staff_quota", "1.234")
    put(book, "plan_date", "hôm qua")
    put(book, "satisfaction", (6, 5))
    book[COVER]["B10"] = None
    assert len(errors(book)) == 4


# phần       toàn bộ                     lỗi
PARTS = """
procedures_simplified 5 | procedures_reviewed 4  | số 5 lớn hơn số 4
procedures_simplified 4 | procedures_reviewed 4  |
petitions_in_time 1     | petitions_received 0   | số 1 lớn hơn số 0
petitions_in_time 0     | petitions_received 0   |
"""


@pytest.mark.parametrize("line", PARTS.strip().splitlines())
def test_a_part_is_no_larger_than_its_whole(line: str) -> None:
    part, whole, said = (piece.strip() for piece in line.split("|"))
    book = opened()
    for one in (part, whole):
        name, number = one.split()
        put(book, name, int(number))
    assert [said in wrong for _, wrong in errors(book)] == ([True] if said else [])


def moved_row(book: Workbook) -> None:
    book["4. Chế độ công vụ"].insert_rows(7)


def renamed_sheet(book: Workbook) -> None:
    book["4. Chế độ công vụ"].title = "Công vụ"


def merged(book: Workbook) -> None:
    book["4. Chế độ công vụ"].merge_cells("G6:G7")


def renamed_line(book: Workbook) -> None:
    book["4. Chế độ công vụ"]["B6"] = "Biên chế viên chức"


def swapped_id(book: Workbook) -> None:
    book["4. Chế độ công vụ"]["K6"] = "staff_quota"


def another_unit_on_the_cover(book: Workbook) -> None:
    book[COVER]["B4"] = "Huyện Khánh Vĩnh"


def another_period_on_the_cover(book: Workbook) -> None:
    book[COVER]["B6"] = "Quý III năm 2024"


def nobody_made_it(book: Workbook) -> None:
    book[COVER]["B10"] = None


def made_tomorrow(book: Workbook) -> None:
    book[COVER]["B11"] = datetime(2024, 12, 17)


def made_before_the_period(book: Workbook) -> None:
    book[COVER]["B11"] = datetime(2024, 9, 14)


def day_as_text(book: Workbook) -> None:
    book[COVER]["B11"] = "15/12/2024"


SPOILT: list[tuple[Callable[[Workbook], None], str, str]] = [
    (moved_row, "B7", "không đúng chỗ"),
    (renamed_sheet, "4. Chế độ công vụ", "đổi tên"),
    (merged, "G6", "gộp"),
    (renamed_line, "B6", "sửa tên"),
    (swapped_id, "B6", "không đúng chỗ"),
    (another_unit_on_the_cover, "B4", "Huyện Khánh Sơn"),
    (another_period_on_the_cover, "B6", "Quý IV năm 2024"),
    (nobody_made_it, "B10", "chưa ghi người lập"),
    (made_tomorrow, "B11", "chưa đến"),
    (made_before_the_period, "B11", "trước ngày đầu kỳ"),
    (day_as_text, "B11", "không phải là ngày"),
]


@pytest.mark.parametrize(("spoil", "place", "said"), SPOILT, ids=lambda given: getattr(given, "__name__", None))
def test_a_form_that_was_taken_apart_is_refused(spoil: Callable[[Workbook], None], place: str, said: str) -> None:
    book = opened()
    put(book, "petitions_received", 1)
    spoil(book)
    found = errors(book)
    assert any(at == place and said in wrong for at, wrong in found), found


def test_a_blank_form_is_no_return() -> None:
    assert errors(opened()) == [("", "phiếu chưa điền dòng nào")]


def test_what_is_only_noteworthy_is_stored_and_told() -> None:
    book = opened()
    put(book, "petitions_received", 1)
    book[COVER]["B12"] = None
    book[COVER]["B11"] = datetime(2024, 12, 10)
    book.create_sheet("Tính nháp")["A1"] = "1.234"
    book["5. Tài chính công"]["B30"] = "xem thêm"
    found = reading(book)
    assert found.content is not None
    said = " ".join(f"{r.place} {r.wrong}" for r in found.remarks)
    for what in ("Tính nháp", "B30", "người duyệt", "trước ngày chốt", "bỏ trống", "chưa ghi tài liệu kiểm chứng"):
        assert what in said


@pytest.mark.parametrize(
    ("key", "value"), [("seal", "x"), ("unit", "H99.02"), ("period", "2024Q3"), ("form", ""), ("version", None)]
)
def test_an_identity_that_was_changed_or_cleared_is_refused(key: str, value: str | None) -> None:
    book = opened()
    row = next(row for row in book[IDENTITY].iter_rows() if row[0].value == key)
    row[1].value = value
    with pytest.raises(NotAForm):
        identity_of(read_workbook(saved(book)))


def test_a_form_without_its_identity_is_refused() -> None:
    book = opened()
    del book[IDENTITY]
    with pytest.raises(NotAForm, match="nhận dạng"):
        identity_of(read_workbook(saved(book)))


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2", b"PK\x03\x04 torn", empty()[:5000]], ids=["", "csv", "torn", "half"]
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(NotAForm):
        read_workbook(content)


@pytest.mark.parametrize("text", [">300", "≥ 50%", "gần 250", "hơn 1.500", "1/3-1/2", "97,3%", "khoảng 12,5%", "<3"])
def test_bounds_ranges_and_bare_percentages_are_approximate(text: str) -> None:
    assert is_approximate(text)


@pytest.mark.parametrize("text", ["", "300", "nhiều", "97,3", ">", "1/3", "cơ bản", "300 người", "> 300 và <400"])
def test_other_texts_are_not(text: str) -> None:
    assert not is_approximate(text)


TEXTS = st.text(alphabet="abcđêơựắ 0123/-.", min_size=1, max_size=20).filter(lambda t: t.strip() and t[0] not in "=")


def typed(line: Asked) -> st.SearchStrategy[Any]:
    """What an officer may write into a line."""
    counts = st.integers(0, 10**14)
    match line.kind:
        case Kind.COUNT:
            figure: st.SearchStrategy[Any] = counts | st.just(("~", "gần 250"))
        case Kind.SHARE:
            figure = st.tuples(counts, counts).map(sorted).map(tuple)
        case Kind.NUMBER:
            figure = st.integers(0, 10**8).map(lambda cents: cents / 100)
        case Kind.YES_NO:
            figure = st.sampled_from(["Có", "Không"])
        case Kind.CHOICE:
            figure = st.sampled_from(line.choices)
        case Kind.DATE:
            figure = st.dates(date(2000, 1, 1), date(2030, 12, 31))
        case _:
            figure = TEXTS
    return figure | st.sampled_from([NOT_YET, OUTSIDE])


FREE = [line for line in form().lines if not line.part_of]
FILLED = st.dictionaries(st.sampled_from([line.id for line in FREE]), st.none(), min_size=1, max_size=12).flatmap(
    lambda ids: st.fixed_dictionaries({line.id: typed(line) for line in FREE if line.id in ids})
)


@settings(max_examples=tried(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILLED)
def test_what_was_filled_in_comes_back_and_nothing_else(filled: dict[str, Any]) -> None:
    whole = {line.part_of for line in form().lines}
    book = opened()
    for name, said in filled.items():
        put(book, name, said)
    found = answers(book)
    assert {name for name, a in found.items() if a.state is not State.UNANSWERED} == set(filled)
    for name, said in filled.items():
        assert spoken(found[name]) == expected(said), (name, said, whole)


def spoken(answer: Answer) -> Any:
    """An answer as it was typed."""
    match answer.state, answer.kind:
        case State.NOT_YET, _:
            return NOT_YET
        case State.OUT_OF_SCOPE, _:
            return OUTSIDE
        case State.APPROXIMATE, _:
            return ("~", answer.text)
        case _, Kind.SHARE:
            return (answer.numerator, answer.denominator)
        case _, Kind.COUNT:
            return answer.numerator
        case _, Kind.NUMBER:
            return answer.amount
        case _, Kind.YES_NO:
            return "Có" if answer.numerator else "Không"
        case _, Kind.DATE:
            return answer.day
    return answer.text


def expected(said: Any) -> Any:
    if isinstance(said, float):
        return Decimal(repr(said))
    return " ".join(said.split()) if isinstance(said, str) else said
