"""The ledger: what is known of each partition, what came before, and which steps there are."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from contracts import clock, home
from contracts.codes import PartitionState as S
from contracts.errors import UsageError
from tests.tried import tried
from tests.warehouse.examples import CAM_LAM, CUT_OFF, Q4, READ_AT, facts, land, load, replace
from warehouse import ledger
from warehouse.states import StepRefused, check_step
from warehouse.tables import SENTENCE

STEPS = """
from \\ to    | landed | validated | loaded | failed | not_received
expected     | yes    | yes       | –      | yes    | yes
landed       | yes    | yes       | –      | yes    | yes
validated    | yes    | yes       | yes    | yes    | yes
loaded       | –      | –         | yes    | yes    | yes
failed       | –      | –         | –      | yes    | yes
not_received | –      | –         | –      | yes    | yes
"""


def steps() -> list[tuple[str, str, bool]]:
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in STEPS.strip().splitlines()]
    return [(row[0], to, cell == "yes") for row in rows for to, cell in zip(head[1:], row[1:], strict=True)]


@pytest.mark.parametrize(("before", "after", "allowed"), steps())
def test_steps(before: str, after: str, allowed: bool) -> None:
    if allowed:
        check_step(S(before), S(after), landed=True)
    else:
        with pytest.raises(StepRefused):
            check_step(S(before), S(after), landed=True)


def test_the_table_of_steps_is_whole() -> None:
    assert {before for before, _, _ in steps()} == set(S)
    assert {after for _, after, _ in steps()} == set(S) - {S.EXPECTED}


def test_nothing_is_validated_that_was_not_landed(engine: Engine) -> None:
    ledger.expect(engine, Q4, ["cam-lam"])
    with pytest.raises(StepRefused):
        ledger.mark_validated(engine, Q4, "cam-lam", accepted=1, quarantined=0)
    with pytest.raises(StepRefused):
        ledger.begin_attempt(engine, Q4, "cam-lam", from_landing=True)
    assert ledger.partition(engine, Q4, "cam-lam").attempt == 0


def test_expecting_again_changes_nothing_that_is_there(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    before = ledger.partition(engine, Q4, "cam-lam")
    ledger.expect(engine, Q4, ["van-ninh", "cam-lam", "cam-ranh"])
    assert ledger.partition(engine, Q4, "cam-lam") == before
    assert [(p.source_id, p.state) for p in ledger.partitions(engine, Q4)] == [
        ("cam-lam", S.LOADED),
        ("cam-ranh", S.EXPECTED),
        ("van-ninh", S.EXPECTED),
    ]
    assert ledger.partitions(engine, "2024Q3") == []


def test_expecting_nothing(engine: Engine) -> None:
    ledger.expect(engine, Q4, [])
    assert ledger.partitions(engine, Q4) == []


def test_partitions_come_in_byte_order_on_every_server(engine: Engine) -> None:
    """A Vietnamese locale sorts «cam lam» before «cam-lam» before «Cam-lam»; a report must not depend on it."""
    names = ["đà-lạt", "cam-ranh", "Cam-lam", "ca", "cam lam", "cam-lam", "ân-thi"]
    ledger.expect(engine, Q4, names)
    assert [p.source_id for p in ledger.partitions(engine, Q4)] == sorted(names)


def test_a_source_that_nobody_expects(engine: Engine) -> None:
    with pytest.raises(UsageError, match=r"kỳ 2024Q4 chưa có nguồn «cam-lam» → .*: cchc status 2024Q4"):
        ledger.partition(engine, Q4, "cam-lam")
    with pytest.raises(UsageError):
        ledger.begin_attempt(engine, Q4, "cam-lam")


def test_a_good_run_step_by_step(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    load(engine, "cam-lam", CAM_LAM, load_fingerprint="counted")
    assert asdict(ledger.partition(engine, Q4, "cam-lam")) == {
        "period_id": Q4,
        "source_id": "cam-lam",
        "state": S.LOADED,
        "attempt": 1,
        "rows": 42,
        "accepted": 40,
        "quarantined": 2,
        "error": None,
        "advice": None,
        "error_kind": None,
        "landing_id": "a1b2",
        "landing_path": home.lies_at("landing/cam-lam/2024Q4/a1b2"),
        "extracted_at": READ_AT,
        "extract_fingerprint": "asked",
        "load_fingerprint": "counted",
        "as_of": CUT_OFF,
        "across": None,
        "settled": None,
        "updated_at": clock.now(),
    }
    assert [(e.attempt, e.state, e.detail, e.at) for e in ledger.history(engine, Q4, "cam-lam")] == [
        (0, S.EXPECTED, "", clock.now()),
        (1, S.EXPECTED, "bắt đầu", clock.now()),
        (1, S.LANDED, "bản a1b2: 42 dòng", clock.now()),
        (1, S.VALIDATED, "nhận 40 dòng, cách ly 2 dòng", clock.now()),
        (1, S.LOADED, "số liệu đến hết ngày 14/12/2024", clock.now()),
    ]


def test_a_failure_keeps_the_last_good_landing(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    assert ledger.begin_attempt(engine, Q4, "cam-lam") == 2
    ledger.mark_failed(engine, Q4, "cam-lam", kind="SourceUnreachable", error="không kết nối được", advice="gọi VNPT")
    found = ledger.partition(engine, Q4, "cam-lam")
    assert (found.state, found.error_kind) == (S.FAILED, "SourceUnreachable")
    assert (found.error, found.advice) == ("không kết nối được", "gọi VNPT")
    assert (found.landing_id, found.extracted_at, found.rows) == ("a1b2", READ_AT, 42)
    assert (found.accepted, found.quarantined) == (None, None)
    assert ledger.history(engine, Q4, "cam-lam")[-1].detail == "không kết nối được"


def test_a_source_that_was_loaded_can_fail_without_a_new_attempt(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    ledger.mark_failed(engine, Q4, "cam-lam", kind="SourceUnreachable", error="mất điện", advice="")
    assert ledger.partition(engine, Q4, "cam-lam").state is S.FAILED


def test_a_return_that_was_not_sent_is_no_fault(engine: Engine) -> None:
    ledger.expect(engine, Q4, ["truong-sa"])
    ledger.mark_failed(
        engine, Q4, "truong-sa", kind="SourceNotReceived", error="chưa gửi", advice="nhắc", state=S.NOT_RECEIVED
    )
    assert ledger.partition(engine, Q4, "truong-sa").state is S.NOT_RECEIVED
    with pytest.raises(ValueError, match="not a failure"):
        ledger.mark_failed(engine, Q4, "truong-sa", kind="", error="", advice="", state=S.LOADED)


def test_a_new_attempt_forgets_the_error(engine: Engine) -> None:
    land(engine, "cam-lam")
    ledger.mark_failed(engine, Q4, "cam-lam", kind="bug", error="lỗi", advice="gọi")
    land(engine, "cam-lam", landing_id="c3d4")
    found = ledger.partition(engine, Q4, "cam-lam")
    assert (found.attempt, found.landing_id) == (2, "c3d4")
    assert (found.error, found.advice, found.error_kind) == (None, None, None)


def test_the_last_landing_can_be_counted_again(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    assert ledger.begin_attempt(engine, Q4, "cam-lam", from_landing=True) == 2
    assert ledger.partition(engine, Q4, "cam-lam").state is S.LANDED
    ledger.mark_validated(engine, Q4, "cam-lam", accepted=41, quarantined=1)
    assert ledger.partition(engine, Q4, "cam-lam").accepted == 41


def test_what_was_read_is_told_from_what_was_counted_again(engine: Engine) -> None:
    """Also where something was remarked of the landing while it was counted."""
    load(engine, "cam-lam", CAM_LAM)
    read = ledger.partition(engine, Q4, "cam-lam").attempt
    assert ledger.was_read(engine, Q4, "cam-lam", after=read - 1)
    ledger.begin_attempt(engine, Q4, "cam-lam", from_landing=True)
    ledger.remark(engine, Q4, "cam-lam", detail="không so được với kỳ trước")
    ledger.begin_attempt(engine, Q4, "cam-lam")
    assert not ledger.was_read(engine, Q4, "cam-lam", after=read)
    land(engine, "cam-lam")
    assert ledger.was_read(engine, Q4, "cam-lam", after=read)
    assert not ledger.was_read(engine, Q4, "cam-ranh", after=0)


def test_facts_are_not_loaded_before_they_were_checked(engine: Engine) -> None:
    land(engine, "cam-lam")
    with pytest.raises(StepRefused):
        replace(engine, "cam-lam", facts(CAM_LAM))
    assert ledger.partition(engine, Q4, "cam-lam").state is S.LANDED


def test_a_long_error_is_cut(engine: Engine) -> None:
    ledger.expect(engine, Q4, ["cam-lam"])
    ledger.mark_failed(engine, Q4, "cam-lam", kind="bug", error="ổ đĩa " * 10_000, advice="x" * SENTENCE)
    found = ledger.partition(engine, Q4, "cam-lam")
    assert found.error is not None and len(found.error) == SENTENCE and found.error.endswith("…")
    assert found.advice == "x" * SENTENCE


def test_words_are_kept_in_nfc(engine: Engine) -> None:
    composed = "Trường Sa: không kết nối được"
    ledger.expect(engine, Q4, ["truong-sa"])
    ledger.mark_failed(
        engine, Q4, "truong-sa", kind="bug", error=unicodedata.normalize("NFD", composed), advice="gọi\x00lại \ud800"
    )
    found = ledger.partition(engine, Q4, "truong-sa")
    assert found.error == composed
    assert found.advice == "gọi\ufffdlại ?"


@settings(max_examples=tried(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))
def test_moments_come_back_as_they_were_in_vietnams_time(engine: Engine, moment: datetime) -> None:
    ledger.expect(engine, Q4, ["cam-lam"])
    ledger.begin_attempt(engine, Q4, "cam-lam")
    known = {"landing_id": "a", "landing_path": "a", "rows": 0, "extract_fingerprint": "a"}
    ledger.mark_landed(engine, Q4, "cam-lam", extracted_at=moment, **known)
    found = ledger.partition(engine, Q4, "cam-lam").extracted_at
    assert found is not None and found.tzinfo is clock.VIETNAM
    assert found.astimezone(UTC) == moment.astimezone(UTC)


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    ledger.expect(engine, Q4, ["cam-lam"])
    naive = {"extracted_at": datetime(2024, 12, 15), "landing_id": "a", "landing_path": "a", "rows": 0}
    with pytest.raises(Exception, match="without a time zone"):
        ledger.mark_landed(engine, Q4, "cam-lam", extract_fingerprint="a", **naive)
