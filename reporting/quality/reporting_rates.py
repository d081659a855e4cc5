"""Who was to report and who did, unit by unit below the province."""

from __future__ import annotations

from contracts.units import Unit
from reporting.fonts import printable
from reporting.formats import MISSING, count_text
from reporting.quality.inputs import QualityInput
from reporting.quality.page import Cell, Head, Row, Section, Table
from reporting.quality.rated import rated
from transforms.reporting_rates import Rates, UnitReport

_NAMED = 8


def reporting_rates(given: QualityInput) -> Section | None:
    """None where nobody asked, or nobody was to report."""
    if given.rates is None or not given.rates.units:
        return None
    rates = given.rates.rates
    direct = [u.unit for u in given.rates.units if u.unit.parent == given.province.units.root.agency_code]
    lacking = [unit for unit in direct if not _is_whole(rates[unit.agency_code])]
    why = _why(given.rates.units)
    caption = "Đơn vị chưa có, muộn hoặc chưa đầy đủ" if lacking else "Toàn tỉnh"
    every = _table(given, direct, id_="bang-moi-don-vi", caption="Mọi đơn vị")
    return Section(
        "ty-le-bao-cao",
        "Tỷ lệ đơn vị có số liệu",
        () if lacking else ("Mọi đơn vị phải nộp đều đã có số liệu, đúng hạn và đầy đủ.",),
        (_table(given, lacking, id_="bang-ty-le-bao-cao", caption=caption),),
        (*((why,) if why else ()), every),
    )


def _is_whole(rates: Rates) -> bool:
    return rates.received == rates.on_time == rates.complete == rates.expected


def _table(given: QualityInput, units: list[Unit], *, id_: str, caption: str) -> Table:
    """Those units, each with all below it, and the province."""
    assert given.rates is not None
    rates, root = given.rates.rates, given.province.units.root
    heads = ("Phải nộp", "Đã có", "Đúng hạn", "Đầy đủ")
    return Table(
        id=id_,
        caption=caption,
        heads=(Head("Đơn vị"), *(Head(text, "figure") for text in heads)),
        rows=(
            *(_row(printable(unit.name), rates[unit.agency_code]) for unit in units),
            _row(printable(root.name), rates[root.agency_code], total=True),
        ),
        notes=(
            "Đơn vị tính: cơ quan, đơn vị tồn tại trong kỳ; mỗi dòng gồm đơn vị và các đơn vị cấp dưới.",
            "Mọi tỷ lệ tính trên số đơn vị phải nộp. – là chưa tính được vì chưa khai hạn nộp.",
        ),
    )


def _row(name: str, rates: Rates, *, total: bool = False) -> Row:
    parts = (rates.received, rates.on_time, rates.complete)
    cells = (rated(part, rates.expected) for part in parts)
    return Row((Cell(name), Cell(count_text(rates.expected)), *cells), total=total)


def _why(units: tuple[UnitReport, ...]) -> Table | None:
    """Why units have no report, not in time or not whole: each reason once, with the first of its units."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, label in (("missing", "Chưa có"), ("late", "Muộn"), ("lacking", "Chưa đầy đủ")):
        for unit in units:
            for reason in getattr(unit, kind):
                found.setdefault((label, printable(reason, longest=300)), []).append(printable(unit.unit.name))
    rows = tuple(
        Row((Cell(label), Cell(reason), Cell(count_text(len(names))), Cell(_first(names))))
        for (label, reason), names in found.items()
    )
    heads = (Head("Việc"), Head("Lý do"), Head("Số đơn vị", "figure"), Head("Đơn vị"))
    return Table("vi-sao-chua-co", "Vì sao chưa có, muộn hoặc chưa đầy đủ", heads, rows) if rows else None


def _first(names: list[str]) -> str:
    more = f" và {count_text(len(names) - _NAMED)} đơn vị khác" if len(names) > _NAMED else ""
    return (", ".join(names[:_NAMED]) + more) or MISSING
