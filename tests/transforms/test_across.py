"""A dossier that two systems hold counts once, where it was received; a code that two vendors gave, twice."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.province import DOSSIER_CODE_PATTERNS
from tests.expectations.tables import read_table
from transforms.across import codes_in_several, counted_elsewhere, handed_over, told_apart

CASES = {
    "the agency in its code received it, though the other wrote an earlier day": """
        | nguồn    | mã hồ sơ           | cơ quan | thủ tục  | tiếp nhận  | tính ở   |
        | cam-lam  | H32.20-241001-0001 | H32.20  | 1.004227 | 2024-10-02 | cam-lam  |
        | so-nganh | H32.20-241001-0001 | H32.05  | 1.004227 | 2024-10-01 | cam-lam  |
    """,
    "a commune's code is nearer to its district than to a department": """
        | nguồn    | mã hồ sơ              | cơ quan | thủ tục  | tiếp nhận  | tính ở   |
        | cam-lam  | H32.20.03-241001-0001 | H32.20  | 1.004227 | 2024-10-02 | cam-lam  |
        | so-nganh | H32.20.03-241001-0001 | H32.05  | 1.004227 | 2024-10-01 | cam-lam  |
    """,
    "the older form of a code names the agency the other way about": """
        | nguồn    | mã hồ sơ                  | cơ quan | thủ tục  | tiếp nhận  | tính ở   |
        | cam-lam  | 000.00.20.H32-241001-0001 | H32.20  | 1.004227 | 2024-10-02 | cam-lam  |
        | so-nganh | 000.00.20.H32-241001-0001 | H32.05  | 1.004227 | 2024-10-01 | cam-lam  |
    """,
    "a code that names neither: where it came first": """
        | nguồn    | mã hồ sơ     | cơ quan | thủ tục  | tiếp nhận  | tính ở   |
        | cam-lam  | 090000012345 | H32.20  | 1.004227 | 2024-10-02 | so-nganh |
        | so-nganh | 090000012345 | H32.05  | 1.004227 | 2024-10-01 | so-nganh |
    """,
    "on the same day: the source whose id comes first": """
        | nguồn    | mã hồ sơ     | cơ quan | thủ tục  | tiếp nhận  | tính ở   |
        | cam-lam  | 090000012345 | H32.20  | 1.004227 | 2024-10-01 | cam-lam  |
        | so-nganh | 090000012345 | H32.05  | 1.004227 | 2024-10-01 | cam-lam  |
    """,
    "case and the local tail of the procedure's code do not part them": """
        | nguồn    | mã hồ sơ           | cơ quan | thủ tục                   | tiếp nhận  | tính ở   |
        | cam-lam  | H32.20-241001-0001 | H32.20  | 1.004227                  | 2024-10-01 | cam-lam  |
        | so-nganh | h32.20-241001-0001 | H32.05  | 1.004227.000.00.00.H32    | 2024-10-01 | cam-lam  |
    """,
    "three systems, one receiver": """
        | nguồn    | mã hồ sơ           | cơ quan | thủ tục  | tiếp nhận  | tính ở   |
        | cam-lam  | H32.20-241001-0001 | H32.20  | 1.004227 | 2024-10-10 | cam-lam  |
        | so-nganh | H32.20-241001-0001 | H32.05  | 1.004227 | 2024-10-01 | cam-lam  |
        | van-ninh | H32.20-241001-0001 | H32.30  | 1.004227 | 2024-10-12 | cam-lam  |
    """,
    "another procedure: two dossiers, both told of": """
        | nguồn    | mã hồ sơ           | cơ quan | thủ tục  | tiếp nhận  | tính ở   |
        | cam-lam  | H32.20-241001-0001 | H32.20  | 1.004227 | 2024-10-01 | trùng mã |
        | so-nganh | H32.20-241001-0001 | H32.05  | 1.000656 | 2024-10-01 | trùng mã |
    """,
    "months apart: two dossiers, both told of": """
        | nguồn    | mã hồ sơ           | cơ quan | thủ tục  | tiếp nhận  | tính ở   |
        | cam-lam  | H32.20-241001-0001 | H32.20  | 1.004227 | 2024-10-01 | trùng mã |
        | so-nganh | H32.20-241001-0001 | H32.05  | 1.004227 | 2024-12-01 | trùng mã |
    """,
    "a form of code that is not given once in the country: both told of": """
        | nguồn    | mã hồ sơ | cơ quan | thủ tục  | tiếp nhận  | tính ở   |
        | cam-lam  | 17/2024  | H32.20  | 1.004227 | 2024-10-01 | trùng mã |
        | so-nganh | 17/2024  | H32.05  | 1.004227 | 2024-10-01 | trùng mã |
    """,
    "nothing shared": """
        | nguồn    | mã hồ sơ           | cơ quan | thủ tục  | tiếp nhận  | tính ở   |
        | cam-lam  | H32.20-241001-0001 | H32.20  | 1.004227 | 2024-10-01 | cam-lam  |
        | so-nganh | H32.20-241001-0002 | H32.20  | 1.004227 | 2024-10-01 | so-nganh |
    """,
}


def frame(rows: list[dict[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source_id": pd.Series([row["nguồn"] for row in rows], dtype="str"),
            "dossier_code": pd.Categorical([row["mã hồ sơ"] for row in rows]),
            "agency_code": pd.Categorical([row["cơ quan"] for row in rows]),
            "procedure_code": pd.Categorical([row["thủ tục"] for row in rows]),
            "received_date": pd.to_datetime(pd.Series([row["tiếp nhận"] for row in rows])).astype("datetime64[s]"),
        }
    )


def left(claims: pd.DataFrame) -> pd.DataFrame:
    return counted_elsewhere(claims, near_days=15, forms=DOSSIER_CODE_PATTERNS)


@pytest.mark.parametrize("case", CASES)
def test_where_a_dossier_counts(case: str) -> None:
    rows = read_table(CASES[case])
    claims = frame(rows)
    found = left(claims)
    elsewhere = {(s, c): e for s, c, e in found.itertuples(index=False)}
    apart = set(told_apart(claims, found).itertuples(index=False, name=None))
    for row in rows:
        key = row["nguồn"], row["mã hồ sơ"]
        said = "trùng mã" if key in apart else elsewhere.get(key, row["nguồn"])
        assert said == row["tính ở"], row


CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "nguồn": st.sampled_from(["a", "b", "c"]),
            "mã hồ sơ": st.sampled_from(["H32.20-241001-0001", "h32.20-241001-0001", "090000012345", "17/2024"]),
            "cơ quan": st.sampled_from(["H32.20", "H32.20.03", "H32.05"]),
            "thủ tục": st.sampled_from(["1.004227", "1.004227.000.00.00.H32", "1.000656"]),
            "tiếp nhận": st.sampled_from(["2024-10-01", "2024-10-10", "2024-10-20", "2024-12-01"]),
        }
    ),
    unique_by=lambda row: (row["nguồn"], row["mã hồ sơ"].upper()),
)


@given(rows=CLAIMS, order=st.randoms(use_true_random=False))
def test_each_dossier_counts_somewhere_and_the_order_does_not_matter(rows: list[dict[str, str]], order: object) -> None:
    claims = frame(rows)
    found = left(claims)
    shuffled = list(rows)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(left(frame(shuffled)), found)
    gone = set(found[["source_id", "dossier_code"]].itertuples(index=False, name=None))
    for source_id, code, elsewhere in found.itertuples(index=False):
        receivers = [r for r in rows if r["nguồn"] == elsewhere and r["mã hồ sơ"].upper() == code.upper()]
        assert source_id != elsewhere
        assert [r for r in receivers if (r["nguồn"], r["mã hồ sơ"]) not in gone]
    apart = set(told_apart(claims, found).itertuples(index=False, name=None))
    assert not apart & gone


def test_codes_in_several_sources_are_found_whatever_their_case() -> None:
    codes = [pd.Series(["A-1", "b-2", "b-2"]), pd.Series(["a-1", "C-3"]), pd.Series([], dtype="str")]
    assert codes_in_several(codes) == {"A-1"}


HANDED = """
The district ended on 30/6/2025; its system has known nothing since. Counted to 14/9/2025.

| nguồn | mã hồ sơ           | cơ quan | thủ tục  | tiếp nhận  | kết thúc   | tính ở |
| cu    | H32.37-250620-0001 | H32.37  | 1.004227 | 2025-06-20 |            | moi    |
| moi   | H32.37-250620-0001 | H32.103 | 1.004227 | 2025-06-20 | 2025-07-15 | moi    |
| cu    | H32.37-250617-0002 | H32.37  | 1.004227 | 2025-06-17 | 2025-06-23 | cu     |
| moi   | H32.37-250617-0002 | H32.103 | 1.004227 | 2025-06-17 | 2025-06-23 | cu     |
| cu    | H32.37-250617-0003 | H32.37  | 1.004227 | 2025-06-17 |            | cu     |
"""


def test_a_dossier_that_its_agency_left_open_when_it_ended_is_its_successor_s() -> None:
    rows = read_table(HANDED)
    claims = pd.DataFrame(
        {
            "source_id": [row["nguồn"] for row in rows],
            "dossier_code": [row["mã hồ sơ"] for row in rows],
            "agency_code": [row["cơ quan"] for row in rows],
            "procedure_code": [row["thủ tục"] for row in rows],
            "received_date": pd.to_datetime([row["tiếp nhận"] for row in rows]),
            "end_date": pd.to_datetime([row["kết thúc"] or None for row in rows]),
        }
    )
    ended = {"H32.37": date(2025, 6, 30)}
    for last_day, counted_at in ((date(2025, 9, 14), "tính ở"), (date(2025, 6, 29), "")):
        over = handed_over(claims, ended, last_day=last_day)
        left = counted_elsewhere(claims, near_days=15, forms=DOSSIER_CODE_PATTERNS, handed_over=over)
        given = {(r["source_id"], r["dossier_code"]): r["elsewhere"] for r in left.to_dict("records")}
        for row in rows:
            where = given.get((row["nguồn"], row["mã hồ sơ"]), row["nguồn"])
            assert where == (row[counted_at] if counted_at else "cu"), row
