"""Computed figures that a written part refers to: {cột 10}, {tỷ lệ A}, {ONLINE_RECEIVED}, {tỷ lệ A, tử số}.

A figure is of the report's own unit with all below it, of all fields, and comes from the very counts that the tables
show. What is not known prints «–»."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Literal

from contracts.codes import Series
from contracts.periods import Span
from reporting.figure_words import indicator_of, label_of, text_of
from reporting.figures import MEDIAN, PARTS, figures_of
from reporting.formats import MISSING, count_text
from reporting.indicator_text import value_text
from reporting.inputs import ReportInput
from reporting.kept import TREE, Cell, Counts
from reporting.scope import Scope
from reporting.tally import COLUMNS
from reporting.through_time import CUMULATIVE, YEAR
from transforms.indicators import Indicator, counts_of, valid_on

Aspect = Literal["", "numerator", "denominator", "whole"]
ASPECTS: Mapping[str, Aspect] = {"tử số": "numerator", "mẫu số": "denominator", "đầy đủ": "whole"}
"""What may follow the name of a ratio, after a comma; whole: 96,11% (6.355/6.612)."""
_SPELLINGS = (("tỉ lệ", "tỷ lệ"), ("luỹ kế", "lũy kế"))
_MEDIAN_NAME = "thời gian giải quyết trung vị"
NAMED_AT_MOST = 3


@dataclass(frozen=True)
class Reference:
    """name: as the documentation writes it. figure: as versions keep it (reporting.kept.Cell)."""

    name: str
    figure: str
    aspect: Aspect = ""

    @property
    def written(self) -> str:
        return f"{{{self.name}}}"


class Catalogue:
    """What may be referred to in a period. Every ratio has its counts and its whole, too."""

    def __init__(self, spans: Mapping[Series, Span], *, cumulative: tuple[str, ...] = ()) -> None:
        """cumulative: ids of the indicators of which the report's unit has an opening balance."""
        self._indicators = {i.id: i for i in _indicators(spans)}
        self.listed = tuple(self._all(cumulative))
        self._by_name = {_normal(one.name): one for one in self.listed}

    def _all(self, cumulative: tuple[str, ...]) -> Iterator[Reference]:
        yield from (Reference(f"cột {n}", f"column_{n}") for n in COLUMNS)
        yield from (Reference(f"tỷ lệ {i.mark}", i.id) for i in self._indicators.values() if i.mark)
        yield from (Reference(label[:1].lower() + label[1:], name) for name, label in PARTS.items())
        yield Reference(_MEDIAN_NAME, MEDIAN)
        yield from (Reference(i.id, i.id) for i in self._indicators.values())
        yield from (Reference(f"lũy kế năm, cột {n}", f"{YEAR}column_{n}") for n in COLUMNS)
        yield from (Reference(f"lũy kế, {name}", f"{CUMULATIVE}{name}") for name in cumulative)

    def find(self, name: str) -> Reference | None:
        """None where there is no such figure. Case and spaces do not matter; (10) is 10."""
        whole = _normal(name)
        if whole in self._by_name:
            return self._by_name[whole]
        head, _, tail = whole.rpartition(",")
        found, aspect = self._by_name.get(head.strip()), ASPECTS.get(tail.strip())
        if found is None or aspect is None or not self.is_ratio(found):
            return None
        return Reference(f"{found.name}, {tail.strip()}", found.figure, aspect)

    def is_ratio(self, one: Reference) -> bool:
        indicator = self._indicators.get(one.figure)
        return indicator is not None and bool(indicator.denominator)

    def near(self, name: str) -> tuple[str, ...]:
        """What may have been meant, the nearest first: {tỷ lệ A}."""
        head, comma, tail = _normal(name).rpartition(",")
        wanted = head if comma and tail.strip() in ASPECTS else _normal(name)
        by_letters = {_letters(known): one.written for known, one in reversed(self._by_name.items())}
        found = get_close_matches(_letters(wanted), by_letters, n=NAMED_AT_MOST, cutoff=0.55)
        return tuple(by_letters[one] for one in found)


def _indicators(spans: Mapping[Series, Span]) -> Iterator[Indicator]:
    """In force on the last day of their calendar; A, B and C first."""
    found = [i for series, span in spans.items() for i in valid_on(span.last_day) if i.series is series]
    yield from sorted(found, key=lambda i: (i.mark or "Z", i.id))


def _normal(name: str) -> str:
    text = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    for other, ours in _SPELLINGS:
        text = text.replace(other, ours)
    return re.sub(r"\((\d+)\)", r"\1", text)


def _letters(name: str) -> str:
    """Without tones and marks: ty le a."""
    bare = unicodedata.normalize("NFD", name.replace("đ", "d"))
    return "".join(c for c in bare if not unicodedata.combining(c))


class Quoted:
    """The figures of one report, as a written part quotes them."""

    def __init__(self, report_input: ReportInput, scope: Scope) -> None:
        self._input = report_input
        self._scope = scope
        mine = (c.opening for c in report_input.cumulative if c.opening.unit == scope.root.agency_code)
        self.catalogue = Catalogue(report_input.spans, cumulative=tuple(o.indicator for o in mine))

    @cached_property
    def _figures(self) -> Mapping[Cell, Counts]:
        return figures_of(self._input, self._scope)

    def text(self, name: str) -> str:
        """The printed figure; – where it is not known, and where the name is of no figure any more."""
        one = self.catalogue.find(name)
        return MISSING if one is None else self.text_of(one)

    def text_of(self, one: Reference) -> str:
        counts = self._counts(one.figure)
        if counts is None:
            return MISSING
        match one.aspect:
            case "numerator":
                return count_text(counts.numerator)
            case "denominator":
                return count_text(counts.denominator)
            case "whole":
                return text_of(one.figure, counts)
        indicator = indicator_of(one.figure)
        if indicator is None or counts.denominator is None:
            return text_of(one.figure, counts)
        return value_text(indicator, *counts)

    def label(self, one: Reference) -> str:
        return label_of(one.figure)

    def _counts(self, figure: str) -> Counts | None:
        """As it is kept with the version; a count that is a column of the form by another name is kept once."""
        found = self._figures.get(Cell(self._scope.root.agency_code, TREE, "", figure))
        indicator = indicator_of(figure)
        if found is not None or indicator is None or indicator.series is not Series.FORMS:
            return found
        tally = self._scope.tally(self._scope.codes)
        numerator, denominator = counts_of(indicator, tally.counts if tally else None)
        return None if numerator is None else Counts(numerator, denominator)
