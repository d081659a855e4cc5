"""cchc compare: a period beside the one before and the same one last year, unit by unit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console, export
from cli.console import figure, out, plain
from contracts.comparisons import COUNTS, REASONS
from contracts.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from contracts.units import UnitTree
    from flows.continued import Continued
    from flows.unusual import Unusual

Rows = Sequence[Mapping[str, Any]]
_CARRIED = ("(11)", "(6)", "Chênh")
_CHANGED = ("Cùng kỳ", "Kỳ này", "Thay đổi")


def compare(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Ví dụ: 2024Q4.")],
    source: Annotated[
        str | None, typer.Option(metavar="NGUỒN", help="Chỉ đối chiếu hồ sơ chuyển tiếp của nguồn này.")
    ] = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP", help="Ghi danh sách hồ sơ làm nên chênh lệch (.csv).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc; không có mã hồ sơ.")] = False,
) -> None:
    """Đối chiếu hồ sơ kỳ trước chuyển sang, và so sánh từng đơn vị với cùng kỳ năm trước."""
    if out_file is not None:
        export.check_name(out_file)
    if out_file is not None and as_json:
        raise UsageError("--json và --out không dùng cùng nhau", advice="chạy hai lần, mỗi lần một tùy chọn")
    from flows.place import find_place

    tree = find_place(period).province.units
    continued, unusual = _compared(period, source)
    if out_file is not None:
        export.write(_listed(continued), out_file, period_id=period, has_codes=True)
    elif as_json:
        typer.echo(json.dumps(_document(continued, unusual, tree), ensure_ascii=False, indent=1))
    else:
        _show_carried(continued, _units(continued, tree))
        _show_changes(unusual, _changes(unusual, tree))


def _compared(period: str, source: str | None) -> tuple[Continued, Unusual | None]:
    """Made anew from what stands. With a source, of its dossiers alone: last year's counts are of units, not of
    sources."""
    from flows.continued import continued_from
    from flows.place import as_settled, find_place
    from flows.unusual import unusual_since

    place = as_settled(find_place(period))
    if source is not None:
        place.source(source)  # refuses an unknown one
    engine = place.open_warehouse()
    continued = continued_from(engine, place)
    if source is not None:
        continued = continued.of(source)
    if not continued.compared and not continued.left_out:
        wanted = f" của nguồn «{source}»" if source else ""
        raise UsageError(f"kỳ {period} chưa có số liệu{wanted}", advice=f"cchc run {period}")
    asked = [source] if source else [s.id for s in place.sources()]
    continued = replace(continued, left_out=continued.left_out | _without_figures(continued, asked))
    return continued, None if source else unusual_since(engine, place)


def _without_figures(continued: Continued, source_ids: Sequence[str]) -> dict[str, str]:
    """Sources whose figures do not stand in this period: the totals lack them."""
    known = continued.compared | set(continued.left_out)
    return {source_id: "kỳ này chưa có số liệu" for source_id in source_ids if source_id not in known}


def _document(continued: Continued, unusual: Unusual | None, tree: UnitTree) -> dict[str, Any]:
    document: dict[str, Any] = {
        "continuity": {
            "compared_with": continued.before.id if continued.before else None,
            "sources": sorted(continued.compared),
            "left_out": continued.left_out,
            "units": _units(continued, tree),
        }
    }
    if unusual is not None:
        document["history"] = {
            "compared_with": unusual.then.id if unusual.then else None,
            "units": len(unusual.agencies),
            "why_not": unusual.why_not,
            "changes": _changes(unusual, tree),
        }
    return document


def _units(continued: Continued, tree: UnitTree) -> list[dict[str, Any]]:
    """Every unit with dossiers on either side; reasons: how many dossiers of each."""
    listed = continued.dossiers
    told = Counter(zip(listed["source_id"], listed["agency_code"], listed["reason"], strict=True))
    return [
        unit
        | {
            "name": _name(unit["agency_code"], tree),
            "difference": unit["carried_over"] - unit["previous_open"],
            "reasons": {r: n for r in REASONS if (n := told[unit["source_id"], unit["agency_code"], r])},
        }
        for unit in _records(continued.units)
    ]


def _changes(unusual: Unusual | None, tree: UnitTree) -> list[dict[str, Any]]:
    rows = _records(unusual.changes) if unusual else []
    return [row | {"name": _name(row["agency_code"], tree), "change": row["now"] - row["was"]} for row in rows]


def _name(agency_code: str, tree: UnitTree) -> str:
    """A unit of the period before may have been taken out of the list of agencies."""
    return tree.by_agency(agency_code).name if tree.has_agency(agency_code) else agency_code


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {str(name): frame[name].tolist() for name in frame}  # plain numbers: those of numpy are no JSON
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _listed(continued: Continued) -> pd.DataFrame:
    reasons = [REASONS[reason] for reason in continued.dossiers["reason"]]
    return continued.dossiers.assign(sentence=[reason.sentence for reason in reasons])


def _show_carried(continued: Continued, units: Rows) -> None:
    for why in dict.fromkeys(continued.left_out.values()):
        named = ", ".join(source_id for source_id, said in continued.left_out.items() if said == why)
        out.print(f"[yellow]Chưa đối chiếu được hồ sơ kỳ trước chuyển sang:[/] {plain(why)}: {named}", soft_wrap=True)
    if continued.before is None or not continued.compared:
        return
    title = f"Đang giải quyết cuối kỳ {continued.before.id} (11) và từ kỳ trước chuyển sang (6)"
    made = console.table("Nguồn", "Đơn vị", *_CARRIED, "Vì", right=_CARRIED, title=title)
    for unit in units:
        if unit["reasons"]:
            why = "; ".join(f"{number} {REASONS[reason].label}" for reason, number in unit["reasons"].items())
            made.add_row(unit["source_id"], unit["name"], *_figures(unit, "previous_open", "carried_over"), why)
    total = {name: sum(unit[name] for unit in units) for name in ("previous_open", "carried_over")}
    made.add_row("", f"Cộng {len(units)} đơn vị", *_figures(total, "previous_open", "carried_over"), "", style="bold")
    out.print(made)
    for reason in dict.fromkeys(reason for unit in units for reason in unit["reasons"]):
        out.print(f"  – {REASONS[reason].label}: {REASONS[reason].sentence}", soft_wrap=True)


def _show_changes(unusual: Unusual | None, changes: Rows) -> None:
    if unusual is None:
        return
    if unusual.then is None or unusual.why_not:
        out.print(f"\n[yellow]Chưa so sánh với cùng kỳ năm trước:[/] {plain(unusual.why_not)}", soft_wrap=True)
        return
    compared = f"{len(unusual.agencies)} đơn vị so sánh được với cùng kỳ năm trước ({unusual.then.id})"
    if not changes:
        out.print(f"\n{compared}: không có thay đổi bất thường.", soft_wrap=True)
        return
    made = console.table("Đơn vị", "Số hồ sơ", *_CHANGED, right=_CHANGED, title=f"{compared}; thay đổi bất thường")
    for row in changes:
        made.add_row(row["name"], COUNTS[row["measure"]].label, *_figures(row, "was", "now"))
    out.print(made)


def _figures(row: Mapping[str, Any], was: str, now: str) -> list[str]:
    difference = row[now] - row[was]
    return [figure(row[was]), figure(row[now]), f"{'+' if difference > 0 else ''}{figure(difference)}"]
