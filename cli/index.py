"""cchc index: the provincial index of districts and communes – sheets to fill, points, the table, proposals."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import console, index_table
from cli.console import err, out
from cli.words import App
from contracts import clock
from contracts.criteria_points import POINT_KIND_LABELS, PointEntry, PointKind
from contracts.decimals import plain_decimal
from contracts.errors import UsageError, machine_error
from contracts.periods import parse_period

if TYPE_CHECKING:
    from collections.abc import Collection

    from transforms.proposals import Proposal
    from warehouse.standings import Entered

app = App(help="Chỉ số CCHC của huyện, xã theo bộ tiêu chí của tỉnh: phiếu chấm, nhập điểm, xếp hạng, đề xuất.")
YearArgument = Annotated[int, typer.Argument(metavar="NĂM", help="Năm của bộ chỉ số, ví dụ 2022.", min=2000, max=2100)]


@app.command("template")
def template(
    year: YearArgument,
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="MÃ", help="Chỉ đơn vị này và các đơn vị cấp dưới (mã cơ quan hoặc mã GSO)."),
    ] = None,
    out_file: Annotated[Path | None, typer.Option("--out", metavar="TỆP", help="Tệp .xlsx sẽ ghi.")] = None,
) -> None:
    """Tạo phiếu chấm điểm (Excel) để điền điểm tự chấm hoặc điểm thẩm định."""
    from flows.standings import open_bureau

    path = out_file or Path(f"chi-so-cchc-{year}{'-' + unit if unit else ''}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"phiếu chấm là tệp Excel, không ghi được «{path.name}»", advice="đặt tên tệp .xlsx")
    content = open_bureau().template(year, unit)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise machine_error(error) or UsageError(
            f"không ghi được tệp {path.absolute()}", advice="chọn nơi khác cho --out"
        ) from None
    out.print(f"[bold green]XONG[/] {console.plain(str(path))}", soft_wrap=True)
    out.print("  Điền cột «Điểm», «Tài liệu kiểm chứng»; điểm 0 thì ghi 0, chưa chấm thì để trống.")
    out.print(
        f"  Nhập lại: cchc index add {year} {console.plain(path.name)} --kind self|verified --by TÊN", soft_wrap=True
    )


@app.command("add")
def add(
    year: YearArgument,
    path: Annotated[Path, typer.Argument(metavar="TỆP", help="Phiếu chấm đã điền (.xlsx, hoặc .csv cùng các cột).")],
    kind: Annotated[
        PointKind, typer.Option("--kind", metavar="LOẠI", help="self: điểm tự chấm; verified: điểm thẩm định.")
    ],
    by: Annotated[str, typer.Option("--by", metavar="TÊN", help="Ai chịu trách nhiệm về số điểm này.")],
) -> None:
    """Nhập điểm từ phiếu; có một ô sai thì không lưu gì. Điểm nhập trước vẫn giữ, điểm mới nhất được tính."""
    from flows.standings import open_bureau

    done = open_bureau().add_points(year, path, kind=kind, by=by)
    label = POINT_KIND_LABELS[kind]
    added, replaced, unchanged = map(console.figure, (len(done.added), len(done.replaced), done.unchanged))
    out.print(f"[bold green]ĐÃ NHẬP[/] {added} {label} mới, {replaced} thay điểm nhập trước, {unchanged} không đổi")
    _say_replaced(done)
    if kind is PointKind.VERIFIED:
        out.print(f"  Xem kết quả: cchc index show {year}")


def _say_replaced(done: Entered[PointEntry]) -> None:
    for before, now in done.replaced:
        said = f"{now.agency_code} tiêu chí {now.criterion_id}: {_points(before.points)} → {_points(now.points)}"
        if before.points == now.points:
            said += " (đổi tài liệu kiểm chứng hoặc ghi chú)"
        out.print(f"[bold yellow]THAY:[/] {console.plain(said)}", soft_wrap=True)


def _points(points: Decimal | None) -> str:
    return "chưa có điểm" if points is None else plain_decimal(points).replace(".", ",")


@app.command("show")
def show(
    year: YearArgument,
    parent: Annotated[
        str | None,
        typer.Option("--parent", metavar="MÃ", help="Chỉ đơn vị này và các đơn vị cấp dưới, ví dụ 575."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP", help="Ghi bảng ra tệp .csv hoặc .parquet.")
    ] = None,
) -> None:
    """Chỉ số, xếp loại, thứ hạng kèm cơ sở, và thay đổi so với năm trước."""
    if out_file is not None and as_json:
        raise UsageError("--out và --json không đi cùng nhau", advice="chạy lệnh hai lần")
    from cli.export import check_name, write
    from flows.standings import open_bureau

    if out_file is not None:
        check_name(out_file)
    bureau = open_bureau()
    tables = [(table, bureau.units(table.index, parent)) for table in bureau.tables(year)]
    if not any(units for _, units in tables):
        raise UsageError(f"«{parent}» không có đơn vị nào thuộc bộ chỉ số năm {year}")
    if as_json:
        typer.echo(json.dumps(index_table.document(tables), ensure_ascii=False, indent=1))
        return
    index_table.show(tables)
    if out_file is not None:
        write(index_table.frame(tables), out_file, period_id=str(year), has_codes=False)


@app.command("suggest")
def suggest(
    year: YearArgument,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="MÃ", help="Chỉ đơn vị này và các đơn vị cấp dưới.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
) -> None:
    """Điểm đề xuất từ số liệu hồ sơ, đặt cạnh điểm thẩm định; không thay điểm thẩm định."""
    from flows.standings import open_bureau
    from warehouse.standings import verified_points

    bureau = open_bureau()
    chosen = {u.agency_code for index in bureau.indices(year) for u in bureau.units(index, unit)}
    found = [p for p in bureau.proposals(year) if p.unit.agency_code in chosen]
    if not found:
        raise UsageError(
            f"bộ chỉ số năm {year} không có tiêu chí nào lấy từ số liệu", advice="khai from_indicator trong tệp index"
        )
    verified = verified_points(bureau.engine, year)
    if as_json:
        typer.echo(json.dumps(index_table.proposals_document(found, verified, year), ensure_ascii=False, indent=1))
        return
    index_table.show_proposals(found, verified)
    _say_what_lacks(found, year, rule=bureau.province.file.period_rule)


def _say_what_lacks(found: Collection[Proposal], year: int, *, rule: str) -> None:
    """Of which periods the figures are missing, or not of the whole period yet."""
    periods = dict.fromkeys(f"{year}{one.source.period}" for one in found)
    running = [name for name in periods if parse_period(name, rule=rule).cut_off >= clock.today()]
    if running:
        out.print(f"[bold yellow]Kỳ chưa hết:[/] {', '.join(running)}; đề xuất còn thay đổi", soft_wrap=True)
    if silent := sum(one.points is None for one in found):
        names = ", ".join(dict.fromkeys(f"{year}{one.source.period}" for one in found if one.points is None))
        said = f"số liệu của kỳ {names} chưa có hoặc chưa đầy đủ; đọc số liệu: cchc run {names.split(', ')[0]}"
        err.print(f"[bold yellow]Không đề xuất được {console.figure(silent)} điểm:[/] {said}", soft_wrap=True)
