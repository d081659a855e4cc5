"""The officially published figures of Phú Thọ, and a mix of fates that adds up to them, agency by agency."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from contracts.configfile import read_csv
from contracts.province import Province
from demo.workdays import Array

CALENDAR_PER_WORKING_DAY = 1.42
OPEN_IN_TIME_SHARE = 0.06
RESOLVED_LATE_SHARE = 0.7  # of the late ones; the others are still open
LONGEST_DELAY = 45.0  # working days, as the mean of an agency's late dossiers

_PROGRESS = ("agency_code", "dossiers", "on_time_or_in_time", "mean_processing_days")
_PAYMENT = ("agency_code", "paid_online", "financial_obligation")


@dataclass(frozen=True)
class Official:
    """From 1/7 to 26/9/2026, an entry an agency: dossiers handled, of them on time or still in time, and mean
    calendar days from receipt to end. fee_due, paid_online: known of the province ("H44") and some agencies."""

    agency_codes: list[str]
    handled: Array
    good: Array
    mean_days: Array
    fee_due: dict[str, int]
    paid_online: dict[str, int]


def read_official(province: Province, *, scale: float) -> Official:
    """official/progress_2026q3.csv and payment_2026q3.csv of the province. Raises ConfigError.

    scale: below 1 for a smaller world, whose counts are no longer the published ones."""
    folder = province.folder / "official"
    rows = [row for _, row in read_csv(folder / "progress_2026q3.csv", _PROGRESS)]
    payment = [row for _, row in read_csv(folder / "payment_2026q3.csv", _PAYMENT)]
    return Official(
        agency_codes=[row["agency_code"] for row in rows],
        handled=np.array([int(int(row["dossiers"]) * scale) for row in rows]),
        good=np.array([int(int(row["on_time_or_in_time"]) * scale) for row in rows]),
        mean_days=np.array([float(row["mean_processing_days"]) for row in rows]),
        fee_due={row["agency_code"]: int(int(row["financial_obligation"]) * scale) for row in payment},
        paid_online={row["agency_code"]: int(int(row["paid_online"]) * scale) for row in payment},
    )


@dataclass(frozen=True)
class Fates:
    """Dossiers an agency: resolved on time or early, resolved late, open in time, open late."""

    resolved_good: Array
    resolved_late: Array
    open_good: Array
    open_late: Array


def fates(official: Official, usual_days: Array, rng: np.random.Generator) -> Fates:
    """Late ones are left open where resolving them would make the published mean impossible.

    usual_days: mean working days of each agency's procedures."""
    late = official.handled - official.good
    days_to_give = official.mean_days / CALENDAR_PER_WORKING_DAY * official.handled
    bearable = (0.6 * days_to_give / (usual_days + 1.5)).astype(np.int64)
    resolved_late = np.minimum(rng.binomial(late, RESOLVED_LATE_SHARE), bearable)
    open_good = rng.binomial(official.good, OPEN_IN_TIME_SHARE)
    return Fates(official.good - open_good, resolved_late, open_good, late - resolved_late)


@dataclass(frozen=True)
class Pace:
    """How an agency works, an entry an agency, so that its resolved dossiers take the published mean.

    stretch: below 1 its punctual dossiers take that part of what they would, above 1 they come nearer to the
    promised day. delay: mean working days by which late ones are late."""

    stretch: Array
    delay: Array


def pace(official: Official, *, agency: Array, late: Array, promised: Array, worked: Array) -> Pace:
    """From the resolved dossiers as drawn. promised, worked: working days, before any stretching."""
    size = len(official.agency_codes)

    def total(values: Array, where: Array) -> Array:
        return np.bincount(agency[where], weights=values[where], minlength=size)

    resolved = np.bincount(agency, minlength=size)
    wanted = official.mean_days / CALENDAR_PER_WORKING_DAY * resolved
    lates = np.maximum(np.bincount(agency[late], minlength=size), 1)
    usual, most = total(worked, ~late), total(promised, ~late)
    at_least = total(promised + 1.0, late)
    extra = np.clip(wanted - usual - at_least, 0, (LONGEST_DELAY - 1) * lates)
    left = wanted - at_least - extra
    shorter = np.clip(left / np.maximum(usual, 1), 0, 1)
    longer = np.clip((left - usual) / np.maximum(most - usual, 1), 0, 1)
    return Pace(stretch=shorter + longer, delay=1 + extra / lates)
