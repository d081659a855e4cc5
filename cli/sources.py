"""cchc sources: which systems the province reads, and whether each answers as configured."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import console, new_source
from cli.console import out
from cli.words import App
from contracts import clock
from contracts.errors import Exit, SourceError
from contracts.periods import Period, parse_period
from contracts.province import Province, read_province
from contracts.settings import Settings
from contracts.source_config import SourceConfig

app = App(help="Các hệ thống một cửa của tỉnh: liệt kê, kiểm tra, thêm mới.")
app.command("new")(new_source.new)
PeriodOption = Annotated[
    str | None, typer.Option("--period", metavar="KỲ", help="Theo cấu hình của kỳ này (mặc định: quý hiện tại).")
]


@app.command("list")
def list_sources(period: PeriodOption = None) -> None:
    """Liệt kê các nguồn và đơn vị mà mỗi nguồn phụ trách."""
    province, sources = _sources(period)
    made = console.table("Nguồn", "Tên", "Loại", "Đơn vị", "Liên hệ")
    for source in sources:
        names = [province.units.by_agency(code).name for code in source.units]
        shown = names[0] if len(names) == 1 else f"{len(names)} đơn vị"
        made.add_row(source.id, source.name, source.kind, shown, source.contact)
    out.print(made)


@app.command("check")
def check(
    source_id: Annotated[str | None, typer.Argument(metavar="NGUỒN", help="Một nguồn; bỏ trống: tất cả.")] = None,
    period: PeriodOption = None,
) -> None:
    """Kiểm tra cấu hình, kết nối và cấu trúc của nguồn; không đọc hồ sơ nào."""
    from sources.reader import probe

    province, sources = _sources(period)
    if source_id is not None:
        chosen = province.source(source_id, period=_period(province, period), systems=Settings().systems_folder)
        sources = [chosen]
    made = console.table("Nguồn", "Kết quả", "Chi tiết")
    failed = 0
    for source in sources:
        try:
            probe(source)
        except SourceError as error:
            failed += 1
            made.add_row(source.id, "[bold red]LỖI", console.plain(str(error)))
        else:
            made.add_row(source.id, "[green]tốt", "trả lời; đủ bảng và cột cần đọc")
    out.print(made)
    raise typer.Exit(int(Exit.SOURCES_MISSING if failed else Exit.DONE))


def _period(province: Province, name: str | None) -> Period:
    today = clock.today()
    current = f"{today.year}Q{(today.month + 2) // 3}"
    return parse_period(name or current, rule=province.file.period_rule)


def _sources(period: str | None) -> tuple[Province, list[SourceConfig]]:
    settings = Settings()
    province = read_province(settings.province_folder)
    return province, province.sources(period=_period(province, period), systems=settings.systems_folder)
