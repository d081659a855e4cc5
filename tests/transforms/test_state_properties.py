"""What holds of every batch of accepted dossiers, whatever is in it."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codes import Channel, Series, Status
from contracts.columns import OPEN, RECEIVED, RESOLVED
from contracts.periods import Span
from contracts.province import Policy
from tests.transforms.batches import FIRST, LAST, POLICIES, SPAN, Batch, Record, batches, known_on
from tests.tried import tried
from transforms.counts import combine, facts_of
from transforms.state import classify

SPANS = {Series.FORMS: SPAN, Series.INDEX: Span(date(2026, 7, 1), LAST)}
RECEIVED_AS = {
    Channel.ONLINE: "received_online",
    Channel.IN_PERSON: "received_in_person",
    Channel.POSTAL: "received_postal",
}

modest = settings(max_examples=tried(40), deadline=None)


def facts(batch: Batch, policy: Policy) -> pd.DataFrame:
    return facts_of(*batch.frames(), spans=SPANS, policy=policy)


def by_the_book(record: Record, pauses: list[Record], policy: Policy) -> tuple[str | None, str | None]:
    """The rules of form II.06 as they are written, one dossier at a time."""
    r, d, e = record["received_date"], record["due_date"], record["end_date"]
    if record["status"] is Status.NOT_RECEIVED or r > LAST or (record["deleted_date"] or date.max) <= LAST:
        return None, None
    stands = any(p["pause_from"] <= LAST and (p["pause_to"] is None or p["pause_to"] > LAST) for p in pauses)
    if record["status"] is Status.STOPPED and policy.stopped_is == "backlog":
        stands, e = stands or e <= LAST, None
    if r >= FIRST:
        received = RECEIVED_AS[record["channel"]]
    elif e is None or e >= FIRST:
        received = "carried_over"
    else:
        return None, None
    if e is not None and e <= LAST:
        if record["status"] is Status.WITHDRAWN:
            return received, {8: "early", 9: "on_time"}[policy.withdrawn_column]
        return received, "on_time" if d is None or e == d else "early" if e < d else "overdue"
    return received, "open_in_time" if stands or d is None or d >= LAST else "open_overdue"


@modest
@given(batches(), POLICIES)
def test_the_columns_are_those_of_the_rules_read_one_by_one(batch: Batch, policy: Policy) -> None:
    states = classify(*batch.frames(), span=SPAN, policy=policy).astype({"received": "object", "outcome": "object"})
    found = [
        tuple(None if pd.isna(v) else v for v in pair) for pair in zip(states.received, states.outcome, strict=True)
    ]
    pauses = [[p for p in batch.pauses if p["dossier_code"] == r["dossier_code"]] for r in batch.records]
    assert found == [by_the_book(r, p, policy) for r, p in zip(batch.records, pauses, strict=True)]


@modest
@given(batches(), POLICIES)
def test_column_3_is_column_7_and_11(batch: Batch, policy: Policy) -> None:
    counted = facts(batch, policy)
    left, right = counted[list(RECEIVED)].sum(axis=1), counted[[*RESOLVED, *OPEN]].sum(axis=1)
    assert left.tolist() == right.tolist()


@modest
@given(batches(), POLICIES)
def test_what_happens_after_the_cut_off_changes_no_figure(batch: Batch, policy: Policy) -> None:
    """Ends, withdrawals, stops, pauses, resumptions, deletions and receipts after T."""
    on_the_evening = known_on(batch, LAST)
    pd.testing.assert_frame_equal(facts(batch, policy), facts(on_the_evening, policy))


@modest
@given(batches(), POLICIES, st.integers(1, 90))
def test_a_due_date_pushed_when_a_pause_ends_after_the_cut_off_changes_no_figure(
    batch: Batch, policy: Policy, pushed: int
) -> None:
    paused = {p["dossier_code"] for p in batch.pauses if p["pause_from"] <= LAST and (p["pause_to"] or date.max) > LAST}
    resumed = tuple(
        r | {"due_date": r["due_date"] + timedelta(pushed)}
        if r["dossier_code"] in paused and r["due_date"] and not (r["end_date"] and r["end_date"] <= LAST)
        else r
        for r in batch.records
    )
    pd.testing.assert_frame_equal(facts(batch, policy), facts(Batch(resumed, batch.pauses), policy))


@modest
@given(batches(), POLICIES, st.randoms(use_true_random=False), st.integers(1, 4))
def test_order_and_partition_do_not_matter(batch: Batch, policy: Policy, random: Random, parts: int) -> None:
    records = list(batch.records)
    random.shuffle(records)
    split = [facts(Batch(tuple(records[n::parts]), batch.pauses), policy) for n in range(parts)]
    pd.testing.assert_frame_equal(combine(split), facts(batch, policy))


@modest
@given(batches())
def test_what_was_open_at_one_cut_off_is_carried_over_into_the_next_period(batch: Batch) -> None:
    """(6) of a period = (11) of the one before, where nothing was deleted or stopped meanwhile."""
    kept = Batch(tuple(r | {"deleted_date": None} for r in batch.records), batch.pauses)
    dossiers, pauses = kept.frames()
    before = classify(dossiers, pauses, span=SPAN, policy=Policy())
    after = classify(dossiers, pauses, span=Span(LAST + timedelta(1), date(2026, 12, 14)), policy=Policy())
    was_open = before["outcome"].isin(OPEN)
    assert was_open.tolist() == (after["received"] == "carried_over").tolist()
