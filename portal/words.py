"""How pages write days, times and sizes."""

from __future__ import annotations

from datetime import date, datetime

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
