"""How dossiers were filed: online, in person, by post, of those received in the period, the one before and the same one
last year, where they may be compared. Stacked bars, told apart by pattern and not by colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from contracts.count_words import RECEIVED_NOW
from reporting.charts._scale import WIDTH, at
from reporting.fonts import width_of
from reporting.formats import count_text, listed, percent_text
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import ChannelsChart, Column, Fill, KeyMark, Note, Row, Segment, Stack, Table, Tick
from transforms.over_time import PeriodFigures, obstacle, within
from transforms.rounding import percent

_CHANNELS: tuple[tuple[str, str, Fill], ...] = (
    ("received_online", "Trực tuyến", "dark"),
    ("received_in_person", "Trực tiếp", "hatched"),
    ("received_postal", "Bưu chính công ích", "plain"),
)
_SIZE = 9
_TOP, _BAR, _PITCH = 24, 16, 25
_KEY_FIELD, _GAP = 16, 5


@dataclass(frozen=True)
class Filed:
    """What was received in a period, by channel. marks: of the notes that say what it lacks."""

    label: str
    counts: Mapping[str, int]
    marks: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether the shares as printed add up to 100."""
        shares = (percent(self.counts[name], self.total) for name in RECEIVED_NOW)
        return not self.total or sum(filter(None, shares)) == 100

    @property
    def total(self) -> int:
        return sum(self.counts[name] for name in RECEIVED_NOW)

    def share(self, channel: str) -> Fraction:
        return Fraction(self.counts[channel], self.total)

    def share_text(self, channel: str) -> str:
        return percent_text(self.counts[channel], self.total)


@dataclass(frozen=True)
class Channels:
    """periods: the report's own first, then those that it is compared with. not_compared: why others are not, a
    sentence each."""

    periods: tuple[Filed, ...]
    not_compared: tuple[str, ...]
    origin: Origin

    def chart(self, *, caption: str) -> ChannelsChart:
        drawn = tuple(one for one in self.periods if one.total)
        left = max(width_of(one.label, _SIZE + 1) for one in drawn) + 2 * _GAP
        base = _TOP + _PITCH * len(drawn)
        return ChannelsChart(
            caption=caption,
            alt=_alt(drawn),
            width=at(WIDTH),
            height=at(base + 14),
            base=at(base),
            key=tuple(_key(left)),
            ticks=tuple(Tick(at(left + (WIDTH - 14 - left) * Fraction(n, 100)), f"{n}%") for n in (0, 50, 100)),
            stacks=tuple(_stack(one, place, left) for place, one in enumerate(drawn)),
            notes=tuple(Note("", text) for text in (*self._partial(drawn), *self._empty())),
            source="Số liệu của biểu đồ: bảng ngay dưới.",
        )

    def table(self, *, caption: str) -> Table:
        rows = tuple(row for one in self.periods for row in _rows(one))
        heads = (*(label for _, label, _ in _CHANNELS), "Tổng số")
        return Table(
            caption=caption,
            unit="Đơn vị tính: hồ sơ, %",
            columns=(Column("Kỳ", "wide"), *(Column(head, "figure") for head in heads)),
            rows=rows,
            notes=(
                *self.origin.notes(self.origin.scope.codes),
                *(Note("", text) for text in self.not_compared),
                *(() if all(one.adds_up for one in self.periods) else (_ROUNDED,)),
            ),
            source=f"{self.origin.line()}{_OTHERS if len(self.periods) > 1 else ''}",
        )

    def _partial(self, drawn: tuple[Filed, ...]) -> Iterator[str]:
        if lacking := [within(one.label) for one in drawn if one.marks]:
            yield f"Số liệu {listed(lacking)} chưa đầy đủ: xem ghi chú dưới bảng."

    def _empty(self) -> Iterator[str]:
        if empty := [within(one.label) for one in self.periods if not one.total]:
            yield f"Không tiếp nhận hồ sơ mới: {listed(empty)}."


_ROUNDED = Note("", "Mỗi tỷ lệ được làm tròn riêng, nên cộng lại có thể lệch 0,01% so với 100%.")
_OTHERS = " Các kỳ khác: theo số liệu đang lưu của từng kỳ."


def channels_of(report_input: ReportInput, origin: Origin) -> Channels | None:
    """Of the report's unit with all below it. None where nothing is known of the period, or nothing was received."""
    scope = origin.scope
    tally = scope.tally(scope.codes)
    if tally is None or not tally.received:
        return None
    now = Filed(origin.period.label, tally.counts, scope.marks(scope.codes))
    before, why = [], []
    for figures in report_input.history.compared if report_input.history else ():
        found = _compared(report_input, origin, figures)
        if isinstance(found, str):
            why.append(f"Không so sánh với {within(figures.period.label)}: {found}.")
        else:
            before.append(found)
    return Channels((now, *before), tuple(why), origin)


def _compared(report_input: ReportInput, origin: Origin, then: PeriodFigures) -> Filed | str:
    """The period's counts, or why they do not stand beside the report's."""
    assert report_input.history is not None
    scope, breaks = origin.scope, report_input.province.breaks
    found = obstacle(scope.root, report_input.history.now, then, tree=scope.tree, breaks=breaks)
    counts = then.sums(scope.tree.subtree(scope.root.agency_code))
    return found.why if found.why or counts is None else Filed(then.period.label, counts)


def _rows(one: Filed) -> Iterator[Row]:
    names = [name for name, _, _ in _CHANNELS]
    yield Row("unit", (one.label, *(count_text(one.counts[name]) for name in names), count_text(one.total)), one.marks)
    shares = (one.share_text(name) for name in names)
    yield Row("basis", ("tỷ lệ trên tổng số", *shares, percent_text(one.total, one.total)), "")


def _key(left: Fraction) -> Iterator[KeyMark]:
    x = left
    for _, label, fill in _CHANNELS:
        text = x + _KEY_FIELD + _GAP
        yield KeyMark(at(x), fill, at(text), label)
        x = text + width_of(label, _SIZE) + 4 * _GAP


def _stack(one: Filed, place: int, left: Fraction) -> Stack:
    y = Fraction(_TOP + _PITCH * place)
    return Stack(at(y), at(y + Fraction(_BAR * 7, 10)), one.label, tuple(_segments(one, left)))


def _segments(one: Filed, left: Fraction) -> Iterator[Segment]:
    """Parts of the bar; a label only where it fits with room on both sides."""
    x, whole = left, WIDTH - 14 - left
    for name, _, fill in _CHANNELS:
        if not one.counts[name]:
            continue
        wide, text = one.share(name) * whole, one.share_text(name)
        patch = width_of(text, _SIZE, bold=True) + 4
        fits, middle = patch + 2 <= wide, x + wide / 2
        yield Segment(
            x=at(x),
            width=at(wide),
            fill=fill,
            label=text if fits else "",
            label_x=at(middle),
            patch_x=at(middle - patch / 2),
            patch_width=at(patch),
        )
        x += wide


def _alt(drawn: tuple[Filed, ...]) -> str:
    return f"Hồ sơ tiếp nhận trong kỳ theo hình thức nộp. {'. '.join(map(_told, drawn))}."


def _told(one: Filed) -> str:
    """Quý IV năm 2024: trực tuyến 63,20% (12.345/19.533 hồ sơ), trực tiếp …."""
    total = count_text(one.total)
    parts = (
        f"{within(label)} {one.share_text(name)} ({count_text(one.counts[name])}/{total} hồ sơ)"
        for name, label, _ in _CHANNELS
    )
    return f"{one.label}{' (số liệu chưa đầy đủ)' if one.marks else ''}: {', '.join(parts)}"
