"""cchc published check: does a published table of counts fit together within itself, before somebody cites it?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import console
from cli.console import out
from contracts.configfile import read_csv
from contracts.errors import ConfigError, Exit

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("received", "resolved", "on_time", "overdue", "open")
_COUNT = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+", re.ASCII)


def check(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="TỆP",
            help="Tệp CSV: cột name và các cột đã công bố trong số received (tiếp nhận), resolved (đã giải quyết), "
            "on_time (trước và đúng hạn), overdue (quá hạn), open (đang giải quyết); ô trống là không công bố.",
        ),
    ],
) -> None:
    """Kiểm tra một bảng số liệu đã công bố có tự khớp không; mã thoát 4 nếu không khớp."""
    from expectations.published import check_published_table

    names, table = _table(path)
    found = check_published_table(table)
    for row, sentence in found[["row", "sentence"]].itertuples(index=False):
        out.print(f"[bold red]KHÔNG KHỚP {console.plain(names[row])}:[/] {sentence}", soft_wrap=True)
    broken = found["row"].nunique()
    out.print(f"{console.figure(len(names) - broken)} trong {console.figure(len(names))} dòng khớp")
    if broken:
        raise typer.Exit(Exit.STOPPED_BY_CHECK)


def _table(path: Path) -> tuple[list[str], pd.DataFrame]:
    import pandas as pd

    rows = list(read_csv(path, ("name",)))
    if not rows or not set(COUNTS) & set(rows[0][1]):
        raise ConfigError(f"cần ít nhất một dòng và một trong các cột: {', '.join(COUNTS)}", file=path, line=1)
    counts = [{name: _count(row[name], path, line) for name in COUNTS if name in row} for line, row in rows]
    return [row["name"] for _, row in rows], pd.DataFrame(counts)


def _count(cell: str, path: Path, line: int) -> float | None:
    """659.245 and 659245 alike; an empty cell is not published, and never 0."""
    if not cell:
        return None
    if not _COUNT.fullmatch(cell):
        raise ConfigError(f"«{cell}» không phải là số hồ sơ, ví dụ 659.245 hoặc 659245", file=path, line=line)
    return float(cell.replace(".", ""))
