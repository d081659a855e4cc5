"""What the national public-service portal (Cổng Dịch vụ công quốc gia) publishes of an agency under QĐ 766/QĐ-TTg, and
how a province's published.toml says to fetch it (docs/scoring-766.md, docs/operate/published-figures.md).

Its figures are stored beside ours and never overwritten, neither by a later fetch nor by a figure computed here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal
from uuid import UUID

from pydantic import Field, field_validator

from contracts.configfile import Strict, build, read_toml
from contracts.errors import ConfigError, UsageError
from contracts.periods import Period
from contracts.rest_spec import RestConnection

FILE = "published.toml"
PUBLISHED_DIFFERS = "published.differs"
"""Rule that tells of a ratio of ours that is not the published one."""
_ADVICE = "xem docs/operate/published-figures.md"
_CALENDAR = re.compile(r"(\d{4})(?:Q([1-4])|M(\d\d)|Y)", re.ASCII)


class Group(StrEnum):
    """The six groups of the index; a figure of the whole group has the group's name in capitals as its indicator."""

    TRANSPARENCY = "transparency"
    PROGRESS = "progress"
    ONLINE = "online"
    PAYMENT = "payment"
    DIGITISATION = "digitisation"
    SATISFACTION = "satisfaction"

    @property
    def whole(self) -> str:
        """Indicator of a score that the portal gives to the group and to none of its items."""
        return self.name


GROUP_LABELS = {
    Group.TRANSPARENCY: "Công khai, minh bạch",
    Group.PROGRESS: "Tiến độ giải quyết",
    Group.ONLINE: "Dịch vụ công trực tuyến",
    Group.PAYMENT: "Thanh toán trực tuyến",
    Group.DIGITISATION: "Số hóa hồ sơ",
    Group.SATISFACTION: "Mức độ hài lòng",
}


@dataclass(frozen=True)
class PublishedFigure:
    """One row an indicator of an agency, as published: null stays None, 0 stays 0, and nothing is computed.

    period_id: calendar month, quarter or year (2026M07, 2026Q3, 2026Y). agency_name, level: the portal's own; level is
    PROVINCE for the province and its bodies, COMMUNE below. numerator, denominator: counts of dossiers, procedures or
    petitions. ratio: as the portal writes it. score, max_score: points. quality_flag, quality_message: the portal's
    remark on the quality of the data. source: who gave the file that it was imported from, in words; None for
    what was fetched from the portal."""

    period_id: str
    agency_code: str
    agency_name: str | None
    level: str | None
    group_id: Group
    indicator: str
    numerator: int | None = None
    denominator: int | None = None
    ratio: float | None = None
    score: float | None = None
    max_score: float | None = None
    quality_flag: str | None = None
    quality_message: str | None = None
    source: str | None = None


class PublishedSettings(Strict):
    """published.toml. address: of the evaluation interface, without the group. root_department_id: the UUID by which
    the portal knows the province, empty while it is not known. pause_seconds: at least so long between two requests:
    the portal serves the public."""

    address: str = "https://dichvucong.gov.vn/api/v1/reporting/evaluation"
    root_department_id: str = ""
    pause_seconds: float = Field(default=3, ge=0)
    timeout_seconds: float = Field(default=60, gt=0)

    @field_validator("root_department_id")
    @classmethod
    def _uuid(cls, text: str) -> str:
        try:
            return str(UUID(text)) if text else ""
        except ValueError:
            raise ValueError("phải là mã UUID, ví dụ 0a1b2c3d-1234-4567-89ab-0123456789ab, hoặc để trống") from None

    @field_validator("address")
    @classmethod
    def _safe(cls, address: str) -> str:
        if RestConnection().refusal(address):
            raise ValueError("phải là địa chỉ https://máy/…, không có tài khoản, ? hay #")
        return address.rstrip("/")


@dataclass(frozen=True)
class Calendar:
    """A period in the portal's words."""

    kind: Literal["month", "quarter", "year"]
    year: int
    number: int | None


def read_published(folder: Path) -> PublishedSettings:
    """The province's published.toml, with the UUID filled in. Raises ConfigError where it is not."""
    path = folder / FILE
    if not path.exists():
        raise ConfigError("tỉnh chưa khai cách lấy số liệu công bố trên Cổng Dịch vụ công", file=path, advice=_ADVICE)
    settings = build(PublishedSettings, read_toml(path), path=path)
    if not settings.root_department_id:
        raise ConfigError(
            "chưa có «root_department_id», mã UUID của tỉnh trên Cổng Dịch vụ công quốc gia: chưa lấy được số liệu",
            file=path,
            advice=f"tìm mã này rồi ghi vào tệp; {_ADVICE}",
        )
    return settings


def calendar_of(period: Period) -> Calendar:
    """Raises UsageError for a period that the portal does not publish."""
    named = _CALENDAR.fullmatch(period.id)
    if named is None:
        raise UsageError(
            f"Cổng Dịch vụ công không công bố kỳ {period.id}, chỉ có tháng, quý, năm dương lịch",
            advice="dùng dạng 2026M07, 2026Q3 hoặc 2026Y",
        )
    year, quarter, month = named.groups()
    if quarter or month:
        return Calendar("quarter" if quarter else "month", int(year), int(quarter or month))
    return Calendar("year", int(year), None)
