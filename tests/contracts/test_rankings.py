"""A file of published places: whole, with base and source, or refused with the line of every mistake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from contracts.errors import ConfigError
from contracts.rankings import IndexName, Ranking, RankingKind, read_rankings

HEAD = (
    "kind,index,area,year,unit_code,unit_name,place,base_size,base_group,gained,score,rating,aim,"
    "source,published_on,verified,withdrawn"
)
GOOD = 'result,SIPAS,,2022,91,Tỉnh Kiên Giang,24,63,"tỉnh, thành phố",34,"83,07",,,Bộ Nội vụ công bố,2023-04-19,yes,'


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", "2026-11-22T08:00:00+07:00")


def read(folder: Path, *rows: str) -> tuple[Ranking, ...]:
    path = folder / "xep-hang.csv"
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return read_rankings(path)


def test_a_row_is_read_as_it_was_published(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == (
        Ranking(
            kind=RankingKind.RESULT,
            index=IndexName.SIPAS,
            year=2022,
            unit_code="91",
            unit_name="Tỉnh Kiên Giang",
            source="Bộ Nội vụ công bố",
            place=24,
            base_size=63,
            base_group="tỉnh, thành phố",
            gained=34,
            score=Decimal("83.07"),
            published_on=date(2023, 4, 19),
            verified=True,
        ),
    )


def test_columns_that_are_not_needed_may_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "hang.csv"
    path.write_text(
        "index,year,unit_code,unit_name,place,base_size,base_group,score,rating,source,published_on,verified\n"
        "TASKS,2022,900,Thành phố Hà Tiên,,,,,Hoàn thành xuất sắc nhiệm vụ,UBND tỉnh,,no\n",
        encoding="utf-8",
    )
    (found,) = read_rankings(path)
    assert (found.kind, found.rating, found.place, found.verified) == (
        RankingKind.RESULT,
        "Hoàn thành xuất sắc nhiệm vụ",
        None,
        False,
    )


MISTAKES = {
    "an index that nobody knows": (("SIPAS", "SIPA"), "phải là một trong: PAR_INDEX, SIPAS"),
    "a place without a base": (('63,"tỉnh, thành phố"', ","), "thứ hạng phải kèm cơ sở xếp hạng"),
    "a place beyond its base": ((",24,63,", ",64,63,"), "hạng 64 lớn hơn số đơn vị được xếp hạng 63"),
    "a gain that the base does not have": (('",34,', '",40,'), "hạng 24 và 40 bậc không khớp với 63"),
    "a code of another place": (("Tỉnh Kiên Giang", "Tỉnh An Giang"), "mã 91 năm 2022 là Tỉnh Kiên Giang"),
    "a code that is nobody's then": ((",2022,91,", ",2022,99999,"), "không có đơn vị mã 99999 vào cuối năm 2022"),
    "a code that is another's by then": ((",2022,91,", ",2025,91,"), "mã 91 năm 2025 là Tỉnh An Giang"),
    "a score above 100": (('"83,07"', '"183,07"'), "lớn hơn 100%"),
    "a score in two readings": (('"83,07"', "83.070"), "hiểu được hai cách"),
    "a day that is none": (("2023-04-19", "19/4/2023"), "phải có dạng 2023-04-19"),
    "a day to come": (("2023-04-19", "2027-04-19"), "ngày công bố chưa đến"),
    "published before its year": (("2023-04-19", "2021-04-19"), "công bố trước năm được xếp hạng (2022)"),
    "no source": (("Bộ Nội vụ công bố", ""), "cột «source»: không được để trống"),
    "not said whether verified": ((",yes,", ",,"), "cột «verified»"),
    "an aim of a result": ((',"83,07",,,', ',"83,07",,raise,'), "chỉ mục tiêu"),
    "nothing published": ((',24,63,"tỉnh, thành phố",34,"83,07",', ",,,,,,"), "ít nhất một trong"),
    "half a place": ((",24,63,", ",2.5,63,"), "phải là số nguyên"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_line(tmp_path: Path, name: str) -> None:
    (old, new), said = MISTAKES[name]
    assert GOOD.count(old) == 1
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, GOOD.replace("2022,91,Tỉnh Kiên Giang,24", "2021,,Nơi khác,25"), GOOD.replace(old, new))
    assert said in raised.value.cause and raised.value.line == 3


def test_all_mistakes_are_told_at_once_and_a_place_twice_is_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, GOOD, GOOD, GOOD.replace("SIPAS", "SIPA"))
    assert [error.line for error in (raised.value, *raised.value.others)] == [3, 4]
    assert "với dòng 2" in raised.value.cause


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="không có dòng nào"):
        read(tmp_path)
