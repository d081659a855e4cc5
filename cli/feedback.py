"""cchc feedback: what goes back to the owner of each source: one PDF and one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import console
from cli.console import err, figure, out
from contracts.errors import UsageError

if TYPE_CHECKING:
    from contracts.source_config import SourceConfig
    from flows.place import Place
    from reporting.feedback.findings import Feedback
    from reporting.feedback.make import Made

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
    from flows.place import find_place

    place = find_place(period)
    folder = (out_folder or place.home / "feedback") / place.period.id
    made = _all(place, list(source or ()), folder)
    table = console.table("Nguồn", "Tình trạng", *_FIGURES, right=_FIGURES)
    for found, _ in made:
        table.add_row(*_row(found))
    out.print(table)
    out.print(f"{figure(len(made))} phiếu (PDF và Excel) trong {console.plain(str(folder))}", soft_wrap=True)
    err.print("[bold yellow]Phiếu có mã hồ sơ (dữ liệu cá nhân):[/] mỗi phiếu chỉ gửi cho đơn vị quản lý nguồn đó")


def _row(found: Feedback) -> tuple[str, ...]:
    known = found.partition
    numbers = (known.rows, known.quarantined) if known and found.findings_known else (None, None)
    told = (len(found.to_mend), len(found.warnings)) if found.findings_known else (None, None)
    return (found.source.id, OUTCOMES[found.outcome], *(figure(n) for n in (*numbers, *told)))


def _all(place: Place, wanted: list[str], folder: Path) -> list[tuple[Feedback, Made]]:
    """The two files of each source. What they say is read while no run changes it."""
    from reporting.feedback.gather import gather
    from reporting.feedback.make import make
    from warehouse import ledger
    from warehouse.locks import run_lock

    engine = place.open_warehouse()
    sources = place.sources()
    if not ledger.partitions(engine, place.period.id):
        raise UsageError(f"kỳ {place.period.id} chưa có số liệu nào", advice=f"cchc run {place.period.id}")
    root = place.home / "counted"
    chosen = _chosen(place, sources, wanted)
    with run_lock(engine, place.period.id):
        found = [
            gather(engine, province=place.province, period=place.period, source=s, sources=sources, counted_root=root)
            for s in chosen
        ]
    return [(one, make(one, folder)) for one in found]


def _chosen(place: Place, sources: list[SourceConfig], wanted: list[str]) -> list[SourceConfig]:
    """Those of that name, each once; all where none is named. Raises UsageError for one that does not answer for the
    period."""
    named = {place.source(source_id).id for source_id in wanted}
    return [s for s in sources if not named or s.id in named]
