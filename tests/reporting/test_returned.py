"""The annex of returns: of how many units a figure is, who has not reported, and nothing made up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reporting.annexes.returned import content
from reporting.context import build_context
from reporting.origin import Origin
from reporting.render import render_pdf
from reporting.scope import scope_of
from tests.reporting import sample
from tests.reporting.pdf import collisions, sheets
from tests.returns.conftest import MakeOffice, office
from tests.returns.filling import NOT_YET, OUTSIDE
from tests.returns.whole_way import Office

__all__ = ["office"]
PETITIONS = "Số phản ánh, kiến nghị về TTHC đã tiếp nhận"
SATISFACTION = "Tỷ lệ ý kiến hài lòng về giải quyết TTHC (đơn vị tự khảo sát)"
PLAN = "Số, ký hiệu kế hoạch cải cách hành chính của năm"


@pytest.fixture
def one(office: MakeOffice) -> Office:
    return office()


def test_no_annex_where_nothing_was_returned(one: Office) -> None:
    given = one.report_input()
    assert content(given, Origin(scope_of(given, None), given.period, given.spans)) is None
    sampled = sample.report_input()
    assert content(sampled, Origin(scope_of(sampled, None), sampled.period, sampled.spans)) is None


def test_it_says_who_has_not_reported(one: Office) -> None:
    one.take("H99.31", {"petitions_received": 1})
    (opening,) = one.annex().paragraphs
    assert opening.startswith("Đã nhận phiếu báo cáo của 1/5 đơn vị. Chưa gửi phiếu: tỉnh Khánh Hòa, Sở Nội vụ, ")
    assert opening.endswith("xã Sơn Trung và xã Thành Sơn.")
    commune = one.annex("H99.31.01")
    assert (commune.paragraphs, commune.tables) == (
        ("Đã nhận phiếu báo cáo của 0/1 đơn vị. Chưa gửi phiếu: xã Sơn Trung.",),
        (),
    )


def test_a_sum_says_of_how_many_units_it_is(one: Office) -> None:
    one.take("H99.31", {"petitions_received": 5, "satisfaction": (42, 42)})
    one.take("H99.31.01", {"petitions_received": 0, "satisfaction": (6355, 6612)})
    one.take("H99.31.02", {"petitions_received": NOT_YET, "satisfaction": OUTSIDE})
    printed = one.printed("H99.31")
    assert printed[PETITIONS] == ("PAKN", "5", "", "2/3")
    assert printed[SATISFACTION] == ("%", "96,14%", "6.397/6.654", "2/2"), "summed before it is divided"
    assert one.printed()[PETITIONS] == ("PAKN", "5", "", "2/5")
    assert one.printed("H99.31.01")[PETITIONS] == ("PAKN", "0", "", "1/1")
    assert one.printed("H99.31.02")[PETITIONS] == ("PAKN", "Chưa có số liệu", "", "0/1")
    assert one.printed("H99.31.02")[SATISFACTION] == ("%", "Không thuộc phạm vi", "", "0/0")


def test_nothing_known_is_said_to_be_nothing_known(one: Office) -> None:
    one.take("H99.31", {"petitions_received": 1})
    printed, written = one.printed(), one.written()
    assert printed["Số cơ quan, đơn vị giải thể"] == ("đơn vị", "Chưa có số liệu", "", "0/3")
    assert written[PLAN] == {"Các đơn vị": "Chưa có số liệu"}
    values = {cells[1] for label, cells in printed.items() if label != PETITIONS and cells[3]}
    assert values == {"Chưa có số liệu"}, "no nought and no dash for what nobody gave"


def test_the_lines_stand_area_by_area(one: Office) -> None:
    one.take("H99.31", {"petitions_received": 1})
    groups = [row.cells[0] for row in one.annex().tables[0].rows if row.kind == "group"]
    assert [g[:2] for g in groups] == ["Cô", "1.", "2.", "3.", "4.", "5.", "6."]
    labels = [row.cells[0] for row in one.annex().tables[0].rows]
    after = labels.index("Biên chế công chức được giao, năm báo cáo")
    assert labels[after + 1] == "Biên chế công chức so với năm trước", "what is derived stands below its terms"


def test_the_same_units_of_last_year_stand_beside(office: MakeOffice) -> None:
    one = office()
    last = replace(one, period_id="2023Q4")
    last.take("H99.31", {"petitions_received": 4, "satisfaction": (84, 100), "staff_quota": 100})
    last.take("H99.31.01", {"petitions_received": 0, "satisfaction": (0, 0)})
    one.take("H99.31", {"petitions_received": 1, "satisfaction": (90, 100), "staff_quota": 98})
    one.take("H99.31.01", {"petitions_received": 2, "satisfaction": NOT_YET})
    table = one.annex().tables[2]
    assert "15/09/2023" in table.caption
    assert {row.cells[0]: row.cells[2:] for row in table.rows} == {
        PETITIONS: ("3", "4", "−1", "2"),
        "Biên chế công chức được giao, năm báo cáo": ("98", "100", "−2", "1"),
    }, "satisfaction is of other units than a year ago"
    assert {row.cells[0]: row.cells[4] for row in one.annex("H99.31").tables[2].rows}[PETITIONS] == "−1"


def test_many_units_in_words_are_counted_and_not_left_out_silently(office: MakeOffice) -> None:
    communes = "\n".join(f"H99.{n} | 2{n} | Xã Số {n} | commune | H99 | |" for n in range(10, 20))
    one = office(units=f"H99 | 56 | Tỉnh Khánh Hòa | province | | |\n{communes}")
    files = [one.filled(f"H99.{n}", {"plan_number": f"{n}/KH-UBND"}) for n in range(10, 20)]
    one.add(*files)
    said = one.written()[PLAN]
    assert said["Xã Số 10"] == "10/KH-UBND"
    assert (len(said), said["4 đơn vị khác"]) == (7, "(không in)")


def test_the_page_holds_it(one: Office, tmp_path: Path) -> None:
    """Set on paper: nothing printed over anything else, and every font there."""
    long = "Ban Quản lý Dự án Đầu tư xây dựng các công trình giao thông và nông nghiệp, phát triển nông thôn " * 3
    for agency in ("H99", "H99.02", "H99.31", "H99.31.01", "H99.31.02"):
        one.take(agency, {"petitions_received": 999_999_999, "pilots": long, "documents_exchanged": (1, 99_999_999)})
    render_pdf(build_context(one.report_input(), unit=None), tmp_path / "x.pdf")
    every = sheets(tmp_path / "x.pdf")
    first = next(place for place, sheet in enumerate(every) if "DO ĐƠN VỊ BÁO CÁO" in sheet.text)
    pages = every[first:]
    assert "4.999.999.995" in " ".join(page.text for page in pages)
    assert [pair for page in pages for pair in collisions(page)] == []
    assert max(word.right for page in pages for word in page.words) < 210 - 14


def test_an_amount_among_words_has_its_unit(one: Office) -> None:
    one.take("H99.31", {"time_cut": 29})
    assert one.written()["Mức cắt giảm thời gian giải quyết của các TTHC đó"] == {"Các đơn vị": "29%"}
