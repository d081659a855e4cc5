"""Published places of Khánh Sơn and others, as the articles have them; what they leave out is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from contracts.rankings import IndexName, Ranking, RankingKind

RESULT, TARGET = RankingKind.RESULT, RankingKind.TARGET


def khanh_son() -> list[Ranking]:
    """A0: class of the district, 2016 to 2022."""
    classes = dict.fromkeys(range(2016, 2018), "Trung bình") | dict.fromkeys(range(2018, 2023), "Tốt")
    return [
        Ranking(RESULT, IndexName.PROVINCIAL, year, "575", "Huyện Khánh Sơn", "Báo Khánh Hòa", rating=rating)
        for year, rating in classes.items()
    ]


def son_trung() -> list[Ranking]:
    """A0: the commune among the district's eight."""
    base = {"base_size": 8, "base_group": "xã, thị trấn của huyện Khánh Sơn", "source": "Báo Khánh Hòa"}
    here = {"index": IndexName.PROVINCIAL, "unit_code": "22729", "unit_name": "Xã Sơn Trung"} | base
    return [
        Ranking(kind=RESULT, year=2021, place=7, **here),  # type: ignore[arg-type]
        Ranking(kind=RESULT, year=2022, place=1, score=Decimal("89.2"), rating="Tốt", **here),  # type: ignore[arg-type]
    ]


def province() -> list[Ranking]:
    """Invented places of Khánh Hòa before the merger of provinces; and two targets."""
    first = Ranking(
        kind=RESULT,
        index=IndexName.PAR_INDEX,
        year=2022,
        unit_code="56",
        unit_name="Tỉnh Khánh Hòa",
        source="Bộ Nội vụ công bố",
        place=20,
        base_size=63,
        base_group="tỉnh, thành phố",
        score=Decimal("85.10"),
        published_on=date(2023, 4, 19),
        verified=True,
    )
    second = replace(first, year=2023, place=17, score=Decimal("86.00"), published_on=date(2024, 4, 17))
    area = replace(second, place=9, score=None, area="Cải cách tổ chức bộ máy hành chính nhà nước")
    target = Ranking(TARGET, IndexName.PAR_INDEX, 2023, "56", "Tỉnh Khánh Hòa", "Kế hoạch", aim="raise")
    other = Ranking(TARGET, IndexName.SIPAS, 2024, "56", "Tỉnh Khánh Hòa", "Kế hoạch", rating="Khá; Tốt")
    return [first, second, area, target, other]
