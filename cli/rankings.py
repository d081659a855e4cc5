"""cchc rankings: places in indices that others publish – PAR INDEX, SIPAS, e-government – with base and source."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.console import out
from cli.words import App
from contracts.errors import UsageError
from contracts.rankings import INDEX_LABELS, IndexName, Ranking

if TYPE_CHECKING:
    from collections.abc import Collection

    from warehouse.standings import Stored

app = App(help="Chỉ số, thứ hạng do cơ quan khác công bố (PAR INDEX, SIPAS, chính quyền điện tử …) và mục tiêu.")


@app.command("add")
def add(
    path: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp CSV; các cột: docs/operate/rankings.md.")],
    by: Annotated[str, typer.Option("--by", metavar="TÊN", help="Ai chịu trách nhiệm về bảng này.")],
) -> None:
    """Nhập bảng đã công bố; có một dòng sai thì không lưu gì. Bản nhập trước vẫn giữ, chỗ khác được liệt kê."""
    from flows.standings import open_bureau

    done = open_bureau().add_rankings(path, by=by)
    added, replaced, unchanged = map(console.figure, (len(done.added), len(done.replaced), done.unchanged))
    out.print(f"[bold green]ĐÃ NHẬP[/] {added} dòng mới, {replaced} khác bản nhập trước, {unchanged} không đổi")
    for before, now in done.replaced:
        said = "; ".join(_differences(before, now))
        name = f"{now.unit_name}, {INDEX_LABELS[now.index]} {now.year}"
        out.print(f"[bold yellow]KHÁC:[/] {console.plain(f'{name}: {said}')}", soft_wrap=True)


def _differences(before: Ranking, now: Ranking) -> list[str]:
    """Each column that is otherwise: old → new."""
    old, new = asdict(before), asdict(now)
    return [f"{name} {_told(old[name])} → {_told(new[name])}" for name in old if old[name] != new[name]]


def _told(value: Any) -> str:
    return "(trống)" if value in {None, ""} else str(value)


@app.command("list")
def list_rankings(
    index: Annotated[
        IndexName | None, typer.Option("--index", metavar="CHỈ_SỐ", help=f"Một trong: {', '.join(IndexName)}.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="ĐƠN_VỊ", help="Mã hoặc tên đơn vị, ví dụ 575, «Tỉnh Kiên Giang».")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
) -> None:
    """Xem những gì đã nhập, thay đổi thứ hạng, các năm liền giữ một xếp loại, và mục tiêu."""
    from flows.standings import open_bureau

    stored = [s for s in open_bureau().rankings() if _wanted(s.entry, index, unit)]
    if as_json:
        typer.echo(json.dumps([_record(s) for s in stored], ensure_ascii=False, indent=1))
        return
    if not stored:
        raise UsageError("chưa nhập bảng xếp hạng nào như vậy", advice="cchc rankings add TỆP.csv --by TÊN")
    entries = [s.entry for s in stored]
    _show_results(entries)
    _show_targets(entries)


def _wanted(entry: Ranking, index: IndexName | None, unit: str | None) -> bool:
    of_unit = unit is None or unit.casefold() in {entry.unit_code, entry.unit_name.casefold()}
    return of_unit and index in {None, entry.index}


def _record(stored: Stored[Ranking]) -> dict[str, Any]:
    entry = stored.entry
    published = entry.published_on.isoformat() if entry.published_on else None
    score = None if entry.score is None else f"{entry.score:f}"
    more = {"score": score, "published_on": published, "entered_by": stored.entered_by}
    return asdict(entry) | more | {"entered_at": stored.entered_at.isoformat()}


def _show_results(entries: Collection[Ranking]) -> None:
    from reporting import standing_texts as texts
    from reporting.formats import MISSING
    from transforms.rankings import moved, results

    right = ("Năm", "Kết quả", "Hạng", "Thay đổi hạng")
    made = console.table("Đơn vị", "Chỉ số", *right, "Xếp loại", "Cơ sở xếp hạng, nguồn", right=right)
    for one in results(entries):
        change = moved(one, entries)
        cells = (one.unit_name, texts.index_text(one), str(one.year), texts.published_score(one))
        rank = (texts.published_rank(one), texts.moved_text(change), one.rating or MISSING)
        said = " ".join(part for part in (texts.origin_text(one), change.why) if part)
        made.add_row(*(console.plain(cell) for cell in (*cells, *rank, said)))
    if made.row_count:
        out.print(made)
    for sentence in texts.run_sentences(entries):
        out.print(console.plain(sentence), soft_wrap=True)


def _show_targets(entries: Collection[Ranking]) -> None:
    from reporting import standing_texts as texts
    from transforms.rankings import outcomes

    told = {True: "đạt", False: "chưa đạt", None: "chưa đánh giá được"}
    for one in outcomes(entries):
        wanted, got = one.target, one.result
        said = f"{wanted.unit_name}, {texts.index_text(wanted)} năm {wanted.year}: {texts.target_text(wanted)}"
        result = f"; kết quả: {texts.result_text(got)}" if got else ""
        why = f" ({one.why})" if one.why else ""
        out.print(f"[bold]Mục tiêu[/] {console.plain(f'{said}{result}; {told[one.met]}{why}')}", soft_wrap=True)
