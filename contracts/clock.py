"""The one clock. Everything that needs "now" asks here, so that a test, or a run that must be repeated
byte for byte, can fix it with CCHC_NOW (ISO, for example 2024-12-16T08:00:00+07:00)."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contracts.errors import UsageError


def _vietnam() -> tzinfo:
    """Without the zones' data (a minimal image) by its offset, which has been the same since 1975: so that the command
    comes far enough to say what is missing (cchc doctor)."""
    try:
        return ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        return timezone(timedelta(hours=7), "+07")


VIETNAM = _vietnam()
ODD = timedelta(minutes=2)
"""By which the clocks of several machines may differ: what seems to come from the future by less does not."""


def now() -> datetime:
    """The time in Vietnam, aware, to the second."""
    fixed = os.environ.get("CCHC_NOW")
    moment = _fixed(fixed) if fixed else datetime.now(VIETNAM)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=VIETNAM)
    return moment.astimezone(VIETNAM).replace(microsecond=0)


def _fixed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        advice = "viết dạng 2024-12-16T08:00:00+07:00, hoặc bỏ biến này"
        raise UsageError(f"CCHC_NOW không phải là ngày giờ: «{text}»", advice=advice) from None


def today() -> date:
    return now().date()
