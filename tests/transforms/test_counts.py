"""Facts: shape, keys, sums, and what must not be counted in silence."""

from __future__ import annotations

import pandas as pd
import pytest

from contracts.codes import Series
from contracts.columns import FACT_KEYS, MEASURES, MEMOS
from contracts.errors import CriticalCheckError
from contracts.periods import Span, parse_period
from contracts.province import Policy
from tests.transforms.tables import fact_frame, read_dossiers
from transforms.counts import COLUMNS, combine, facts_of, totals

Q3 = parse_period("2026Q3")
FORMS = {Series.FORMS: Q3.forms}
BOTH = {Series.FORMS: Q3.forms, Series.INDEX: Q3.index}
SOME = """
| hồ sơ | tiếp nhận | hẹn trả | kết thúc | trạng thái | kênh       |
| A     | 20/6      | 25/6    | 24/6     | đã xong    | trực tuyến |
| B     | 3/8       | 17/8    | -        | đang xử lý | trực tiếp  |
| C     | 20/9      | 25/9    | -        | đang xử lý | bưu chính  |
"""


def test_columns_types_and_order() -> None:
    _, dossiers, pauses = read_dossiers(SOME)
    facts = facts_of(dossiers.assign(agency_code=["H32.2", "H32.1", "H32.1"]), pauses, spans=FORMS, policy=Policy())
    assert list(facts.columns) == [*FACT_KEYS, *MEASURES, *MEMOS]
    assert set(facts.dtypes[[*MEASURES, *MEMOS]].astype(str)) == {"int64"}
    assert facts["agency_code"].tolist() == ["H32.1", "H32.2"]


def test_the_two_series_count_their_own_days() -> None:
    """A was resolved on 24/6: in the forms' quarter (15/6–14/9), before the index's (1/7–30/9); C the reverse."""
    _, dossiers, pauses = read_dossiers(SOME)
    facts = facts_of(dossiers, pauses, spans=BOTH, policy=Policy()).set_index("series")
    counted = facts[
        ["received_online", "received_in_person", "received_postal", "early", "open_in_time", "open_overdue"]
    ]
    assert counted.loc["forms"].tolist() == [1, 1, 0, 1, 0, 1]
    assert counted.loc["index"].tolist() == [0, 1, 1, 0, 0, 2]


def test_a_dossier_that_counts_nowhere_leaves_no_row() -> None:
    _, dossiers, pauses = read_dossiers(SOME)
    facts = facts_of(dossiers.assign(agency_code=["a", "b", "c"]), pauses, spans=FORMS, policy=Policy())
    assert facts["agency_code"].tolist() == ["a", "b"]


def test_no_dossiers_give_facts_without_rows() -> None:
    _, dossiers, pauses = read_dossiers(SOME)
    facts = facts_of(dossiers[:0], pauses, spans=BOTH, policy=Policy())
    assert facts.empty and list(facts.columns) == [*FACT_KEYS, *MEASURES, *MEMOS]
    pd.testing.assert_frame_equal(combine([facts]), combine([]))


def test_only_the_declared_columns_are_read() -> None:
    _, dossiers, _ = read_dossiers(SOME)
    assert set(COLUMNS) == set(dossiers.columns)


REJECTED = {
    "trạng thái không rõ": {"status": None},
    "thiếu cơ quan": {"agency_code": None},
    "thiếu thủ tục": {"procedure_code": None},
    "kênh không rõ": {"channel": None},
    "kết thúc trước khi tiếp nhận": {"end_date": pd.Timestamp(2026, 6, 1)},
}


@pytest.mark.parametrize("defect", REJECTED)
def test_a_rejected_dossier_that_is_handed_over_stops_the_count(defect: str) -> None:
    _, dossiers, pauses = read_dossiers(SOME)
    for column, value in REJECTED[defect].items():
        dossiers.loc[1, column] = value
    with pytest.raises(CriticalCheckError) as error:
        facts_of(dossiers, pauses, spans=FORMS, policy=Policy())
    assert error.value.advice


def test_facts_of_sources_add_up_by_key() -> None:
    one = fact_frame({"agency_code": "H32.1", "received_online": 2, "early": 2})
    two = fact_frame(
        {"agency_code": "H32.1", "received_online": 3, "early": 2, "overdue": 1},
        {"agency_code": "H32.2", "received_postal": 1, "open_in_time": 1},
    )
    found = combine([one, two]).set_index("agency_code")
    assert found.loc["H32.1", ["received_online", "early", "overdue"]].tolist() == [5, 4, 1]
    pd.testing.assert_frame_equal(combine([two, one]), combine([one, two]))


def test_totals_leave_out_the_keys_that_are_not_asked_for() -> None:
    facts = fact_frame(
        {"field": "Hộ tịch", "procedure_code": "1", "received_online": 2, "early": 2},
        {"field": "Hộ tịch", "procedure_code": "2", "received_online": 1, "overdue": 1},
        {"field": "Đất đai", "procedure_code": "3", "received_online": 5, "open_in_time": 5, "paused": 4},
    )
    found = totals(facts, by=["field"]).set_index("field")
    assert found["received_online"].to_dict() == {"Hộ tịch": 3, "Đất đai": 5}
    assert found.loc["Đất đai", "paused"] == 4


def test_an_early_run_counts_up_to_its_day() -> None:
    _, dossiers, pauses = read_dossiers(SOME)
    early = {Series.FORMS: Q3.forms.until(pd.Timestamp(2026, 6, 22).date())}
    facts = facts_of(dossiers, pauses, spans=early, policy=Policy())
    assert facts[["received_online", "received_in_person", "open_in_time"]].iloc[0].tolist() == [1, 0, 1]
    assert early[Series.FORMS] == Span(Q3.forms.first_day, pd.Timestamp(2026, 6, 22).date())
