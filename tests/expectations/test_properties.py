"""What holds for any batch, however spoilt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.codes import Channel, Series
from contracts.columns import FORM_COLUMNS
from contracts.periods import parse_period
from contracts.responsibility import Responsibility
from expectations.dossiers import check_dossiers
from expectations.facts import check_facts
from expectations.suites import DOSSIER_RULES, contract
from expectations.suites import facts as suite
from expectations.verdict import Verdict
from tests.expectations.tables import CHANNELS, PROVINCE, SNAPSHOT, STATUSES, Row, dossier_frame, pause_frame
from tests.tried import tried
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
few = settings(max_examples=tried(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])


ELSEWHERE = st.dictionaries(st.sampled_from([*CODES[:4], "H32.40-241001-9999"]), st.sampled_from(["so-nganh", ""]))
"""Codes that stand in another system, too, and which source counts them; one of them is not in the batch."""
RESPONSIBILITIES = st.builds(
    Responsibility,
    channels=st.sampled_from([frozenset(), frozenset({Channel.ONLINE, Channel.POSTAL})]),
    except_procedures=st.sampled_from([frozenset(), frozenset({"2.000635"})]),
)


@dataclass(frozen=True)
class Circumstances:
    """What else a check is given."""

    pauses: list[Row]
    elsewhere: dict[str, str]
    responsibility: Responsibility


CIRCUMSTANCES = st.builds(Circumstances, pauses=PAUSES, elsewhere=ELSEWHERE, responsibility=RESPONSIBILITIES)


def checked(dossiers: pd.DataFrame, more: Circumstances) -> Verdict:
    return check_dossiers(
        dossiers,
        pause_frame(more.pauses),
        province=PROVINCE,
        snapshot=SNAPSHOT,
        responsibility=more.responsibility,
        elsewhere=more.elsewhere,
    )


@few
@given(rows=ROWS, copied=st.lists(st.integers(0, 24), max_size=3), more=CIRCUMSTANCES, seed=st.integers(0, 99))
def test_nothing_is_lost_order_does_not_matter_and_what_counts_can_be_counted(
    rows: list[Row], copied: list[int], more: Circumstances, seed: int
) -> None:
    rows = rows + [rows[number % len(rows)] for number in copied if rows]
    dossiers = dossier_frame(rows, more.pauses)
    verdict = checked(dossiers, more)
    assert verdict.evaluated == len(DOSSIER_RULES) + len(contract.RULES)
    _every_row_has_one_fate(dossiers, verdict)
    _what_others_count_is_not_counted_here(dossiers, verdict, more.elsewhere)
    _nothing_of_a_dossier_is_in_the_findings(verdict)
    _the_facts_of_accepted_rows_hold(dossiers[verdict.accepted], more.pauses)
    _the_same_whatever_the_order(dossiers.sample(frac=1, random_state=seed), more, verdict)


def _every_row_has_one_fate(dossiers: pd.DataFrame, verdict: Verdict) -> None:
    """Read = accepted + quarantined, row for row; a dossier is accepted once at most."""
    accepted = dossiers["row"][verdict.accepted].tolist()
    assert sorted([*accepted, *verdict.rejected["row"]]) == list(range(len(dossiers)))
    assert dossiers["dossier_code"][verdict.accepted].is_unique
    assert set(verdict.warned["row"]) <= set(accepted)
    told = [rule for frame in (verdict.rejected, verdict.warned) for row in frame["rules"] for rule in row.split(",")]
    assert verdict.findings["rows"].sum() == len(told)


def _what_others_count_is_not_counted_here(
    dossiers: pd.DataFrame, verdict: Verdict, elsewhere: Mapping[str, str]
) -> None:
    taken = dossiers["dossier_code"].isin([code for code, source in elsewhere.items() if source])
    assert not (taken & verdict.accepted).any()
    assert not (verdict.left & ~taken).any()
    rejected = verdict.rejected.set_index("row")["rules"]
    assert set(rejected[rejected.str.contains("across.received_here")].index) == set(dossiers["row"][taken])


def _nothing_of_a_dossier_is_in_the_findings(verdict: Verdict) -> None:
    fixed = {rule.id: rule.sentence for rule in DOSSIER_RULES}
    assert [fixed[rule_id] for rule_id in verdict.findings["rule_id"]] == verdict.findings["sentence"].tolist()


def _the_facts_of_accepted_rows_hold(accepted: pd.DataFrame, pauses: list[Row]) -> None:
    """The four identities, added up here once more; and nothing is counted that was not accepted."""
    spans = parse_period("2024Q4").spans(SNAPSHOT)
    facts = facts_of(accepted, pause_frame(pauses), spans=spans, policy=PROVINCE.file.policy)
    assert check_facts(facts) == len(suite.RULES)
    column = {number: facts[list(measures)].sum(axis=1) for number, measures in FORM_COLUMNS.items()}
    assert (column[3] == column[4] + column[5] + column[6]).all()
    assert (column[7] == column[8] + column[9] + column[10]).all()
    assert (column[11] == column[12] + column[13]).all()
    assert (column[3] == column[7] + column[11]).all()
    assert (column[3].groupby(facts["series"]).sum() <= len(accepted)).all()
    assert set(facts["series"]) <= {str(series) for series in Series}


def _the_same_whatever_the_order(shuffled: pd.DataFrame, more: Circumstances, verdict: Verdict) -> None:
    again = checked(shuffled, more)
    pd.testing.assert_frame_equal(again.findings, verdict.findings)
    by_row = again.rejected.sort_values("row", ignore_index=True)
    pd.testing.assert_frame_equal(by_row, verdict.rejected)
