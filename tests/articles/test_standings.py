"""Figures of the articles about indices and places: imported as published, or scored from verified points; printed.

The route is the product's: a file of published places (`cchc rankings add`) or points (`cchc index add`), the
warehouse, the texts and tables of the report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from contracts import clock
from contracts.codes import Level
from contracts.errors import ConfigError
from contracts.rankings import Ranking, RankingKind, read_rankings
from flows.standings import Bureau, open_bureau
from reporting import standing_texts as texts
from reporting.annexes._rankings import of_units, results_table, targets_table
from reporting.annexes.standings import content
from reporting.context import build_context
from reporting.origin import Origin
from reporting.page import Table
from reporting.scope import scope_of
from reporting.standings import known_rankings, known_tables
from tests import khanh_son
from tests.articles.rows import article, row
from tests.reporting import sample
from transforms.rankings import moved, outcomes, rank_of
from warehouse import standings

HEAD = (
    "kind,index,area,year,unit_code,unit_name,place,base_size,base_group,gained,score,rating,aim,"
    "source,published_on,verified\n"
)
PROVINCES = '"tỉnh, thành phố"'
"""What the 63 places are among."""


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """Khánh Hòa's warehouse, empty; places of other provinces go in beside its own."""
    monkeypatch.setenv("CCHC_HOME", str(tmp_path))
    monkeypatch.setenv("CCHC_NOW", "2026-11-22T08:00:00+07:00")
    monkeypatch.delenv("CCHC_WAREHOUSE_URL", raising=False)
    monkeypatch.setenv("CCHC_PROVINCE", str(khanh_son.PROVINCE))
    return open_bureau()


def imported(bureau: Bureau, tmp_path: Path, *lines: str) -> list[Ranking]:
    """What stands in the warehouse after the file went in."""
    path = tmp_path / "cong-bo.csv"
    path.write_text(HEAD + "\n".join(lines), encoding="utf-8")
    bureau.add_rankings(path, by="Sở Nội vụ")
    return [stored.entry for stored in bureau.rankings()]


def cells(table: Table | None) -> list[tuple[str, ...]]:
    assert table is not None
    return [r.cells for r in table.rows if r.kind == "unit"]


def one(found: Iterable[Ranking], **wanted: object) -> Ranking:
    (ranking,) = [r for r in found if all(getattr(r, name) == value for name, value in wanted.items())]
    return ranking


@article("A0-01", "A0-02", "A0-03", "A0-04", "A0-05")
def test_son_trung_by_the_points_of_every_criterion(bureau: Bureau) -> None:
    """Points of eight communes in, the district's annex out: 7th of 8, then first with 89,2 %, Tốt."""
    for year in (2021, 2022):
        standings.add_points(bureau.engine, year, khanh_son.entries(year), by="Tổ thẩm định", at=clock.now())
    (before,) = [s for s in bureau.tables(2021)[0].standings if s.unit.agency_code == khanh_son.SON_TRUNG]
    assert before.ranks[0] is not None
    assert (before.ranks[0].place, before.ranks[0].base.size) == (
        int(row("A0-01")["value"]),
        int(row("A0-05")["value"]),
    )

    tables = known_tables(bureau.engine, bureau.province, on=date(2024, 12, 14))
    assert [table.index.year for table in tables] == [2022], "the newest that is known"
    given = replace(sample.report_input(), standings=tables)
    annex = content(given, _origin(given, "575"))
    assert annex is not None
    printed = {c[0]: c[1:] for c in cells(annex.tables[0])}
    rank, rating = f"{row('A0-02')['value']}/{row('A0-05')['value']}", row("A0-04")["value"]
    assert printed["Xã Sơn Trung"] == ("62,44/70", "89,20%", "+14,20", rank, "tăng 6 bậc", rating)
    (standing,) = [s for s in tables[0].standings if s.unit.agency_code == khanh_son.SON_TRUNG]
    assert standing.score == Fraction(row("A0-03")["value"])
    article_form = f"{row('A0-03')['value'].replace('.', ',')}%"
    assert any(f"xã Sơn Trung, {article_form}, xếp loại {rating}." in said for said in annex.paragraphs)
    assert texts.short_score(standing.score) == article_form


def _origin(given, unit: str | None) -> Origin:  # type: ignore[no-untyped-def]
    root = given.province.units.find(unit, on=given.as_of) if unit else None
    return Origin(scope_of(given, root), given.period, given.spans)


@article("A0-05")
def test_the_base_is_counted_from_the_catalogue_of_that_year() -> None:
    tree = khanh_son.tree()
    communes = [
        u for u in tree.children(khanh_son.KHANH_SON) if u.level is Level.COMMUNE and u.valid_on(date(2021, 12, 31))
    ]
    assert len(communes) == int(row("A0-05")["value"])


@article("A0-01", "A0-02", "A0-03", "A0-04")
def test_son_trung_as_it_was_published(bureau: Bureau, tmp_path: Path) -> None:
    """The same figures where only the publication is at hand."""
    base = 'PROVINCIAL,,{},22729,Xã Sơn Trung,{},8,"xã, thị trấn của huyện Khánh Sơn",,{},{},,Báo Khánh Hòa,,no'
    found = imported(
        bureau, tmp_path, "result," + base.format(2021, 7, "", ""), "result," + base.format(2022, 1, '"89,2"', "Tốt")
    )
    assert cells(results_table(found)) == [
        ("Chỉ số cải cách hành chính do tỉnh công bố", "2022", "89,2%", "1/8", "tăng 6 bậc", "Tốt")
    ]
    assert texts.published_rank(one(found, year=2021)) == "7/8"


@article("A0-08", "A0-09")
def test_the_district_was_two_years_average_and_five_years_good(bureau: Bureau, tmp_path: Path) -> None:
    classes = dict.fromkeys(range(2016, 2018), row("A0-08")["value"]) | dict.fromkeys(
        range(2018, 2023), row("A0-09")["value"]
    )
    lines = [
        f"result,PROVINCIAL,,{year},575,Huyện Khánh Sơn,,,,,,{rating},,Báo Khánh Hòa,,no"
        for year, rating in classes.items()
    ]
    found = imported(bureau, tmp_path, *lines)
    first, second = (row(row_id)["numerator"] for row_id in ("A0-08", "A0-09"))
    assert list(texts.run_sentences(found)) == [
        "Huyện Khánh Sơn, chỉ số cải cách hành chính do tỉnh công bố:"
        f" Trung bình 2016–2017 ({first} năm liền); Tốt 2018–2022 ({second} năm liền)."
    ]


@article("A1-16")
def test_a_pilot_of_the_commune_framework_is_a_sheet_of_points(bureau: Bureau) -> None:
    """Scored communes of those that the framework is for: a pilot scores some, and ranks none until all are done."""
    pilot = [e for e in khanh_son.entries(2021) if e.agency_code == khanh_son.SON_TRUNG]
    standings.add_points(bureau.engine, 2021, pilot, by="Sở Nội vụ", at=clock.now())
    below = [s for s in bureau.tables(2021)[0].standings if s.unit.parent == khanh_son.KHANH_SON]
    scored = [s for s in below if s.score is not None]
    assert row("A1-16")["value"] == "yes" and scored
    assert (len(scored), len(below)) == (1, 8)
    assert all(s.ranks == (None,) for s in below)


HUYEN_TUNG = (
    'result,EGOV,,2018,1846,Phường Huyền Tụng,12,122,"xã, phường, thị trấn của tỉnh",,,,,Báo Bắc Kạn,,no',
    'result,EGOV,,2018,1846,Phường Huyền Tụng,1,8,"xã, phường của thành phố Bắc Kạn",,,,,Báo Bắc Kạn,,no',
    "target,EGOV,,2019,1846,Phường Huyền Tụng,,,,,,,raise,Báo Bắc Kạn,,no",
)


@article("A2-01", "A2-02")
def test_huyen_tung_is_12th_of_122_and_first_of_8(bureau: Bureau, tmp_path: Path) -> None:
    found = imported(bureau, tmp_path, *HUYEN_TUNG)
    printed = {c[3]: c for c in cells(results_table(found))}
    expected = f"{row('A2-01')['numerator']}/{row('A2-01')['denominator']}"
    assert set(printed) == {expected, "1/8"} == {"12/122", "1/8"}
    assert all(c[0] == "Mức độ xây dựng chính quyền điện tử" and c[4] == "–" for c in printed.values())
    assert "122 xã, phường, thị trấn của tỉnh" in texts.origin_text(one(found, place=12))


@article("A2-13")
def test_the_target_to_rise_is_told_when_the_next_year_is_published(bureau: Bureau, tmp_path: Path) -> None:
    found = imported(bureau, tmp_path, *HUYEN_TUNG)
    (waiting,) = outcomes(found)
    assert (waiting.met, waiting.why) == (None, "chưa có kết quả công bố")
    assert [c[2:] for c in cells(targets_table(found))] == [("tăng hạng so với năm trước", "Chưa có kết quả", "–")]
    later = HUYEN_TUNG[0].replace(",2018,", ",2019,").replace(",12,122,", ",9,122,")  # invented: no article has it
    (reached,) = outcomes(imported(bureau, tmp_path, later))
    assert reached.met is True


def kien_giang(
    row_id: str, index: str, *, gained: str = "", more: str = ",,", area: str = "", published: str = ""
) -> str:
    """A line of the file from an article row: its place of 63."""
    place, base = row(row_id)["numerator"], row(row_id)["denominator"]
    rank = f"{place},{base},{PROVINCES},{gained}"
    return f"result,{index},{area},2022,91,Tỉnh Kiên Giang,{rank},{more},Bộ Nội vụ công bố,{published},no"


PAIRS = [("PAR_INDEX", "A3-01", "A3-02", "A3-03"), ("SIPAS", "A3-09", "A3-10", "A3-11")]


@article("A3-01", "A3-02", "A3-09", "A3-10")
@pytest.mark.parametrize(("index", "place", "gained", "_derived"), PAIRS)
def test_kien_giang_rose_as_published(
    bureau: Bureau, tmp_path: Path, index: str, place: str, gained: str, _derived: str
) -> None:
    """Where only the new place and «up 22» are known, both are printed, and no place of the year before is made."""
    found = imported(bureau, tmp_path, kien_giang(place, index, gained=row(gained)["value"]))
    (printed,) = cells(results_table(found))
    rank = f"{row(place)['value']}/63"
    assert printed[3:5] == (rank, f"tăng {row(gained)['value']} bậc (theo công bố)")


@article("A3-02", "A3-03", "A3-10", "A3-11")
@pytest.mark.parametrize(("index", "place", "gained", "derived"), PAIRS)
def test_the_derived_place_is_a_check_and_is_not_printed(
    bureau: Bureau, tmp_path: Path, index: str, place: str, gained: str, derived: str
) -> None:
    now = kien_giang(place, index, gained=row(gained)["value"])
    before = int(row(derived)["value"])
    assert int(row(place)["value"]) + int(row(gained)["value"]) == before

    alone = imported(bureau, tmp_path, now)
    assert not any(f"{before}/63" in cell for c in cells(results_table(alone)) for cell in c)

    def year_before(published: int) -> list[Ranking]:
        line = f"result,{index},,2021,91,Tỉnh Kiên Giang,{published},63,{PROVINCES},,,,,Bộ Nội vụ công bố,,no"
        return imported(bureau, tmp_path, line)

    agreeing = year_before(before)
    change = moved(one(agreeing, year=2022), agreeing)
    assert (change.places, change.published) == (int(row(gained)["value"]), False), "computed from two published places"
    contradicting = year_before(before - 1)
    change = moved(one(contradicting, year=2022), contradicting)
    assert change.places is None and change.why.startswith(f"Công bố tăng {row(gained)['value']} bậc")


def test_a_rise_that_the_base_does_not_have_is_refused(tmp_path: Path) -> None:
    """41 + 23 = 64 of 63."""
    path = tmp_path / "sai.csv"
    path.write_text(HEAD + kien_giang("A3-01", "PAR_INDEX", gained="23"), encoding="utf-8")
    with pytest.raises(ConfigError, match="không khớp với 63"):
        read_rankings(path)


@article("A3-01", "A3-09")
def test_a_place_after_the_merger_is_not_subtracted(bureau: Bureau, tmp_path: Path) -> None:
    """63 provinces before 1/7/2025, 34 after. Phú Thọ keeps code and name; its places here are invented."""
    lines = [
        f"result,PAR_INDEX,,{year},25,Tỉnh Phú Thọ,{place},{size},{PROVINCES},,,,,thử,,no"
        for year, place, size in ((2024, 41, 63), (2025, 11, 34))
    ]
    found = imported(bureau, tmp_path, *lines)
    change = moved(one(found, year=2025), found)
    assert change.places is None
    assert change.why == "Không so sánh thứ hạng do cơ sở xếp hạng khác nhau (63 và 34 tỉnh, thành phố)"


@article("A3-04")
def test_a_fall_shows_in_the_places_of_the_years(bureau: Bureau, tmp_path: Path) -> None:
    """The article gives no figure; the series does, once it is imported. The places here are invented."""
    lines = [
        f"result,PAR_INDEX,,{year},91,Tỉnh Kiên Giang,{place},63,{PROVINCES},,,,,thử,,no"
        for year, place in ((2019, 44), (2020, 60), (2021, 62))
    ]
    found = imported(bureau, tmp_path, *lines)
    assert [texts.moved_text(moved(one(found, year=y), found)) for y in (2020, 2021)] == ["giảm 16 bậc", "giảm 2 bậc"]


@article("A3-05", "A3-06")
@pytest.mark.parametrize(
    ("row_id", "area"), [("A3-05", "Cải cách tổ chức bộ máy hành chính nhà nước"), ("A3-06", "Cải cách thể chế")]
)
def test_places_in_an_area_of_the_index(bureau: Bureau, tmp_path: Path, row_id: str, area: str) -> None:
    found = imported(bureau, tmp_path, kien_giang(row_id, "PAR_INDEX", area=area), kien_giang("A3-01", "PAR_INDEX"))
    printed = {c[0]: c[3] for c in cells(results_table(found))}
    label = f"Chỉ số cải cách hành chính (PAR INDEX), lĩnh vực {area[:1].lower()}{area[1:]}"
    assert printed[label] == f"{row(row_id)['value']}/63"
    assert printed["Chỉ số cải cách hành chính (PAR INDEX)"] == "41/63", "the whole index is another row"


@article("A3-07", "A3-08")
def test_ha_tien_has_its_own_words_and_a_base_that_nobody_gave(bureau: Bureau, tmp_path: Path) -> None:
    rating = row("A3-07")["value"]
    found = imported(
        bureau,
        tmp_path,
        f"result,TASKS,,2022,900,Thành phố Hà Tiên,,,,,,{rating},,UBND tỉnh Kiên Giang,,no",
        'result,PROVINCIAL,,2022,900,Thành phố Hà Tiên,1,,"huyện, thành phố của tỉnh",,,,,UBND tỉnh Kiên Giang,,no',
    )
    printed = {c[0]: c for c in cells(results_table(found))}
    assert printed["Xếp loại thực hiện nhiệm vụ cải cách hành chính"][5] == "Hoàn thành xuất sắc nhiệm vụ"
    led = one(found, place=int(row("A3-08")["value"]))
    assert texts.published_rank(led) == "1" and rank_of(led) is not None
    assert "nguồn không nêu số đơn vị được xếp hạng" in texts.origin_text(led)


@article("A3-12", "A3-13")
def test_satisfaction_is_printed_as_published_with_its_day(bureau: Bureau, tmp_path: Path) -> None:
    day = row("A3-13")["value"]
    score = f'"{row("A3-12")["value"].replace(".", ",")}",,'
    found = imported(bureau, tmp_path, kien_giang("A3-09", "SIPAS", gained="34", more=score, published=day))
    (printed,) = cells(results_table(found))
    assert printed[2] == "83,07%"
    assert texts.origin_text(found[0]).endswith("công bố ngày 19/04/2023 (chưa đối chiếu với văn bản).")


@article("A3-14")
@pytest.mark.parametrize(("rating", "told"), [("Khá", "Đạt"), ("Trung bình", "Chưa đạt"), ("", "–")])
def test_the_target_group_is_held_against_the_published_class(
    bureau: Bureau, tmp_path: Path, rating: str, told: str
) -> None:
    wanted = row("A3-14")["value"].removeprefix("nhóm ").capitalize()
    lines = [f"target,{index},,2022,91,Tỉnh Kiên Giang,,,,,,{wanted},,Kế hoạch,,no" for index, *_ in PAIRS]
    results = [kien_giang(place, index, more=f",{rating},") for index, place, *_ in PAIRS]
    found = imported(bureau, tmp_path, *lines, *results)
    assert [c[2] for c in cells(targets_table(found))] == ["Khá", "Khá"]
    assert [c[4] for c in cells(targets_table(found))] == [told, told]
    assert all(r.kind is not RankingKind.TARGET for r in found if r.place)


def test_places_of_another_province_stay_out_of_the_report(bureau: Bureau, tmp_path: Path) -> None:
    imported(bureau, tmp_path, kien_giang("A3-01", "PAR_INDEX"))
    known = known_rankings(bureau.engine, on=date(2024, 12, 14))
    assert len(known) == 1 and of_units(known, tuple(bureau.province.units), on=date(2024, 12, 14)) == []
    given = replace(sample.report_input(), rankings=known)
    assert not any("THỨ HẠNG" in a.annex.title for a in build_context(given, unit=None).further)


def test_what_was_published_after_the_period_is_not_known_in_it(bureau: Bureau, tmp_path: Path) -> None:
    imported(bureau, tmp_path, kien_giang("A3-09", "SIPAS", published="2023-04-19"))
    assert known_rankings(bureau.engine, on=date(2023, 3, 14)) == ()
    assert len(known_rankings(bureau.engine, on=date(2023, 6, 14))) == 1
