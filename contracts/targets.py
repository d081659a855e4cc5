"""What a province aims at: dated targets of indicators (`[[target]]` in province.toml), never a constant in code."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from contracts.configfile import Strict


class Target(Strict):
    """indicator: id of a share that reports hold against a target. percent: what it should reach at least. valid_from,
    valid_to: the cut-offs for which it holds. source: the text that sets it; verified: whether somebody
    has held it against that text. Printed in reports."""

    indicator: Literal["ON_TIME_RESOLVED"]
    percent: Annotated[Decimal, Field(gt=0, le=100, decimal_places=2)]
    valid_from: date
    valid_to: date | None = None
    source: str = Field(min_length=1)
    verified: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to sau valid_from mới đúng")
        return self

    def holds(self, indicator: str, cut_off: date) -> bool:
        return self.indicator == indicator and self.valid_from <= cut_off <= (self.valid_to or date.max)


def target_for(indicator: str, targets: Collection[Target], *, cut_off: date) -> Target | None:
    """The newest target of the indicator that holds on the cut-off; None where the province has none."""
    return max((t for t in targets if t.holds(indicator, cut_off)), key=lambda t: t.valid_from, default=None)


def clash(targets: Collection[Target]) -> str:
    """What is wrong with the targets beside each other, in Vietnamese; "" where nothing is."""
    begun = [(target.indicator, target.valid_from) for target in targets]
    twice = sorted({key for key in begun if begun.count(key) > 1})
    return "".join(f"chỉ tiêu «{name}» có hai mục tiêu cùng có hiệu lực từ {day:%d/%m/%Y}" for name, day in twice[:1])
