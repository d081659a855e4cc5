"""How pages write days, times and sizes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from contracts.clock import VIETNAM


def day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else "–"


def moment(value: datetime | None) -> str:
    return f"{value.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if value else "–"


def size(octets: int) -> str:
    """1.234.567 → 1,2 MB."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1_000))} kB"
    return f"{octets / 1_000_000:.1f} MB".replace(".", ",")


def duration(value: timedelta | None) -> str:
    """45 giây · 3 phút 5 giây · 1 giờ 5 phút."""
    if value is None:
        return "–"
    seconds = max(0, round(value.total_seconds()))
    if seconds < 1:
        return "dưới 1 giây"
    hours, minutes, seconds = seconds // 3600, seconds % 3600 // 60, seconds % 60
    parts = ((hours, "giờ"), (minutes, "phút"), (0 if hours else seconds, "giây"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
