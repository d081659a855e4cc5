"""When a period is due: dated rules of a province (`[[due]]` in province.toml), a level each, never a constant.

A due day on a day off stays where it is, for no rule says where it moves: it is shown with its weekday."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from contracts.codes import Level
from contracts.configfile import Strict


class DueRule(Strict):
    """levels: whose reports are due by it; "province" is the province's own. working_days: so many after the cut-off.
    day_of_month: the first such day after the cut-off. valid_from, valid_to: the cut-offs for which it holds.
    source: the text that says so, and how sure that is; shown to staff."""

    levels: list[Level] = Field(min_length=1)
    working_days: Annotated[int, Field(ge=1, le=60)] | None = None
    day_of_month: Annotated[int, Field(ge=1, le=28)] | None = None
    valid_from: date
    valid_to: date | None = None
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.working_days is None) == (self.day_of_month is None):
            raise ValueError("ghi một trong hai: working_days hoặc day_of_month")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to sau valid_from mới đúng")
        return self

    def holds(self, level: Level, cut_off: date) -> bool:
        return level in self.levels and self.valid_from <= cut_off <= (self.valid_to or date.max)


def rule_for(level: Level, rules: Collection[DueRule], *, cut_off: date) -> DueRule | None:
    """The newest rule of that level that holds on the cut-off; None where the province has none."""
    return max((r for r in rules if r.holds(level, cut_off)), key=lambda r: r.valid_from, default=None)


def clash(rules: Collection[DueRule]) -> str:
    """What is wrong with the rules beside each other, in Vietnamese; "" where nothing is."""
    begun = [(level, rule.valid_from) for rule in rules for level in rule.levels]
    twice = sorted({key for key in begun if begun.count(key) > 1})
    return "".join(f"cấp «{level}» có hai hạn cùng có hiệu lực từ {day:%d/%m/%Y}" for level, day in twice[:1])
