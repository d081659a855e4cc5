"""cchc score 766 --figures: what any figures earn, for staff who ask «what if»; it needs no province and no run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cli import console, score_words
from cli.console import err, out
from cli.export import check_name, write_table
from cli.score_words import shows_tables
from contracts import clock
from contracts.errors import UsageError
from contracts.score_input import ADDED, Given, read_given, remarks

if TYPE_CHECKING:
    import pandas as pd

_COUNTS = ("numerator", "denominator")
_RIGHT = ("Tử số", "Mẫu số", "Điểm", "Tối đa")
_SHOWN = 60


def score(path: Path, *, as_of: str | None, out_file: Path | None) -> None:
    """Score every line of the file; written, or shown, or given as CSV where the output goes to another program."""
    if out_file is not None:
        check_name(out_file)
    day = _day(as_of)
    given = read_given(path, on=day)
    table = _scored(given, on=day)
    for remark in remarks(given):
        err.print(f"[bold yellow]LƯU Ý[/] {console.plain(str(path))}: {console.plain(remark)}")
    if out_file is not None:
        write_table(table, out_file)
    elif shows_tables():
        _show(table, on=day)
    else:
        out.file.write(table.to_csv(index=False))


def _day(text: str | None) -> date:
    try:
        return clock.today() if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"«{text}» không phải là ngày", advice="viết năm-tháng-ngày, ví dụ 2026-09-26") from None


def _scored(given: Sequence[Given], *, on: date) -> pd.DataFrame:
    """The lines as they stand, their counts as numbers, and the scores behind them."""
    import pandas as pd

    from transforms.scorecard import scored

    names = ("agency_code", "level", "indicator", *_COUNTS, "ratio")
    found = scored(pd.DataFrame({name: [getattr(line, name) for line in given] for name in names}), on=on)
    lines = pd.DataFrame([line.cells for line in given], dtype="str")
    counts = {name: pd.array([getattr(line, name) for line in given], dtype="Int64") for name in _COUNTS}
    return lines.assign(**counts, **{name: found[name] for name in ADDED})


def _show(table: pd.DataFrame, *, on: date) -> None:
    from transforms.scorecard import sums

    made = console.table("Cơ quan", "Chỉ tiêu", *_RIGHT, right=_RIGHT, title="Điểm ước tính theo chỉ tiêu")
    for row in score_words.records(table.head(_SHOWN)):
        counts = [score_words.MISSING if row[name] is None else console.figure(row[name]) for name in _COUNTS]
        points = (score_words.points(row["score"]), score_words.most(row["max_score"]))
        made.add_row(console.plain(row["agency_code"]), row["indicator"], *counts, *points)
    out.print(made)
    if len(table) > _SHOWN:
        out.print(f"Chỉ in {_SHOWN} trong {console.figure(len(table))} dòng; cả bảng: --out TỆP")
    out.print(score_words.sums_table(sums(table, on=on)))
    for remark in score_words.remarks(on):
        out.print(f"[yellow]Lưu ý:[/] {remark}", soft_wrap=True)
