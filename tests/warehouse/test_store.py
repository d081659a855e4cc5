"""Partitions are replaced whole or not at all, in any order, and come back as they were put in."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from sqlalchemy import Engine

from contracts.codes import PartitionState, Series
from contracts.columns import FACT_KEYS, MEASURES, MEMOS, OPEN, RECEIVED, RESOLVED
from contracts.errors import CriticalCheckError, UsageError
from tests.tried import tried
from tests.warehouse.examples import (
    CAM_LAM,
    CAM_LAM_LATER,
    CUT_OFF,
    KHANH_SON,
    Q4,
    REJECTED,
    facts,
    findings,
    land,
    load,
    rejected,
    replace,
    table,
)
from warehouse import ledger, read, store

COUNTS = [*MEASURES, *MEMOS]


def stored(engine: Engine, *source_ids: str) -> pd.DataFrame:
    return read.facts(engine, Q4, source_ids or ["cam-lam"], series=None)


def test_facts_come_back_with_their_source(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    expected = facts(CAM_LAM)
    expected.insert(0, "source_id", pd.Series(["cam-lam"] * 3, dtype="str"))
    assert_frame_equal(stored(engine), expected)


def test_one_series_alone(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    assert read.facts(engine, Q4, ["cam-lam"], series=Series.INDEX)["received_online"].tolist() == [9]
    assert read.facts(engine, Q4, ["cam-lam"], series=Series.FORMS)["received_online"].tolist() == [7, 2]


def test_only_the_sources_that_are_asked_for(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    load(engine, "khanh-son", KHANH_SON)
    load(engine, "khanh-son", KHANH_SON, period_id="2024Q3")
    assert stored(engine, "khanh-son")["received_in_person"].tolist() == [4]
    assert set(stored(engine, "khanh-son", "cam-lam", "nobody")["source_id"]) == {"cam-lam", "khanh-son"}
    assert stored(engine, "nobody").empty
    assert read.period_ids(engine) == ["2024Q3", Q4]


def test_replacing_twice_is_replacing_once(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    once = stored(engine)
    replace(engine, "cam-lam", facts(CAM_LAM))
    assert_frame_equal(stored(engine), once)
    assert len(read.findings(engine, Q4)) == len(read.rejected(engine, Q4)) == 2


def test_what_is_replaced_is_gone(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    load(engine, "khanh-son", KHANH_SON)
    replace(engine, "cam-lam", facts(CAM_LAM_LATER), findings=findings().head(1), rejected=rejected().head(0))
    assert stored(engine)["received_online"].tolist() == [11]
    assert read.findings(engine, Q4)["source_id"].tolist() == ["cam-lam", "khanh-son", "khanh-son"]
    assert read.rejected(engine, Q4)["source_id"].tolist() == ["khanh-son", "khanh-son"]


def test_parts_may_come_in_any_order(engine: Engine) -> None:
    parts = {"cam-lam": CAM_LAM, "khanh-son": KHANH_SON, "van-ninh": CAM_LAM_LATER}
    seen = []
    for number, order in enumerate(permutations(parts)):
        for source_id in order:
            load(engine, source_id, parts[source_id], period_id=f"{2000 + number}Y")
        seen.append(read.facts(engine, f"{2000 + number}Y", parts, series=None))
    for other in seen[1:]:
        assert_frame_equal(seen[0], other)


def test_a_source_without_a_dossier_is_loaded_with_nothing(engine: Engine) -> None:
    load(engine, "truong-sa", CAM_LAM)
    replace(engine, "truong-sa", facts(CAM_LAM).head(0), rows=0, accepted=0, quarantined=0)
    found = stored(engine, "truong-sa")
    assert found.empty
    assert found.dtypes[COUNTS].eq("int64").all() and found.dtypes[list(FACT_KEYS)].eq("str").all()
    assert ledger.partition(engine, Q4, "truong-sa").accepted == 0


BROKEN_AT_THE_END = {
    "(3) is not (7) + (11)": ("early", 99, "form_identity"),
    "a count below zero": ("withdrawn", -1, "withdrawn_not_negative"),
    "no agency": ("agency_code", None, "agency_code"),
    "a series that is none": ("series", "month", "series_known"),
}


@pytest.mark.parametrize("defect", BROKEN_AT_THE_END)
def test_an_error_half_way_leaves_everything_as_it_was(engine: Engine, defect: str) -> None:
    """The last of many rows is refused, after the old ones were deleted."""
    load(engine, "cam-lam", CAM_LAM)
    before = stored(engine), read.findings(engine, Q4), read.rejected(engine, Q4), ledger.partitions(engine, Q4)
    column, value, constraint = BROKEN_AT_THE_END[defect]
    broken = many_facts(3_000)
    broken.loc[2_999, column] = value
    with pytest.raises(CriticalCheckError, match=constraint):
        replace(engine, "cam-lam", broken, findings=findings().head(0), rejected=rejected().head(0))
    after = stored(engine), read.findings(engine, Q4), read.rejected(engine, Q4), ledger.partitions(engine, Q4)
    for old, new in zip(before[:3], after[:3], strict=True):
        assert_frame_equal(old, new)
    assert before[3] == after[3]


def many_facts(rows: int) -> pd.DataFrame:
    frame = facts(CAM_LAM_LATER).loc[[0] * rows].reset_index(drop=True)
    return frame.assign(procedure_code=[f"1.{number:06}" for number in range(rows)])


def test_a_key_that_comes_twice_is_refused(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    with pytest.raises(CriticalCheckError, match=r"pk_fact|fact\.procedure_code"):
        replace(engine, "cam-lam", pd.concat([facts(CAM_LAM)] * 2))
    assert len(stored(engine)) == 3


def test_an_error_names_the_constraint_and_never_the_row(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    without_rules = rejected().assign(rules=pd.Series([None, None], dtype="str"))
    with pytest.raises(CriticalCheckError, match=r"«.*rules»") as refused:
        replace(engine, "cam-lam", facts(CAM_LAM), rejected=without_rules)
    said = f"{refused.value} {refused.value.__cause__}"
    assert "H32-241002" not in said and "4711" not in said
    assert refused.value.__suppress_context__


def test_counts_that_are_not_whole_are_a_bug(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    with pytest.raises(ValueError, match="not whole numbers: early"):
        replace(engine, "cam-lam", facts(CAM_LAM).astype({"early": "float64"}))
    with pytest.raises(ValueError, match="lacks early"):
        replace(engine, "cam-lam", facts(CAM_LAM).drop(columns="early"))


def test_a_source_that_nobody_expects(engine: Engine) -> None:
    with pytest.raises(UsageError):
        replace(engine, "cam-lam", facts(CAM_LAM))


def test_a_source_that_failed_has_no_facts_though_old_ones_are_stored(engine: Engine) -> None:
    """Missing is never an old figure, and never zero: the ledger says that it is missing."""
    load(engine, "cam-lam", CAM_LAM)
    load(engine, "khanh-son", KHANH_SON)
    ledger.begin_attempt(engine, Q4, "cam-lam")
    assert set(stored(engine, "cam-lam", "khanh-son")["source_id"]) == {"khanh-son"}
    ledger.mark_failed(engine, Q4, "cam-lam", kind="SourceUnreachable", error="mất điện", advice="")
    assert set(stored(engine, "cam-lam", "khanh-son")["source_id"]) == {"khanh-son"}
    assert set(read.findings(engine, Q4)["source_id"]) == {"khanh-son"}
    assert set(read.findings(engine, Q4, loaded_only=False)["source_id"]) == {"cam-lam", "khanh-son"}


def test_why_a_source_was_refused_can_be_read(engine: Engine) -> None:
    """Too many rows broke a rule: no facts, but the list that says which."""
    land(engine, "cam-lam")
    store.replace_checks(engine, period_id=Q4, source_id="cam-lam", findings=findings(), rejected=rejected())
    ledger.mark_failed(engine, Q4, "cam-lam", kind="SourceError", error="quá nhiều dòng sai", advice="")
    assert ledger.partition(engine, Q4, "cam-lam").state is PartitionState.FAILED
    assert read.rejected(engine, Q4, "cam-lam")["row"].tolist() == [17, 40]
    assert read.findings(engine, Q4).empty


def test_findings_and_quarantine_come_back(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    expected = table(REJECTED)
    expected.insert(0, "source_id", pd.Series(["cam-lam"] * 2, dtype="str"))
    assert_frame_equal(read.rejected(engine, Q4, "cam-lam"), expected)
    assert read.rejected(engine, Q4, "khanh-son").empty
    found = read.findings(engine, Q4)
    assert_frame_equal(found.drop(columns="source_id"), findings())


INDICATORS = """
unit_code|agency_code | scope | indicator | field | numerator | denominator | value | score | complete | formula_version
56        | H32         | tree  | PROGRESS  |         |           |             |       |       |          | 766-1
570       | H32.20      | tree  | PROGRESS  |         | 403016    | 464494      | r     | s     | yes      | 766-1
570       | H32.20      | tree  | PROGRESS  | Đất đai | 1         | 3           | f     |       | yes      | 766-1
570       | H32.20      | unit  | PROGRESS  |         | 0         | 0           |       | 0     | yes      | 766-1
"""


def indicators() -> pd.DataFrame:
    frame = table(INDICATORS).replace({"r": 403016 / 464494, "s": 20 * 403016 / 464494, "f": 1 / 3})
    frame["field"] = frame["field"].fillna("")
    kinds = {"numerator": "Int64", "denominator": "Int64", "value": "float64", "score": "float64"}
    frame["complete"] = frame["complete"] == "yes"
    for name, kind in kinds.items():
        frame[name] = pd.to_numeric(frame[name]).astype(kind)
    return frame.astype({"unit_code": "str"})


def test_indicators_come_back_to_the_last_digit_and_missing_stays_missing(engine: Engine) -> None:
    for _ in range(2):
        store.replace_indicators(engine, period_id=Q4, indicators=indicators())
    found = read.indicators(engine, Q4, by_field=True).sort_values(["agency_code", "scope", "field"], ignore_index=True)
    assert_frame_equal(found, indicators(), check_exact=True)
    assert found["numerator"].isna().tolist() == [True, False, False, False]
    of_all = read.indicators(engine, Q4)
    assert len(of_all) == 3 and set(of_all["field"]) == {""}, "the fields are read only where they are asked for"
    store.replace_indicators(engine, period_id=Q4, indicators=indicators().head(0))
    empty = read.indicators(engine, Q4)
    assert empty.empty and empty.dtypes["complete"] == "bool" and empty.dtypes["numerator"] == "Int64"


def test_several_threads_load_at_once(engine: Engine) -> None:
    sources = [f"nguon-{number}" for number in range(8)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda source: load(engine, source, CAM_LAM), sources))
    assert len(stored(engine, *sources)) == 3 * len(sources)


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12) | st.sampled_from(
    ["Đất đai", "Hộ tịch", "Thi đua – khen thưởng", "Chứng thực", "'; DROP TABLE fact; --", "100 %", ":field", "{}"]
)
keys = st.tuples(
    st.sampled_from(list(Series)),
    words.map(lambda w: f"H32.{w}"),
    st.just("570"),
    words,
    st.sampled_from(["1.000656", ""]),
)
counts = st.integers(0, 400_000_000)


@st.composite
def fact_frames(draw: st.DrawFn) -> pd.DataFrame:
    """Facts that satisfy form II.06: what was received is what was resolved and what is open."""
    drawn = draw(st.lists(keys, max_size=8))
    unique = sorted({tuple(unicodedata.normalize("NFC", part) for part in key) for key in drawn}, key=by_bytes)
    rows = [dict(zip(FACT_KEYS, key, strict=True)) | draw(form_counts()) for key in unique]
    columns = [*FACT_KEYS, *COUNTS]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(COUNTS, "int64") | dict.fromkeys(FACT_KEYS, "str"))


@st.composite
def form_counts(draw: st.DrawFn) -> dict[str, int]:
    handled = {name: draw(counts) for name in (*RESOLVED, *OPEN)}
    left = sum(handled.values())
    received = {}
    for name in RECEIVED[:-1]:
        received[name] = draw(st.integers(0, left))
        left -= received[name]
    return {**received, RECEIVED[-1]: left, **handled, **{name: draw(counts) for name in MEMOS}}


def by_bytes(key: tuple[str, ...]) -> list[bytes]:
    """Order of the table's key: series, agency, field, procedure."""
    series, agency, _, field, procedure = key
    return [part.encode() for part in (series, agency, field, procedure)]


@settings(max_examples=tried(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frame=fact_frames())
def test_any_facts_come_back_as_they_were(engine: Engine, frame: pd.DataFrame) -> None:
    land(engine, "cam-lam")
    ledger.mark_validated(engine, Q4, "cam-lam", accepted=40, quarantined=2)
    replace(engine, "cam-lam", frame, as_of=CUT_OFF)
    assert_frame_equal(stored(engine).drop(columns="source_id"), frame)
