"""Who may claim a dossier of two systems, and for how long: none is counted twice, none is lost."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.clock import now
from contracts.codes import Series
from contracts.columns import OPEN, RECEIVED, RESOLVED
from contracts.errors import WarehouseError
from flows.place import Place
from flows.remarks import remarks
from tests.quarter.stages import Stages, stages
from tests.quarter.test_across import HERE, THERE, settle
from tests.quarter.test_planning import after_the_quarter, load, place
from warehouse import ledger, read

__all__ = ["after_the_quarter", "stages"]
pytestmark = pytest.mark.xdist_group("claims")

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
def test_who_does_not_count_a_dossier_takes_it_from_nobody(
    no_claim: dict[str, str], series: Series, stages: Stages
) -> None:
    at = place()

    def go() -> None:
        load(at, "so-nganh", rows=[THERE])
        load(at, "cam-lam", rows=[{**HERE, **no_claim}])
        settle(at)

    stages.reach(str(no_claim), go)
    assert counts(at, series) == {"so-nganh": (1, 0, 1)}


def test_deleted_after_the_cut_off_it_still_counted_there() -> None:
    at = place()
    load(at, "so-nganh", rows=[THERE])
    load(at, "cam-lam", rows=[{**HERE, "DeletedOn": "2024-12-15 09:00:00"}])
    settle(at)
    assert counts(at) == {"cam-lam": (1, 0, 1)}


def quarter_before(stages: Stages, receiver: dict[str, str]) -> Place:
    at = place("2024Q3")

    def go() -> None:
        load(at, "so-nganh", rows=[COPY])
        load(at, "cam-lam", rows=[receiver])
        settle(at)

    stages.reach(str(receiver), go)
    return at


def test_what_ended_where_it_was_received_does_not_come_back_from_the_other_system(
    monkeypatch: pytest.MonkeyPatch, stages: Stages
) -> None:
    """The receiver's system is not asked for what ended before the period; nobody closed the copy in the other one."""
    assert counts(quarter_before(stages, {**RECEIVER, **ENDED})) == {"cam-lam": (1, 1, 0)}
    for period in ("2024Q4", "2025Q1"):
        monkeypatch.setenv("CCHC_NOW", "2025-03-17T08:00:00+07:00")
        at = place(period)
        load(at, "so-nganh", rows=[COPY])
        load(at, "cam-lam", rows=[{**RECEIVER, **ENDED}, *OWN])
        settle(at)
        assert counts(at) == {"cam-lam": (40, 0, 40)}, period
        assert settle(at) == []


@pytest.mark.parametrize("fails", [True, False], ids=["failed", "being read"])
def test_a_receiver_that_is_missing_in_the_period_before_takes_nothing_back_into_this_one(
    fails: bool, stages: Stages
) -> None:
    """The quarter before is run again when its receiver does not answer: there the copy is counted, as nobody else
    does; what had ended then is as ended as it was."""
    before = quarter_before(stages, {**RECEIVER, **ENDED})
    engine = before.open_warehouse()
    ledger.begin_attempt(engine, "2024Q3", "cam-lam")
    if fails:
        ledger.mark_failed(engine, "2024Q3", "cam-lam", kind="SourceUnreachable", error="", advice="")
    assert settle(before) == ["so-nganh"]
    assert counts(before) == {"so-nganh": (1, 0, 1)}
    assert settle(before) == []
    at = place()
    load(at, "so-nganh", rows=[COPY])
    load(at, "cam-lam", rows=[{**RECEIVER, **ENDED}, *OWN])
    settle(at)
    assert counts(at) == {"cam-lam": (40, 0, 40)}
    load(before, "cam-lam", rows=[{**RECEIVER, **ENDED}])
    settle(before)
    assert counts(before) == {"cam-lam": (1, 1, 0)}


@pytest.mark.parametrize("previewed", [True, False], ids=["only previewed", "never read"])
def test_a_receiver_of_which_the_period_before_has_no_figures_to_its_end_is_told_of(
    previewed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ended there after its preview, or at all, may come back from an unclosed copy: not without a word."""
    before = place("2024Q3", as_of="2024-09-08")
    if previewed:
        monkeypatch.setenv("CCHC_NOW", "2024-09-09T05:00:00+07:00")
        load(before, "so-nganh", rows=[COPY])
        load(before, "cam-lam", rows=[RECEIVER])
        settle(before)
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    engine, _ = load(place("2024Q3"), "so-nganh", rows=[COPY])
    ledger.begin_attempt(engine, "2024Q3", "cam-lam", as_of=place("2024Q3").as_of)
    ledger.mark_failed(engine, "2024Q3", "cam-lam", kind="SourceUnreachable", error="", advice="")
    settle(place("2024Q3"))
    at = place()
    load(at, "so-nganh", rows=[COPY])
    load(at, "cam-lam", rows=OWN)
    settle(at)
    settle(at)
    assert counts(at)["so-nganh"] == (1, 0, 1)
    [said] = [said for one in remarks(engine, "2024Q4").values() for said in one]
    assert "kỳ 2024Q3 chưa có số liệu đến ngày chốt của nguồn «cam-lam»" in said
    assert "cchc rerun 2024Q3 --source cam-lam" in said


@pytest.mark.parametrize("period", ["2024M10", "2024-09-15..2024-12-14"])
def test_a_period_of_another_kind_knows_it_too(period: str, stages: Stages) -> None:
    """What the quarter left, in the month or the free range that begins on the day after."""
    quarter_before(stages, {**RECEIVER, **ENDED})
    at = place(period)
    load(at, "so-nganh", rows=[COPY])
    load(at, "cam-lam", rows=[{**RECEIVER, **ENDED}, *OWN])
    settle(at)
    assert set(counts(at)) <= {"cam-lam"}


@pytest.mark.parametrize("given", [[], [{**RECEIVER, "TrangThai": "9"}]], ids=["vanished", "in quarantine"])
def test_what_had_not_ended_where_it_was_received_and_is_given_no_more_counts_in_the_other(
    given: list[dict[str, str]], stages: Stages
) -> None:
    quarter_before(stages, RECEIVER)
    at = place()
    load(at, "so-nganh", rows=[COPY])
    load(at, "cam-lam", rows=[*given, *OWN])
    settle(at)
    assert counts(at) == {"cam-lam": (40, 0, 40), "so-nganh": (1, 0, 1)}


def test_what_ended_in_a_system_that_is_missing_now_counts_in_the_other(stages: Stages) -> None:
    quarter_before(stages, {**RECEIVER, **ENDED})
    at = place()
    load(at, "so-nganh", rows=[COPY])
    settle(at)
    assert counts(at) == {"so-nganh": (1, 0, 1)}


def test_what_is_not_known_any_more_of_the_period_before_is_told(stages: Stages) -> None:
    """An unclosed copy of what ended at its receiver does not come back without a word."""
    before, at = quarter_before(stages, {**RECEIVER, **ENDED}), place()
    engine, _ = load(at, "so-nganh", rows=[COPY])
    load(at, "cam-lam", rows=[{**RECEIVER, **ENDED}, *OWN])
    folder = before.home / "counted" / before.period.id / "cam-lam"
    away = folder.rename(folder.with_name("away"))
    with pytest.raises(WarehouseError, match="cam-lam") as raised:
        settle(at)
    assert raised.value.advice.endswith("cchc run 2024Q3, cchc run 2024Q4")
    attempt = ledger.begin_attempt(engine, "2024Q3", "cam-lam")
    read_anew: dict[str, Any] = {"landing_path": "", "rows": 1, "extract_fingerprint": ""}
    ledger.mark_landed(engine, "2024Q3", "cam-lam", landing_id="x", extracted_at=now(), attempt=attempt, **read_anew)
    ledger.mark_failed(engine, "2024Q3", "cam-lam", kind="SourceUnreachable", error="", advice="")
    settle(at)
    settle(at)
    assert counts(at)["so-nganh"] == (1, 0, 1)
    [said] = remarks(engine, "2024Q4")["so-nganh"]
    assert "cchc rerun 2024Q3 --source cam-lam" in said
    away.rename(folder)  # of a source whose newest attempt failed the last list that stood
    settle(at)
    assert counts(at) == {"cam-lam": (40, 0, 40)}
    assert not remarks(engine, "2024Q4").get("so-nganh")
