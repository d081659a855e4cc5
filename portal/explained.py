"""A figure in words: what it is the quotient of, by which formula and rules, from which readings of which sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contracts.clock import VIETNAM
from contracts.count_words import words_of
from flows.seen import Seen
from portal.figures import figure_address, lacks, text_of
from reporting.basis import basis_of
from reporting.formats import MISSING, count_text
from reporting.indicator_dictionary import DIRECTION_LABELS, SERIES_LABELS, name_of, validity_of
from reporting.indicator_text import basis_text
from reporting.kept import TREE, Counts, SourceBasis
from reporting.narrative import policy_notes
from reporting.opened import Compared, Opened, Piece, compared_with
from reporting.scope import code_of
from transforms.indicators import Indicator
from warehouse.ledger import Partition


@dataclass(frozen=True)
class PartRow:
    """A part of the figure. hidden: what it adds though it says nothing by itself, as texts; "" where it does not."""

    name: str
    href: str
    value: str
    numerator: str
    denominator: str
    lacking: bool
    hidden: str


@dataclass(frozen=True)
class Parts:
    """Parts that add up to the figure, and the sum of those shown, checked before."""

    title: str
    head: str
    rows: tuple[PartRow, ...]
    total: PartRow


@dataclass(frozen=True)
class SourceLine:
    """What the figure rests on of one source; basis: as a version of the report would keep it."""

    name: str
    basis: SourceBasis
    read_at: str
    adds: str
    error: str
    contact: str
    checksum: str


@dataclass(frozen=True)
class Explained:
    """name: of the figure; value with its unit; lacks: what it lacks, "" where it is whole."""

    name: str
    value: str
    unit: str
    numerator: str
    denominator: str
    counts: Counts | None
    numerator_words: str
    denominator_words: str
    facts: tuple[tuple[str, str], ...]
    lacks: str
    sources: tuple[SourceLine, ...]
    rules: tuple[str, ...]
    parts: tuple[Parts, ...]
    compared: tuple[Compared, ...]
    is_share: bool


def explained(seen: Seen, partitions: Mapping[str, Partition], one: Opened) -> Explained:
    """The figure must have been checked: its parts add up to it."""
    indicator, counts = one.indicator, one.counts
    history = seen.input.history
    return Explained(
        name=figure_name(indicator),
        value=text_of(indicator, counts),
        unit=indicator.unit,
        numerator=count_text(counts.numerator if counts else None),
        denominator=count_text(counts.denominator if counts else None),
        counts=counts,
        numerator_words=words_of(indicator.numerator),
        denominator_words=words_of(indicator.denominator) if indicator.denominator else "",
        facts=tuple(_facts(indicator)),
        lacks=lacks(one),
        sources=tuple(_sources(seen, partitions, one)),
        rules=policy_notes(seen.input, seen.province.file.policy),
        parts=tuple(_parts(seen, one)),
        compared=compared_with(one, history, seen.province.breaks) if history else (),
        is_share=bool(indicator.denominator),
    )


def figure_name(indicator: Indicator) -> str:
    number = indicator.id.removeprefix("column_")
    return name_of(indicator) if number == indicator.id else f"{indicator.label} – cột ({number}) của Biểu II.06"


def _facts(indicator: Indicator) -> Iterator[tuple[str, str]]:
    yield "Công thức", f"{indicator.formula}, phiên bản {indicator.formula_version}"
    yield "Hiệu lực", validity_of(indicator)
    yield "Căn cứ", indicator.regulation
    yield "Lịch số liệu", SERIES_LABELS[indicator.series]
    if indicator.denominator:
        yield "Chiều", DIRECTION_LABELS[indicator.direction]


def _sources(seen: Seen, partitions: Mapping[str, Partition], one: Opened) -> Iterator[SourceLine]:
    known = {basis.id: basis for basis in basis_of(seen.input, one.scope).sources}
    states = {source.id: source for source in one.scope.sources}
    for piece in one.by_source:
        state, partition = states[piece.key], partitions.get(piece.key)
        read_at = state.extracted_at.astimezone(VIETNAM) if state.extracted_at else None
        yield SourceLine(
            name=piece.name,
            basis=known[piece.key],
            read_at=f"{read_at:%H:%M %d/%m/%Y}" if read_at else MISSING,
            adds=_adds(one.indicator, piece.counts),
            error=state.error,
            contact=state.contact,
            checksum=(partition.landing_id or "") if partition and state.loaded else "",
        )


def _adds(indicator: Indicator, counts: Counts | None) -> str:
    """What a part adds to both counts."""
    if counts is None:
        return MISSING
    return basis_text(indicator, *counts) if indicator.denominator else count_text(counts.numerator)


def _parts(seen: Seen, one: Opened) -> Iterator[Parts]:
    if one.by_unit:
        yield _table(seen, one, one.by_unit, title="Theo đơn vị trực thuộc", head="Đơn vị")
    if len(one.by_field) > 1 or (one.by_field and not one.by_unit):
        yield _table(seen, one, one.by_field, title="Theo lĩnh vực", head="Lĩnh vực")


def _table(seen: Seen, one: Opened, pieces: tuple[Piece, ...], *, title: str, head: str) -> Parts:
    of_units = pieces is one.by_unit
    rows = tuple(_row(seen, one, piece, of_units=of_units) for piece in pieces)
    known = [piece.counts for piece in pieces if piece.counts is not None]
    sums = Counts(
        sum(c.numerator for c in known),
        sum(c.denominator or 0 for c in known) if one.indicator.denominator else None,
    )
    total = PartRow("Tổng cộng", "", *_texts(one.indicator, sums if known else None), lacking=False, hidden="")
    return Parts(title, head, rows, total)


def _row(seen: Seen, one: Opened, piece: Piece, *, of_units: bool) -> PartRow:
    tree = seen.province.units
    unit = tree.by_agency(piece.key) if of_units else one.unit
    whose, field = (piece.whose, one.field) if of_units else (one.whose, piece.key)
    href = figure_address(
        seen.place.period.id, code_of(unit, tree), one.indicator.id, whose=whose or TREE, field=field
    )  # fmt: skip
    hides = piece.told is None and piece.counts is not None and any(piece.counts)
    hidden = _adds(one.indicator, piece.counts) if hides else ""
    return PartRow(piece.name, href, *_texts(one.indicator, piece.told), lacking=piece.lacking, hidden=hidden)


def _texts(indicator: Indicator, counts: Counts | None) -> tuple[str, str, str]:
    numerator, denominator = counts or (None, None)
    return (
        text_of(indicator, counts),
        count_text(numerator),
        count_text(denominator) if indicator.denominator else "",
    )
