"""The dossiers behind a figure: as many as it says, codes alone, every look entered; or why there is no list."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from portal.dossier_lists import PAGE, lists_of, why_untold
from portal.figures import known, opened
from portal.house import House
from reporting.kept import OWN, TREE
from tests.portal.conftest import SignIn
from tests.portal.screen import Screen
from tests.portal.test_figures import A, standing
from tests.portal.test_quarter import PERIOD
from warehouse import ledger, tables

LATE = f"/ky/{PERIOD}/so-lieu/570/column_10/ho-so"
TOLD = {
    *(f"column_{n}" for n in range(3, 14)),
    *(A, "HANDLED_ON_TIME", "ON_TIME_PER_RECEIVED", "OVERDUE_RESOLVED"),
    *("ONLINE_RECEIVED", "IN_PERSON_RECEIVED", "POSTAL_RECEIVED"),
}
"""Figures of which the kept dossiers tell."""


def rows_of(sign_in: SignIn, path: str) -> list[list[str]]:
    answer = sign_in("lan").get(path)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


def deeds(house: House) -> list[tuple[str, str, dict[str, object]]]:
    """who, unit, about of every look at codes."""
    table = tables.audit_entry
    query = select(table.c.who, table.c.unit_code, table.c.about).where(table.c.action == "codes")
    with house.engine.connect() as connection:
        return [
            (who, unit, json.loads(about)) for who, unit, about in connection.execute(query.order_by(table.c.number))
        ]


def file_of(house: House, source: str) -> Path:
    (path,) = (house.place(PERIOD).home / "counted" / PERIOD / source).glob("*.parquet")
    return path


def test_every_list_is_as_long_as_its_figure_says(house: House) -> None:
    now = standing(house)
    partitions = ledger.partitions(house.engine, PERIOD)
    names = {p.source_id: p.source_id for p in partitions}
    asked = [("H32", TREE, ""), ("H32.32", TREE, "Hộ tịch"), ("H32.32", OWN, ""), ("H32.02", TREE, "")]
    for name in sorted(TOLD):
        for agency, whose, field in asked:
            one = opened(now, now.province.units.by_agency(agency), known(now)[name], whose=whose, field=field)
            found = lists_of(one, now.place.home / "counted", partitions, names=names)
            assert found.choices
            for choice in found.choices.values():
                assert choice.number == choice.expected, (name, agency, choice.key)


def test_what_the_kept_dossiers_do_not_tell_is_not_guessed(sign_in: SignIn, house: House) -> None:
    figures = known(standing(house))
    assert {name for name, one in figures.items() if not why_untold(one)} == TOLD
    answer = sign_in("lan").get(f"/ky/{PERIOD}/so-lieu/56/PAID_ONLINE/ho-so")
    assert "không ghi nghĩa vụ tài chính, hình thức thanh toán" in Screen(answer.text).text
    assert not Screen(answer.text).tables
    of_index = sign_in("lan").get(f"/ky/{PERIOD}/so-lieu/56/PROGRESS_ON_TIME/ho-so")
    assert "không theo kỳ của bộ chỉ số 766" in of_index.text
    for name in ("PAID_ONLINE", "PROGRESS_ON_TIME"):
        assert sign_in("lan").get(f"/ky/{PERIOD}/so-lieu/56/{name}/ho-so.csv").status_code == 404
    assert deeds(house) == []


def test_what_is_in_the_denominator_alone_is_what_was_late(sign_in: SignIn) -> None:
    late = rows_of(sign_in, f"{LATE}.csv")
    rest = rows_of(sign_in, f"/ky/{PERIOD}/so-lieu/570/{A}/ho-so.csv?phan=con-lai")
    assert [row[:5] for row in rest] == [row[:5] for row in late]
    assert len(late) == 96
    assert {row[4][-4:] for row in late} == {"(10)"}
    assert {row[5] for row in rest} == {"mẫu số"}
    assert len({row[0] for row in late}) == len(late)


def test_the_pages_together_are_the_file(sign_in: SignIn) -> None:
    path = f"/ky/{PERIOD}/so-lieu/56/{A}/ho-so"
    whole = rows_of(sign_in, f"{path}.csv?phan=con-lai")
    pages = -(-len(whole) // PAGE)
    shown = []
    for number in (1, 2, pages):
        page = Screen(sign_in("lan").get(f"{path}?phan=con-lai&trang={number}").text)
        shown.append([row[1] for row in page.table("codes")[1:]])
    codes = [row[0] for row in whole]
    assert shown == [codes[:PAGE], codes[PAGE : 2 * PAGE], codes[(pages - 1) * PAGE :]]
    assert "Trang này không có hồ sơ nào" in sign_in("lan").get(f"{path}?phan=con-lai&trang={pages + 1}").text


def test_every_look_and_every_file_is_entered_also_a_repeated_one(sign_in: SignIn, house: House) -> None:
    client = sign_in("truc")
    for _ in range(2):
        client.get(LATE)
    client.get(f"{LATE}.csv")
    found = deeds(house)
    assert [(who, unit) for who, unit, _ in found] == [("truc", "570")] * 3
    assert [said["cách xem"] for *_, said in found] == ["trang 1", "trang 1", "tải tệp"]
    assert {said["số hồ sơ"] for *_, said in found} == {96}
    assert all(said["chỉ tiêu"] == "column_10" for *_, said in found)


def test_a_list_that_is_too_short_warns_aloud_and_is_no_file(sign_in: SignIn, house: House) -> None:
    path = file_of(house, "cam-lam")
    table = pq.read_table(path, partitioning=None)
    late = [place for place, went in enumerate(table["went"].to_pylist()) if went == "overdue"]
    kept = [place for place in range(table.num_rows) if place != late[0]]
    pq.write_table(table.take(kept), path)
    answer = sign_in("lan").get(LATE)
    said = Screen(answer.text).text
    assert "Danh sách không khớp với số liệu: số liệu là 96 hồ sơ, danh sách có 95" in said
    assert "Tải tệp CSV" not in said
    assert sign_in("lan").get(f"{LATE}.csv").status_code == 409


def test_a_source_whose_list_is_lost_is_named(sign_in: SignIn, house: House) -> None:
    file_of(house, "cam-lam").unlink()
    said = Screen(sign_in("lan").get(LATE).text).text
    assert "Thiếu danh sách của nguồn: Hệ thống một cửa điện tử huyện Cam Lâm" in said
    assert sign_in("lan").get(f"{LATE}.csv").status_code == 409


def test_a_code_that_a_spreadsheet_would_run_is_text(sign_in: SignIn, house: House) -> None:
    path = file_of(house, "cam-lam")
    table = pq.read_table(path, partitioning=None)
    codes = ["=1+2" for _ in table["dossier_code"].to_pylist()]
    place = table.schema.get_field_index("dossier_code")
    pq.write_table(table.set_column(place, table.schema.field(place), [codes]), path)
    assert {row[0] for row in rows_of(sign_in, f"{LATE}.csv")} == {"'=1+2"}


@pytest.mark.parametrize("login", ["lan", "truc"])
def test_a_page_of_codes_has_no_more_of_a_dossier_than_its_code(sign_in: SignIn, house: House, login: str) -> None:
    """Neither days nor what the source calls its row."""
    heads = Screen(sign_in(login).get(LATE).text).table("codes")[0]
    assert heads == ["TT", "Mã hồ sơ", "Đơn vị tiếp nhận", "Lĩnh vực", "Nguồn", "Cột tiếp nhận → cột kết quả"]
