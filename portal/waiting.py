"""«Chờ tôi xử lý»: which reports of a period wait for which step, and which of them this person may not take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.periods import Period
from flows.before_approval import missing_sources, preview_until
from portal.approving import Offered, offered, opened_by
from portal.catalogue import Line, lines_of, periods_in
from portal.house import House
from portal.people import Person
from portal.shelf import Shelved, on_shelf
from warehouse import approvals
from warehouse.approval_rule import FORWARD, Step
from warehouse.stages import Stage

_WAITS = {
    Stage.DRAFT: Step.CHECK,
    Stage.CHECKED: Step.APPROVE,
    Stage.APPROVED: Step.PUBLISH,
}


@dataclass(frozen=True)
class Waiting:
    """A version and the step for which it waits. newest: number of its report's newest version; missing: how many
    sources it lacks, None where that is not known; is_preview: its figures end before the period does; opened_at: when
    this person opened its PDF first."""

    shelved: Shelved
    offer: Offered
    newest: int
    missing: int | None
    is_preview: bool
    opened_at: datetime | None

    @property
    def value(self) -> str:
        return f"{self.shelved.version.unit_code}/{self.shelved.version.version}"

    @property
    def href(self) -> str:
        return f"/bao-cao/{self.shelved.version.period_id}/{self.shelved.version.unit_code}"


def periods_waiting(house: House, person: Person) -> list[Period]:
    """In which something waits, the newest first."""
    return periods_in(line for line in lines_of(house, person) if any(_steps_of(line)))


def waiting_for(house: House, person: Person, period: str) -> dict[Step, list[Waiting]]:
    """Step → what waits for it, in the order of the lists of reports; every step that goes forward has an entry."""
    found: dict[Step, list[Waiting]] = {step: [] for step in FORWARD}
    lines = lines_of(house, person, on_shelf(house, person, period))
    waits = [(line, one, step) for line in lines for one, step in _steps_of(line)]
    if not waits:
        return found
    known = approvals.known(house.engine, waits[0][1].version)
    seen = opened_by(house, person, period)
    for line, one, step in waits:
        version, newest = one.version, line.newest.version.version
        offers = offered(one, person, replace(known, newest=newest), seen)
        found[step].append(
            Waiting(
                shelved=one,
                offer=next(offer for offer in offers if offer.step is step),
                newest=newest,
                missing=missing_sources(house.engine, version),
                is_preview=preview_until(house.engine, version, line.period.cut_off) is not None,
                opened_at=seen.get((version.unit_code, version.version)),
            )
        )
    return found


def _steps_of(line: Line) -> Iterator[tuple[Shelved, Step]]:
    """A draft waits while it is the newest, what was checked or approved until it went on or was unlocked; what was
    withdrawn waits for a newer version."""
    for one in line.versions:
        step = _WAITS.get(one.stage)
        if step is not None and (step is not Step.CHECK or one is line.newest):
            yield one, step
