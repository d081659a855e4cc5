"""Being a good guest: how many connections a district's host bears at once, and at what hours it may be read.

province.toml: [hosts."10.20.0.5"] connections = 1, hours = ["18:00-06:00"]. A host is a host whichever sources it
serves, so two sources on one host share its connections.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from urllib.parse import urlsplit

from pydantic import field_validator

from contracts.configfile import Strict

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class Host(Strict):
    """hours: spans such as 18:00-06:00 (Vietnam's time, end excluded) in which it may be read; at any if empty."""

    connections: int = 2
    hours: tuple[str, ...] = ()

    @field_validator("connections")
    @classmethod
    def _some(cls, connections: int) -> int:
        if connections < 1:
            raise ValueError("phải từ 1 trở lên")
        return connections

    @field_validator("hours")
    @classmethod
    def _spans(cls, hours: tuple[str, ...]) -> tuple[str, ...]:
        for span in hours:
            if not _HOURS.fullmatch(span):
                raise ValueError(f"«{span}» phải có dạng 18:00-06:00")
        return hours

    def may_be_read(self, at: datetime) -> bool:
        return not self.hours or any(_within(at.time(), *_ends(span)) for span in self.hours)


def host_of(address: str, *, endpoint: str = "") -> str:
    """The machine that an address leads to, in lower case; empty for a file of this machine. endpoint: of an S3 store,
    whose address names a bucket."""
    parts = urlsplit(endpoint if address.startswith("s3://") else address)
    if not parts.scheme or parts.scheme == "file":
        return ""
    return (parts.hostname or "").lower()


def _ends(span: str) -> tuple[time, time]:
    found = _HOURS.fullmatch(span)
    assert found is not None
    first_hour, first_minute, last_hour, last_minute = map(int, found.groups())
    return time(first_hour, first_minute), time(last_hour, last_minute)


def _within(now: time, first: time, last: time) -> bool:
    """A span may run over midnight; one that ends where it begins is the whole day."""
    if first < last:
        return first <= now < last
    return now >= first or now < last
