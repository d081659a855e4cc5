"""Whom a province tells of its runs, and by what way: notices.toml beside province.toml.

[mail] is the server that takes the letters, [[to]] whoever gets them, [[webhook]] a program that is told. Without the
file nobody is told, and nothing is connected to. Passwords lie outside the province's folder (contracts.secrets).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from contracts.configfile import Mistakes, Strict, build, line_of, read_toml
from contracts.errors import ConfigError
from contracts.portal_settings import LOOPBACK, secure
from contracts.province import Province

FILE = "notices.toml"


class NoticeKind(StrEnum):
    """What people are told of. The order is that of a letter's parts."""

    QUARTER_DONE = "quarter_done"
    SOURCE_FAILED = "source_failed"
    OVERDUE = "overdue"
    NEW_VERSION = "new_version"


KIND_LABELS = {
    NoticeKind.QUARTER_DONE: "đã có báo cáo của kỳ",
    NoticeKind.SOURCE_FAILED: "nguồn lỗi",
    NoticeKind.OVERDUE: "quá hạn",
    NoticeKind.NEW_VERSION: "số liệu đã duyệt, đã công bố có bản mới",
}
Way = Literal["mail", "webhook"]
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?")


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError("phải là một địa chỉ thư, chữ không dấu: van-phong@tinh.gov.vn")
    return text


Address = Annotated[str, AfterValidator(_address)]


class Wish(Strict):
    """kinds: of what to tell. sources: ids, units: agency codes, each with all below: where either is given, notices of
    one source or one report come only of these; what is of the whole period comes anyway."""

    kinds: tuple[NoticeKind, ...] = tuple(NoticeKind)
    sources: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


class Recipient(Wish):
    """Whoever gets letters."""

    address: Address

    @property
    def to(self) -> str:
        return self.address

    @property
    def way(self) -> Way:
        return "mail"


class Webhook(Wish):
    """A program that is told as JSON. name: how people see it, as the address may hold a key. secret: name of the
    secret whose token signs what is sent. ca: file below the province's folder, of the province's own authority."""

    name: str
    url: str
    secret: Annotated[str, Field(min_length=1)]
    ca: str = ""
    timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 10.0

    @field_validator("name")
    @classmethod
    def _plain(cls, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError("chỉ được có chữ thường không dấu, số và gạch ngang")
        return name

    @field_validator("url")
    @classmethod
    def _over_tls(cls, url: str) -> str:
        if not secure(url) or "@" in url or "#" in url or any(c.isspace() for c in url):
            raise ValueError("phải là địa chỉ https://…, không kèm tài khoản (http chỉ cho chính máy này)")
        return url

    @property
    def to(self) -> str:
        return self.name

    @property
    def way(self) -> Way:
        return "webhook"


class Mail(Strict):
    """tls: "starttls" (port 587), "tls" (port 465), "none". secret: name of the secret with user and password; "" where
    the server asks for none. ca: file below the province's folder, of an authority of the province's own.
    timeout_seconds: how long the server may be silent."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    sender: Annotated[Address, Field(alias="from")]
    secret: str = ""
    ca: str = ""
    timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 10.0

    @field_validator("host")
    @classmethod
    def _named(cls, host: str) -> str:
        if not _HOST.fullmatch(host):
            raise ValueError("phải là tên hoặc địa chỉ IP của máy chủ thư, không kèm cổng")
        return host

    @model_validator(mode="after")
    def _no_password_in_the_open(self) -> Self:
        if self.secret and self.tls == "none" and self.host not in LOOPBACK:
            raise ValueError('không gửi mật khẩu khi đường truyền không mã hóa: đặt tls = "starttls" hoặc "tls"')
        return self

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2].lower()


class NoticesFile(Strict):
    mail: Mail | None = None
    to: tuple[Recipient, ...] = ()
    webhook: tuple[Webhook, ...] = ()

    @field_validator("to")
    @classmethod
    def _each_once(cls, to: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
        if twice := _twice([one.address.lower() for one in to]):
            raise ValueError(f"địa chỉ {twice} có hai lần: gộp làm một")
        return to

    @field_validator("webhook")
    @classmethod
    def _names_once(cls, webhook: tuple[Webhook, ...]) -> tuple[Webhook, ...]:
        if twice := _twice([one.name for one in webhook]):
            raise ValueError(f"tên {twice} có hai lần")
        return webhook

    @model_validator(mode="after")
    def _with_a_server(self) -> Self:
        if self.to and self.mail is None:
            raise ValueError("có [[to]] mà thiếu [mail]: ghi máy chủ thư")
        return self


@dataclass(frozen=True)
class NoticeSettings:
    """folder: the province's, below which `ca` is."""

    folder: Path
    file: NoticesFile

    @property
    def everybody(self) -> tuple[Recipient | Webhook, ...]:
        return *self.file.to, *self.file.webhook

    @property
    def secrets(self) -> list[str]:
        """Names of those that are needed."""
        named = [self.file.mail.secret] if self.file.mail else []
        return [name for name in (*named, *(one.secret for one in self.file.webhook)) if name]


def read_notices(province: Province) -> NoticeSettings:
    """Nobody to tell where the province has no such file. Raises ConfigError with the mistakes of all of it."""
    path = province.folder / FILE
    if not path.exists():
        return NoticeSettings(province.folder, NoticesFile())
    file = build(NoticesFile, read_toml(path), path=path)
    mistakes = Mistakes()
    mistakes.add(_unknown(path, "to", file.to, province))
    mistakes.add(_unknown(path, "webhook", file.webhook, province))
    mistakes.add(_lost(path, file, province.folder))
    mistakes.tell()
    return NoticeSettings(province.folder, file)


def read_readers(folder: Path) -> NoticeSettings:
    """The same of a province that cannot be read itself: its sources, units are not looked at. Raises ConfigError."""
    path = folder / FILE
    if not path.exists():
        return NoticeSettings(folder, NoticesFile())
    return NoticeSettings(folder, build(NoticesFile, read_toml(path), path=path))


def _unknown(path: Path, table: str, wishes: Sequence[Wish], province: Province) -> Iterator[ConfigError]:
    known = set(province.source_ids())
    for number, wish in enumerate(wishes):
        for source in (s for s in wish.sources if s not in known):
            line = line_of(path, [table, str(number), "sources"])
            yield ConfigError(f"tỉnh không có nguồn «{source}»", file=path, line=line)
        for unit in (u for u in wish.units if not province.units.has_agency(u)):
            line = line_of(path, [table, str(number), "units"])
            yield ConfigError(f"đơn vị «{unit}» không có trong agencies.csv", file=path, line=line)


def _lost(path: Path, file: NoticesFile, folder: Path) -> Iterator[ConfigError]:
    named = [(["mail"], file.mail.ca)] if file.mail else []
    named += [(["webhook", str(number)], hook.ca) for number, hook in enumerate(file.webhook)]
    for keys, ca in named:
        if ca and not (folder / ca).is_file():
            yield ConfigError(f"không có tệp chứng thư {folder / ca}", file=path, line=line_of(path, [*keys, "ca"]))


def _twice(names: Sequence[str]) -> str:
    return next((name for name in names if names.count(name) > 1), "")
