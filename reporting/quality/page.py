"""What the template of the quality page is given: finished Vietnamese text, a documented field for every place.

A template computes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

Align = Literal["text", "figure", "label", "cell"]
Tone = Literal["", "bad", "note", "zero", "s1", "s2", "s3", "s4"]


@dataclass(frozen=True)
class Cell:
    """A cell of a table."""

    text: Annotated[str, "What it says"]
    basis: Annotated[str, "The counts behind it, in small type below; empty: none"] = ""
    href: Annotated[str, "Place on this page that it leads to: #…; empty: none"] = ""
    tone: Annotated[Tone, "bad: what must be seen first; zero: a true zero; s1–s4: shade beside the number"] = ""


@dataclass(frozen=True)
class Head:
    """Head of a column."""

    text: Annotated[str, "Heading, with the unit where it has one"]
    align: Annotated[Align, "Text, figure, text on one line, or narrow cell of a matrix"] = "text"
    href: Annotated[str, "Place on this page that explains it; empty: none"] = ""
    meaning: Annotated[str, "What a short heading stands for, for a screen reader; empty: the heading says it"] = ""


@dataclass(frozen=True)
class Row:
    """Row of a table; its first cell is the row's head."""

    cells: Annotated[tuple[Cell, ...], "One a column"]
    total: Annotated[bool, "Whether it adds up the others"] = False
    anchor: Annotated[str, "Name of this place on the page; empty: none"] = ""


@dataclass(frozen=True)
class Group:
    """Head over several columns."""

    text: Annotated[str, "Heading; empty over columns of no group"]
    columns: Annotated[int, "How many"]


@dataclass(frozen=True)
class Table:
    """A table. One that is wider than the screen scrolls in its own box, its first column staying."""

    id: Annotated[str, "Name of this place on the page"]
    caption: Annotated[str, "What it shows"]
    heads: Annotated[tuple[Head, ...], "Heads of the columns"]
    rows: Annotated[tuple[Row, ...], "Rows; a total last"]
    notes: Annotated[tuple[str, ...], "Notes below, a sentence each"] = ()
    groups: Annotated[tuple[Group, ...], "Heads over the heads; none: a single storey"] = ()
    matrix: Annotated[bool, "Whether it is a wide one of narrow cells"] = False


@dataclass(frozen=True)
class Figure:
    """One of the large figures at the top."""

    value: Annotated[str, "The figure"]
    label: Annotated[str, "What it counts"]
    basis: Annotated[str, "The counts behind it; empty: none"]


@dataclass(frozen=True)
class Gap:
    """A source that is missing."""

    name: Annotated[str, "The source"]
    text: Annotated[str, "Its state and why, a sentence"]
    contact: Annotated[str, "Whom to call"]


@dataclass(frozen=True)
class Dot:
    """A point of a line, in units of the drawing."""

    x: Annotated[str, "From the left"]
    y: Annotated[str, "From the top"]


@dataclass(frozen=True)
class Line:
    """A small line over the periods, 0 at the foot; a period without a figure is a gap."""

    alt: Annotated[str, "The same in words"]
    segments: Annotated[tuple[str, ...], "Points of each unbroken part: x,y x,y"]
    dots: Annotated[tuple[Dot, ...], "A dot a figure; the last is the period's own"]
    last: Annotated[str, "The period's own figure, beside the line"]


@dataclass(frozen=True)
class TrendRow:
    """A source's two lines."""

    name: Annotated[str, "The source"]
    aside: Annotated[Line, "Share of rows set aside"]
    broken: Annotated[Line, "Number of rules broken"]


@dataclass(frozen=True)
class Trend:
    """The sources over the last periods."""

    caption: Annotated[str, "What is shown, from when to when, and the scale that all lines share"]
    heads: Annotated[tuple[str, str, str], "Heads of the three columns"]
    rows: Annotated[tuple[TrendRow, ...], "Sources"]
    table: Annotated[Table, "The same figures"]


@dataclass(frozen=True)
class SourceDetail:
    """What was found at one source."""

    id: Annotated[str, "Name of this place on the page"]
    name: Annotated[str, "The source"]
    summary: Annotated[str, "The outcome in a few words, beside the name"]
    paragraphs: Annotated[tuple[str, ...], "State and contact"]
    tables: Annotated[tuple[Table, ...], "Findings, then dossiers"]


@dataclass(frozen=True)
class Section:
    """A part of the page."""

    id: Annotated[str, "Name of this place on the page"]
    heading: Annotated[str, "Heading, numbered"]
    paragraphs: Annotated[tuple[str, ...], "Text before the tables"]
    tables: Annotated[tuple[Table, ...], "Tables that are seen at once"]
    folded: Annotated[tuple[Table, ...], "Tables that open on request"] = ()


@dataclass(frozen=True)
class QualityPage:
    """Everything on the page, in its order."""

    title: Annotated[str, "Title of the document"]
    province: Annotated[str, "The province"]
    period: Annotated[str, "The period with both its dates and the day of the count"]
    warnings: Annotated[tuple[str, ...], "What every reader must know first: demonstration data, codes shown"]
    verdict: Annotated[str, "How far the figures can be trusted, one sentence"]
    complete: Annotated[bool, "Whether no source is missing"]
    figures: Annotated[tuple[Figure, ...], "The large figures"]
    gaps: Annotated[tuple[Gap, ...], "Missing sources"]
    sources: Annotated[Section, "The sources"]
    matrices: Annotated[Section, "Sources by rules"]
    shades: Annotated[tuple[Cell, ...], "What each shade of the matrix means"]
    trend_heading: Annotated[Section, "Heading and words of the trend"]
    trend: Annotated[Trend | None, "The last periods; None where there is only this one"]
    details_heading: Annotated[Section, "Heading and words of the details"]
    details: Annotated[tuple[SourceDetail, ...], "Each source"]
    others: Annotated[tuple[Section, ...], "Across sources and periods; those that have something to tell"]
    rules: Annotated[Section, "What each rule means"]
    foot: Annotated[tuple[str, ...], "Where the figures come from, the last lines"]
