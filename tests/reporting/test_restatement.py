"""Moved figures: exact counts of two versions, and what differs between the versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.openings import Opening
from reporting.basis import basis_of, differences
from reporting.figure_words import change_of, label_of, text_of
from reporting.figures import MEDIAN, figures_of
from reporting.inputs import ReportInput
from reporting.kept import OWN, TREE, Basis, Cell, Counts, Figures, Kept, SourceBasis
from reporting.restatement import Moved, applied, causes, kept_of, moved, ranked, why
from reporting.scope import scope_of
from tests.reporting import histories, sample
from transforms.cumulative import Cumulative

ROOT = "T"


def cell(text: str) -> Cell:
    """T all column_8 · T.2 own column_8 · T all Hộ tịch/column_8"""
    agency, whose, figure = text.split()
    field, _, name = figure.rpartition("/")
    return Cell(agency, {"all": TREE, "own": OWN}[whose], field.replace("_", " "), name)


def counts(text: str) -> Counts | None:
    """– · 12 · 11/12"""
    return None if text == "–" else Counts(*map(int, text.split("/")))


TABLE = """
T    all  column_8           12      13      +1
T    all  ON_TIME_RESOLVED   11/12   12/13   +0,64 điểm %
T    all  Hộ_tịch/column_8   12      13      +1
T.2  all  column_3           –       40      –
T.2  own  column_8           5       –       –
T.3  all  column_8           7       5       −2
T.3  all  column_10          0       2       +2
T.3  all  PROGRESS_ON_TIME   0/0     2/3     –
"""
ROWS = [line.split(maxsplit=5) for line in TABLE.strip().splitlines()]


def figures(column: int) -> Figures:
    known = {cell(" ".join(row[:3])): counts(row[column]) for row in ROWS}
    return {key: value for key, value in known.items() if value is not None}


def test_a_moved_figure_has_its_old_and_new_counts_and_their_difference() -> None:
    found = {one.cell: one for one in moved(figures(3), figures(4))}
    assert {key: change_of(key.figure, one.old, one.new) for key, one in found.items()} == {
        cell(" ".join(r[:3])): r[5] for r in ROWS
    }


def test_what_is_missing_is_a_dash_and_not_nought() -> None:
    assert text_of("column_3", None) == "–"
    assert text_of("column_3", Counts(0)) == "0"
    assert text_of("ON_TIME_RESOLVED", Counts(0, 0)) == "– (0/0)"
    assert text_of("ON_TIME_RESOLVED", Counts(6355, 6612)) == "96,11% (6.355/6.612)"
    assert text_of("PROCESSING_DAYS", Counts(416, 120)) == "3,47 (416/120)"
    assert change_of("PROCESSING_DAYS", Counts(416, 120), Counts(404, 120)) == "−0,10"
    assert text_of(MEDIAN, Counts(7, 2)) == "3,50"


def test_the_whole_comes_first_then_the_unit_or_field_that_changed_most() -> None:
    order = {"T": 0, "T.2": 1, "T.3": 2}
    found = ranked(moved(figures(3), figures(4)), root=ROOT, order=order)
    assert [(*one.cell[:2], f"{one.cell.field}/{one.cell.figure}".strip("/"), one.size) for one in found] == [
        ("T", TREE, "column_8", 1),
        ("T", TREE, "ON_TIME_RESOLVED", 1),
        ("T.2", TREE, "column_3", 40),
        ("T.2", OWN, "column_8", 5),
        ("T.3", TREE, "column_8", 2),
        ("T.3", TREE, "column_10", 2),
        ("T.3", TREE, "PROGRESS_ON_TIME", 3),
        ("T", TREE, "Hộ tịch/column_8", 1),
    ]


_cells = st.builds(
    Cell,
    st.sampled_from(["T", "T.1", "T.2"]),
    st.sampled_from([TREE, OWN]),
    st.sampled_from(["", "Hộ tịch"]),
    st.sampled_from(["column_3", "column_8", "ON_TIME_RESOLVED"]),
)
_counts = st.builds(Counts, st.integers(0, 9), st.none() | st.integers(0, 9))
_figures = st.dictionaries(_cells, _counts, max_size=8)


@given(old=_figures, new=_figures)
def test_nothing_moved_if_and_only_if_the_figures_are_equal(old: Figures, new: Figures) -> None:
    assert (moved(old, new) == ()) == (old == new)


@given(old=_figures, new=_figures)
def test_what_moved_makes_the_new_figures_of_the_old(old: Figures, new: Figures) -> None:
    assert applied(old, moved(old, new)) == new
    assert all(one.old != one.new for one in moved(old, new))


@given(old=_figures, new=_figures)
def test_ranking_loses_and_adds_nothing(old: Figures, new: Figures) -> None:
    found = moved(old, new)
    assert sorted(ranked(found, root=ROOT, order={}), key=lambda m: m.cell) == list(found)


BASIS = Basis("2024-12-14", "p", "q", "u", {"ON_TIME_RESOLVED": "1"}, (SourceBasis("a", "A", "failed"),))


@given(found=_figures)
def test_kept_figures_come_back(found: Figures) -> None:
    assert Kept.from_json(Kept(found, BASIS).to_json()) == Kept(found, BASIS)


def known(**given_: object) -> ReportInput:
    return sample.report_input(with_previous=False, **given_)  # type: ignore[arg-type]


def test_a_version_keeps_every_row_of_its_forms() -> None:
    """Whole, by field, by unit, by commune; and the ratios with both counts."""
    report_input = known()
    scope = scope_of(report_input, None)
    found = figures_of(report_input, scope)
    root = scope.root.agency_code
    total = scope.tally(scope.codes)
    assert total is not None
    assert found[Cell(root, TREE, "", "column_3")] == Counts(total.column(3))
    assert found[Cell(root, TREE, "", "ON_TIME_RESOLVED")] == Counts(total.in_time_or_early, total.column(7))
    fields = {key.field for key in found if key.figure == "column_7" and key.agency_code == root}
    assert fields == {"", *sample.FIELDS}
    by_field = [found[Cell(root, TREE, field, "column_7")].numerator for field in sample.FIELDS]
    assert sum(by_field) == total.column(7)
    units = {key.agency_code for key in found if key.figure == "column_13"}
    assert units == {u.agency_code for u in scope.units}
    for unit in scope.children(scope.root):
        below = scope.tally(scope.below(unit))
        assert below is not None
        assert found[Cell(unit.agency_code, TREE, "", "column_8")] == Counts(below.column(8))
        own = found.get(Cell(unit.agency_code, OWN, "", "column_8"))
        assert (own is not None) == bool(scope.children(unit))


def test_what_was_not_received_is_kept_as_nothing() -> None:
    report_input = known(missing=("cam-lam",))
    found = figures_of(report_input, scope_of(report_input, None))
    lacking = {u.agency_code for code in _units_of("cam-lam") for u in report_input.province.units.subtree(code)}
    assert lacking
    assert not lacking & {key.agency_code for key in found}


def _units_of(source_id: str) -> tuple[str, ...]:
    return next(s.units for s in known().sources if s.id == source_id)


def test_what_is_kept_is_small_and_names_no_dossier() -> None:
    text = kept_of(known(), scope_of(known(), None)).to_json()
    assert len(text) < 1_000_000
    assert "dossier_code" not in text


def changed(values: dict[str, object]) -> str:
    """Why, where that is different about Cam Lâm's source."""
    before = known()
    states = [replace(s, landing_id="0a1b2c3d4e", load_fingerprint="a-b+1", meaning="m") for s in before.sources]
    before = replace(before, sources=tuple(states))
    after = replace(
        before,
        sources=tuple(replace(s, **values) if s.id == "cam-lam" else s for s in states),  # type: ignore[arg-type]
    )
    return why(differences(*(basis_of(one, scope_of(one, None)) for one in (before, after))))


CAUSES = """
nothing                       | chưa rõ nguyên nhân
landing_id=ffff               | nguồn cam-lam được trích xuất lại lúc 08:00 15/12/2024
quarantined=9                 | hồ sơ bị loại của nguồn cam-lam từ
load_fingerprint=a-b+1+2      | nguồn cam-lam thêm 1, bỏ 0 đính chính
load_fingerprint=a-b          | nguồn cam-lam thêm 0, bỏ 1 đính chính
load_fingerprint=a-c+1        | phiên bản cách tính đối với nguồn cam-lam đã đổi
meaning=n                     | bảng mã hoặc cột đọc của nguồn cam-lam đã đổi
"""


@pytest.mark.parametrize("line", CAUSES.strip().splitlines())
def test_what_differs_is_told_as_far_as_it_is_known(line: str) -> None:
    given_, said = (part.strip() for part in line.split("|"))
    name, _, value = given_.partition("=")
    text = changed({name: int(value) if value.isdigit() else value} if value else {})
    assert text.startswith(said) or said in text


def test_a_source_that_came_or_is_missing_now_is_a_cause() -> None:
    lacking, whole = (basis_of(one, scope_of(one, None)) for one in (known(missing=("cam-lam",)), known()))
    assert why(differences(lacking, whole)) == "nguồn cam-lam nay đã có số liệu"
    assert why(differences(whole, lacking)) == "nguồn cam-lam nay thiếu số liệu"


def test_a_source_read_again_without_another_figure_is_no_cause_beside_one_that_moved() -> None:
    before, after = known(), known()
    facts = before.facts.copy()
    row = facts.index[facts["source_id"] == "cam-lam"][0]
    facts.loc[row, ["early", "received_online"]] += 1
    states = tuple(replace(s, landing_id="new") for s in after.sources)
    after = replace(after, facts=facts, sources=states)
    found = differences(*(basis_of(one, scope_of(one, None)) for one in (before, after)))
    assert {d.subject for d in found if d.moves} == {next(s.name for s in states if s.id == "cam-lam")}
    assert {d.subject for d in found} == {s.name for s in states}
    assert "cam-lam" in why(found)
    assert why(found).count("nguồn") == 1


def test_the_rules_of_the_province_its_units_and_formulas_are_causes_too() -> None:
    basis = basis_of(known(), scope_of(known(), None))
    other = replace(
        basis, policy="p", units="u", as_of="2024-12-10", formulas={**basis.formulas, "ON_TIME_RESOLVED": "9"}
    )
    text = why(differences(basis, other))
    assert text == (
        "ngày chốt số liệu đổi thành 10/12/2024; quy tắc tính của tỉnh đã đổi; danh mục đơn vị đã đổi; và 1 điểm khác"
    )


def test_every_figure_has_a_name() -> None:
    report_input = known()
    for key in figures_of(report_input, scope_of(report_input, None)):
        assert label_of(key.figure) != key.figure
    assert label_of("column_8") == "Giải quyết trước hạn – cột (8)"
    assert label_of("was_taken_out") == "was_taken_out"


def test_a_size_counts_dossiers() -> None:
    assert Moved(cell("T all a"), counts("3/10"), counts("5/11")).size == 2
    assert Moved(cell("T all a"), None, counts("3")).size == 3


def read_again(before: ReportInput) -> ReportInput:
    """Every source was read again."""
    return replace(before, sources=tuple(replace(s, landing_id="new") for s in before.sources))


def one_more(report_input: ReportInput, source: str, *names: str) -> ReportInput:
    facts = report_input.facts.copy()
    facts.loc[facts.index[facts["source_id"] == source][0], [*names]] += 1
    return replace(report_input, facts=facts)


@pytest.mark.parametrize("memo", ["digitised", "paid_known", "offered_online", "processing_days"])
def test_a_source_that_moved_what_stands_beside_the_form_is_a_cause_too(memo: str) -> None:
    """Cam Lâm's papers were counted anew, Diên Khánh's dossiers too: neither may be blamed for the other."""
    before = known()
    other = next(s.id for s in before.sources if s.id != "cam-lam")
    after = one_more(one_more(read_again(before), "cam-lam", memo), other, "early", "received_online")
    found = differences(*(basis_of(one, scope_of(one, None)) for one in (before, after)))
    names = {s.id: s.name for s in before.sources}
    assert {d.subject for d in found if d.moves} == {names["cam-lam"], names[other]}


def test_a_moved_figure_of_the_other_calendar_may_have_any_cause() -> None:
    """Which source moved a figure of the index's days is not kept: then none that differs is left unnamed."""
    before = known()
    after = one_more(read_again(before), "cam-lam", "early", "received_online")
    found = differences(*(basis_of(one, scope_of(one, None)) for one in (before, after)))
    of_forms = Moved(cell("T all column_8"), Counts(1), Counts(2))
    of_index = Moved(cell("T.2 all PROGRESS_ON_TIME"), Counts(1, 2), Counts(2, 2))
    assert {d.subject for d in causes(found, [of_forms])} == {next(s.name for s in before.sources if s.id == "cam-lam")}
    assert {d.subject for d in causes(found, [of_forms, of_index])} == {s.name for s in before.sources}


def with_year(early: int) -> ReportInput:
    """The fourth quarter beside the first three, of which the first has so many dossiers more in huyện Cam Lâm."""
    given_ = sample.report_input()
    of = given_.province
    parts = [histories.invented(of, f"2024Q{n}") for n in (1, 2, 3)]
    code = _units_of("cam-lam")[0]
    counts = {k: n + early * (k in {"early", "received_online"}) for k, n in parts[0].counts[code].items()}
    parts[0] = replace(parts[0], counts={**parts[0].counts, code: counts})
    total = sum(n for part in parts for n in [c["received_online"] for c in part.counts.values()])
    opening = Opening(
        indicator="RECEIVED_ONLINE",
        unit=of.units.root.agency_code,
        since=date(2014, 1, 1),
        up_to=date(2023, 12, 14),
        count=1000,
        source="Báo cáo",
        verified=True,
    )
    periods = tuple(part.period for part in parts)
    counted = Cumulative(opening, "Số hồ sơ", given_.period.cut_off, periods, total)
    return replace(histories.with_history(given_, parts), cumulative=(counted,))


def test_a_later_count_of_another_period_moves_what_was_cumulated() -> None:
    """The report's own period stays; the year so far and the cumulative count that were published do not."""
    before, after = with_year(0), with_year(3)
    scope = scope_of(before, None)
    found = moved(figures_of(before, scope), figures_of(after, scope))
    assert {label_of(one.cell.figure): change_of(one.cell.figure, one.old, one.new) for one in found} == {
        "Lũy kế qua các kỳ: Số hồ sơ tiếp nhận trực tuyến trong kỳ": "+3",
        "Lũy kế từ đầu năm: Nhận giải quyết – cột (3)": "+3",
        "Lũy kế từ đầu năm: Tiếp nhận trực tuyến – cột (4)": "+3",
        "Lũy kế từ đầu năm: Đã giải quyết – cột (7)": "+3",
        "Lũy kế từ đầu năm: Giải quyết trước hạn – cột (8)": "+3",
    }
    causes_ = differences(basis_of(before, scope), basis_of(after, scope))
    assert why(causes_, found) == "số liệu các kỳ khác dùng để tính lũy kế đã đổi"
    assert differences(basis_of(before, scope), basis_of(before, scope)) == ()


def test_a_basis_of_before_other_periods_were_kept_blames_none_of_them() -> None:
    scope = scope_of(with_year(0), None)
    now = basis_of(with_year(0), scope)
    assert differences(replace(now, others=""), now) == ()
