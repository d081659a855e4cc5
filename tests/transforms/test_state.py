"""Where a dossier stands in form II.06, from its dates (TT 01/2020/TT-VPCP; NĐ 09/2019/NĐ-CP for the days)."""

from __future__ import annotations

import pandas as pd
import pytest

from contracts.codes import Series
from contracts.columns import FORM_COLUMNS, NOTES
from contracts.periods import parse_period
from contracts.province import Policy
from tests.transforms.tables import form_cells, read_dossiers
from transforms.counts import facts_of
from transforms.state import classify

Q3 = parse_period("2026Q3").forms  # 15/6–14/9/2026

WORKED_EXAMPLE = """
| hồ sơ | tiếp nhận | hẹn trả | kết thúc | trạng thái     | kênh       | tạm dừng | cột   |
| A     | 8/6       | 22/6    | 18/6     | đã xong        | trực tiếp  | -        | 6, 8  |
| B     | 3/6       | 10/6    | 16/6     | đã xong        | trực tuyến | -        | 6, 10 |
| C     | 10/6      | 22/7    | -        | đang xử lý     | trực tiếp  | -        | 6, 13 |
| D     | 15/6      | 18/6    | 18/6     | đã xong        | trực tuyến | -        | 4, 9  |
| E     | 1/7       | 8/7     | 3/7      | đã xong        | trực tuyến | -        | 4, 8  |
| F     | 20/8      | 26/8    | 27/8     | đã xong        | trực tiếp  | -        | 5, 10 |
| G     | 28/8      | 7/9     | 7/9      | đã xong        | bưu chính  | -        | 5, 9  |
| H     | 10/9      | 24/9    | -        | đang xử lý     | trực tuyến | -        | 4, 12 |
| I     | 3/8       | 17/8    | -        | đang xử lý     | trực tiếp  | -        | 5, 13 |
| J     | 24/8      | 7/9     | -        | chờ bổ sung    | trực tuyến | 28/8–    | 4, 12 |
| K     | 20/7      | 3/8     | 22/7     | đã rút         | trực tuyến | -        | 4, 9  |
| L     | 8/9       | 10/9    | 15/9     | đã xong        | trực tiếp  | -        | 5, 13 |
| M     | 12/9      | -       | -        | chưa tiếp nhận | trực tiếp  | -        | không |
| N     | 1/6       | 8/6     | 12/6     | đã xong        | trực tiếp  | -        | không |
| O     | 15/9      | 22/9    | -        | đang xử lý     | trực tiếp  | -        | không |
"""

FIRST_AND_LAST_DAY = """
| hồ sơ                      | tiếp nhận | hẹn trả | kết thúc | trạng thái | cột   |
| nhận đúng ngày đầu kỳ      | 15/6      | 1/7     | 1/7      | đã xong    | 5, 9  |
| nhận ngày trước đầu kỳ     | 14/6      | 1/7     | 1/7      | đã xong    | 6, 9  |
| nhận đúng ngày chốt        | 14/9      | 1/10    | -        | đang xử lý | 5, 12 |
| nhận sau ngày chốt         | 15/9      | 1/10    | -        | đang xử lý | không |
| xong đúng ngày đầu kỳ      | 1/6       | 15/6    | 15/6     | đã xong    | 6, 9  |
| xong ngày trước đầu kỳ     | 1/6       | 15/6    | 14/6     | đã xong    | không |
| xong đúng ngày chốt        | 1/9       | 14/9    | 14/9     | đã xong    | 5, 9  |
| xong sau ngày chốt         | 1/9       | 14/9    | 15/9     | đã xong    | 5, 12 |
| hẹn đúng ngày chốt         | 1/9       | 14/9    | -        | đang xử lý | 5, 12 |
| hẹn ngày trước ngày chốt   | 1/9       | 13/9    | -        | đang xử lý | 5, 13 |
| nhận và xong trong một ngày | 1/9      | 1/9     | 1/9      | đã xong    | 5, 9  |
| tồn từ kỳ trước            | 1/2       | 1/3     | -        | đang xử lý | 6, 13 |
| rút sau ngày chốt          | 1/9       | 10/9    | 20/9     | đã rút     | 5, 13 |
| không hẹn, đã xong         | 1/9       | -       | 5/9      | đã xong    | 5, 9  |
| không hẹn, đang xử lý      | 1/9       | -       | -        | đang xử lý | 5, 12 |
"""

PAUSES = """
| hồ sơ                              | tiếp nhận | hẹn trả | kết thúc | trạng thái  | tạm dừng          | cột   |
| dừng từ trước, chưa bổ sung        | 1/8       | 20/8    | -        | chờ bổ sung | 10/8–             | 5, 12 |
| dừng đúng ngày chốt                | 1/8       | 20/8    | -        | chờ bổ sung | 14/9–             | 5, 12 |
| dừng sau ngày chốt                 | 1/8       | 20/8    | -        | chờ bổ sung | 15/9–             | 5, 13 |
| bổ sung xong đúng ngày chốt        | 1/8       | 20/8    | -        | đang xử lý  | 10/8–14/9         | 5, 13 |
| bổ sung xong sau ngày chốt         | 1/8       | 20/8    | -        | đang xử lý  | 10/8–15/9         | 5, 12 |
| lần đầu đã xong, lần hai chưa      | 1/8       | 20/8    | -        | chờ bổ sung | 5/8–7/8 10/8–     | 5, 12 |
| hai lần đều đã xong                | 1/8       | 20/8    | -        | đang xử lý  | 5/8–7/8 10/8–12/8 | 5, 13 |
| xong trong kỳ, lần dừng còn để ngỏ | 1/8       | 20/8    | 25/8     | đã xong     | 10/8–             | 5, 10 |
| xong sau ngày chốt, khi chốt dừng  | 1/8       | 20/8    | 25/9     | đã xong     | 10/8–20/9         | 5, 12 |
"""

DELETED = """
| hồ sơ                 | tiếp nhận | hẹn trả | kết thúc | xóa  | trạng thái | cột   |
| xóa trước ngày chốt   | 1/8       | 20/8    | -        | 13/9 | đang xử lý | không |
| xóa đúng ngày chốt    | 1/8       | 20/8    | 19/8     | 14/9 | đã xong    | không |
| xóa sau ngày chốt     | 1/8       | 20/8    | 19/8     | 15/9 | đã xong    | 5, 8  |
| xóa trước khi vào kỳ  | 1/5       | 20/5    | -        | 1/6  | đang xử lý | không |
"""


def cells_of(dossiers: pd.DataFrame, pauses: pd.DataFrame, policy: Policy) -> dict[str, str]:
    states = classify(dossiers, pauses, span=Q3, policy=policy)
    cells = [form_cells(*pair) for pair in zip(states["received"], states["outcome"], strict=True)]
    return dict(zip(dossiers["dossier_code"], cells, strict=True))


@pytest.mark.parametrize("table", [WORKED_EXAMPLE, FIRST_AND_LAST_DAY, PAUSES, DELETED])
def test_each_dossier_stands_in_the_columns_of_the_table(table: str) -> None:
    rows, dossiers, pauses = read_dossiers(table)
    assert cells_of(dossiers, pauses, Policy()) == {row["hồ sơ"]: row["cột"] for row in rows}


@pytest.mark.parametrize("table", [WORKED_EXAMPLE, FIRST_AND_LAST_DAY, PAUSES, DELETED])
def test_the_same_columns_come_out_of_the_facts(table: str) -> None:
    rows, dossiers, pauses = read_dossiers(table)
    one_key_a_dossier = dossiers.assign(procedure_code=dossiers["dossier_code"])
    facts = facts_of(one_key_a_dossier, pauses, spans={Series.FORMS: Q3}, policy=Policy())
    columns = {
        fact["procedure_code"]: ", ".join(
            str(n) for n, measures in FORM_COLUMNS.items() if n not in {3, 7, 11} and sum(fact[m] for m in measures)
        )
        for fact in facts.to_dict("records")
    }
    assert columns == {row["hồ sơ"]: row["cột"] for row in rows if row["cột"] != "không"}


def test_totals_of_the_worked_example() -> None:
    _, dossiers, pauses = read_dossiers(WORKED_EXAMPLE)
    facts = facts_of(dossiers, pauses, spans={Series.FORMS: Q3}, policy=Policy())
    assert len(facts) == 1
    totals = {n: int(facts[list(measures)].sum(axis=1).sum()) for n, measures in FORM_COLUMNS.items()}
    assert totals == {3: 12, 4: 5, 5: 4, 6: 3, 7: 7, 8: 2, 9: 3, 10: 2, 11: 5, 12: 2, 13: 3}


POLICIES = """
| hồ sơ                  | tiếp nhận | hẹn trả | kết thúc | trạng thái | chính sách           | cột   |
| rút, mặc định          | 20/7      | 3/8     | 22/7     | đã rút     | -                    | 5, 9  |
| rút, tính vào cột 8    | 20/7      | 3/8     | 22/7     | đã rút     | withdrawn_column=8   | 5, 8  |
| rút quá hạn            | 20/7      | 3/8     | 22/8     | đã rút     | -                    | 5, 9  |
| rút quá hạn, cột 8     | 20/7      | 3/8     | 22/8     | đã rút     | withdrawn_column=8   | 5, 8  |
| dừng, đang tồn         | 20/7      | 3/8     | 22/7     | dừng xử lý | -                    | 5, 12 |
| dừng, đã kết thúc sớm  | 20/7      | 3/8     | 22/7     | dừng xử lý | stopped_is=closed    | 5, 8  |
| dừng, đã kết thúc muộn | 20/7      | 3/8     | 22/8     | dừng xử lý | stopped_is=closed    | 5, 10 |
| dừng đúng ngày chốt    | 20/7      | 3/8     | 14/9     | dừng xử lý | -                    | 5, 12 |
| dừng sau ngày chốt     | 20/7      | 3/8     | 15/9     | dừng xử lý | -                    | 5, 13 |
| dừng sau, còn hạn      | 20/7      | 3/10    | 15/9     | dừng xử lý | -                    | 5, 12 |
| dừng sau, kết thúc     | 20/7      | 3/8     | 15/9     | dừng xử lý | stopped_is=closed    | 5, 13 |
| dừng từ kỳ trước       | 1/5       | 20/5    | 10/5     | dừng xử lý | -                    | 6, 12 |
| dừng kỳ trước, kết thúc | 1/5      | 20/5    | 10/5     | dừng xử lý | stopped_is=closed    | không |
"""


def test_policies_move_withdrawn_and_stopped_dossiers() -> None:
    rows, dossiers, pauses = read_dossiers(POLICIES)
    for number, row in enumerate(rows):
        named = dict([row["chính sách"].split("=")]) if row["chính sách"] != "-" else {}
        policy = Policy.model_validate({k: int(v) if v.isdigit() else v for k, v in named.items()})
        found = cells_of(dossiers.iloc[[number]], pauses, policy)
        assert found == {row["hồ sơ"]: row["cột"]}


NOTE_OF = {
    "rút": "withdrawn",
    "dừng": "stopped",
    "chờ": "paused",
    "không-hẹn": "no_due_date",
}
WITH_NOTES = """
| hồ sơ                    | tiếp nhận | hẹn trả | kết thúc | trạng thái  | tạm dừng | ghi chú       |
| rút                      | 20/7      | 3/8     | 22/7     | đã rút      | -        | rút           |
| rút sau ngày chốt        | 20/7      | 3/8     | 22/9     | đã rút      | -        | -             |
| rút từ kỳ trước          | 20/5      | 3/6     | 22/5     | đã rút      | -        | -             |
| dừng                     | 20/7      | 3/8     | 22/7     | dừng xử lý  | -        | dừng          |
| dừng sau ngày chốt       | 20/7      | 3/8     | 22/9     | dừng xử lý  | -        | -             |
| chờ bổ sung              | 20/7      | 3/8     | -        | chờ bổ sung | 25/7–    | chờ           |
| dừng khi chờ bổ sung     | 20/7      | 3/8     | 1/8      | dừng xử lý  | 25/7–    | dừng          |
| không hẹn, đang xử lý    | 20/7      | -       | -        | đang xử lý  | -        | không-hẹn     |
| không hẹn, đã xong       | 20/7      | -       | 1/8      | đã xong     | -        | không-hẹn     |
| không hẹn, kỳ trước      | 20/5      | -       | 1/6      | đã xong     | -        | -             |
"""


def test_notes_under_the_table() -> None:
    rows, dossiers, pauses = read_dossiers(WITH_NOTES)
    states = classify(dossiers, pauses, span=Q3, policy=Policy())
    found = [{note for note in NOTES if flags[note]} for flags in states.to_dict("records")]
    assert found == [{NOTE_OF[note] for note in row["ghi chú"].split() if note != "-"} for row in rows]


def test_the_answer_stands_on_the_index_of_the_dossiers() -> None:
    _, dossiers, pauses = read_dossiers(WORKED_EXAMPLE)
    shuffled = dossiers.sample(frac=1, random_state=1).set_index("dossier_code", drop=False)
    states = classify(shuffled, pauses, span=Q3, policy=Policy())
    assert list(states.index) == list(shuffled["dossier_code"])
    assert states.loc["B", "outcome"] == "overdue"


def test_text_instead_of_categories_gives_the_same() -> None:
    _, dossiers, pauses = read_dossiers(WORKED_EXAMPLE)
    as_text = dossiers.astype({"status": "str", "channel": "str"})
    pd.testing.assert_frame_equal(
        classify(as_text, pauses, span=Q3, policy=Policy()), classify(dossiers, pauses, span=Q3, policy=Policy())
    )


def test_nothing_gives_nothing() -> None:
    _, dossiers, pauses = read_dossiers(WORKED_EXAMPLE)
    states = classify(dossiers[:0], pauses[:0], span=Q3, policy=Policy())
    assert states.empty and set(NOTES) < set(states.columns)
