"""How the command speaks: one console for results, one for errors, tables that copy well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table

from contracts.errors import CchcError, ConfigError

out = Console(highlight=False, emoji=False, soft_wrap=False)  # «tệp.csv:100:» is a line, not a picture
NARROW = 100
"""Columns of a screen below which tables are set closer."""
_HEAD_WIDTH = 9
err = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


def table(*heads: str, right: tuple[str, ...] = (), title: str | None = None) -> Table:
    """An empty table; the columns named in `right` hold figures. On a screen of eighty columns it is set closer, and
    heads of figures stand in several lines: what is left of the width belongs to names."""
    narrow = out.width < NARROW
    made = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False, collapse_padding=narrow)
    for head in heads:
        figures = head in right
        shown = fill(head, _HEAD_WIDTH, break_long_words=False) if figures and narrow else head
        justify: Literal["left", "right"] = "right" if figures else "left"
        made.add_column(shown, justify=justify, no_wrap=figures, overflow="fold", vertical="top")
    return made


def figure(number: int | None) -> str:
    """2365 → 2.365; what is not known is an empty cell."""
    return "" if number is None else f"{number:,}".replace(",", ".")


def bytes_text(size: int) -> str:
    """1,2 MB; below a megabyte in KB."""
    number, unit = (size / 1e9, "GB") if size >= 1e9 else (size / 1e6, "MB") if size >= 1e6 else (size / 1e3, "KB")
    return f"{number:.1f} {unit}".replace(".", ",")


def say_error(error: CchcError) -> None:
    for one in (error, *(error.others if isinstance(error, ConfigError) else ())):
        err.print(f"[bold red]LỖI:[/] {plain(one.cause)}", soft_wrap=True)
    if error.advice:
        err.print(f"[bold]Làm gì tiếp:[/] {plain(error.advice)}", soft_wrap=True)


def plain(text: str) -> str:
    """Text of ours or of a source, never read as markup."""
    return text.replace("[", r"\[")


def say_remarks(remarks: Mapping[str, Sequence[str]]) -> None:
    """What to look at though the run went on, a line each."""
    for source_id, told in remarks.items():
        for said in told:
            out.print(f"[bold yellow]LƯU Ý {source_id}:[/] {plain(said)}", soft_wrap=True)


def say_missing(source_id: str, error: str | None, advice: str | None, *, contact: str) -> None:
    """Three lines on a source that is missing: what happened, what to do, whom to call."""
    said = error or "chưa có số liệu của kỳ này (chưa đọc, hoặc lượt chạy trước bị dừng giữa chừng)"
    out.print(f"\n[bold red]THIẾU {source_id}:[/] {plain(said)}", soft_wrap=True)
    out.print(f"  Làm gì tiếp: {plain(advice or 'chạy lại lệnh cchc rerun bên dưới')}", soft_wrap=True)
    if contact not in (advice or ""):
        out.print(f"  Liên hệ: {plain(contact)}", soft_wrap=True)
