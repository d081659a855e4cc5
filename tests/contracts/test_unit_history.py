"""The national registry through time: the reorganisation of 1/7/2025, as docs/domain.md §7 has it."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.codes import Level
from contracts.unit_history import Extent, Place, registry
from contracts.unit_names import find_units
from tests.transforms.tables import read_table

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)

DISTRICTS = """
| mã  | huyện      | xã trước | sau                                            | trọn địa bàn |
| 272 | Phúc Thọ   | 18       | Xã Hát Môn, Xã Phúc Lộc, Xã Phúc Thọ           | có           |
| 575 | Khánh Sơn  | 8        | Xã Khánh Sơn, Xã Tây Khánh Sơn, Xã Đông Khánh Sơn | có        |
| 58  | Bắc Kạn    | 8        | Phường Bắc Kạn, Phường Đức Xuân, Xã Phong Quang | không       |
| 900 | Hà Tiên    | 7        | Phường Hà Tiên, Phường Tô Châu, Xã Tiên Hải    | không        |
"""
COMMUNES = """
| mã    | trước            | mã sau | sau               |
| 22729 | Xã Sơn Trung     | 22732  | Xã Đông Khánh Sơn |
| 22732 | Xã Ba Cụm Bắc    | 22732  | Xã Đông Khánh Sơn |
| 1846  | Phường Huyền Tụng | 01840 | Phường Đức Xuân   |
| 30772 | Phường Bình San  | 30769  | Phường Hà Tiên    |
| 30835 | Xã Sơn Kiên      | 30835  | Xã Sơn Kiên       |
| 22714 | Thị trấn Tô Hạp  | 22714  | Xã Khánh Sơn      |
"""


def place(code: str, *, on: date = BEFORE, level: Level | None = None) -> Place:
    found = registry().find(code, on=on, level=level)
    assert found is not None
    return found


@pytest.mark.parametrize("row", read_table(DISTRICTS), ids=lambda row: row["huyện"])
def test_a_district_lives_on_in_communes(row: dict[str, str]) -> None:
    district = place(row["mã"], level=Level.DISTRICT)
    after = [link.place for link in registry().successors(district)]
    assert row["huyện"] in district.name
    assert len(registry().children(district)) == int(row["xã trước"])
    assert ", ".join(sorted(p.name for p in after)) == row["sau"]
    assert registry().maps_whole([district], after) == (row["trọn địa bàn"] == "có")


@pytest.mark.parametrize("row", read_table(COMMUNES), ids=lambda row: row["trước"])
def test_a_commune_finds_its_successor(row: dict[str, str]) -> None:
    old = place(row["mã"])
    (link,) = registry().successors(old)
    assert (old.name, link.place.code, link.place.name) == (row["trước"], row["mã sau"], row["sau"])
    assert link.extent is Extent.WHOLE and link.place.valid_on(AFTER) and not old.valid_on(AFTER)
    assert old in [back.place for back in registry().predecessors(link.place)]


def test_a_code_that_was_used_again_names_the_place_of_that_day() -> None:
    assert place("22714", on=BEFORE).name == "Thị trấn Tô Hạp"
    assert place("22714", on=AFTER).name == "Xã Khánh Sơn"
    assert [p.name for p in registry().with_code("22714")] == ["Thị trấn Tô Hạp", "Xã Khánh Sơn"]
    assert registry().find("22729", on=AFTER) is None


def test_one_place_alone_or_one_too_many_is_not_the_same_territory() -> None:
    links = registry()
    east = place("22732", on=AFTER)
    three = [link.place for link in links.predecessors(east)]
    assert sorted(p.name for p in three) == ["Xã Ba Cụm Bắc", "Xã Ba Cụm Nam", "Xã Sơn Trung"]
    assert links.maps_whole(three, [east])
    assert not links.maps_whole(three[:2], [east])  # it draws on a third
    assert not links.maps_whole([*three, place("22714")], [east])  # one went elsewhere
    assert not links.maps_whole([], [east]) and not links.maps_whole(three, [])


def test_the_province_of_one_name_is_two_territories() -> None:
    """Khánh Hòa took Ninh Thuận in: its figures before and after are not of like with like."""
    old, new = place("56", level=Level.PROVINCE), place("56", on=AFTER, level=Level.PROVINCE)
    ninh_thuan = place("58", level=Level.PROVINCE)
    assert old.name == new.name == "Tỉnh Khánh Hòa"
    assert not registry().maps_whole([old], [new])
    assert registry().maps_whole([old, ninh_thuan], [new])


def test_the_whole_country() -> None:
    """Of the dataset that is shipped; another one counts 9.592 and 441, 297 and 387 (docs/units-over-time.md)."""
    links, places = registry(), registry().places
    old = [p for p in places if p.level is Level.COMMUNE and p.valid_to]
    new = [p for p in places if p.level is Level.COMMUNE and p.valid_from]
    split = [p for p in old if len(links.successors(p)) > 1]
    assert (len(places), len(old), len(new)) == (14_149, 10_035, 3_321)
    assert (len(old) - len(split), len(split)) == (9_564, 471)
    drawn = [{link.place.parent_code for link in links.predecessors(p)} for p in new if p.name and p.kind != "đặc khu"]
    assert sum(len(districts) > 1 for districts in drawn) == 317
    districts = [p for p in places if p.level is Level.DISTRICT and links.children(p)]
    whole = [p for p in districts if links.maps_whole([p], [link.place for link in links.successors(p)])]
    assert (len(whole), len(districts)) == (376, 691)


def test_every_old_place_went_somewhere_and_every_new_one_came_from_somewhere() -> None:
    links = registry()
    assert all(links.successors(p) for p in links.places if p.valid_to)
    assert all(links.predecessors(p) for p in links.places if p.valid_from)


SEARCHES = """
| gõ             | tỉnh | vào ngày   | đầu tiên          | kế thừa           |
| Đông Khánh Sơn | 56   | 2026-01-01 | Xã Đông Khánh Sơn |                   |
| dong khanh son | 56   | 2026-01-01 | Xã Đông Khánh Sơn |                   |
| xã Sơn Trung   | 56   | 2026-01-01 | Xã Sơn Trung      | Xã Đông Khánh Sơn |
| ninh phuoc     | 56   | 2026-01-01 | Xã Ninh Phước     |                   |
| HUYEN TUNG     | 19   | 2026-01-01 | Phường Huyền Tụng | Phường Đức Xuân   |
| huyện phúc thọ | 01   | 2026-01-01 | Huyện Phúc Thọ    | Xã Phúc Thọ, Xã Phúc Lộc, Xã Hát Môn |
| Huyện Phúc Thọ | 01   | 2024-12-14 | Huyện Phúc Thọ    |                   |
| 1846           | 19   | 2026-01-01 | Phường Huyền Tụng | Phường Đức Xuân   |
"""


@pytest.mark.parametrize("row", read_table(SEARCHES), ids=lambda row: row["gõ"])
def test_people_find_a_place_by_its_old_name_too(row: dict[str, str]) -> None:
    wanted = find_units(row["gõ"], on=date.fromisoformat(row["vào ngày"]), province=row["tỉnh"])[0]
    assert wanted.place.name == row["đầu tiên"]
    assert ", ".join(link.place.name for link in wanted.successors) == row["kế thừa"]


def test_what_is_valid_comes_first_and_accents_that_were_typed_count() -> None:
    today = date(2026, 1, 1)
    assert find_units("Khánh Sơn", on=today)[0].place.code == "22714"
    names = {f.place.name for f in find_units("hà tiên", on=today, limit=100)}
    assert "Phường Hà Tiên" in names
    assert not any("Hạ" in name or "Hả" in name for name in names)
    assert find_units("   ", on=today) == () and find_units("không có xã này", on=today) == ()
