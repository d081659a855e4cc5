"""Khánh Sơn's eight communes in the provincial index, 2021 and 2022.

Of these figures the article (A0) has three: Sơn Trung came 7th in 2021, and in 2022 first with 89,2 %, class Tốt. The
points of every criterion, and the other seven communes', are invented here so that this comes out; no source has them.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from contracts.criteria import ProvincialIndex
from contracts.criteria_file import read_indices
from contracts.criteria_points import PointEntry, PointKind
from contracts.units import UnitTree, read_units

PROVINCE = Path(__file__).parents[1] / "provinces" / "khanh-hoa"
KHANH_SON, SON_TRUNG = "H32.37", "H32.37.06"
INVENTED = {
    2021: {
        "H32.37.01": "59.80",
        "H32.37.02": "55.10",
        "H32.37.03": "56.35",
        "H32.37.04": "56.35",
        "H32.37.05": "57.00",
        "H32.37.06": "52.50",
        "H32.37.07": "58.24",
        "H32.37.08": "50.05",
    },
    2022: {
        "H32.37.01": "61.18",
        "H32.37.02": "56.70",
        "H32.37.03": "58.10",
        "H32.37.04": "58.10",
        "H32.37.05": "60.20",
        "H32.37.06": "62.44",
        "H32.37.07": "59.50",
        "H32.37.08": "48.30",
    },
}
"""Verified points of 70, by commune."""


def tree() -> UnitTree:
    return read_units(PROVINCE / "agencies.csv")


def index(year: int) -> ProvincialIndex:
    return read_indices(PROVINCE, year, tree())[0]


def verified(year: int) -> dict[tuple[str, str], Decimal]:
    """(agency code, criterion id) → points: what a commune lost, it lost on the first criteria."""
    found = {}
    for code, points in INVENTED[year].items():
        lost = Decimal(70) - Decimal(points)
        for criterion in index(year).leaves:
            here = min(lost, criterion.max)
            found[code, criterion.id] = criterion.max - here
            lost -= here
    return found


def entries(year: int, kind: PointKind = PointKind.VERIFIED) -> list[PointEntry]:
    return [PointEntry(code, criterion, kind, points) for (code, criterion), points in verified(year).items()]
