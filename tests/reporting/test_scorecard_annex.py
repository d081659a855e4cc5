"""The annex of the 766 index: published beside estimated, of a province and of one unit; unknown is a dash."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache

import pandas as pd

from contracts.clock import VIETNAM
from contracts.published_file import read_published_file
from reporting.context import build_context
from reporting.inputs import ReportInput
from reporting.page import Row, Table, TablesAnnex
from tests.reporting import sample
from transforms.period_scorecard import PUBLISHED_COLUMNS

OFFICIAL = sample.PROVINCES / "phu-tho" / "official"
FETCHED = datetime(2026, 9, 26, 21, tzinfo=VIETNAM)
SOURCE = "Trang đánh giá của Cổng, xem ngày 26/9/2026"
TITLE = "CHỈ SỐ PHỤC VỤ NGƯỜI DÂN, DOANH NGHIỆP: CÔNG BỐ VÀ ƯỚC TÍNH"
VIET_TRI = "07900"


@cache
def published() -> pd.DataFrame:
    """What the portal published of Phú Thọ, quý III/2026, from the three official files."""
    agencies = {unit.agency_code for unit in sample.province("phu-tho").units}
    figures = [
        {**vars(figure), "group_id": figure.group_id.value, "fetched_at": FETCHED, "source": SOURCE}
        for name in ("progress", "payment", "province")
        for figure in read_published_file(
            OFFICIAL / f"{name}_2026q3.csv", period_id="2026Q3", on=date(2026, 9, 30), agencies=agencies
        )
    ]
    frame = pd.DataFrame(figures).drop_duplicates(["agency_code", "indicator"], keep="last")
    return frame.reindex(columns=list(PUBLISHED_COLUMNS)).astype(PUBLISHED_COLUMNS)


def phu_tho(*, public: bool = True) -> ReportInput:
    given = sample.report_input("phu-tho", "2026Q3")
    return replace(given, public_figures=published()) if public else given


def annex(given: ReportInput, code: str | None = None) -> TablesAnnex:
    unit = given.province.units.find(code, on=given.as_of) if code else None
    return next(part for part in build_context(given, unit=unit).further if part.annex.title == TITLE)


def row(table: Table, begins: str) -> Row:
    return next(row for row in table.rows if row.cells[0].startswith(begins))


def test_published_scores_are_printed_as_published() -> None:
    card = annex(phu_tho()).tables[0]
    assert row(card, "2.1. ").cells[1:4] == ("20", "403.016/464.494", "17,35")
    assert row(card, "Công khai").cells[1:4] == ("18", "", "7,96")
    assert row(card, "Thanh toán trực tuyến").cells[3] == "6,67"
    assert row(card, "Mức độ hài lòng").cells[3] == "12,25"
    assert row(card, "Thủ tục hành chính được công bố").cells[2:4] == ("0/54", "0,00"), "a published 0 is a 0"


def test_what_was_not_published_is_a_dash_and_no_total_is_made_of_parts() -> None:
    card = annex(phu_tho()).tables[0]
    assert row(card, "Số hóa hồ sơ").cells[3] == "–"
    total = card.rows[-1]
    assert (total.kind, total.cells[0], total.cells[1], total.cells[3]) == ("total", "Tổng điểm", "100", "–")


def test_ours_is_called_an_estimate_and_subtracted() -> None:
    part = annex(phu_tho())
    card = part.tables[0]
    assert [column.head for column in card.columns][3:] == [
        "Điểm công bố",
        "Số từ hồ sơ",
        "Điểm ước tính",
        "Chênh lệch",
    ]
    progress = row(card, "2.1. ")
    was, now = (float(progress.cells[n].replace(",", ".")) for n in (3, 5))
    assert progress.cells[6] == f"{now - was:+.2f}".replace(".", ",").replace("-", "−")
    assert "điểm ước tính không thay điểm công bố" in part.paragraphs[0]


def test_the_two_days_and_the_source_are_told() -> None:
    said = annex(phu_tho()).paragraphs[1]
    assert SOURCE in said
    assert "lúc 21:00 ngày 26/09/2026" in said
    assert "tính đến hết ngày 14/09/2026: chênh lệch có thể chỉ do khác thời điểm" in said


def test_the_portals_remark_on_quality_is_a_note() -> None:
    card = annex(phu_tho()).tables[0]
    flagged = row(card, "Hồ sơ đồng bộ")
    (note,) = [note for note in card.notes if note.mark == flagged.marks]
    assert "TEMP_NATIONAL_REPORT_DENOMINATOR" in note.text


def test_each_unit_has_its_published_score_beside_ours() -> None:
    units = annex(phu_tho()).tables[1]
    assert [column.head for column in units.columns][-2:] == ["Điểm công bố", "Chênh lệch"]
    assert row(units, "Phường Việt Trì").cells[5] == "17,44"
    assert row(units, "Tổng cộng").cells[5] == "17,35"
    assert len({len(one.cells) for one in units.rows}) == 1


def test_one_unit_has_its_own_card() -> None:
    part = annex(phu_tho(), VIET_TRI)
    (card,) = part.tables
    assert row(card, "2.1. ").cells[2:4] == ("5.830/6.684", "17,44")
    assert row(card, "Thanh toán trực tuyến").cells[3] == "6,68"
    assert row(card, "3.6. ").cells[2:4] == ("3.082/3.816", "–"), "the portal gives the item no score"


def test_nothing_published_is_said() -> None:
    part = annex(phu_tho(public=False))
    assert part.paragraphs[1] == "Chưa có số liệu công bố của đơn vị trong kỳ này."
    card, units = part.tables
    assert [column.head for column in card.columns] == ["Nhóm, chỉ tiêu", "Tối đa", "Số từ hồ sơ", "Điểm ước tính"]
    assert len(units.columns) == 5, "no empty columns of published scores"
    assert not any("Chênh lệch" in rule for rule in part.rules)


def test_a_group_of_which_nothing_is_known_has_no_line() -> None:
    card = annex(phu_tho(public=False)).tables[0]
    names = [row.cells[0] for row in card.rows if row.kind in {"group", "total"}]
    assert "Tiến độ giải quyết" in names
    assert not {"Mức độ hài lòng", "Tổng điểm"} & set(names)


def test_a_unit_without_dossiers_has_its_0_explained() -> None:
    given = phu_tho(public=False)
    assert not any("không có hồ sơ" in rule for rule in annex(given).rules)
    rows = given.indicators.copy()
    office = (rows["agency_code"] == "H44.13") & (rows["indicator"] == "PROGRESS_ON_TIME")
    rows.loc[office, ["numerator", "denominator", "score"]] = 0
    part = annex(replace(given, indicators=rows))
    assert row(part.tables[1], "Sở Ngoại vụ").cells[1:] == ("0", "0", "–", "0,00")
    assert any("không có hồ sơ đã và đang giải quyết được 0 điểm" in rule for rule in part.rules)


def test_a_missing_source_is_marked_and_nothing_is_subtracted() -> None:
    states = sample.source_states(sample.province("khanh-hoa"), sample.report_input().period, ["cam-lam"])
    assert any(not state.loaded for state in states)
    given = sample.report_input(missing=["cam-lam"])
    code = given.province.units.root.agency_code
    score = {"agency_code": code, "group_id": "progress", "indicator": "PROGRESS_ON_TIME", "score": 18.0}
    rows = pd.DataFrame([{**score, "fetched_at": FETCHED}]).reindex(columns=list(PUBLISHED_COLUMNS))
    card = annex(replace(given, public_figures=rows.astype(PUBLISHED_COLUMNS))).tables[0]
    progress = row(card, "2.1. ")
    assert progress.cells[3] == "18,00"
    assert (progress.cells[5] != "–", progress.cells[6], progress.marks) == (True, "–", "a")


def test_a_period_without_the_index_has_no_annex() -> None:
    for period in ("2024T9", "2021Q4"):  # nine months are no period of the portal; 2021 was before the decision
        given = sample.report_input("khanh-hoa", period, with_previous=False)
        assert all(part.annex.title != TITLE for part in build_context(given, unit=None).further)
