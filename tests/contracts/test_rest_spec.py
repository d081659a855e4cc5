"""What a source.toml may say of an interface: no secret, no personal field, no way around TLS."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.columns import DOSSIER_COLUMNS
from contracts.errors import ConfigError
from contracts.rest_spec import Paging, RestConnection, RestTable, with_days
from contracts.source_config import SourceConfig
from contracts.source_folder import read_source

DAYS = {"first": date(2024, 9, 15), "last": date(2024, 12, 31), "today": date(2024, 12, 16)}

REFUSED: list[tuple[type, dict[str, Any], str]] = [
    (RestTable, {"params": {"access_token": "abc"}}, "giống mật khẩu"),
    (RestTable, {"params": {"apiKey": "abc"}}, "giống mật khẩu"),
    (RestTable, {"params": {"fields": "maHoSo,hoTenChuHoSo"}}, "xin trường «hoTenChuHoSo»"),
    (RestTable, {"params": {"$select": "maHoSo,soDienThoai"}}, "xin trường «soDienThoai»"),
    (RestTable, {"params": {"tuNgay": "{frist}"}}, "không có ngày «{frist}»"),
    (RestTable, {"method": "POST", "body": {"loc": [{"tu": "{dau}"}]}}, "không có ngày «{dau}»"),
    (RestTable, {"method": "POST", "body": {"dangNhap": {"password": "abc"}}}, "giống mật khẩu"),
    (RestTable, {"method": "POST", "body": {"loc": {"fields": ["maHoSo", "hoTen"]}}}, "xin trường «hoTen»"),
    (RestTable, {"body": {"x": 1}}, "method POST"),
    (RestTable, {"path": "https://other.vn/hoso"}, "bên dưới «address»"),
    (RestTable, {"path": "/../quan-tri"}, "bên dưới «address»"),
    (RestTable, {"path": "/hoso?trang=1"}, "bên dưới «address»"),
    (RestTable, {"method": "PUT"}, "GET"),
    (Paging, {"style": "page"}, "cần «param»"),
    (Paging, {"style": "cursor", "param": "c"}, "cần «next»"),
    (Paging, {"style": "page", "param": "p", "size": 0}, "size"),
    (RestConnection, {"auth": "oauth2"}, "token_url"),
    (RestConnection, {"token_url": "https://sso.vn/token"}, "token_url"),
    (RestConnection, {"header": "X-Key: a\r\nHost"}, "tiêu đề HTTP"),
    (RestConnection, {"auth": "token", "scheme": "Basic ZG9jOm1hdGtoYXU="}, "đặt vào bí mật"),
    (RestConnection, {"pause_seconds": -1}, "pause_seconds"),
]


@pytest.mark.parametrize(("model", "values", "said"), REFUSED)
def test_what_must_not_stand_there_is_refused(model: type[RestTable], values: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as told:
        model.model_validate(values)
    assert said in str(told.value)


ALLOWED: list[tuple[type, dict[str, Any]]] = [
    (RestTable, {"params": {"fields": "maHoSo,ngayTiepNhan", "q": "ten"}, "path": "/v1/ho-so"}),
    (RestTable, {"method": "POST", "body": {"loc": {"tu": "{first:%Y%m%d}", "trang": 1}}}),
    (Paging, {"style": "link"}),
    (RestConnection, {"auth": "token", "header": "X-Api-Key", "scheme": ""}),
]


@pytest.mark.parametrize(("model", "values"), ALLOWED)
def test_what_may_stand_there_may(model: type[RestTable], values: dict[str, Any]) -> None:
    model.model_validate(values)


WRITTEN = [
    ("{first}", "2024-09-15"),
    ("{last:%d/%m/%Y}", "31/12/2024"),
    ("{today:%Y%m%d%H%M%S}", "20241216000000"),
    ("từ {first} đến {last}T23:59:59", "từ 2024-09-15 đến 2024-12-31T23:59:59"),
    ({"a": ["{first}", 1, None, True]}, {"a": ["2024-09-15", 1, None, True]}),
]


@pytest.mark.parametrize(("said", "written"), WRITTEN)
def test_days_are_written_as_the_interface_wants_them(said: Any, written: Any) -> None:
    assert with_days(said, DAYS) == written


TOLD = """
address                              | auth   | plain | refused
https://motcua.vn/api                | token  | no    | -
http://127.0.0.1:8080/api            | token  | no    | -
http://localhost/api                 | basic  | no    | -
http://[::1]/api                     | none   | no    | -
http://10.20.0.5/api                 | none   | yes   | -
http://10.20.0.5/api                 | none   | no    | plain_http
http://10.20.0.5/api                 | basic  | yes   | qua http://
http://127.0.0.1.motcua.vn/api       | token  | yes   | qua http://
ftp://motcua.vn/api                  | none   | no    | https://máy
motcua.vn/api                        | none   | no    | https://máy
https:///api                         | none   | no    | https://máy
https://motcua.vn/api?x=1            | none   | no    | không được có
https://cchc@motcua.vn/api           | none   | no    | không được có
"""


@pytest.mark.parametrize("line", TOLD.strip().splitlines()[1:])
def test_an_address_is_refused_that_is_not_safe(line: str) -> None:
    address, auth, plain, refused = (cell.strip() for cell in line.split("|"))
    connection = RestConnection(auth=auth, plain_http=plain == "yes")  # type: ignore[arg-type]
    said = connection.refusal(address)
    assert refused in said if refused != "-" else said == ""


def test_a_token_is_not_fetched_in_the_clear_either() -> None:
    connection = RestConnection(auth="oauth2", token_url="http://sso.vn/token")
    assert "sso.vn" in connection.refusal("https://motcua.vn/api")


SOURCE = """
id = "huyen-thu"
name = "Hệ thống một cửa huyện Thử"
kind = "rest"
address = "ADDRESS"
secret = "huyen-thu"
units = ["H32.30"]
contact = "Văn phòng huyện Thử"

[connection]
auth = "token"

[tables.dossiers]
path = "/hoso"
rows = "data.items"
params = { tuNgay = "{first:%d/%m/%Y}", denNgay = "{last:%d/%m/%Y}" }

[tables.dossiers.paging]
style = "page"
param = "page"
size_param = "size"
size = SIZE
total = "data.total"
"""


def written(folder: Path, *, address: str = "https://motcua.vn/api", size: str = "200") -> Path:
    """A source's folder, its columns named as ours."""
    folder.mkdir()
    text = SOURCE.replace("ADDRESS", address).replace("SIZE", size)
    (folder / "source.toml").write_text(text, encoding="utf-8")
    lines = [
        f"dossiers,{c.name},{c.name},{'iso' if c.kind == 'date' else ''},,\n" for c in DOSSIER_COLUMNS if c.required
    ]
    head = "table,column,source_column,format,valid_from,valid_to\n"
    (folder / "column_map.csv").write_text(head + "".join(lines), encoding="utf-8")
    (folder / "status_map.csv").write_text("code,label,group\n9,Xong,done\n", encoding="utf-8")
    (folder / "channel_map.csv").write_text("code,label,channel\n1,Trực tiếp,in_person\n", encoding="utf-8")
    (folder / "unit_map.csv").write_text("local_code,agency_code\nH32.30,H32.30\n", encoding="utf-8")
    return folder


def source_of(folder: Path) -> SourceConfig:
    return read_source(folder, vendors=folder, on=date(2024, 12, 14), systems=folder, period="2024Q4")


def test_a_folder_says_all_that_is_needed(tmp_path: Path) -> None:
    spec = source_of(written(tmp_path / "huyen-thu")).tables["dossiers"].spec
    assert isinstance(spec, RestTable)
    assert (spec.rows, spec.paging.size, spec.paging.total) == ("data.items", 200, "data.total")


@pytest.mark.parametrize(
    ("changes", "line", "said"),
    [
        ({"address": "http://motcua.vn/api"}, ":5", "phải là https://"),
        ({"address": "https://motcua.vn/api?v=2"}, ":5", "không được có"),
        ({"size": "0"}, ":22", "size"),
        ({"size": '"nhiều"'}, ":22", "phải là số nguyên"),
    ],
)
def test_a_folder_that_says_it_wrong_is_refused_at_start_up(
    tmp_path: Path, changes: dict[str, str], line: str, said: str
) -> None:
    with pytest.raises(ConfigError) as told:
        source_of(written(tmp_path / "huyen-thu", **changes))
    assert f"source.toml{line}: " in str(told.value)
    assert said in str(told.value)
