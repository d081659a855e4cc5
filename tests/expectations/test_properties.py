"""What holds for any batch, however spoilt."""

from __future__ import annotations

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.codes import Series
from contracts.periods import parse_period
from expectations.dossiers import check_dossiers
from expectations.facts import check_facts
from expectations.suites import DOSSIER_RULES
from expectations.suites import facts as suite
from expectations.verdict import Verdict
from tests.expectations.tables import CHANNELS, PROVINCE, SNAPSHOT, STATUSES, Row, dossier_frame, pause_frame
from transforms.counts import facts_of

CODES = ["H32.40-241001-0001", "H32.40-241001-0002", "H32.40-241105-0003", "CL-7", "-"]
DAYS = ["14/09/2024", "01/10/2024", "05/11/2024", "14/12/2024", "20/12/2024", "21/12/2024", "hôm qua", "-"]


def cells(*sound: str, spoilt: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    return st.sampled_from([*sound, *spoilt])


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "mã hồ sơ": cells(*CODES),
            "thủ tục": cells("1.001193", "2.000635", spoilt=("1.1193", "-")),
            "cơ quan": cells("H32.40", "H32.08", "H32.09", spoilt=("H99", "-")),
            "trạng thái": cells(*STATUSES, spoilt=("chuyển kho", "-")),
            "kênh": cells(*CHANNELS, spoilt=("-",)),
            "tiếp nhận": cells(*DAYS),
            "hẹn trả": cells(*DAYS),
            "kết thúc": cells(*DAYS),
            "mức độ": cells("4", "2", "-"),
        }
    ),
    max_size=25,
)
PAUSES = st.lists(
    st.fixed_dictionaries(
        {
            "mã hồ sơ": cells(*CODES[:4]),
            "từ ngày": cells(*DAYS[:4]),
            "đến ngày": cells(*DAYS[1:4], "-"),
            "lý do": cells("bổ sung", "nộp phí", "-"),
        }
    ),
    max_size=4,
)
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def checked(dossiers: pd.DataFrame, pauses: list[Row]) -> Verdict:
    return check_dossiers(dossiers, pause_frame(pauses), province=PROVINCE, snapshot=SNAPSHOT)


@few
@given(rows=ROWS, copied=st.lists(st.integers(0, 24), max_size=3), pauses=PAUSES, seed=st.integers(0, 99))
def test_nothing_is_lost_order_does_not_matter_and_what_counts_can_be_counted(
    rows: list[Row], copied: list[int], pauses: list[Row], seed: int
) -> None:
    rows = rows + [rows[number % len(rows)] for number in copied if rows]
    dossiers = dossier_frame(rows, pauses)
    verdict = checked(dossiers, pauses)
    _every_row_has_one_fate(dossiers, verdict)
    _nothing_of_a_dossier_is_in_the_findings(verdict)
    _the_facts_of_accepted_rows_hold(dossiers[verdict.accepted], pauses)
    _the_same_whatever_the_order(dossiers.sample(frac=1, random_state=seed), pauses, verdict)


def _every_row_has_one_fate(dossiers: pd.DataFrame, verdict: Verdict) -> None:
    accepted = dossiers["row"][verdict.accepted].tolist()
    assert sorted([*accepted, *verdict.rejected["row"]]) == list(range(len(dossiers)))
    assert set(verdict.warned["row"]) <= set(accepted)
    told = [rule for frame in (verdict.rejected, verdict.warned) for row in frame["rules"] for rule in row.split(",")]
    assert verdict.findings["rows"].sum() == len(told)


def _nothing_of_a_dossier_is_in_the_findings(verdict: Verdict) -> None:
    fixed = {rule.id: rule.sentence for rule in DOSSIER_RULES}
    assert [fixed[rule_id] for rule_id in verdict.findings["rule_id"]] == verdict.findings["sentence"].tolist()


def _the_facts_of_accepted_rows_hold(accepted: pd.DataFrame, pauses: list[Row]) -> None:
    spans = parse_period("2024Q4").spans(SNAPSHOT)
    facts = facts_of(accepted, pause_frame(pauses), spans=spans, policy=PROVINCE.file.policy)
    assert check_facts(facts) == len(suite.RULES)
    assert set(facts["series"]) <= {str(series) for series in Series}


def _the_same_whatever_the_order(shuffled: pd.DataFrame, pauses: list[Row], verdict: Verdict) -> None:
    again = checked(shuffled, pauses)
    pd.testing.assert_frame_equal(again.findings, verdict.findings)
    by_row = again.rejected.sort_values("row", ignore_index=True)
    pd.testing.assert_frame_equal(by_row, verdict.rejected)
