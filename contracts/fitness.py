"""What one look at this machine found: good, worth a look, or in the way of a report; and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contracts.errors import CchcError


class Fit(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Fitness:
    """said: what was found, Vietnamese. advice: what to do, "" where nothing is. command: to be typed as it stands; ""
    where no command mends it. None of them ever holds a secret or a row."""

    state: Fit
    said: str
    advice: str = ""
    command: str = ""


def good(said: str) -> Fitness:
    return Fitness(Fit.GOOD, said)


def warning(said: str, advice: str, command: str = "") -> Fitness:
    return Fitness(Fit.WARNING, said, advice, command)


def unfit(said: str, advice: str, command: str = "") -> Fitness:
    return Fitness(Fit.ERROR, said, advice, command)


def of_error(error: CchcError) -> Fitness:
    return unfit(error.cause, error.advice)


def worst(found: list[Fitness]) -> Fitness:
    """One line of several: the first of the worst, or all that is good."""
    for state in (Fit.ERROR, Fit.WARNING):
        if told := [one for one in found if one.state is state]:
            return told[0]
    return good("; ".join(one.said for one in found))
