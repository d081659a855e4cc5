"""What a source.toml says of an interface that gives JSON over HTTP: how to be let in, and how its rows are paged."""

from __future__ import annotations

import ipaddress
import re
from datetime import date
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from contracts.configfile import Strict
from contracts.personal import is_forbidden

_DAY = re.compile(r"\{(\w*)(?::([^{}]*))?\}")
_DAYS = ("first", "last", "today")
_SECRET_PARAM = re.compile(r"passw|pwd|token|secret|api_?key|access_?key", re.IGNORECASE)
_CHOOSING = re.compile(r"^\W?(fields?|select|columns?|include|expand|properties)$", re.IGNORECASE)


class TableSpec(Strict):
    """Where one canonical table comes from. key: source column that findings call a row by; the dossier code if
    empty. Files need none: their rows have places."""

    key: str = ""


class Paging(Strict):
    """How an interface hands out its rows.

    page: a page number in `param`, from `first` (1 unless given); offset: rows to skip in `param`; cursor: what the
    answer says at `next` goes into `param`; link: the address of the next page stands in the answer at `next`, or in
    the Link head where `next` is empty. size_param, size: rows that are asked for; not asked where size_param is
    empty. total, pages: where the answer says how many rows or pages there are: each is compared with what came.
    Paths are dotted («data.total»). Name `total` where the interface has one: without it, a row that is deleted while
    the pages before it are read can be missed unseen."""

    style: Literal["none", "page", "offset", "cursor", "link"] = "none"
    param: str = ""
    first: int = Field(default=1, ge=0)
    size_param: str = ""
    size: int = Field(default=500, ge=1)
    next: str = ""
    total: str = ""
    pages: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.style in {"page", "offset", "cursor"} and not self.param:
            raise ValueError(f"cách phân trang «{self.style}» cần «param»")
        if self.style == "cursor" and not self.next:
            raise ValueError("cách phân trang «cursor» cần «next»")
        return self


class RestTable(TableSpec):
    """path: below the address. rows: dotted path of the list of rows in the answer, empty where it is the answer.
    params, body: sent with every request; «{first}», «{last}» and «{today}» in them are days, written as ISO, or as a
    pattern says: «{first:%d/%m/%Y}». A source column is a dotted path below a row. POST only where the interface
    reads by it: then paging goes into the body, whose places are dotted, too. omits_empty: the interface leaves a
    field out where it is empty; a lost field is then seen only once everything was read."""

    path: str = ""
    method: Literal["GET", "POST"] = "GET"
    params: dict[str, str] = {}
    body: dict[str, Any] = {}
    rows: str = ""
    omits_empty: bool = False
    paging: Paging = Paging()

    @field_validator("path")
    @classmethod
    def _below(cls, path: str) -> str:
        if re.search(r"[?#\\\s]|//|(^|/)\.\.(/|$)", path):
            raise ValueError("phải là đường dẫn bên dưới «address», không có ?, # hay ..; tham số ghi ở «params»")
        return path

    @field_validator("params")
    @classmethod
    def _harmless(cls, params: dict[str, str]) -> dict[str, str]:
        _check_harmless(params)
        return params

    @field_validator("body")
    @classmethod
    def _harmless_body(cls, body: dict[str, Any]) -> dict[str, Any]:
        _check_harmless(body)
        return body

    @field_validator("params", "body")
    @classmethod
    def _known_days(cls, said: dict[str, Any]) -> dict[str, Any]:
        with_days(said, dict.fromkeys(_DAYS, date(2000, 1, 1)))
        return said

    @model_validator(mode="after")
    def _body_by_post(self) -> Self:
        if self.body and self.method != "POST":
            raise ValueError("«body» chỉ dùng với method POST")
        return self


class RestConnection(Strict):
    """auth: none, basic (user, password), token (in `header`, after `scheme`, which may be empty), oauth2 (client
    credentials at `token_url`; client_auth: how they are sent there). pause_seconds: at least so long between two
    requests. largest_megabytes: an answer beyond it is refused. plain_http: read over http:// from another machine,
    where rows can be seen and changed on the way; never with a password or token."""

    auth: Literal["none", "basic", "token", "oauth2"] = "none"
    header: str = "Authorization"
    scheme: str = "Bearer"
    token_url: str = ""
    scope: str = ""
    client_auth: Literal["basic", "body"] = "basic"
    ca_file: str = ""
    pause_seconds: float = Field(default=0.2, ge=0)
    largest_megabytes: int = Field(default=64, ge=1)
    plain_http: bool = False

    @field_validator("header")
    @classmethod
    def _one_word(cls, header: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9-]+", header):
            raise ValueError("phải là tên một tiêu đề HTTP")
        return header

    @field_validator("scheme")
    @classmethod
    def _no_token(cls, scheme: str) -> str:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,19}|", scheme):
            raise ValueError("phải là một từ như Bearer; mã truy cập đặt vào bí mật")
        return scheme

    @model_validator(mode="after")
    def _token_from_somewhere(self) -> Self:
        if (self.auth == "oauth2") != bool(self.token_url):
            raise ValueError('«token_url» và auth = "oauth2" phải đi với nhau')
        return self

    def refusal(self, address: str) -> str:
        """Why an interface at that address is not asked in this way, in Vietnamese; empty where it may be."""
        for url in filter(None, (address, self.token_url)):
            parts = urlsplit(url)
            if parts.username or parts.query or parts.fragment:
                return f"địa chỉ của {parts.hostname} không được có tài khoản, ? hay #"
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                return f"địa chỉ «{url}» phải có dạng https://máy/…"
            if parts.scheme == "https" or _is_this_machine(parts.hostname):
                continue
            if self.auth != "none":
                return f"không gửi mật khẩu hay mã truy cập tới {parts.hostname} qua http://, phải là https://"
            if not self.plain_http:
                return (
                    f"{parts.hostname} dùng http:// không mã hóa; nếu buộc phải đọc như vậy thì ghi plain_http = true"
                )
        return ""


def _check_harmless(said: Any, name: str = "") -> None:
    """Raises ValueError where params or body, at any depth, give a secret, or ask for personal fields."""
    if isinstance(said, dict):
        for key, value in said.items():
            if _SECRET_PARAM.search(key):
                raise ValueError(f"«{key}» giống mật khẩu hay mã truy cập: đặt vào bí mật và dùng [connection] auth")
            _check_harmless(value, name if _CHOOSING.match(name) else key)
    elif isinstance(said, list):
        for value in said:
            _check_harmless(value, name)
    elif _CHOOSING.match(name):
        personal = [word for word in re.findall(r"[\w.]+", str(said)) if is_forbidden(word)]
        if personal:
            raise ValueError(f"«{name}» xin trường «{personal[0]}» là (hoặc giống) dữ liệu cá nhân")


def with_days(said: Any, days: dict[str, date]) -> Any:
    """The same params or body with its «{first}» … filled in. Raises ValueError for a name that is no day."""
    if isinstance(said, dict):
        return {key: with_days(value, days) for key, value in said.items()}
    if isinstance(said, list):
        return [with_days(value, days) for value in said]
    return _DAY.sub(lambda found: _written(found, days), said) if isinstance(said, str) else said


def _written(found: re.Match[str], days: dict[str, date]) -> str:
    name, pattern = found.groups()
    if name not in days:
        raise ValueError(f"không có ngày «{{{name}}}»; có: {{first}}, {{last}}, {{today}}")
    return days[name].strftime(pattern) if pattern else days[name].isoformat()


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
