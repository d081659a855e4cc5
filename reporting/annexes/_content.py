"""What an annex holds before it is numbered."""

from __future__ import annotations

from dataclasses import dataclass

from reporting.page import AnyChart, Table


@dataclass(frozen=True)
class Content:
    """title: without "Phụ lục n". tables: their captions without "Bảng n."; both numbers are given in the order of the
    document. rules: how the figures came about, after the tables. charts: after them, likewise
    without their numbers."""

    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]
    rules: tuple[str, ...] = ()
    charts: tuple[AnyChart, ...] = ()
