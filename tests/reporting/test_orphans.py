"""The check of printed numbers finds a figure that was changed, wherever it stands; and takes no day for a figure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reporting.context import build_context
from reporting.formats import count_text, percent_text
from reporting.gather import gather
from reporting.page import FormAnnex, ReportContext
from reporting.workbook import workbook_bytes
from tests.reporting.book import opened
from tests.reporting.orphans import Known, Stored, orphans, wrong_cells
from tests.reporting.test_refresh import AS_OF, PERIOD, PROVINCE, SOURCES, Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReportContext, Stored]:
    """The province's report of a small warehouse."""
    home = tmp_path_factory.mktemp("small")
    made = Office(home)
    made.load_all()
    made.load("tay", early=12)
    known = gather(made.engine, province=PROVINCE, period=PERIOD, as_of=AS_OF, sources=SOURCES)
    made.engine.dispose()
    units = PROVINCE.units
    return build_context(known, unit=None), Stored(home / "w.sqlite", units, units.root, PERIOD.id, sources=SOURCES)


def book(context: ReportContext) -> Any:
    return opened(workbook_bytes(context))


def test_what_is_stored_is_found(office: tuple[ReportContext, Stored]) -> None:
    context, stored = office
    assert [*wrong_cells(book(context), stored)] == []
    assert orphans(" ".join(f.value for f in context.key_figures), stored.every) == []


@pytest.mark.parametrize("place", ["by_field", "by_unit", "by_subunit"])
def test_a_changed_cell_of_a_form_is_told(office: tuple[ReportContext, Stored], place: str) -> None:
    """To another unit's figure, too, which is a stored number."""
    context, stored = office
    annex: FormAnnex = getattr(context, place)
    for row in annex.form.rows:
        other = replace(row, cells=(*row.cells[:-1], count_text(int(row.cells[-1]) + 1)))
        rows = tuple(other if one is row else one for one in annex.form.rows)
        spoiled = replace(context, **{place: replace(annex, form=replace(annex.form, rows=rows))})
        (told,) = [fault for fault in wrong_cells(book(spoiled), stored) if row.name in fault]
        assert "stored" in told


def test_a_changed_cell_of_a_table_is_told(office: tuple[ReportContext, Stored]) -> None:
    """The first table of the body, and every share of the indicators."""
    context, stored = office
    annex = context.further[0]
    table = annex.tables[0]
    shares = [row for row in table.rows if row.cells[-1].endswith("%")]
    assert len(shares) > 5
    for row in shares[:3]:
        other = replace(row, cells=(*row.cells[:-1], percent_text(1, 3)))
        tables = (replace(table, rows=tuple(other if r is row else r for r in table.rows)), *annex.tables[1:])
        spoiled = replace(context, further=(replace(annex, tables=tables), *context.further[1:]))
        assert any(row.cells[0] in fault for fault in wrong_cells(book(spoiled), stored))


def test_a_number_in_words_that_is_not_stored_is_told() -> None:
    known = Known()
    known.add_pair(163, 181)
    known.changes.add(1204)
    said = "Văn phòng có tỷ lệ A là {} ({} hồ sơ), giảm {}."
    assert orphans(said.format("90,06%", "163/181", "−1.204"), known) == []
    assert orphans(said.format("90,05%", "163/182", "−1.205"), known) == ["90,05%", "163/182", "−1.205"]
    assert orphans("181/163", known) == ["181/163"], "a pair is one of that order"


@pytest.mark.parametrize(
    "text",
    [
        "Quý IV năm 2024, từ ngày 15/09/2024 đến ngày 14/12/2024, lúc 08:00 ngày 16/12/2024",
        "Thông tư số 01/2020/TT-VPCP ngày 21 tháng 10 năm 2020, Nghị định số 61/2018/NĐ-CP, Biểu số II.06a/VPCP/KSTT",
        "(8)+(9) và (3)=(4)+(5)+(6), cột (12), (8+9+12)/(3)",
        "Bảng 12, Phụ lục 3, trang 29 của báo cáo",
        "6014 f5b2 fb9f c8da 7e87 và mã 9c50d9f3c291689c, SHA-256, thủ tục 2.000635",
    ],
)
def test_what_is_no_figure_is_left_out(text: str) -> None:
    assert orphans(text, Known(), classify=True) == []


def test_no_rule_takes_a_figure_for_something_else() -> None:
    text = "Thành phố Nha Trang 96,54% 14.728/15.256; Bảng 4.321; 1.234 hồ sơ; 7 hồ sơ; 12 dòng; bản 5,5"
    found = orphans(text, Known(), classify=True)
    assert found == ["96,54%", "14.728/15.256", "4.321", "1.234", "7", "12", "5,5"]


def test_it_reads_a_warehouse_and_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="unable to open"):
        Stored(tmp_path / "none.sqlite", PROVINCE.units, PROVINCE.units.root, PERIOD.id, sources=SOURCES)
    assert [*tmp_path.iterdir()] == []
