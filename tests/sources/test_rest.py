"""An interface read page by page: every row once, exactly as written, or an error that says why not."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from contracts import secrets
from contracts.errors import ConfigError, SourceChanged, SourceDrift, SourceError, SourceUnreachable
from contracts.rest_spec import Paging, RestConnection, RestTable
from contracts.source_config import SourceConfig
from sources import http
from sources.reader import ADDRESS, ResumableReader, open_reader, probe
from sources.rest import RestReader
from tests.servers.http import (
    CLIENT,
    CLIENT_SECRET,
    PASSWORD,
    USER,
    Act,
    JsonServer,
    answer,
    as_json,
    broken_off,
    first,
    json_server,
    silent,
    usual,
)
from tests.servers.tls import authority
from tests.sources.systems import PERIOD, PERSON, rows_of, source, table_map

__all__ = ["json_server"]

FIELDS = {
    "dossier_code": ("maHoSo", ""),
    "procedure_code": ("thuTuc.ma", ""),
    "agency": ("coQuan", ""),
    "status": ("trangThai", ""),
    "channel": ("kenh", ""),
    "received_date": ("ngayTiepNhan", "iso"),
    "due_date": ("ngayHenTra", "iso"),
    "end_date": ("ngayKetThuc", "iso"),
    "linked": ("lienThong", "TRUE"),
}
COUNTED = {"total": "data.total"}
STYLES = {
    "page": Paging(style="page", param="page", size_param="size", size=10, **COUNTED),
    "offset": Paging(style="offset", param="offset", size_param="size", size=10, **COUNTED),
    "cursor": Paging(style="cursor", param="cursor", size_param="size", size=10, next="next", **COUNTED),
    "link": Paging(style="link", size_param="size", size=10, next="next", **COUNTED),
    "head": Paging(style="link", size_param="size", size=10, **COUNTED),
}
RETRIES = http.ATTEMPTS


def dossier(number: int, **changes: Any) -> dict[str, Any]:
    """A row as the interface gives it, a person's fields included."""
    row = {
        "maHoSo": f"H32.30-241015-{number:04d}",
        "thuTuc": {"ma": "1.000635", "ten": "Đăng ký khai sinh"},
        "coQuan": "H32.30.01",
        "trangThai": 9,
        "kenh": 2,
        "ngayTiepNhan": "2024-10-15T08:30:00",
        "ngayHenTra": "2024-10-20",
        "ngayKetThuc": None if number % 3 else "2024-10-18",
        "lienThong": number % 2 == 0,
        "hoTen": PERSON[0],
        "lienHe": {"dienThoai": PERSON[1], "diaChi": [PERSON[2]]},
    }
    return {**row, **changes}


def dossiers(count: int, *, after: int = 0) -> list[dict[str, Any]]:
    return [dossier(number) for number in range(after + 1, after + count + 1)]


def rest_source(server: JsonServer, paging: Paging | None = None, **connection: Any) -> SourceConfig:
    spec = RestTable(path="/hoso", rows="data.items", paging=paging or STYLES.get(server.style, Paging()))
    config = source(Path("x"), {"dossiers": table_map("dossiers", FIELDS, spec)}, kind="rest")
    said = RestConnection(**{"pause_seconds": 0, **connection})
    return replace(config, address=server.url, connection=said, timeout_seconds=5)


def asking(config: SourceConfig, **changes: Any) -> SourceConfig:
    """The same source, its dossiers asked for otherwise."""
    table = config.tables["dossiers"]
    changed = replace(table, spec=table.spec.model_copy(update=changes))
    return replace(config, tables={"dossiers": changed})


def read(config: SourceConfig) -> list[tuple[str | None, ...]]:
    with open_reader(config) as reader:
        return [r for batch in reader.read(config.tables["dossiers"], PERIOD.window) for r in rows_of(batch)]


def codes(config: SourceConfig) -> list[str | None]:
    return [row[0] for row in read(config)]


def all_codes(server: JsonServer) -> list[str]:
    return [row["maHoSo"] for row in server.rows]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been waited: between tries, and between requests."""
    waited: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=waited.append))
    monkeypatch.setattr(http, "sleep", waited.append)
    return waited


def test_every_row_comes_once_in_every_style(json_server: JsonServer) -> None:
    for style, paging in STYLES.items():
        for count in (0, 1, 9, 10, 11, 20, 35):
            json_server.style, json_server.rows = style, dossiers(count)
            assert codes(rest_source(json_server, paging)) == all_codes(json_server), (style, count)
    assert json_server.most_at_once == 1


@pytest.mark.parametrize("style", ["page", "offset"])
@pytest.mark.parametrize("said", [{}, {"pages": "data.pages"}, {"size_param": "size", "size": 10}])
def test_without_a_total_the_end_is_still_found(json_server: JsonServer, style: str, said: dict[str, Any]) -> None:
    json_server.style, json_server.size = style, 10
    paging = Paging(style=style, param=style, **said)
    for count in (0, 9, 10, 20, 25):
        json_server.rows = dossiers(count)
        assert codes(rest_source(json_server, paging)) == all_codes(json_server), count


def test_a_server_that_gives_less_a_page_than_asked_is_read_to_its_end(json_server: JsonServer) -> None:
    json_server.largest, json_server.rows = 10, dossiers(35)
    uncounted = STYLES["page"].model_copy(update={"total": "", "size": 500})
    assert codes(rest_source(json_server, uncounted)) == all_codes(json_server)
    assert codes(rest_source(json_server)) == all_codes(json_server)


@pytest.mark.parametrize(
    "beyond", [answer(b"{}", 404), lambda server, _: as_json({"data": {"items": server.rows[10:], "total": 20}})]
)
def test_what_a_server_says_beyond_its_last_page_does_not_matter(json_server: JsonServer, beyond: Act) -> None:
    json_server.rows = dossiers(20)
    json_server.then(usual, usual, beyond)
    assert codes(rest_source(json_server)) == all_codes(json_server)
    assert len(json_server.asked) == 3


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


def _set(name: str, value: Any) -> Act:
    return first(lambda server: setattr(server, name, value))


def _total(total: Any) -> Act:
    return _set("total", lambda: total)


INCONSISTENT: dict[str, tuple[str, list[Act], str]] = {
    "total too high": ("page", [_total(26)], "nói có 26 dòng nhưng chỉ trả 25"),
    "total too low": ("page", [_total(24)], "nói có 24 dòng nhưng đã trả 25"),
    "total too low by a whole page": ("page", [_total(20)], "nói có 20 dòng nhưng đã trả 25"),
    "total too high by link": ("link", [_total(26)], "nói có 26 dòng nhưng chỉ trả 25"),
    "a row comes while reading": ("page", [usual, _set("rows", dossiers(26))], "đổi từ 25 thành 26"),
    "a row goes while reading": ("offset", [usual, _set("rows", dossiers(24, after=1))], "đổi từ 25 thành 24"),
    "one comes and one goes": ("page", [usual, _set("rows", [dossier(99), *dossiers(24)])], "lặp lại 1 dòng"),
    "the same page again": ("page", [usual, lambda s, a: s._page({**a.query, "page": 1})], "lặp lại 10 dòng"),
    "a row from two pages before": (
        *("page", [usual, usual, lambda s, a: as_json({"data": {"items": dossiers(5), "total": 25}})]),
        "5 dòng có mặt ở hai trang",
    ),
    "a short page in the middle": (
        *("offset", [usual, lambda s, a: as_json({"data": {"items": dossiers(4, after=10), "total": 25}})]),
        "trang thứ 2 chỉ có 4 dòng",
    ),
    "an empty page in the middle": (
        *("page", [usual, lambda s, a: as_json({"data": {"items": [], "total": 25}})]),
        "nói có 25 dòng nhưng chỉ trả 10",
    ),
    "a cursor that stands still": (
        *(
            "cursor",
            [usual, lambda s, a: as_json({"data": {"items": dossiers(5, after=50), "total": 25}, "next": "c10"})],
        ),
        "chính là trang vừa đọc",
    ),
    "a cursor that ends too soon": (
        *("cursor", [usual, lambda s, a: as_json({"data": {"items": dossiers(5, after=50), "total": 25}})]),
        "nói có 25 dòng nhưng chỉ trả 15",
    ),
}


@pytest.mark.parametrize(("style", "script", "said"), INCONSISTENT.values(), ids=INCONSISTENT)
def test_pages_that_do_not_fit_together_are_refused(
    json_server: JsonServer, style: str, script: list[Act], said: str
) -> None:
    json_server.style, json_server.rows = style, dossiers(25)
    json_server.then(*script)
    with pytest.raises(SourceChanged, match=said):
        read(rest_source(json_server))


@pytest.mark.parametrize("pages", [2, 4])
def test_a_number_of_pages_that_lies_is_noticed(json_server: JsonServer, pages: int) -> None:
    json_server.rows, json_server.pages = dossiers(30), lambda _size: pages
    paging = STYLES["page"].model_copy(update={"total": "", "pages": "data.pages"})
    with pytest.raises(SourceChanged, match=f"nói có {pages} trang nhưng đã trả 3 trang"):
        read(rest_source(json_server, paging))


def test_the_same_row_twice_on_one_page_is_for_the_quarantine(json_server: JsonServer) -> None:
    json_server.rows = [dossier(1), dossier(1), dossier(2)]
    assert len(read(rest_source(json_server))) == 3


@pytest.mark.parametrize("style", ["cursor", "link", "head"])
def test_a_first_answer_that_lost_its_way_on_is_drift(json_server: JsonServer, style: str) -> None:
    """Without it, the first page would be taken for all."""
    json_server.style, json_server.rows = style, dossiers(25)
    json_server.then(lambda s, a: as_json({"data": {"items": s.rows[:10]}}))
    with pytest.raises(SourceDrift, match="để đọc trang sau"):
        read(rest_source(json_server, STYLES[style].model_copy(update={"total": ""})))


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


PASSING: dict[str, list[Act]] = {
    "too many requests": [answer(b"", 429, Retry_After="0")],
    "down for a moment": [answer(b"", 503), answer(b"", 502), answer(b"", 504)],
    "broken off": [broken_off, broken_off],
    "not gzip": [answer(b"no gzip at all, and more", Content_Encoding="gzip")],
}


@pytest.mark.parametrize("script", PASSING.values(), ids=PASSING)
def test_what_passes_is_waited_for(json_server: JsonServer, waits: list[float], script: list[Act]) -> None:
    json_server.rows = dossiers(25)
    json_server.then(usual, *script)
    assert codes(rest_source(json_server)) == all_codes(json_server)
    assert len(waits) == len(script)
    assert [one.query["page"] for one in json_server.asked] == ["1", *["2"] * (len(script) + 1), "3"]


def test_waiting_grows_and_ends(json_server: JsonServer, waits: list[float]) -> None:
    json_server.then(*[answer(b"", 503)] * 20)
    with pytest.raises(SourceUnreachable, match="HTTP 503"):
        read(rest_source(json_server))
    assert len(json_server.asked) == RETRIES
    assert waits[-1] > waits[0] > 0


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_obeyed(json_server: JsonServer, waits: list[float], form: str) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=120), usegmt=True)
    json_server.then(answer(b"", 503, Retry_After="120" if form == "seconds" else until))
    read(rest_source(json_server))
    assert waits == [pytest.approx(120, abs=10)]


def test_a_server_that_asks_for_an_hour_is_left_alone(json_server: JsonServer, waits: list[float]) -> None:
    json_server.then(answer(b"", 429, Retry_After="3600"))
    with pytest.raises(SourceUnreachable, match="yêu cầu chờ 3600 giây"):
        read(rest_source(json_server))
    assert len(json_server.asked) == 1
    assert not waits


FINAL = {400: SourceDrift, 404: SourceDrift, 405: SourceDrift, 422: SourceDrift, 401: SourceError, 403: SourceError}


@pytest.mark.parametrize(("status", "kind"), FINAL.items())
def test_what_does_not_pass_is_not_asked_again(
    json_server: JsonServer, waits: list[float], status: int, kind: type[SourceError]
) -> None:
    json_server.then(answer(b"bi mat", status))
    with pytest.raises(kind, match=f"HTTP {status}") as told:
        read(rest_source(json_server))
    assert type(told.value) is kind, "the flow would ask again where it is worth a retry"
    assert len(json_server.asked) == 1
    assert not waits


def test_a_server_that_is_silent_is_given_up(json_server: JsonServer, waits: list[float]) -> None:
    json_server.then(*[silent] * RETRIES)
    with pytest.raises(SourceUnreachable, match=r"hết thời gian chờ 0\.2 giây"):
        read(replace(rest_source(json_server), timeout_seconds=0.2))
    assert len(waits) == RETRIES - 1


def test_a_server_that_drips_is_given_up(
    json_server: JsonServer, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "_TIMEOUTS_AN_ANSWER", 0)
    json_server.rows = dossiers(10)
    with pytest.raises(SourceUnreachable, match="hết thời gian chờ"):
        read(rest_source(json_server))


def test_no_server_at_all(json_server: JsonServer, waits: list[float]) -> None:
    config = rest_source(json_server)
    json_server.stop()
    with pytest.raises(SourceUnreachable, match="không kết nối được tới máy chủ"):
        read(config)
    assert len(waits) == RETRIES - 1


def test_there_is_a_pause_between_two_requests(json_server: JsonServer, waits: list[float]) -> None:
    json_server.rows = dossiers(25)
    read(rest_source(json_server, pause_seconds=3))
    assert len(json_server.asked) == 3
    assert waits == [pytest.approx(3, abs=1)] * 2


def test_an_absurd_answer_is_refused(json_server: JsonServer) -> None:
    json_server.then(answer(b" " * 1_000_001))
    with pytest.raises(SourceDrift, match="lớn hơn 1 MB"):
        read(rest_source(json_server, largest_megabytes=1))


def _secret(monkeypatch: pytest.MonkeyPatch, **parts: str) -> str:
    given = secrets.Secret(**{name: SecretStr(text) for name, text in parts.items()})
    monkeypatch.setattr("sources.rest.secret", lambda name: given)
    return "huyen-thu"


def test_a_password_is_sent_as_basic(json_server: JsonServer, monkeypatch: pytest.MonkeyPatch) -> None:
    json_server.auth = {"Authorization": "Basic Y2NocDptYXQgS2hhdTog"}
    config = replace(rest_source(json_server, auth="basic"), secret=_secret(monkeypatch, user=USER, password=PASSWORD))
    with pytest.raises(SourceError, match="không cho vào"):
        read(config)
    json_server.auth = {"Authorization": json_server.asked[0].heads["Authorization"]}
    assert base64.b64decode(json_server.auth["Authorization"].split()[1]).decode() == f"{USER}:{PASSWORD}"
    assert read(config) == []


@pytest.mark.parametrize(
    ("said", "head"),
    [({}, ("Authorization", "Bearer abc")), ({"header": "X-Api-Key", "scheme": ""}, ("X-Api-Key", "abc"))],
)
def test_a_token_is_sent_in_its_head(
    json_server: JsonServer, monkeypatch: pytest.MonkeyPatch, said: dict[str, str], head: tuple[str, str]
) -> None:
    json_server.auth = dict([head])
    config = rest_source(json_server, auth="token", **said)
    assert read(replace(config, secret=_secret(monkeypatch, token="abc"))) == []


@pytest.fixture
def oauth(json_server: JsonServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., SourceConfig]:
    """A source behind OAuth2."""
    json_server.tokens = ["none yet"]

    def made(**said: Any) -> SourceConfig:
        name = _secret(monkeypatch, client_id=CLIENT, client_secret=said.pop("client_secret", CLIENT_SECRET))
        url = f"{json_server.url}/token"
        return replace(rest_source(json_server, auth="oauth2", token_url=url, **said), secret=name)

    return made


@pytest.mark.parametrize("client_auth", ["basic", "body"])
def test_a_token_is_fetched_once(json_server: JsonServer, oauth: Callable[..., SourceConfig], client_auth: str) -> None:
    json_server.rows = dossiers(25)
    assert codes(oauth(client_auth=client_auth, scope="hoso")) == all_codes(json_server)
    assert [one.path for one in json_server.asked] == ["/token", "/hoso", "/hoso", "/hoso"]
    assert b"scope=hoso" in json_server.asked[0].body


def test_a_token_that_is_taken_no_longer_is_renewed_once(
    json_server: JsonServer, oauth: Callable[..., SourceConfig]
) -> None:
    json_server.rows = dossiers(25)
    json_server.then(usual, usual, first(lambda server: server.tokens.append("another")))
    assert codes(oauth()) == all_codes(json_server)
    assert [one.path for one in json_server.asked].count("/token") == 2


def test_a_token_near_its_end_is_renewed_before(json_server: JsonServer, oauth: Callable[..., SourceConfig]) -> None:
    short = lambda s, a: (s.tokens.append("short"), as_json({"access_token": "short", "expires_in": 1}))[1]  # noqa: E731
    json_server.rows = dossiers(5)
    json_server.then(short)
    config = oauth()
    with open_reader(config) as reader:
        assert isinstance(reader, RestReader)
        list(reader.read(config.tables["dossiers"], PERIOD.window))
        reader._client._auth._ends = 0.0  # type: ignore[attr-defined]
        list(reader.read(config.tables["dossiers"], PERIOD.window))
    assert [one.path for one in json_server.asked] == ["/token", "/hoso", "/token", "/hoso"]


def test_a_wrong_client_is_told_and_not_tried_again(
    json_server: JsonServer, oauth: Callable[..., SourceConfig]
) -> None:
    with pytest.raises(SourceError, match="từ chối client_id") as told:
        read(oauth(client_secret="wrong"))
    assert not isinstance(told.value, SourceUnreachable)
    assert [one.path for one in json_server.asked] == ["/token"]


def test_a_renewed_token_that_is_not_taken_ends_it(json_server: JsonServer, oauth: Callable[..., SourceConfig]) -> None:
    json_server.then(usual, answer(b"", 401), usual, answer(b"", 401))
    with pytest.raises(SourceError, match="HTTP 401"):
        read(oauth())
    assert len(json_server.asked) == 4


@pytest.fixture
def elsewhere() -> Any:
    server = JsonServer()
    yield server
    server.stop()


def test_credentials_never_follow_to_another_server(
    json_server: JsonServer, elsewhere: JsonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by a redirect nor by the address of the next page."""
    token = _secret(monkeypatch, token="abc")
    json_server.then(answer(b"", 302, Location=f"{elsewhere.url}/hoso"))
    with pytest.raises(SourceDrift, match="chuyển sang địa chỉ khác"):
        read(replace(rest_source(json_server, auth="token"), secret=token))
    json_server.style = "link"
    for url in (
        f"{elsewhere.url}/hoso",
        f"//127.0.0.1:{elsewhere.port}/",
        f"http://cchc@127.0.0.1:{json_server.port}/",
        "file:///etc/passwd",
        "http://[::1",
    ):
        json_server.then(lambda s, a, url=url: as_json({"data": {"items": dossiers(2), "total": 5}, "next": url}))
        with pytest.raises(SourceDrift, match="nằm ở máy chủ khác"):
            read(replace(rest_source(json_server, auth="token"), secret=token))
    assert elsewhere.asked == []


@pytest.mark.parametrize("auth", ["basic", "token", "oauth2"])
def test_credentials_never_go_in_the_clear_to_another_machine(json_server: JsonServer, auth: str) -> None:
    token_url = {"token_url": f"{json_server.url}/token"} if auth == "oauth2" else {}
    config = rest_source(json_server, auth=auth, plain_http=True, **token_url)
    with pytest.raises(ConfigError, match="phải là https://"):
        probe(replace(config, address="http://motcua.example.vn/api"))


@pytest.fixture
def certified(tmp_path: Path) -> Iterator[Callable[..., SourceConfig]]:
    """A source behind TLS, whose server's certificate is as the test wants it; it trusts the tests' authority."""
    trusted, servers = authority(tmp_path), []

    def made(**said: Any) -> SourceConfig:
        servers.append(JsonServer(trusted.server(tmp_path, **said)))
        servers[-1].rows = dossiers(25)
        return rest_source(servers[-1], ca_file=str(trusted.file))

    yield made
    for server in servers:
        server.stop()


def test_a_server_that_the_authority_vouches_for_is_read(certified: Callable[..., SourceConfig]) -> None:
    assert len(codes(certified())) == 25


@pytest.mark.parametrize(
    ("said", "connection"),
    [({}, {"ca_file": ""}), ({"host": "motcua.example.vn"}, {}), ({"days": -1}, {})],
    ids=["unknown authority", "another name", "expired"],
)
def test_a_server_that_nobody_vouches_for_is_refused(
    certified: Callable[..., SourceConfig], waits: list[float], said: dict[str, Any], connection: dict[str, str]
) -> None:
    config = certified(**said)
    changed = config.connection.model_copy(update=connection)
    with pytest.raises(SourceUnreachable, match="chứng chỉ TLS"):
        read(replace(config, connection=changed))
    assert not waits, "it will not be another in a moment"


def test_an_authority_that_is_not_there_is_told(json_server: JsonServer) -> None:
    with pytest.raises(SourceDrift, match="ca_file"):
        read(rest_source(json_server, ca_file="gone.pem"))


def test_http_without_a_word_is_refused_beyond_this_machine() -> None:
    said = RestConnection().refusal("http://10.20.0.5/api")
    assert "plain_http" in said
    assert RestConnection(plain_http=True).refusal("http://10.20.0.5/api") == ""
    assert RestConnection().refusal("http://localhost:8080/api") == ""
    assert RestConnection().refusal("https://10.20.0.5/api") == ""


def test_what_is_personal_leaves_neither_parser_nor_server_log(
    json_server: JsonServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, waits: list[float]
) -> None:
    caplog.set_level(logging.DEBUG)
    json_server.rows = dossiers(25)
    json_server.then(answer(b"", 503), usual, broken_off)
    config = replace(rest_source(json_server, auth="token"), secret=_secret(monkeypatch, token="abc-secret"))
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


def read_on(config: SourceConfig, mark: str) -> tuple[list[str], list[str]]:
    """Codes and marks of what follows the mark."""
    with open_reader(config) as reader:
        assert isinstance(reader, ResumableReader)
        given = list(reader.read_from(config.tables["dossiers"], PERIOD.window, mark))
    return [row[0] for batch, _ in given for row in rows_of(batch)], [mark for _, mark in given]  # type: ignore[misc]


@pytest.mark.parametrize("style", STYLES)
def test_reading_goes_on_at_the_page_that_failed(json_server: JsonServer, style: str, waits: list[float]) -> None:
    json_server.style, json_server.rows = style, dossiers(35)
    config = rest_source(json_server, STYLES[style])
    whole, marks = read_on(config, "")
    assert whole == all_codes(json_server)
    for pages, mark in enumerate(marks, start=1):
        json_server.asked.clear()
        assert read_on(config, mark)[0] == whole[10 * pages :]
        assert len(json_server.asked) == 4 - pages
        assert not any(code in mark for code in whole)


def test_an_extract_that_broke_keeps_its_last_mark(json_server: JsonServer, waits: list[float]) -> None:
    json_server.rows = dossiers(35)
    json_server.then(usual, usual, *[broken_off] * RETRIES)
    config = rest_source(json_server)
    given: list[str] = []
    with open_reader(config) as reader, pytest.raises(SourceUnreachable, match="đứt giữa chừng"):
        assert isinstance(reader, ResumableReader)
        for _, mark in reader.read_from(config.tables["dossiers"], PERIOD.window, ""):
            given.append(mark)
    json_server.asked.clear()
    assert read_on(config, given[-1])[0] == all_codes(json_server)[20:]
    assert json_server.asked[0].query["page"] == "3"


def test_a_mark_of_another_question_is_refused(json_server: JsonServer) -> None:
    json_server.rows = dossiers(25)
    config = rest_source(json_server)
    mark = read_on(config, "")[1][0]
    for other, given in [
        (asking(config, params={"x": "y"}), mark),
        (config, mark[:-5]),
        (config, "x"),
        (config, mark.replace('"rows":10', '"rows":"x"')),
    ]:
        with pytest.raises(SourceChanged, match="chỗ dừng của lần đọc trước"):
            read_on(other, given)


def test_rows_that_came_between_two_runs_are_noticed(json_server: JsonServer) -> None:
    json_server.rows = dossiers(25)
    config = rest_source(json_server, STYLES["page"].model_copy(update={"total": ""}))
    mark = read_on(config, "")[1][0]
    json_server.rows = [dossier(99), *json_server.rows]
    with pytest.raises(SourceChanged, match="lặp lại 1 dòng"):
        read_on(config, mark)


def test_a_single_answer_without_paging(json_server: JsonServer) -> None:
    json_server.style, json_server.rows = "none", dossiers(25)
    plain = rest_source(json_server, Paging(total="data.total"))
    assert codes(plain) == all_codes(json_server)
    json_server.rows = dossiers(150)
    with pytest.raises(SourceChanged, match="nói có 150 dòng nhưng chỉ trả 100"):
        read(plain)


def test_a_list_alone_is_an_answer_too(json_server: JsonServer) -> None:
    json_server.then(lambda s, a: as_json(dossiers(3)))
    assert len(codes(asking(rest_source(json_server, Paging()), rows=""))) == 3
