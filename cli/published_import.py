"""cchc published import: published figures from a file, where the portal's interface is not reached."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import console
from cli.console import out


def import_file(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Tháng, quý hoặc năm: 2026M07, 2026Q3, 2026Y.")],
    path: Annotated[
        Path,
        typer.Argument(
            metavar="TỆP",
            help="Tệp CSV: agency_code, indicator và numerator, denominator, ratio, score; hoặc mẫu Tiến độ, mẫu Thanh "
            "toán (docs/operate/scorecard.md). Ô trống là không công bố, không phải 0.",
        ),
    ],
    source: Annotated[str, typer.Option(metavar="NGUỒN", help="Ai công bố, ở đâu, khi nào; được in cùng số liệu.")],
) -> None:
    """Nhập số liệu đã công bố từ tệp; số đã lưu trước vẫn giữ nguyên."""
    from flows.published_import import import_published

    result = import_published(period, path, source=source)
    agencies = len({figure.agency_code for figure in result.figures})
    out.print(
        f"[bold green]XONG[/] {console.figure(len(result.figures))} số của {agencies} cơ quan, kỳ {period}", end=""
    )
    out.print(f", nhập lúc {result.imported_at:%H:%M ngày %d/%m/%Y}")
    out.print(f"  Bản gốc của tệp: {console.plain(str(result.folder))}", soft_wrap=True)
    for remark in result.remarks:
        out.print(f"  [yellow]Lưu ý:[/] {console.plain(remark)}", soft_wrap=True)
