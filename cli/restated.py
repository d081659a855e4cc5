"""cchc restated: the figures that moved between two versions of a report, old and new, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console, export
from cli.console import out, plain
from contracts.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table
    from sqlalchemy import Engine

    from flows.restated import Between, ReportOf
    from reporting.restatement import Moved

SHOWN_AT_MOST = 40
_FIGURES = ("Trước", "Sau", "Tăng, giảm")
_WIDTHS = (16, 16, 13)
"""At most: a quotient stands above its two counts."""


def restated(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Ví dụ: 2024Q4.")],
    *,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="MÃ", help="Báo cáo của đơn vị này (mặc định: của tỉnh).")
    ] = None,
    old: Annotated[
        int | None, typer.Option("--from", metavar="BẢN", help="Bản trước (mặc định: bản đang công bố).")
    ] = None,
    new: Annotated[int | None, typer.Option("--to", metavar="BẢN", help="Bản sau (mặc định: bản mới nhất).")] = None,
    out_file: Annotated[Path | None, typer.Option("--out", metavar="TỆP", help="Ghi trọn danh sách (.csv).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
) -> None:
    """Liệt kê số liệu thay đổi giữa hai bản báo cáo: trước, sau và nguyên nhân."""
    if out_file is not None and as_json:
        raise UsageError("--json và --out không dùng cùng nhau", advice="chạy hai lần, mỗi lần một tùy chọn")
    if out_file is not None:
        export.check_name(out_file)
    from flows.place import find_place
    from flows.restated import report_of

    place = find_place(period)
    found = _between(place.open_warehouse(), report_of(place, unit), old, new)
    if out_file is not None:
        _write(found, out_file)
    elif as_json:
        typer.echo(json.dumps(_document(found), ensure_ascii=False, indent=1))
    else:
        _show(found)


def _between(engine: Engine, report: ReportOf, old: int | None, new: int | None) -> Between:
    from flows.restated import between
    from warehouse import publications

    if old is None:
        stands = publications.standing(publications.events(engine, report.place.period.id)).get(report.key)
        if stands is None:
            raise UsageError(
                f"báo cáo kỳ {report.place.period.id} của {report.unit.name} chưa có bản nào đang công bố",
                advice=f"so hai bản bất kỳ: cchc restated {report.place.period.id} --from 1 --to 2",
            )
        old = stands.version
    return between(engine, report, report.version(engine, old), report.version(engine, new))


def _show(found: Between) -> None:
    names = f"báo cáo kỳ {found.report.place.period.id} của {found.report.unit.name}"
    if found.old == found.new:
        out.print(f"Bản {found.old}, {plain(names)}: chưa có bản nào mới hơn để so.", soft_wrap=True)
        return
    if not found.moved:
        out.print(f"Bản {found.old} và bản {found.new}, {plain(names)}: không số liệu nào khác nhau.", soft_wrap=True)
        return
    title = f"{console.figure(len(found.moved))} số liệu khác nhau giữa bản {found.old} và bản {found.new}, {names}"
    out.print(_table(found, title))
    if len(found.moved) > SHOWN_AT_MOST:
        out.print(
            f"  … và {console.figure(len(found.moved) - SHOWN_AT_MOST)} số liệu khác; trọn danh sách: --out TỆP.csv"
        )
    _show_causes(found)


def _table(found: Between, title: str) -> Table:
    """A unit or field, and below it its figures: side by side they have no room on a screen of eighty columns."""
    made = console.table("Số liệu", *_FIGURES, right=_FIGURES, title=plain(title))
    for column, width in zip(made.columns[1:], _WIDTHS, strict=True):
        column.no_wrap, column.max_width = False, width
    above = ""
    for one in found.moved[:SHOWN_AT_MOST]:
        whom, *texts = map(plain, _texts(found, one))
        if whom != above:
            made.add_row(f"[bold]{whom}[/]")
            above = whom
        made.add_row(f"  {texts[0]}", *texts[1:])
    return made


def _texts(found: Between, one: Moved) -> tuple[str, str, str, str, str]:
    from reporting.annexes.restated import texts_of

    return texts_of(one, found.report.place.province.units)


def _show_causes(found: Between) -> None:
    if not found.differences:
        out.print("Chưa rõ nguyên nhân: nguồn, cách tính và danh mục của hai bản như nhau.")
        return
    made = console.table("Nguồn, nội dung", "Điểm khác", "Trước", "Sau", "Đổi số kỳ biểu mẫu", title="Nguyên nhân")
    for one in found.differences:
        texts = one.subject, one.what, one.then, one.now, "có" if one.moves else "không"
        made.add_row(*map(plain, texts))
    out.print(made)


def _document(found: Between) -> dict[str, Any]:
    return {
        "period": found.report.place.period.id,
        "scope": found.report.scope,
        "unit_code": found.report.code,
        "from": found.old,
        "to": found.new,
        "moved": [_record(found, one) for one in found.moved],
        "causes": [vars(one) for one in found.differences],
    }


def _record(found: Between, one: Moved) -> dict[str, Any]:
    """A figure that one of the versions does not know is null there, and never 0."""
    whom, label, *_ = _texts(found, one)
    was, now = one.old or (None, None), one.new or (None, None)
    return {
        "agency_code": one.cell.agency_code,
        "unit": whom,
        "whose": one.cell.whose,
        "field": one.cell.field,
        "figure": one.cell.figure,
        "label": label,
        "old_numerator": was[0],
        "old_denominator": was[1],
        "new_numerator": now[0],
        "new_denominator": now[1],
    }


def _write(found: Between, path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame([_record(found, one) for one in found.moved], columns=_COLUMNS)
    counts = [name for name in _COLUMNS if name.endswith("ator")]
    frame = frame.astype(dict.fromkeys(counts, "Int64")).assign(old_version=found.old, new_version=found.new)
    export.write(frame, path, period_id=found.report.place.period.id, has_codes=False)


_COLUMNS = ["agency_code", "unit", "whose", "field", "figure", "label"]
_COLUMNS += ["old_numerator", "old_denominator", "new_numerator", "new_denominator"]
