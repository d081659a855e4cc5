"""What the template of the PDF is given: finished Vietnamese text. It computes nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One of the lines at the head: a label, and what stands beside it."""

    label: str
    text: str


@dataclass(frozen=True)
class Figure:
    value: str
    label: str


@dataclass(frozen=True)
class Listing:
    """A table of dossiers or units. kinds: of each column, «code», «text», «wide», «day» or «figure». rest: what is
    not listed here, or why nothing is; "" for none."""

    caption: str
    heads: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    rest: str


@dataclass(frozen=True)
class Item:
    """One thing to mend or to explain. short: for the bookmark. facts: number, what it means, regulation, rule."""

    number: str
    short: str
    sentence: str
    facts: str
    listings: tuple[Listing, ...]


@dataclass(frozen=True)
class Part:
    """A heading with what belongs to it. intro: "" for none."""

    heading: str
    intro: str
    items: tuple[Item, ...]
    listings: tuple[Listing, ...] = ()


@dataclass(frozen=True)
class FeedbackPage:
    """The whole PDF. created: ISO moment, from the ledger; "" where there is none. alert: what the reader must know
    first, in a frame; "" for none. figures: none where nothing was read."""

    title: str
    mark: str
    author: str
    created: str
    superior: tuple[str, ...]
    issuer: tuple[str, ...]
    heading: str
    subject: tuple[str, ...]
    data_note: str
    lines: tuple[Line, ...]
    figures: tuple[Figure, ...]
    alert: str
    opening: tuple[str, ...]
    parts: tuple[Part, ...]
    steps: tuple[str, ...]
    source: str
