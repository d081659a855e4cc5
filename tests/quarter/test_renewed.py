"""After each run, what differs from the portal's figures is of that run."""

from __future__ import annotations

from datetime import datetime

from contracts.clock import VIETNAM
from contracts.published import PUBLISHED_DIFFERS, Group, PublishedFigure
from flows import reconciliation
from tests.quarter.test_planning import DOSSIER, after_the_quarter, load, place
from warehouse import comparisons, published

__all__ = ["after_the_quarter"]

FETCHED = datetime(2024, 12, 15, 9, tzinfo=VIETNAM)
LATE = {**DOSSIER, "NgayTiepNhan": "2024-10-02 08:00:00", "NgayHenTra": "2024-11-01 08:00:00"}
IN_TIME = {**DOSSIER, "NgayTiepNhan": "2024-10-02 08:00:00"}


def published_of(numerator: int, denominator: int) -> PublishedFigure:
    ratio = numerator / denominator
    counts = {
        "numerator": numerator,
        "denominator": denominator,
        "ratio": ratio,
        "score": 20 * ratio,
        "max_score": 20.0,
    }
    return PublishedFigure("2024Q4", "H32.32", None, None, Group.PROGRESS, "PROGRESS_ON_TIME", **counts)  # type: ignore[arg-type]


def dossiers(*lives: dict[str, str]) -> list[dict[str, str]]:
    return [{**life, "MaHoSo": f"000.00.32.H32-241002-{n:04}"} for n, life in enumerate(lives)]


def test_what_differs_is_stored_and_what_agrees_again_is_not() -> None:
    engine, _ = load(place(), "cam-lam", rows=dossiers(LATE, IN_TIME))
    published.store(engine, [published_of(4, 4)], fetched_at=FETCHED)
    reconciliation.renew(engine, place())
    [told] = comparisons.deviations(engine, "2024Q4").to_dict("records")
    assert (told["rule_id"], told["agency_code"], told["measure"]) == (PUBLISHED_DIFFERS, "H32.32", "PROGRESS_ON_TIME")
    load(place(), "cam-lam", rows=dossiers(IN_TIME, IN_TIME, IN_TIME, IN_TIME))
    reconciliation.renew(engine, place())
    assert comparisons.deviations(engine, "2024Q4").empty


def test_nothing_fetched_nothing_told() -> None:
    engine, _ = load(place(), "cam-lam", rows=dossiers(LATE))
    reconciliation.renew(engine, place())
    assert comparisons.deviations(engine, "2024Q4").empty
