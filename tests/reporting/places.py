"""Published places of Khánh Sơn and others, as the articles have them; what they leave out is said."""

from __future__ import annotations

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
    """Invented places of Khánh Hòa, on both sides of the merger of provinces; and a target."""
    here = {"index": IndexName.PAR_INDEX, "unit_code": "56", "unit_name": "Tỉnh Khánh Hòa"}
    here |= {"base_group": "tỉnh, thành phố", "source": "Bộ Nội vụ công bố"}
    area = {"area": "Cải cách tổ chức bộ máy hành chính nhà nước"}
    return [
        Ranking(kind=RESULT, year=2022, place=20, base_size=63, score=Decimal("85.10"), published_on=date(2023, 4, 19), verified=True, **here),  # type: ignore[arg-type]
        Ranking(kind=RESULT, year=2023, place=17, base_size=63, score=Decimal("86.00"), published_on=date(2024, 4, 17), verified=True, **here),  # type: ignore[arg-type]
        Ranking(kind=RESULT, year=2023, place=9, base_size=63, published_on=date(2024, 4, 17), verified=True, **here, **area),  # type: ignore[arg-type]
        Ranking(kind=TARGET, index=IndexName.PAR_INDEX, year=2023, unit_code="56", unit_name="Tỉnh Khánh Hòa", source="Kế hoạch", aim="raise"),
        Ranking(kind=TARGET, index=IndexName.SIPAS, year=2024, unit_code="56", unit_name="Tỉnh Khánh Hòa", source="Kế hoạch", rating="Khá; Tốt"),
    ]
