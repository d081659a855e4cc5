"""What an indicator is: two sums of measures, and where the formula comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.codes import Series
from contracts.columns import MEASURES, MEMOS


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A count, or a ratio of counts.

    id: stable name in facts, exports and templates. label: Vietnamese, names both counts, so that no ratio
    is printed without saying which it is. area: of the six of NQ 76/NQ-CP. unit: "%", or what is counted (hồ sơ, ngày
    làm việc). numerator, denominator: measures and memos that are added up, over the units first, then divided; a count
    has no denominator. series: which calendar is counted. direction: which way is better. formula: as the page writes
    it, in columns of the form where it has them: (8 + 9)/(7). formula_version: changes with the formula; so does the
    validity. mark: letter by which the page calls it. by_field: whether it is also made field by field.
    """

    id: str
    label: str
    area: Literal[1, 2, 3, 4, 5, 6]
    unit: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    series: Series
    direction: Literal["higher", "lower", "none"]
    regulation: str
    formula: str
    formula_version: str
    mark: str = ""
    by_field: bool = False
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        unknown = {*self.numerator, *self.denominator} - {*MEASURES, *MEMOS}
        if unknown or not self.numerator:
            raise ValueError(f"{self.id}: no such measures: {sorted(unknown)}")
        if self.unit == "%" and not self.denominator:
            raise ValueError(f"{self.id}: a share needs a denominator")

    def valid_on(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)
