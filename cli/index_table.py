"""The tables of `cchc index` and `cchc rankings`, for people and for machines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cli import console
from cli.console import out
from contracts.decimals import plain_decimal
from contracts.units import Unit

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from transforms.criteria import IndexTable, Standing
    from transforms.proposals import Proposal

Tables = Sequence[tuple["IndexTable", Collection[Unit]]]
_FIGURES = ("Điểm/\ntối đa", "Đã thẩm\nđịnh", "Chỉ số", "Thay đổi\n(điểm %)", "Hạng", "Thay đổi\nhạng")


def show(tables: Tables) -> None:
    from reporting import standing_texts as texts

    for table, units in tables:
        made = console.table("Đơn vị", *_FIGURES, "Xếp loại", right=_FIGURES, title=table.index.file.name)
        said: dict[str, None] = {}
        made.columns[0].no_wrap = True
        found = _of(table, units)
        for one in found:
            change = table.changes[one.unit.agency_code]
            said |= dict.fromkeys([*change.breaks, *filter(None, one.why_unranked)])
            if not one.whole.verified:
                continue
            made.add_row(
                console.plain(one.unit.name),
                texts.part_text(one.whole),
                f"{one.whole.verified}/{one.whole.criteria}",
                texts.score_text(one.score),
                texts.change_text(change.points),
                "; ".join(texts.rank_text(rank) for rank in one.ranks),
                "; ".join(texts.places_text(places) for places in change.places),
                one.rating or "–",
            )
        _show_rows(made, len(found))
        for sentence in said:
            out.print(f"[yellow]Lưu ý:[/] {console.plain(sentence)}", soft_wrap=True)
        _say_base(table, units)


def _show_rows(made: Table, units: int) -> None:
    """The units of which something is verified; how many have nothing yet."""
    out.print(made if made.row_count else made.title)
    if without := units - made.row_count:
        out.print(
            f"Chưa có điểm thẩm định nào (không liệt kê): {console.figure(without)}/{console.figure(units)} đơn vị"
        )


def _say_base(table: IndexTable, units: Collection[Unit]) -> None:
    """What the ranks are of, the decision, and whether the criteria were held against it."""
    bases = dict.fromkeys(rank.base.text for one in _of(table, units) for rank in one.ranks if rank)
    if bases:
        out.print(f"Cơ sở xếp hạng: {console.plain('; '.join(bases))}", soft_wrap=True)
    file = table.index.file
    out.print(
        f"Căn cứ: {console.plain(file.decision)}; tiêu chí trong {console.plain(str(table.index.path))}", soft_wrap=True
    )
    if not file.verified:
        note = f": {file.note}" if file.note else ""
        out.print(f"[bold yellow]CHƯA KIỂM CHỨNG[/] tiêu chí và mức xếp loại{console.plain(note)}", soft_wrap=True)


def _of(table: IndexTable, units: Collection[Unit]) -> list[Standing]:
    codes = {unit.agency_code for unit in units}
    return [one for one in table.standings if one.unit.agency_code in codes]


def document(tables: Tables) -> list[dict[str, Any]]:
    """What `--json` prints: one an index; percentages exact to six decimals, points as text."""
    return [
        {
            "year": table.index.year,
            "name": table.index.file.name,
            "decision": table.index.file.decision,
            "verified": table.index.file.verified,
            "units": [_unit(table, one) for one in _of(table, units)],
        }
        for table, units in tables
        if units
    ]


def _unit(table: IndexTable, one: Standing) -> dict[str, Any]:
    change = table.changes[one.unit.agency_code]
    pairs = zip(one.ranks, change.places, one.why_unranked, strict=True)
    return {
        **_key(one.unit),
        "points": plain_decimal(one.whole.points) if one.whole.verified else None,
        "maximum": plain_decimal(one.whole.maximum),
        "verified": one.whole.verified,
        "criteria": one.whole.criteria,
        "provisional": not one.whole.is_whole,
        "score": _number(one.score),
        "rating": one.rating,
        "score_change": _number(change.points),
        "ranks": [
            {
                "place": rank.place if rank else None,
                "of": rank.base.size if rank else None,
                "group": rank.base.group if rank else None,
                "places_gained": places,
                "why_none": why,
            }
            for rank, places, why in pairs
        ],
        "breaks": list(change.breaks),
    }


def _key(unit: Unit) -> dict[str, str]:
    return {"agency_code": unit.agency_code, "unit_code": unit.unit_code, "name": unit.name}


def _number(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 6)


def frame(tables: Tables) -> pd.DataFrame:
    """What `--out` writes: a row a unit and ranking."""
    import pandas as pd

    rows = [
        {**{k: v for k, v in unit.items() if k not in {"ranks", "breaks"}}, **rank, "breaks": "; ".join(unit["breaks"])}
        for one in document(tables)
        for unit in one["units"]
        for rank in unit["ranks"]
    ]
    whole = dict.fromkeys(("place", "of", "places_gained"), "Int64")
    return pd.DataFrame(rows).astype({**whole, "score": "float64", "score_change": "float64"})


def show_proposals(found: Collection[Proposal], verified: Mapping[tuple[str, str], Decimal]) -> None:
    from reporting.formats import percent_text

    right = ("Tử số/\nmẫu số", "Tỷ lệ", "Đề\nxuất", "Thẩm\nđịnh", "Tối\nđa")
    made = console.table("Đơn vị", "Tiêu\nchí", *right, "Ghi chú", right=right)
    made.columns[0].no_wrap = made.columns[1].no_wrap = True
    for one in found:
        made.add_row(
            console.plain(one.unit.name),
            one.criterion.id,
            _counts(one),
            percent_text(one.numerator, one.denominator),
            _written(one.points),
            _written(verified.get((one.unit.agency_code, one.criterion.id))),
            _written(one.criterion.max),
            one.why_none,
        )
    out.print(made)
    for criterion, indicator in dict.fromkeys((one.criterion.id, one.source.indicator) for one in found):
        out.print(f"Tiêu chí {criterion}: tính từ chỉ tiêu {indicator} (cchc indicators list)", soft_wrap=True)
    out.print("Đề xuất chỉ để tham khảo khi thẩm định; điểm thẩm định không bị thay đổi.")


def _counts(one: Proposal) -> str:
    if one.denominator is None:
        return console.figure(one.numerator)
    return f"{console.figure(one.numerator) or '–'}/{console.figure(one.denominator)}"


def _written(points: Decimal | None) -> str:
    return "–" if points is None else plain_decimal(points).replace(".", ",")


def proposals_document(
    found: Collection[Proposal], verified: Mapping[tuple[str, str], Decimal], year: int
) -> list[dict[str, Any]]:
    return list(_proposals(found, verified, year))


def _proposals(
    found: Collection[Proposal], verified: Mapping[tuple[str, str], Decimal], year: int
) -> Iterator[dict[str, Any]]:
    for one in found:
        points = verified.get((one.unit.agency_code, one.criterion.id))
        yield {
            **_key(one.unit),
            "criterion": one.criterion.id,
            "indicator": one.source.indicator,
            "period": f"{year}{one.source.period}",
            "numerator": one.numerator,
            "denominator": one.denominator,
            "proposed": None if one.points is None else plain_decimal(one.points),
            "verified": None if points is None else plain_decimal(points),
            "maximum": plain_decimal(one.criterion.max),
            "why_none": one.why_none,
        }
