"""cchc score: what figures earn under the 766 index, and what a period earned, as published and as estimated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import score_figures, score_period
from cli.words import App
from contracts.errors import UsageError

app = App(help="Chấm điểm theo bộ chỉ số: điểm ước tính, đặt cạnh điểm công bố.")


@app.command("766")
def score_766(
    figures: Annotated[
        Path | None,
        typer.Option(
            "--figures",
            metavar="TỆP",
            help="Tệp CSV bất kỳ: agency_code, level, indicator, numerator, denominator (có thể thêm ratio).",
        ),
    ] = None,
    period: Annotated[
        str | None, typer.Option(metavar="KỲ", help="Kỳ đã lưu trong kho: 2026M07, 2026Q3, 2026Y.")
    ] = None,
    agency: Annotated[
        str | None, typer.Option(metavar="MÃ", help="Với --period: chỉ một cơ quan, ví dụ H44.100.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="NGÀY", help="Với --figures: dùng công thức có hiệu lực ngày này (mặc định: hôm nay)."),
    ] = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP", help="Ghi ra tệp .csv hoặc .parquet thay vì in.")
    ] = None,
) -> None:
    """Chấm điểm theo Quyết định 766/QĐ-TTg; điểm tính tại đây luôn là «ước tính».

    Với --figures không cần tỉnh, kho số liệu hay lượt chạy nào."""
    if (figures is None) == (period is None):
        raise UsageError("cần đúng một trong hai: --figures TỆP hoặc --period KỲ", advice="cchc score 766 --help")
    if figures is not None:
        if agency is not None:
            raise UsageError("--agency chỉ đi cùng --period", advice="bỏ --agency; tệp đã nói cơ quan nào")
        score_figures.score(figures, as_of=as_of, out_file=out_file)
    else:
        assert period is not None
        if as_of is not None:
            raise UsageError("--as-of chỉ đi cùng --figures", advice="bỏ --as-of; kỳ dùng công thức của ngày cuối kỳ")
        score_period.score(period, agency=agency, out_file=out_file)
