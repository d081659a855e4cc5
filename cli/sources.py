"""cchc sources: which systems the province reads, and whether each answers as configured."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cli import console, new_source
from cli.checking import GOOD, Checked, check_source, misconfigured
from cli.console import out, plain
from cli.words import App
from contracts import clock
from contracts.errors import ConfigError, Exit, UsageError
from contracts.periods import Period, current_quarter, parse_period
from contracts.province import Province, read_province
from contracts.settings import Settings
from contracts.source_config import SourceConfig

if TYPE_CHECKING:
    from sqlalchemy import Engine

app = App(help="Các hệ thống một cửa của tỉnh: liệt kê, kiểm tra, thêm mới.")
app.command("new")(new_source.new)
PeriodOption = Annotated[
    str | None, typer.Option("--period", metavar="KỲ", help="Theo cấu hình của kỳ này (mặc định: quý hiện tại).")
]
Json = Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc; không có mật khẩu, không có hồ sơ.")]
_AT_ONCE = 8
"""Sources that are asked at the same time; how many of one host is for the host to say (sources.guest)."""

_WORDS = {GOOD: "[green]tốt", "failed": "[bold red]LỖI", "configuration": "[bold red]SAI CẤU HÌNH"}


@app.command("list")
def list_sources(period: PeriodOption = None, as_json: Json = False) -> None:
    """Liệt kê các nguồn và đơn vị mà mỗi nguồn phụ trách."""
    province = read_province(Settings().province_folder)
    when = _period(province, period)
    sources = province.sources(period=when, systems=Settings().systems_folder)
    if as_json:
        typer.echo(json.dumps([_document(source) for source in sources], ensure_ascii=False, indent=2))
        return
    _show_list(province, sources)


def _show_list(province: Province, sources: list[SourceConfig]) -> None:
    """Columns that no source has anything for are left out: the rest is wide enough."""
    cells = [
        {
            "Nguồn": source.id,
            "Tên": source.name,
            "Loại": source.kind,
            "Đơn vị": _units_of(province, source),
            "Phụ trách": _in_force(source),
            "Máy chủ": source.host,
            "Bí mật": source.secret,
            "Liên hệ": source.contact,
        }
        for source in sources
    ]
    heads = [head for head in (cells[0] if cells else {}) if any(row[head] for row in cells)]
    made = console.table(*heads)
    for column in made.columns[:1]:
        column.no_wrap = True
    for row in cells:
        made.add_row(*(plain(row[head]) for head in heads))
    out.print(made)


def _units_of(province: Province, source: SourceConfig) -> str:
    names = [province.units.by_agency(code).name for code in source.units]
    return names[0] if len(names) == 1 else f"{len(names)} đơn vị"


def _in_force(source: SourceConfig) -> str:
    part = source.responsibility
    since = f"từ {part.since:%d/%m/%Y}" if part.since else ""
    until = f"đến {part.until:%d/%m/%Y}" if part.until else ""
    return " ".join(filter(None, (since, until)))


def _document(source: SourceConfig) -> dict[str, object]:
    part = source.responsibility
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "host": source.host,
        "units": list(source.units),
        "since": part.since.isoformat() if part.since else None,
        "until": part.until.isoformat() if part.until else None,
        "secret": source.secret or None,
        "contact": source.contact,
    }


@app.command("check")
def check(
    source_id: Annotated[str | None, typer.Argument(metavar="NGUỒN", help="Một nguồn; bỏ trống: tất cả.")] = None,
    *,
    period: PeriodOption = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Chấp nhận cấu trúc hiện tại của NGUỒN, sau khi đã xem và thấy đúng.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Kiểm tra cấu hình, bí mật, kết nối, cấu trúc và quyền của nguồn; không đọc hồ sơ nào."""
    if accept and source_id is None:
        raise UsageError("--accept cần đúng một nguồn", advice="cchc sources check NGUỒN --accept")
    province = read_province(Settings().province_folder)
    found = list(_checked(province, _period(province, period), source_id, accept=accept))
    if as_json:
        typer.echo(json.dumps([one.document() for one in found], ensure_ascii=False, indent=2))
    else:
        _show(found)
    raise typer.Exit(int(_exit_code(found)))


def _checked(province: Province, period: Period, source_id: str | None, *, accept: bool) -> Iterator[Checked]:
    """Every mistake of configuration, and every source that is configured well enough to be asked."""
    wanted = [source_id] if source_id else province.source_ids()
    sound = []
    for one in wanted:
        try:
            sound.append(province.source(one, period=period, systems=Settings().systems_folder))
        except ConfigError as error:
            yield from misconfigured(one, error)
    yield from _together(province, period)
    warehouse = _warehouse(province, make=accept) if sound else None
    yield from _asked(partial(check_source, province=province, warehouse=warehouse, accept=accept), sound)


def _asked(ask: Callable[[SourceConfig], Checked], sources: list[SourceConfig]) -> Iterator[Checked]:
    """Side by side, as one that does not answer is waited for; told in the order of the province."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        try:
            yield from threads.map(ask, sources)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def _together(province: Province, period: Period) -> Iterator[Checked]:
    """Mistakes that show only between sources, where each by itself has none."""
    from flows.place import Place

    place = Place(Settings(), province, period, period.cut_off)
    try:
        province.sources(period=period, systems=place.settings.systems_folder)
    except ConfigError:
        return
    try:
        place.sources()
    except ConfigError as error:
        yield from misconfigured("", error)


def _warehouse(province: Province, *, make: bool) -> Engine | None:
    """Where the accepted structures are kept; a check alone makes none."""
    from warehouse.database import open_warehouse

    settings = Settings()
    there = settings.warehouse_url or (settings.province_home(province.id) / "warehouse.sqlite").exists()
    return open_warehouse(settings.database_url(province.id)) if make or there else None


def _show(found: list[Checked]) -> None:
    made = console.table("Nguồn", "Kết quả", "Chi tiết")
    for one in found:
        said = [f"{one.error} → {one.advice}"] if one.error else ["trả lời; đủ bảng và cột cần đọc"]
        made.add_row(one.id, _WORDS[one.state], plain("\n".join([*said, *one.notes])))
    out.print(made)


def _exit_code(found: list[Checked]) -> Exit:
    """A mistake of ours comes before a system that is down."""
    codes = {one.exit_code for one in found}
    return next((code for code in (Exit.USAGE, Exit.SOURCES_MISSING) if code in codes), Exit.DONE)


def _period(province: Province, name: str | None) -> Period:
    rule = province.file.period_rule
    return parse_period(name, rule=rule) if name else current_quarter(clock.today(), rule=rule)
