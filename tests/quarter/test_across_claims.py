"""Who may claim a dossier of two systems, and for how long: none is counted twice, none is lost."""

from __future__ import annotations

import pytest

from contracts.codes import Series
from contracts.columns import OPEN, RECEIVED, RESOLVED
from flows.place import Place
from tests.quarter.test_across import HERE, THERE, settle
from tests.quarter.test_planning import after_the_quarter, load, place
from warehouse import read

__all__ = ["after_the_quarter"]

BEFORE = {"NgayTiepNhan": "2024-08-01 08:00:00", "MaHoSo": "000.00.32.H32-240801-0001"}
RECEIVER, COPY = {**HERE, **BEFORE}, {**THERE, **BEFORE}
ENDED = {"TrangThai": "10", "NgayKetThucXuLy": "2024-09-10 08:00:00"}
OWN = [{**HERE, "MaHoSo": f"000.00.32.H32-241001-{n:04}"} for n in range(100, 140)]


def counts(at: Place, series: Series = Series.FORMS) -> dict[str, tuple[int, int, int]]:
    """(received, resolved, open) of each source."""
    facts = read.facts(at.open_warehouse(), at.period.id, ["cam-lam", "so-nganh"], series=series)
    sums = facts.groupby("source_id").sum(numeric_only=True)
    return {
        str(source): (int(row[list(RECEIVED)].sum()), int(row[list(RESOLVED)].sum()), int(row[list(OPEN)].sum()))
        for source, row in sums.iterrows()
    }


@pytest.mark.parametrize("series", Series)
@pytest.mark.parametrize(
    "no_claim",
    [{"TrangThai": "3"}, {"TrangThai": "1"}, {"DeletedOn": "2024-10-02 09:00:00"}],
    ids=["refused at the desk", "not yet received", "deleted"],
)
def test_who_does_not_count_a_dossier_takes_it_from_nobody(no_claim: dict[str, str], series: Series) -> None:
    at = place()
    load(at, "so-nganh", rows=[THERE])
    load(at, "cam-lam", rows=[{**HERE, **no_claim}])
    settle(at)
    assert counts(at, series) == {"so-nganh": (1, 0, 1)}


def test_deleted_after_the_cut_off_it_still_counted_there() -> None:
    at = place()
    load(at, "so-nganh", rows=[THERE])
    load(at, "cam-lam", rows=[{**HERE, "DeletedOn": "2024-12-15 09:00:00"}])
    settle(at)
    assert counts(at) == {"cam-lam": (1, 0, 1)}


def quarter_before(receiver: dict[str, str]) -> Place:
    at = place("2024Q3")
    load(at, "so-nganh", rows=[COPY])
    load(at, "cam-lam", rows=[receiver])
    settle(at)
    return at


def test_what_ended_where_it_was_received_does_not_come_back_from_the_other_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The receiver's system is not asked for what ended before the period; nobody closed the copy in the other one."""
    assert counts(quarter_before({**RECEIVER, **ENDED})) == {"cam-lam": (1, 1, 0)}
    for period in ("2024Q4", "2025Q1"):
        monkeypatch.setenv("CCHC_NOW", "2025-03-17T08:00:00+07:00")
        at = place(period)
        load(at, "so-nganh", rows=[COPY])
        load(at, "cam-lam", rows=[{**RECEIVER, **ENDED}, *OWN])
        settle(at)
        assert counts(at) == {"cam-lam": (40, 0, 40)}, period
        assert settle(at) == []


@pytest.mark.parametrize("period", ["2024M10", "2024-09-15..2024-12-14"])
def test_a_period_of_another_kind_knows_it_too(period: str) -> None:
    """What the quarter left, in the month or the free range that begins on the day after."""
    quarter_before({**RECEIVER, **ENDED})
    at = place(period)
    load(at, "so-nganh", rows=[COPY])
    load(at, "cam-lam", rows=[{**RECEIVER, **ENDED}, *OWN])
    settle(at)
    assert set(counts(at)) <= {"cam-lam"}


@pytest.mark.parametrize("given", [[], [{**RECEIVER, "TrangThai": "9"}]], ids=["vanished", "in quarantine"])
def test_what_had_not_ended_where_it_was_received_and_is_given_no_more_counts_in_the_other(
    given: list[dict[str, str]],
) -> None:
    quarter_before(RECEIVER)
    at = place()
    load(at, "so-nganh", rows=[COPY])
    load(at, "cam-lam", rows=[*given, *OWN])
    settle(at)
    assert counts(at) == {"cam-lam": (40, 0, 40), "so-nganh": (1, 0, 1)}


def test_what_ended_in_a_system_that_is_missing_now_counts_in_the_other() -> None:
    quarter_before({**RECEIVER, **ENDED})
    at = place()
    load(at, "so-nganh", rows=[COPY])
    settle(at)
    assert counts(at) == {"so-nganh": (1, 0, 1)}
