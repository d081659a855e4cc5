"""How rest_days.csv was first made: python contracts/data/seed_rest_days.py > contracts/data/rest_days.csv

Since then the table is edited by hand, when the Government announces the days off of a year: swapped days
are decided yearly, and the package knows only those that were announced before it was released. Running
this again would undo what was edited.
"""

from __future__ import annotations

import csv
import sys
from importlib.metadata import version

import holidays

FIRST_YEAR, LAST_YEAR = 2018, 2027
ANNOUNCED_UP_TO = 2026  # days of later years follow the law's general rule until they are announced


def rows() -> list[tuple[str, str, str, str]]:
    """date, kind (off, or work for a Saturday worked in place of a day off), name, source."""
    calendar = holidays.country_holidays("VN", years=range(FIRST_YEAR, LAST_YEAR + 1), language="vi")
    found = [(day, "off", name) for day, name in calendar.items()]
    worked = [day for day in calendar.weekend_workdays if FIRST_YEAR <= day.year <= LAST_YEAR]
    found += [(day, "work", "Làm bù cho ngày nghỉ hoán đổi") for day in worked]
    package = f"PyPI holidays {version('holidays')}"
    return [
        (day.isoformat(), kind, name, package if day.year <= ANNOUNCED_UP_TO else f"{package}, chưa có thông báo")
        for day, kind, name in sorted(found)
    ]


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("date", "kind", "name", "source"))
    writer.writerows(rows())
