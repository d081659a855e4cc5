"""Rows of an interface land exactly as written, and nothing else of it does."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

import pytest

from contracts.errors import SourceDrift, SourceError
from contracts.rest_spec import Paging
from sources.reader import ADDRESS, open_reader, probe
from tests.servers.http import (
    JsonServer,
    answer,
    as_json,
    broken_off,
    json_server,
    usual,
)
from tests.sources.rest_systems import (
    FIELDS,
    STYLES,
    all_codes,
    asking,
    codes,
    dossier,
    dossiers,
    given_secret,
    read,
    rest_source,
    waits,
)
from tests.sources.systems import PERIOD, PERSON

__all__ = ["json_server", "waits"]


def test_values_land_as_they_were_written(json_server: JsonServer) -> None:
    """Digits stay, whatever Python would make of the number."""
    values = {"maHoSo": 12345678901234567890, "trangThai": True, "kenh": False, "ngayHenTra": "", "ngayKetThuc": None}
    text = json.dumps({"data": {"items": [dossier(1, **values)], "total": 1}}).replace('"H32.30.01"', "1.50")
    json_server.then(answer(text.encode()))
    config = rest_source(json_server)
    [row] = read(config)
    assert row == (
        *("12345678901234567890", "1.000635", "1.50", "TRUE", "FALSE"),
        *("2024-10-15T08:30:00", "", None, "FALSE", "12345678901234567890"),
    )
    with open_reader(config) as reader:
        json_server.rows = dossiers(1)
        [batch] = reader.read(config.tables["dossiers"], PERIOD.window)
    assert batch.schema.names == [*config.tables["dossiers"].source_columns, ADDRESS]
    assert {str(type_) for type_ in batch.schema.types} == {"string"}


def test_half_a_character_does_not_cost_the_rest(json_server: JsonServer) -> None:
    json_server.then(answer(json.dumps({"data": {"items": [dossier(1, coQuan="\ud83d")], "total": 1}}).encode()))
    assert [row[2] for row in read(rest_source(json_server))] == ["\\ud83d"]


def test_one_row_without_a_field_has_none(json_server: JsonServer) -> None:
    json_server.rows = dossiers(2)
    del json_server.rows[0]["thuTuc"]
    json_server.rows[1]["coQuan"] = None
    assert [(row[1], row[2]) for row in read(rest_source(json_server))] == [(None, "H32.30.01"), ("1.000635", None)]


@pytest.mark.parametrize("later", [0, 10], ids=["first page", "second page"])
def test_a_field_that_no_row_has_is_drift(json_server: JsonServer, later: int) -> None:
    json_server.rows = dossiers(20)
    for row in json_server.rows[later : later + 10]:
        row["ngayKetThucXuLy"] = row.pop("ngayKetThuc")
        row["ngayKetThucHoTen"] = "x"
    with pytest.raises(SourceDrift, match=r"«ngayKetThuc» \(có thể nay là «ngayKetThucXuLy»\)"):
        read(rest_source(json_server))


def test_where_empty_fields_are_left_out_a_lost_one_is_seen_at_the_end(json_server: JsonServer) -> None:
    json_server.rows = [{k: v for k, v in row.items() if v is not None} for row in dossiers(25)]
    config = asking(rest_source(json_server), omits_empty=True)
    assert codes(config) == all_codes(json_server)
    json_server.rows = [{k: v for k, v in row.items() if k != "ngayKetThuc"} for row in dossiers(25)]
    with pytest.raises(SourceDrift, match="ngayKetThuc"):
        read(config)


@pytest.mark.parametrize("value", [{"ma": "x"}, ["x"]])
def test_an_object_in_place_of_a_value_is_drift(json_server: JsonServer, value: Any) -> None:
    json_server.rows = [dossier(1, coQuan=value)]
    with pytest.raises(SourceDrift, match="«coQuan»"):
        read(rest_source(json_server))


WRONG_ANSWERS = {
    "<html><form>Đăng nhập</form></html>": "không phải là JSON",
    '{"data": {"items": [': "không phải là JSON",
    '{"data": {"items": [], "total": NaN}}': "không phải là JSON",
    '{"data": {"items": [], "items": [], "total": 0}}': "không phải là JSON",
    "[" * 100_000: "không phải là JSON",
    "": "không phải là JSON",
    '{"code": "ERROR", "data": null}': "số lượng ở «data.total»",
    '{"data": {"total": 0}}': "«data.items» không phải là danh sách",
    '{"data": {"total": 3, "items": null}}': "«data.items» không phải là danh sách",
    '{"data": {"total": 1, "items": ["x"]}}': "«data.items» không phải là danh sách",
    '{"data": {"total": "1.234", "items": []}}': "số lượng ở «data.total»",
    '{"data": {"items": []}}': "số lượng ở «data.total»",
}


@pytest.mark.parametrize(("content", "said"), WRONG_ANSWERS.items())
def test_an_answer_that_is_not_what_was_promised_is_told_at_once(
    json_server: JsonServer, content: str, said: str
) -> None:
    json_server.then(answer(content.encode()))
    with pytest.raises(SourceError, match=said):
        read(rest_source(json_server))
    assert len(json_server.asked) == 1


def test_null_in_place_of_no_rows_is_no_rows(json_server: JsonServer) -> None:
    json_server.then(answer(b'{"data": {"total": 0, "items": null}}'))
    assert read(rest_source(json_server)) == []


def test_the_days_of_the_window_are_asked_as_the_interface_writes_them(json_server: JsonServer) -> None:
    params = {"tuNgay": "{first:%d/%m/%Y}", "denNgay": "{last}T23:59:59"}
    read(asking(rest_source(json_server), params=params))
    first_day, last_day = PERIOD.window.first_day, PERIOD.window.last_day
    assert json_server.asked[0].query["tuNgay"] == f"{first_day:%d/%m/%Y}"
    assert json_server.asked[0].query["denNgay"] == f"{last_day:%Y-%m-%d}T23:59:59"


def test_a_question_by_post_has_its_paging_in_the_body(json_server: JsonServer) -> None:
    json_server.rows = dossiers(25)
    body = {"loc": {"tu": "{first}", "trang thai": [9, "{last}"]}}
    config = asking(rest_source(json_server), method="POST", body=body)
    assert codes(config) == all_codes(json_server)
    first_day, last_day = (day.isoformat() for day in (PERIOD.window.first_day, PERIOD.window.last_day))
    asked = [json.loads(one.body) for one in json_server.asked]
    assert [one["page"] for one in asked] == [1, 2, 3]
    assert asked[0] == {"loc": {"tu": first_day, "trang thai": [9, last_day]}, "page": 1, "size": 10}


def test_what_is_personal_leaves_neither_parser_nor_server_log(
    json_server: JsonServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, waits: list[float]
) -> None:
    caplog.set_level(logging.DEBUG)
    json_server.rows = dossiers(25)
    json_server.then(answer(b"", 503), usual, broken_off)
    config = replace(rest_source(json_server, auth="token"), secret=given_secret(monkeypatch, token="abc-secret"))
    rows = asking(config, params={"maCoQuan": "H32.30.77"})
    texts = {text for row in read(rows) for text in row}
    assert not any(person in str(text) for person in PERSON for text in texts)
    json_server.then(answer(json.dumps({"data": {"items": [dossier(1)], "total": 5}}).encode()))
    with pytest.raises(SourceError) as told:
        read(config)
    said = caplog.text + str(told.value) + repr(told.value.__cause__) + str([r.__dict__ for r in caplog.records])
    assert not any(word in said for word in (*PERSON, "abc-secret", "H32.30.77", "H32.30-241015"))


def test_the_look_asks_for_one_small_page_and_gives_types(json_server: JsonServer) -> None:
    json_server.rows = [dossier(1, trangThai="9"), *dossiers(300, after=1)]
    config = rest_source(json_server, STYLES["page"].model_copy(update={"size": 200}))
    found = probe(config).tables["dossiers"]
    assert [one.query["size"] for one in json_server.asked] == ["50"]
    assert found == {
        **{"maHoSo": "text", "thuTuc.ma": "text", "thuTuc.ten": "text", "coQuan": "text", "trangThai": ""},
        **{"kenh": "number", "ngayTiepNhan": "text", "ngayHenTra": "text", "ngayKetThuc": "text", "lienThong": "bool"},
        **{"hoTen": "text", "lienHe.dienThoai": "text", "lienHe.diaChi": "array"},
    }


def test_the_look_names_what_is_lost_and_offers_no_personal_field(json_server: JsonServer) -> None:
    json_server.rows = [{**dossier(1), "hoTenCoQuan": "x"}]
    del json_server.rows[0]["coQuan"]
    with pytest.raises(SourceDrift, match=r"không còn trường «coQuan»$|«coQuan» →") as told:
        probe(rest_source(json_server))
    assert "hoTen" not in str(told.value)


def test_the_look_at_an_empty_system_loses_nothing(json_server: JsonServer) -> None:
    found = probe(rest_source(json_server)).tables["dossiers"]
    assert found == {name: "" for name, _ in FIELDS.values()}


def test_a_list_alone_is_an_answer_too(json_server: JsonServer) -> None:
    json_server.then(lambda s, a: as_json(dossiers(3)))
    assert len(codes(asking(rest_source(json_server, Paging()), rows=""))) == 3
