"""The dossiers behind a figure: which lists there are, how many each has, and one page of it. Codes alone.

What the kept dossiers do not tell is not guessed: they hold the column of the form in which each came and went, and
nothing of payment, digitisation, time or the days of the 766 index."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from contracts.codes import Series
from contracts.columns import FORM_COLUMNS, OPEN, RECEIVED, RESOLVED
from contracts.count_words import bases_of
from reporting.opened import Opened
from transforms.indicators import Indicator
from warehouse import counted_lists
from warehouse.counted_lists import Chosen, Held, Listed
from warehouse.ledger import Partition

PAGE = 200
NUMERATOR, DENOMINATOR, REST = "tu-so", "mau-so", "con-lai"
_CAME, _WENT = frozenset(RECEIVED), frozenset((*RESOLVED, *OPEN))


@dataclass(frozen=True)
class Choice:
    """One list of a figure. key: in the address; words: what it holds; expected: how many the figure says; number: how
    many there are; None where the list of a source was not kept."""

    key: str
    words: str
    chosen: Chosen
    expected: int
    number: int | None

    @property
    def agrees(self) -> bool:
        return self.number == self.expected


@dataclass(frozen=True)
class Lists:
    """The lists of one figure, read from these sources. untold: why there is none, "" where there are; unkept: names of
    sources whose list was not kept."""

    opened: Opened
    root: Path
    partitions: tuple[Partition, ...]
    choices: Mapping[str, Choice]
    untold: str = ""
    unkept: tuple[str, ...] = ()

    def dossiers(self, choice: Choice, *, skip: int = 0) -> Iterator[Listed]:
        """Source by source, in the order of their ids, each in the order of its landing."""
        for partition in self.partitions:
            many = counted_lists.number(self.root, partition, choice.chosen) or 0
            if skip >= many:
                skip -= many
                continue
            yield from counted_lists.dossiers(self.root, partition, choice.chosen, skip=skip)
            skip = 0

    def page(self, choice: Choice, number: int) -> list[Listed]:
        """number: from 1."""
        return list(islice(self.dossiers(choice, skip=(number - 1) * PAGE), PAGE))

    def sides(self, one: Listed) -> str:
        """Whether the dossier counts in the numerator, the denominator or both."""
        indicator = self.opened.indicator
        held = {one.came, one.went}
        said = [
            words
            for words, measures in (("tử số", indicator.numerator), ("mẫu số", indicator.denominator))
            if held & set(measures)
        ]
        return " và ".join(said)


def lists_of(opened: Opened, root: Path, partitions: Collection[Partition], *, names: Mapping[str, str]) -> Lists:
    """names: of the sources. The figure must be known."""
    assert opened.counts is not None
    with_facts = set(opened.facts["source_id"].astype(str))
    ours = tuple(sorted((p for p in partitions if p.source_id in with_facts), key=lambda p: p.source_id))
    if untold := why_untold(opened.indicator):
        return Lists(opened, root, ours, {}, untold)
    choices = {choice.key: choice for choice in _choices(opened, root, ours)}
    unkept = [names[p.source_id] for p in ours if not counted_lists.is_kept(root, p)]
    return Lists(opened, root, ours, choices, unkept=tuple(unkept))


def why_untold(indicator: Indicator) -> str:
    """ "" where the kept dossiers tell which of them count in the figure."""
    if indicator.series is not Series.FORMS:
        return "Danh sách hồ sơ chỉ được lưu theo kỳ của biểu mẫu, không theo kỳ của bộ chỉ số 766."
    if held(indicator.numerator) and (not indicator.denominator or held(indicator.denominator)):
        return ""
    labels = dict.fromkeys(base.label for base in bases_of((*indicator.numerator, *indicator.denominator)))
    what = ", ".join(labels) or "nội dung mà chỉ tiêu này đếm"
    return f"Danh sách hồ sơ được lưu không ghi {what}, nên không chỉ ra được từng hồ sơ của chỉ tiêu này."


def held(measures: Collection[str]) -> Held | None:
    """Which dossiers count in the sum of these; None where the kept dossiers do not tell it of each exactly once."""
    if {*measures} <= _CAME:
        return Held("came", frozenset(measures))
    return Held("went", frozenset(measures)) if {*measures} <= _WENT else None


def _choices(opened: Opened, root: Path, partitions: Collection[Partition]) -> Iterator[Choice]:
    one, counts = opened.indicator, opened.counts
    upper, lower = held(one.numerator), held(one.denominator) if one.denominator else None
    assert counts is not None and upper is not None

    def choice(key: str, words: str, expected: int, within: tuple[Held, ...], without: tuple[Held, ...] = ()) -> Choice:
        chosen = Chosen(opened.agencies, opened.field, within, without)
        found = [counted_lists.number(root, p, chosen) for p in partitions]
        return Choice(key, words, chosen, expected, None if None in found else sum(n or 0 for n in found))

    yield choice(NUMERATOR, "Tử số" if lower else "Hồ sơ được đếm", counts.numerator, (upper,))
    if lower is None or counts.denominator is None:
        return
    yield choice(DENOMINATOR, "Mẫu số", counts.denominator, (lower,))
    if lower.column == upper.column and upper.measures <= lower.measures:
        rest = counts.denominator - counts.numerator
        yield choice(REST, "Thuộc mẫu số, không thuộc tử số", rest, (lower,), (upper,))


_COLUMN = {names[0]: number for number, names in FORM_COLUMNS.items() if len(names) == 1} | dict.fromkeys(
    FORM_COLUMNS[5], 5
)


def columns_of(one: Listed) -> str:
    """(6) → (10): the columns of the form in which a dossier counts."""
    return " → ".join(f"({_COLUMN[measure]})" for measure in (one.came, one.went) if measure)
