"""What sources and periods tell of one another, each part only where there is something to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pandas as pd

from contracts.clock import VIETNAM
from contracts.codes import PartitionState
from contracts.periods import parse_period
from reporting.quality.build import build_page
from reporting.quality.inputs import QualityInput, Reporting
from reporting.quality.page import Section
from reporting.quality.render import to_html
from tests.reporting.quality.page_reader import by_name, parsed, table, text_of
from tests.reporting.quality.sample import quality_input
from tests.reporting.sample import province
from transforms.reconciliation import reconcile
from transforms.reporting_rates import Delivery, rolled_up, unit_reports

GIVEN = quality_input(sources=3, quarters=2)
FETCHED = datetime(2024, 12, 20, 9, 0, tzinfo=VIETNAM)
QUIET = replace(
    GIVEN,
    sources=tuple(replace(s, changes={}, corrections=()) for s in GIVEN.sources),
    **{name: getattr(GIVEN, name).iloc[:0] for name in ("elsewhere", "not_continued", "deviations", "changed")},
)


def section(given: QualityInput, id_: str, *, with_codes: bool = False) -> Section | None:
    page = build_page(given, with_codes=with_codes)
    return next((s for s in page.others if s.id == id_), None)


def test_a_part_without_anything_to_tell_is_left_out_and_the_numbers_close_up() -> None:
    page = build_page(QUIET, with_codes=True)
    assert page.others == ()
    assert page.details_heading.heading.startswith("4.")
    assert page.rules.heading.startswith("5.")


def test_the_parts_stand_in_their_order_and_are_numbered() -> None:
    page = build_page(GIVEN, with_codes=False)
    assert [s.heading.split(".")[0] for s in page.others] == ["5", "6", "7", "8", "9"]
    assert [s.id for s in page.others] == ["hai-he-thong", "noi-tiep", "bat-thuong", "sua-ngay", "dinh-chinh"]
    assert not [t for s in page.others for t in s.folded], "lists of codes are for those who may see them"


def test_dossiers_of_two_systems_are_counted_by_pair() -> None:
    first, second = (s.id for s in GIVEN.sources[:2])
    rows = [(first, "a", second), (first, "b", second), (first, "c", ""), (second, "c", "")]
    given = replace(QUIET, elsewhere=pd.DataFrame(rows, columns=["source_id", "dossier_code", "elsewhere"]))
    found = table(parsed(to_html(build_page(given, with_codes=False))), "bang-hai-he-thong")[1:]
    assert [row[2] for row in found] == ["1", "2", "1"]
    assert [row[1].startswith("cả hai hệ thống") for row in found] == [True, False, True]


def test_a_break_has_the_units_and_the_reason_in_words() -> None:
    broken = [("continuity.carried_over", "H32.32", "carried_over", "2024Q3", 112, 111, None, None)]
    given = replace(GIVEN, deviations=pd.DataFrame(broken, columns=list(GIVEN.deviations.columns)))
    document = parsed(to_html(build_page(given, with_codes=False)))
    assert by_name(document, "bang-noi-tiep-don-vi")["Huyện Cam Lâm"] == ["112", "111", "−1"]
    (row,) = table(document, "bang-noi-tiep")[1:]
    assert row[1:] == ["Còn tồn cuối kỳ trước, không chuyển sang kỳ này", "không còn trong dữ liệu đọc được", "1"]
    assert section(given, "bat-thuong") is None


def test_the_largest_change_comes_first() -> None:
    columns = list(GIVEN.deviations.columns)
    rows = [
        ("history.unusual_change", "H32.32", "received", "2023Q4", 100, 190, None, None),
        ("history.unusual_change", "H32.32", "overdue", "2023Q4", 900, 100, None, None),
    ]
    given = replace(QUIET, deviations=pd.DataFrame(rows, columns=columns))
    found = table(parsed(to_html(build_page(given, with_codes=False))), "bang-bat-thuong")[1:]
    assert [row[1] for row in found] == ["Đã giải quyết quá hạn, cột (10)", "Tiếp nhận trong kỳ, cột (4)+(5)"]
    assert found[0][3:] == ["Quý IV/2023", "900", "100", "−800"]


def test_rewritten_dates_are_days_only_for_those_who_may_see_the_dossier() -> None:
    masked, whole = (build_page(GIVEN, with_codes=with_codes) for with_codes in (False, True))
    assert "2024-11-01" not in to_html(masked)
    assert "2024-10-01 → 2024-11-01" in text_of(parsed(to_html(whole)))


def test_a_correction_is_counted_and_its_value_only_shown_with_the_code() -> None:
    masked, whole = (build_page(GIVEN, with_codes=with_codes) for with_codes in (False, True))
    counted = next(s for s in masked.others if s.id == "dinh-chinh").tables[0]
    assert [cell.text for cell in counted.rows[0].cells[1:]] == ["ngày kết thúc xử lý", "14/03/2025", "1"]
    assert "2024-10-02" not in to_html(masked)
    assert "(trống) → 2024-10-02; căn cứ: Công văn 12/UBND" in text_of(parsed(to_html(whole)))


def test_published_ratios_stand_beside_ours_with_both_bases() -> None:
    ours = pd.DataFrame(
        [("H32.32", "tree", "PROGRESS_ON_TIME", "", 403, 464, True)],
        columns=["agency_code", "scope", "indicator", "field", "numerator", "denominator", "complete"],
    ).astype({"numerator": "Int64", "denominator": "Int64"})
    theirs = pd.DataFrame(
        [("H32.32", "PROGRESS_ON_TIME", 420, 460, None, FETCHED)],
        columns=["agency_code", "indicator", "numerator", "denominator", "ratio", "fetched_at"],
    ).astype({"numerator": "Int64", "denominator": "Int64", "ratio": "float64"})
    given = replace(QUIET, reconciled=reconcile(ours, theirs, points=0.5))
    found = by_name(parsed(to_html(build_page(given, with_codes=False))), "bang-so-cong-bo")["Huyện Cam Lâm"]
    assert found[1:] == ["91,30% | 420/460", "86,85% | 403/464", "−4,45"]
    stranger = replace(given, reconciled=given.reconciled.assign(agency_code="H99.1"))
    assert "H99.1" in by_name(parsed(to_html(build_page(stranger, with_codes=False))), "bang-so-cong-bo")
    same = replace(QUIET, reconciled=reconcile(ours, theirs.assign(numerator=403, denominator=464), points=0.5))
    told = section(same, "so-cong-bo")
    assert told is not None
    assert not told.tables
    assert "đối chiếu được 1 tỷ lệ, khác quá mức 0" in told.paragraphs[0]


def test_units_that_are_lacking_are_shown_and_the_others_folded() -> None:
    of, period = province(), parse_period("2024Q4")
    deliveries = [
        Delivery(s.id, s.units, s.responsibility, state=state)
        for s, state in zip(
            of.sources(period=period, systems=GIVEN.province.folder),
            [PartitionState.FAILED, *[PartitionState.LOADED] * 20],
            strict=False,
        )
    ]
    units = unit_reports(of.units, deliveries, span=period.forms, due={}, share=0.05)
    given = replace(QUIET, as_of=date(2024, 12, 14), rates=Reporting(units, rolled_up(units, of.units)))
    document = parsed(to_html(build_page(given, with_codes=False)))
    every, total = by_name(document, "bang-moi-don-vi"), "Tỉnh Khánh Hòa"
    received = sum(unit.received for unit in units)
    assert every[total][0] == str(len(units))
    assert every[total][1].endswith(f"| {received}/{len(units)}")
    assert every[total][2] == "–", "no due day is configured here"
    reasons = table(document, "vi-sao-chua-co")
    assert any(row[0] == "Chưa có" and "«cam-lam»" in row[1] for row in reasons)
