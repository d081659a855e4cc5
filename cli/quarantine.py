"""cchc quarantine: the dossiers that count nowhere, why, and what becomes of them when their source is read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.console import err, figure, out
from cli.export import write
from cli.run import make, say_result
from cli.words import App
from contracts.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Engine

    from flows.place import Place
    from flows.quarantine import RuleNumber
    from transforms.quarantine import Fates
    from warehouse.ledger import Partition

app = App(help="Hồ sơ đang cách ly (chưa được tính): liệt kê, xem từng hồ sơ, đọc lại sau khi đã sửa.")
PeriodName = Annotated[str, typer.Argument(metavar="KỲ", help="Kỳ báo cáo, ví dụ 2024Q4.")]
SourceNames = Annotated[
    list[str] | None, typer.Option("--source", metavar="NGUỒN", help="Chỉ nguồn này (lặp lại được).")
]
SHOWN = 50


@app.command("list")
def list_quarantine(
    period: PeriodName, as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False
) -> None:
    """Mỗi nguồn còn bao nhiêu hồ sơ cách ly, theo từng lỗi."""
    place, engine = _opened(period)
    rows = _rejected(engine, place)
    per_rule = _per_rule(engine, place)
    if as_json:
        typer.echo(json.dumps(_document(engine, place, per_rule), ensure_ascii=False, indent=2))
        return
    if rows.empty:
        out.print(f"Kỳ {period}: không có hồ sơ nào bị cách ly.")
        return
    _say_sources(engine, place, rows)
    sentences = _sentences(engine, place)
    made = console.table("Nguồn", "Lỗi", "Hồ sơ", "Phải làm gì", right=("Hồ sơ",))
    for one in per_rule:
        made.add_row(one.source_id, one.rule_id, figure(one.rows), console.plain(sentences.get(one.rule_id, "")))
    out.print(made)
    out.print("Một hồ sơ có nhiều lỗi được kể ở mỗi lỗi. Sửa tại nguồn (hoặc corrections.toml), rồi:")
    out.print(f"  xem từng hồ sơ:  cchc quarantine show {period} --source NGUỒN")
    out.print(f"  đọc lại:         cchc quarantine replay {period}")


@app.command("show")
def show(
    period: PeriodName,
    source: SourceNames = None,
    rule: Annotated[str | None, typer.Option("--rule", metavar="LỖI", help="Chỉ hồ sơ có lỗi này.")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="SỐ", min=1, help="Số hồ sơ in ra màn hình.")] = SHOWN,
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP", help="Ghi mọi hồ sơ ra tệp .csv hoặc .parquet.")
    ] = None,
) -> None:
    """Từng hồ sơ cách ly: mã hồ sơ, vị trí tại nguồn, các lỗi."""
    place, engine = _opened(period)
    rows = _rejected(engine, place, source)
    if rule is not None:
        _check_rule(rule, period)
        rows = rows[[rule in found.split(",") for found in rows["rules"]]]
    rows = rows.drop(columns="row")
    if out_file is not None:
        write(rows, out_file, period_id=place.period.id, has_codes=True)
        return
    _say_earlier(engine, place, rows)
    made = console.table("Nguồn", "Mã hồ sơ", "Xem ở đâu", "Lỗi")
    for one in rows.head(limit).fillna("").itertuples(index=False):
        place_there = str(one.cells or one.address)
        made.add_row(str(one.source_id), str(one.dossier_code), console.plain(place_there), str(one.rules))
    out.print(made)
    out.print(f"{figure(min(limit, len(rows)))} trong {figure(len(rows))} hồ sơ")
    if len(rows):
        err.print("[bold yellow]Mã hồ sơ là dữ liệu cá nhân:[/] chỉ báo cho đơn vị sửa hồ sơ")


@app.command("replay")
def replay(period: PeriodName, source: SourceNames = None) -> None:
    """Đọc lại những nguồn có hồ sơ cách ly; cho biết hồ sơ nào nay đã được tính."""
    place, engine = _opened(period)
    before = _rejected(engine, place, source)
    only = sorted(set(before["source_id"]))
    if not only:
        out.print(
            f"Kỳ {period}: không có hồ sơ nào bị cách ly{' ở nguồn đã chọn' if source else ''}; không cần làm gì."
        )
        return
    _say_sources(engine, place, before)
    from flows.place import stored_as_of

    result = make(period, as_of=stored_as_of(place).isoformat(), only=only, fresh=True)
    say_result(result)
    _say_fates(engine, place, before)
    raise typer.Exit(int(result.exit_code))


def _opened(period: str) -> tuple[Place, Engine]:
    from flows.place import find_place
    from warehouse import ledger

    place = find_place(period)
    engine = place.open_warehouse()
    if not ledger.partitions(engine, place.period.id):
        raise UsageError(f"kỳ {period} chưa có số liệu nào", advice=f"cchc run {period}")
    return place, engine


def _rejected(engine: Engine, place: Place, source: list[str] | None = None) -> pd.DataFrame:
    """Of the sources that answer for the period, or of these of them."""
    from warehouse import read

    wanted = [place.source(name).id for name in source] if source else place.province.source_ids_for(place.period)
    rows = read.rejected(engine, place.period.id)
    return rows[rows["source_id"].isin(wanted)].reset_index(drop=True)


def _check_rule(rule: str, period: str) -> None:
    from expectations.suites import SUITES

    if rule not in {known.id for suite in SUITES.values() for known in suite}:
        advice = f"xem tên các quy tắc bị vi phạm: cchc quarantine list {period}"
        raise UsageError(f"không có quy tắc «{rule}»", advice=advice)


def _per_rule(engine: Engine, place: Place) -> list[RuleNumber]:
    from flows.quarantine import per_rule
    from warehouse.quarantine import Chosen, numbers

    return per_rule(numbers(engine, Chosen(place.period.id, tuple(place.province.source_ids_for(place.period)))))


def _sentences(engine: Engine, place: Place) -> dict[str, str]:
    from warehouse import read

    found = read.findings(engine, place.period.id, loaded_only=False)
    return dict(zip(found["rule_id"], found["sentence"], strict=True))


def _say_sources(engine: Engine, place: Place, rows: pd.DataFrame) -> None:
    from flows.quarantine import is_earlier

    made = console.table("Nguồn", "Đã đọc", "Hợp lệ", "Cách ly", "", right=("Đã đọc", "Hợp lệ", "Cách ly"))
    for known in _partitions(engine, place):
        number = int((rows["source_id"] == known.source_id).sum())
        if number:
            counts = (None, None) if is_earlier(known) else (known.rows, known.accepted)
            made.add_row(known.source_id, *map(figure, (*counts, number)), _said_of(known))
    out.print(made)


def _said_of(known: Partition) -> str:
    from flows.quarantine import why_not_all

    said = why_not_all(known)
    return f"[bold red]{said}[/]" if said else ""


def _say_earlier(engine: Engine, place: Place, rows: pd.DataFrame) -> None:
    from flows.quarantine import is_earlier

    listed = set(rows["source_id"])
    for known in _partitions(engine, place):
        if known.source_id in listed and is_earlier(known):
            err.print(f"[bold yellow]LƯU Ý {known.source_id}:[/] {_said_of(known)}")


def _say_fates(engine: Engine, place: Place, before: pd.DataFrame) -> None:
    from transforms.quarantine import is_forgotten

    heads = ("Cách ly trước", "Nay được tính", "Vẫn cách ly", "Không còn ở nguồn", "Mới cách ly")
    made = console.table("Nguồn", *heads, right=heads)
    unread, forgotten = [], []
    for source_id in sorted(set(before["source_id"])):
        rows = before[before["source_id"] == source_id]
        if is_forgotten(rows):
            made.add_row(source_id, figure(len(rows)), *map(figure, (None,) * 4))
            forgotten.append(source_id)
            continue
        found = _fates(engine, place, source_id, rows)
        numbers = (found.before, found.taken, found.still, found.gone, found.new) if found else (None,) * 5
        made.add_row(source_id, *map(figure, numbers))
        if not found:
            unread.append(source_id)
    out.print(made)
    if forgotten:
        out.print(f"{', '.join(forgotten)}: mã đã xóa theo thời hạn lưu giữ, không so được", soft_wrap=True)
    if unread:
        out.print(f"Không đọc được đến cuối: {', '.join(unread)}; vì sao, liên hệ ai: cchc status {place.period.id}")


def _fates(engine: Engine, place: Place, source_id: str, before: pd.DataFrame) -> Fates | None:
    """None where the source was not read to its end."""
    from transforms.quarantine import fates
    from warehouse import counted, ledger, read

    known = ledger.partition(engine, place.period.id, source_id)
    accepted = counted.read(place.home / "counted", known, ["dossier_code", "address", "elsewhere"])
    if accepted is None:
        return None
    counts = accepted[accepted["elsewhere"] == ""]
    return fates(before, read.rejected(engine, place.period.id, source_id), counts)


def _partitions(engine: Engine, place: Place) -> list[Partition]:
    from warehouse import ledger

    return ledger.partitions(engine, place.period.id)


def _document(engine: Engine, place: Place, per_rule: list[RuleNumber]) -> dict[str, Any]:
    """Counts alone: no code of a dossier."""
    from flows.quarantine import is_earlier

    rules: dict[str, dict[str, int]] = {}
    for one in per_rule:
        rules.setdefault(one.source_id, {})[one.rule_id] = one.rows
    known = {p.source_id: p for p in _partitions(engine, place)}
    return {
        "period": place.period.id,
        "sources": [
            {
                "id": name,
                "state": str(known[name].state),
                "from_earlier_reading": is_earlier(known[name]) and name in rules,
                "rows": None if is_earlier(known[name]) else known[name].rows,
                "accepted": known[name].accepted,
                "quarantined": known[name].quarantined,
                "rules": rules.get(name, {}),
            }
            for name in place.province.source_ids_for(place.period)
            if name in known
        ],
    }
