"""A figure opened: what reports printed, what the indicators say and what the page shows are one; parts add up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import CriticalCheckError
from contracts.settings import Settings
from flows import figures as flow_figures
from flows.seen import Seen, seen
from portal.app import create_app
from portal.figures import known, opened
from portal.house import House
from reporting.kept import OWN, TREE, Counts, Kept
from reporting.opened import Piece, check_parts
from tests.portal.conftest import SignIn
from tests.portal.screen import Screen
from tests.portal.test_quarter import LOST, PERIOD, fail
from warehouse import printed

A = "ON_TIME_RESOLVED"
WHOLE = f"/ky/{PERIOD}/so-lieu/56/{A}"


def standing(house: House) -> Seen:
    return seen(house.engine, house.place(PERIOD))


def kept(house: House, scope: str, code: str) -> Kept:
    document = printed.kept(house.engine, (PERIOD, scope, code, 1))
    assert document is not None
    return Kept.from_json(document)


def page(sign_in: SignIn, path: str) -> Screen:
    answer = sign_in("lan").get(path)
    assert answer.status_code == 200, answer.text
    return Screen(answer.text)


def test_every_printed_figure_opens_to_the_same_two_counts(house: House) -> None:
    """Every figure that the reports of the province and of Cam Lâm keep, but for those that no indicator is of."""
    now = standing(house)
    units, figures = now.province.units, known(now)
    compared = 0
    for scope, code in (("province", "56"), ("unit", "570")):
        for cell, counts in kept(house, scope, code).figures.items():
            if cell.figure not in figures:
                continue
            unit = units.by_agency(cell.agency_code)
            one = opened(now, unit, figures[cell.figure], whose=cell.whose, field=cell.field)
            assert one.counts == counts, cell
            compared += 1
    assert compared > 2_000


def test_every_indicator_of_every_unit_is_what_the_export_has(house: House) -> None:
    """Made by another way of adding up: transforms.indicators.compute."""
    now = standing(house)
    figures, compared = known(now), 0
    found = flow_figures.indicators(house.engine, now.place)
    whole = found[(found["field"] == "") & found["indicator"].isin([*figures])]
    parents = set(whole.loc[whole["scope"] == "tree", "agency_code"])
    for row in whole.to_dict("records"):
        whose = OWN if row["scope"] == "unit" and row["agency_code"] in parents else TREE
        unit = now.province.units.by_agency(row["agency_code"])
        one = opened(now, unit, figures[row["indicator"]], whose=whose)
        assert counts_of(row) == one.counts, row
        compared += 1
    assert compared > 2_500


def counts_of(row: dict[str, object]) -> Counts | None:
    pair = [None if value is None or str(value) == "<NA>" else int(str(value)) for value in numbers(row)]
    return None if pair[0] is None else Counts(pair[0], pair[1])


def numbers(row: dict[str, object]) -> Iterator[object]:
    yield from (row["numerator"], row["denominator"])


def test_the_parts_of_every_figure_add_up_also_where_a_source_is_missing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for lost in (False, True):
        if lost:
            fail(house, at="2024-12-16T08:12:00+07:00", monkeypatch=monkeypatch)
        now = standing(house)
        for agency in ("H32", "H32.32", "H32.02"):
            for indicator in known(now).values():
                opened(now, now.province.units.by_agency(agency), indicator).check()


whole_counts = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))


@given(parts=st.lists(whole_counts, min_size=1, max_size=8), wrong=st.sampled_from([0, 1, -1]), side=st.booleans())
def test_parts_that_do_not_add_up_are_refused(parts: list[tuple[int, int]], wrong: int, side: bool) -> None:
    pieces = [Piece(str(n), "", str(n), Counts(*part), None) for n, part in enumerate(parts)]
    pieces.append(Piece("silent", "", "silent", None, None, lacking=True))
    total = Counts(sum(n for n, _ in parts) + wrong * side, sum(d for _, d in parts) + wrong * (not side))
    if wrong:
        with pytest.raises(CriticalCheckError, match="không cộng khớp"):
            check_parts(total, pieces, of_what="đơn vị", name="A")
    else:
        check_parts(total, pieces, of_what="đơn vị", name="A")


def test_a_figure_whose_parts_do_not_add_up_is_not_shown(
    sign_in: SignIn, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commune put below an office that has ended: the district counts it, and no line below the district does."""
    folder = tmp_path / "province"
    shutil.copytree(house.settings.province_folder, folder)
    file = folder / "agencies.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("H32.32.01,"))
    lines[place] = lines[place].replace(",H32.32,", ",H32.32.99,")
    lines.insert(place, "H32.32.99,,Tổ đã giải thể,commune,H32.32,,2018-01-01,no")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setenv("CCHC_PROVINCE", str(folder))
    browser = TestClient(create_app(Settings()), follow_redirects=False)
    browser.cookies.update(sign_in("lan").cookies)
    for path in ("so-lieu/570/column_3", "so-lieu?don-vi=570", "so-lieu/570/column_3/ho-so"):
        answer = browser.get(f"/ky/{PERIOD}/{path}")
        assert answer.status_code == 409
        assert "số liệu không cộng khớp" in answer.text
        assert "<table" not in answer.text
    assert browser.get(f"/ky/{PERIOD}/so-lieu/568/column_3").status_code == 200


def test_a_figure_opens_to_what_it_is_made_of(sign_in: SignIn, house: House) -> None:
    screen = page(sign_in, WHOLE)
    numerator, denominator = kept(house, "province", "56").figures[("H32", TREE, "", A)]  # type: ignore[index]
    upper, lower = (f"{n:,}".replace(",", ".") for n in (numerator, denominator or 0))
    for words in (
        f"Tử số {upper} – hồ sơ giải quyết trước hạn (8) + hồ sơ giải quyết đúng hạn (9)",
        f"Mẫu số {lower} – hồ sơ đã giải quyết, cột (7)",
        "Công thức (8 + 9)/(7), phiên bản 1",
        "Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
        "Số liệu đầy đủ",
        "Hồ sơ công dân, tổ chức xin rút được tính vào cột (9)",
    ):
        assert words in screen.text
    by_unit, by_field, sources, before, printed_in = (table.rows[1:] for table in screen.tables)
    for parts in (by_unit, by_field):
        *rows, total = parts
        assert total[1:3] == [upper, lower]
        for place, whole in ((1, numerator), (2, denominator)):
            assert sum(int(row[place].replace(".", "")) for row in rows) == whole
    adds = [row[1].split("/") for row in sources]
    assert sum(int(n.replace(".", "")) for n, _ in adds) == numerator
    assert all(len(row[-1]) == 16 and row[-2] == "0" for row in sources)
    assert before[0][0] == "Quý III năm 2024"
    assert printed_in == [["Tỉnh Khánh Hòa", "bản 1 dự thảo", f"96,66% ({upper}/{lower})", "như nhau"]]


def test_what_a_missing_source_had_is_missing_and_never_0(
    sign_in: SignIn, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = page(sign_in, f"/ky/{PERIOD}/so-lieu/575/{A}").text
    fail(house, at="2024-12-16T08:12:00+07:00", monkeypatch=monkeypatch)
    screen = page(sign_in, f"/ky/{PERIOD}/so-lieu/575/{A}")
    assert f"Chưa có số liệu: thiếu nguồn {LOST}." in screen.text
    assert "Không so sánh: thiếu số liệu kỳ này" in screen.text
    assert "Số liệu đầy đủ" in was
    by_unit, sources, _, printed_in = (table.rows[1:] for table in screen.tables)
    assert {cell for row in by_unit for cell in row[1:]} == {"–"}
    assert sources[0][1] == "–"
    assert printed_in[0][3] == "khác số liệu đã thay đổi sau khi in"
    assert "danh sách hồ sơ" not in screen.text.lower()
    units = page(sign_in, f"/ky/{PERIOD}/so-lieu?sap={A}").table("parts")
    assert units[-1][0].startswith("Huyện Khánh Sơn chưa đủ")  # what is not known stands last, whichever way
    assert page(sign_in, f"/ky/{PERIOD}/so-lieu?sap=-{A}").table("parts")[-1] == units[-1]
    assert units[-1][1:] == ["–"] * 6
    whole = page(sign_in, WHOLE)
    assert f"Số liệu chưa đủ: thiếu nguồn {LOST}." in whole.text
    unit = page(sign_in, f"/ky/{PERIOD}/so-lieu?don-vi=575")
    assert f"Số liệu chưa đủ: thiếu nguồn {LOST}." in unit.text
    assert {row[1] for row in unit.table("indicators")[1:]} == {"–"}


def test_units_are_put_in_order_by_links_alone(sign_in: SignIn) -> None:
    client = sign_in("lan")
    screen = Screen(client.get(f"/ky/{PERIOD}/so-lieu").text)
    for falling in (True, False):  # the same link again turns the order
        screen = Screen(client.get(screen.links["Giải quyết quá hạn (10)" + ("" if falling else " ▼")]).text)
        late = [int(row[4].replace(".", "")) for row in screen.table("parts")[1:]]
        assert late == sorted(late, reverse=falling)
        assert len(late) == 30


def test_one_field_and_ones_own_dossiers_can_be_asked_for(sign_in: SignIn, house: House) -> None:
    figures = kept(house, "province", "56").figures
    of_field = figures[("H32", TREE, "Hộ tịch", "column_3")].numerator  # type: ignore[index]
    own = figures[("H32.32", OWN, "", "column_3")].numerator  # type: ignore[index]
    field = page(sign_in, f"/ky/{PERIOD}/so-lieu?linh-vuc=Hộ+tịch")
    assert field.table("indicators")[1][1] == f"{of_field:,}".replace(",", ".")
    office = page(sign_in, f"/ky/{PERIOD}/so-lieu?don-vi=570&pham-vi=unit")
    assert office.table("indicators")[1][1] == f"{own:,}".replace(",", ".")
    assert "chỉ hồ sơ do chính cơ quan này tiếp nhận" in office.text
    fields = page(sign_in, f"/ky/{PERIOD}/so-lieu?don-vi=570&theo=linh-vuc").table("parts")[1:]
    cell = kept(house, "unit", "570").figures[("H32.32", TREE, "Hộ tịch", "column_7")]  # type: ignore[index]
    assert next(row for row in fields if row[0] == "Hộ tịch")[2] == f"{cell.numerator:,}".replace(",", ".")


@pytest.mark.parametrize(
    "path",
    [
        "so-lieu?don-vi=999999",
        "so-lieu?linh-vuc=Không+có",
        f"so-lieu/999999/{A}",
        "so-lieu/56/KHONG_CO",
        "so-lieu/56/column_2",
        f"so-lieu/56/{A}?linh-vuc=Không+có",
        "so-lieu/56/column_10/ho-so.csv?phan=khac",
        "so-lieu/H32.22/column_3",  # ended on 05/08/2018
    ],
)
def test_what_is_not_there_is_not_found(sign_in: SignIn, path: str) -> None:
    assert sign_in("lan").get(f"/ky/{PERIOD}/{path}").status_code == 404
