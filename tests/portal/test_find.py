"""Finding a report: one line each, the version that counts, by period, unit, kind and stage; and its page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from contracts import clock
from contracts.codes import Level
from contracts.errors import UsageError
from contracts.period_kinds import PeriodKind, kind_of
from contracts.periods import parse_period
from contracts.settings import REPOSITORY, Settings
from contracts.unit_history import registry
from portal.catalogue import period_with
from portal.house import House
from portal.search import meant
from tests.portal.conftest import OTHER_CODE, OWN_CODE, SignIn, browsers, laid_out, with_people
from tests.portal.released import again, bring, visited
from tests.quarter.command import Office
from warehouse import tables
from warehouse.database import reading
from warehouse.stages import Stage

UNITS = 10
"""The province and its nine districts, in both quarters."""


def listed(client: TestClient, **asked: str) -> list[tuple[str, str, str]]:
    """Unit, period and address of every line."""
    html = client.get("/bao-cao", params={name.replace("_", "-"): value for name, value in asked.items()}).text
    found = re.findall(r'rowheader"><a href="(/bao-cao/([^/]+)/[^"]+)">([^<]+)</a>', html)
    return [(name, period, href) for href, period, name in found]


def test_a_report_that_lacks_a_source_says_so_before_it_is_opened(
    khanh_hoa_lacking: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The province's and Cam Lâm's; of the quarter before, nothing is missing."""
    house = with_people(laid_out(khanh_hoa_lacking, tmp_path / "home", monkeypatch))
    html = browsers(house)("lan").get("/bao-cao").text
    rows = [row for row in html.split('<tr role="row">') if "thiếu 1 nguồn" in row]
    assert [re.findall(r'href="/bao-cao/([^/"]+/[^/"]+)"', row)[0] for row in rows] == ["2024Q4/56", "2024Q4/570"]


def names(client: TestClient, **asked: str) -> list[str]:
    return list(dict.fromkeys(name for name, *_ in listed(client, **asked)))


def test_the_newest_quarter_first_then_the_catalogues_order(sign_in: SignIn) -> None:
    found = listed(sign_in("lan"))
    assert len(found) == 2 * UNITS
    assert [period for _, period, _ in found] == ["2024Q4"] * UNITS + ["2024Q3"] * UNITS
    first = [name for name, *_ in found[:UNITS]]
    assert first == [name for name, *_ in found[UNITS:]]
    assert first[:4] == ["Tỉnh Khánh Hòa", "Thành phố Nha Trang", "Thành phố Cam Ranh", "Huyện Cam Lâm"]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("cam lam", {"Huyện Cam Lâm"}),
        ("CAM LÂM", {"Huyện Cam Lâm"}),
        ("cam", {"Huyện Cam Lâm", "Thành phố Cam Ranh"}),
        ("khánh vĩnh", {"Huyện Khánh Vĩnh"}),
        ("570", {"Huyện Cam Lâm"}),
        ("H32.32", {"Huyện Cam Lâm"}),
        ("h32.32", {"Huyện Cam Lâm"}),
        ("57", set()),  # no part of a code
        ("suoi hiep", {"Huyện Diên Khánh"}),  # a commune without a report of its own
        ("so tu phap", {"Tỉnh Khánh Hòa"}),  # a department: in the province's
    ],
)
def test_a_unit_is_found_by_what_people_type(sign_in: SignIn, typed: str, wanted: set[str]) -> None:
    assert set(names(sign_in("lan"), don_vi=typed)) == wanted


def test_accents_that_were_typed_count(sign_in: SignIn) -> None:
    assert names(sign_in("lan"), don_vi="Khành") == []


def test_an_old_name_leads_to_what_it_went_into(house: House) -> None:
    """Asked after the reorganisation of 1/7/2025."""
    found = meant(house, "ninh phung", today=date(2025, 8, 1))
    assert "Xã Ninh Phụng nay thuộc Phường Ninh Hòa." in found.said
    assert "572" in found.codes  # of the district that it lay in: reports of its time
    before = meant(house, "ninh phung", today=date(2024, 12, 16))
    assert before.said == ("Xã Ninh Phụng thuộc Thị xã Ninh Hòa (đến 30/06/2025).",)


def test_successors_in_the_catalogue_are_found_by_the_old_name() -> None:
    """Phú Thọ's catalogue has the communes of today; the registry knows what they were."""
    house = House.of(Settings(province=REPOSITORY / "provinces" / "phu-tho"))
    for place in registry().places:
        after = registry().successors(place)
        if place.valid_to is None or len(after) != 1 or registry().province_since(place).code != "25":
            continue
        new = [u for u in house.province.units if u.unit_code == after[0].place.code and u.name == after[0].place.name]
        if new and place.level is Level.COMMUNE and place.name != new[0].name:
            break
    found = meant(house, place.name, today=date(2026, 9, 27))
    assert f"{place.name} nay thuộc {new[0].name}." in found.said
    assert new[0].unit_code in found.codes


def test_it_says_what_became_of_a_unit(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", "2025-08-01T08:00:00+07:00")
    html = sign_in("lan").get("/bao-cao", params={"don-vi": "huyen cam lam"}).text
    assert re.search(r'class="notice">Huyện Cam Lâm [^<]*', html)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"ky": "2024Q3"}, UNITS),
        ({"ky": "2024Q2"}, 0),
        ({"loai": "quy"}, 2 * UNITS),
        ({"loai": "nam"}, 0),
        ({"loai": "không có loại này"}, 2 * UNITS),
        ({"cap": "province"}, 2),
        ({"cap": "district"}, 2 * (UNITS - 1)),
        ({"cap": "district", "ky": "2024Q4", "don_vi": "cam"}, 2),
        ({"trang_thai": "draft"}, 2 * UNITS),
        ({"trang_thai": "published"}, 0),
    ],
)
def test_filters_go_together(sign_in: SignIn, asked: dict[str, str], count: int) -> None:
    assert len(listed(sign_in("lan"), **asked)) == count


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("2024M07", PeriodKind.MONTH),
        ("2024Q4", PeriodKind.QUARTER),
        ("2024H1", PeriodKind.HALF),
        ("2024T9", PeriodKind.NINE_MONTHS),
        ("2024Y", PeriodKind.YEAR),
        ("2018-01-01..2018-07-31", PeriodKind.RANGE),
    ],
)
def test_every_kind_of_period_has_its_own_name(name: str, kind: PeriodKind) -> None:
    assert kind_of(name) is kind


def test_the_line_is_the_newest_version_that_counts(sign_in: SignIn, house: House) -> None:
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    again(house, "2024Q4", OWN_CODE, reason="đọc lại nguồn")
    html = sign_in("lan").get("/bao-cao", params={"ky": "2024Q4", "don-vi": OWN_CODE}).text
    assert "Bản 1<" in html
    assert re.search(r"\?ban=2\">bản 2</a> đang dự thảo", html)
    bring(house, "2024Q4", OWN_CODE, Stage.APPROVED, number=2)
    html = sign_in("lan").get("/bao-cao", params={"ky": "2024Q4", "don-vi": OWN_CODE}).text
    assert "Bản 2<" in html
    assert "đang công bố bản 1" in html
    found = [len(listed(sign_in("lan"), trang_thai=stage)) for stage in ("approved", "published", "draft")]
    assert found == [1, 0, 2 * UNITS - 1]


def test_a_viewer_finds_what_was_released_of_the_own_unit(sign_in: SignIn, house: House) -> None:
    viewer = sign_in("xem")
    assert "Chưa có báo cáo nào của Huyện Cam Lâm được công bố" in viewer.get("/bao-cao").text
    for code in (OWN_CODE, OTHER_CODE):
        bring(house, "2024Q4", code, Stage.PUBLISHED)
    bring(house, "2024Q3", OWN_CODE, Stage.APPROVED)
    assert [(name, period) for name, period, _ in listed(viewer)] == [("Huyện Cam Lâm", "2024Q4")]
    html = viewer.get("/bao-cao", params={"don-vi": "nha trang"}).text
    assert "Tài khoản này xem được báo cáo đã công bố của Huyện Cam Lâm" in html
    assert "Nha Trang</a>" not in html
    again(house, "2024Q4", OWN_CODE, reason="đọc lại nguồn")
    for path in ("/bao-cao", f"/bao-cao/2024Q4/{OWN_CODE}"):
        assert "bản 2" not in viewer.get(path).text.lower()  # a draft is not even heard of
    assert viewer.get(f"/bao-cao/2024Q4/{OWN_CODE}", params={"ban": 2}).status_code == 404
    assert viewer.get(f"/bao-cao/2024Q4/{OWN_CODE}/thay-doi", params={"tu": 1, "den": 2}).status_code == 404


def test_nothing_found_says_what_to_try(sign_in: SignIn) -> None:
    html = sign_in("lan").get("/bao-cao", params={"don-vi": "can lam"}).text
    assert "Không có báo cáo nào phù hợp" in html
    assert "Có phải tìm: " in html
    assert "Huyện Cam Lâm</a>" in html


def test_pages_hold_fifty_lines_and_lose_none(sign_in: SignIn, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.routes.find.PAGE", 8)
    client = sign_in("lan")
    pages = [listed(client, trang=str(number), loai="quy") for number in (1, 2, 3)]
    assert [len(one) for one in pages] == [8, 8, 4]
    assert pages == [listed(client, trang=str(number), loai="quy") for number in (1, 2, 3)]
    assert len({href for one in pages for *_, href in one}) == 2 * UNITS
    html = client.get("/bao-cao", params={"loai": "quy", "trang": "2"}).text
    assert 'href="/bao-cao?loai=quy" rel="prev"' in html
    assert 'href="/bao-cao?loai=quy&amp;trang=3" rel="next"' in html
    assert listed(client, trang="999", loai="quy") == pages[2]
    assert listed(client, trang="-1", loai="quy") == pages[0]


def test_what_is_new_since_the_last_visit(sign_in: SignIn, house: House) -> None:
    """For staff what was printed since, for a viewer what was published since."""
    now = clock.now()
    assert "mới từ lần trước" not in sign_in("xem").get("/bao-cao").text  # a first visit: nothing to compare with
    for login in ("lan", "xem"):
        visited(house, login, now - timedelta(days=1))
    bring(house, "2024Q3", OWN_CODE, Stage.PUBLISHED, at=now - timedelta(days=3))
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED, at=now - timedelta(hours=1))
    assert [period for _, period, _ in listed(sign_in("xem"), moi="1")] == ["2024Q4"]
    html = sign_in("xem").get("/bao-cao").text
    assert html.count('<span class="state good">mới</span>') == 1
    for login in ("lan", "xem"):
        visited(house, login, now + timedelta(days=1))
    assert listed(sign_in("xem"), moi="1") == []
    assert listed(sign_in("lan"), moi="1") == []
    again(house, "2024Q3", OTHER_CODE, reason="đọc lại nguồn", at=now + timedelta(days=2))
    assert [(name, period) for name, period, _ in listed(sign_in("lan"), moi="1")] == [
        ("Thành phố Nha Trang", "2024Q3")
    ]


def test_the_page_says_what_the_version_is(sign_in: SignIn, house: House) -> None:
    first = bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED, note="Công văn số 12")
    second = again(house, "2024Q4", OWN_CODE, reason="đọc lại nguồn cam-lam")
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED, number=2, note="thay bản 1")
    client = sign_in("lan")
    html = client.get(f"/bao-cao/2024Q4/{OWN_CODE}").text
    for said in (
        "Huyện Cam Lâm – Quý IV năm 2024",
        "từ 15/09/2024 đến 14/12/2024",
        first.sha256,
        second.input_digest,
        f"{first.pages} trang",
        "Người checked",
        "Người approved",
        "Người published",
        "thay bản 1",
        "Bản 2: đọc lại nguồn cam-lam",
        "đã thay bằng bản mới",
        "3 số liệu",
        f'href="/bao-cao/2024Q4/{OWN_CODE}/thay-doi?tu=1&amp;den=2"',
    ):
        assert said in html, said
    assert f"/{OWN_CODE}/2/pdf" in html
    older = client.get(f"/bao-cao/2024Q4/{OWN_CODE}", params={"ban": 1}).text
    assert f"/{OWN_CODE}/1/pdf" in older
    assert "Bản được dùng là" in older
    moved = client.get(f"/bao-cao/2024Q4/{OWN_CODE}/thay-doi", params={"tu": 1, "den": 2}).text
    assert "3 số liệu khác nhau" in moved
    assert moved.count('<th scope="row">') == 3


@pytest.mark.parametrize("path", ["2024Q4/999", "2024Q2/570", "2024Q4/570?ban=9", "2024Q4/570?ban=x", "..%2f..%2f/570"])
def test_what_is_not_there_is_not_found(sign_in: SignIn, path: str) -> None:
    assert sign_in("lan").get(f"/bao-cao/{path}").status_code == 404


def test_a_look_is_entered(sign_in: SignIn, house: House) -> None:
    sign_in("lan").get(f"/bao-cao/2024Q4/{OWN_CODE}")
    table = tables.audit_entry
    with reading(house.engine) as connection:
        found = connection.execute(table.select().where(table.c.action == "view")).mappings().all()
    assert [(one["who"], one["period_id"], one["unit_code"], one["version"]) for one in found] == [
        ("lan", "2024Q4", OWN_CODE, 1)
    ]


def test_a_list_asks_the_database_a_handful_of_times(sign_in: SignIn, house: House) -> None:
    client = sign_in("lan")
    client.get("/bao-cao")
    asked: list[str] = []
    event.listen(house.engine, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement))
    assert client.get("/bao-cao").status_code == 200
    assert len([one for one in asked if one.startswith("SELECT")]) <= 5


def test_a_period_of_a_time_before_the_rule_of_today_is_still_listed() -> None:
    """The province's rule began in 2019; a register may be older than a rule."""
    assert period_with("2018Q4", "nd09").label == "Quý IV năm 2018"
    assert period_with("2024Q4", "nd09") == parse_period("2024Q4", rule="nd09")
    with pytest.raises(UsageError):
        period_with("2024Q9", "nd09")
