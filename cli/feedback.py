"""cchc feedback: what goes back to the owner of each source: one PDF and one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import console
from cli.console import err, figure, out

if TYPE_CHECKING:
    from reporting.feedback.findings import Feedback

OUTCOMES = {"counted": "đã tổng hợp", "refused": "bị từ chối: cách ly quá mức", "missing": "chưa có số liệu"}
_FIGURES = ("Đọc", "Cách ly", "Loại lỗi", "Loại cảnh báo")
"""Rows, then kinds of findings."""


def feedback(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Ví dụ: 2024Q4.")],
    source: Annotated[
        list[str] | None, typer.Option(metavar="NGUỒN", help="Chỉ nguồn này (lặp lại được); mặc định: mọi nguồn.")
    ] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", metavar="THƯ_MỤC", help="Nơi đặt phiếu (mặc định: <CCHC_HOME>/…/feedback).")
    ] = None,
) -> None:
    """Lập phiếu phản hồi chất lượng dữ liệu gửi lại từng đơn vị: PDF và Excel."""
    from flows.feedback import folder_of, returns_of
    from flows.place import find_place

    place = find_place(period)
    folder = out_folder / place.period.id if out_folder else folder_of(place)
    made = returns_of(place, folder, wanted=list(source or ()))
    table = console.table("Nguồn", "Tình trạng", *_FIGURES, right=_FIGURES)
    for one in made:
        table.add_row(*_row(one.found))
    out.print(table)
    out.print(f"{figure(len(made))} phiếu (PDF và Excel) trong {console.plain(str(folder))}", soft_wrap=True)
    err.print("[bold yellow]Phiếu có mã hồ sơ (dữ liệu cá nhân):[/] mỗi phiếu chỉ gửi cho đơn vị quản lý nguồn đó")


def _row(found: Feedback) -> tuple[str, ...]:
    known = found.partition
    numbers = (known.rows, known.quarantined) if known and found.findings_known else (None, None)
    told = (len(found.to_mend), len(found.warnings)) if found.findings_known else (None, None)
    return (found.source.id, OUTCOMES[found.outcome], *(figure(n) for n in (*numbers, *told)))
