# ruff: noqa: E501 (tables that a person reads)
"""What is counted beside the form: of which dossiers, and never of those of which the source does not tell."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codes import Channel, Series, ServiceLevel
from contracts.columns import MEASURES, MEMOS, NOTES
from contracts.periods import parse_period
from contracts.province import Policy
from tests.transforms.tables import CHANNELS, Row, fact_frame, read_dossiers
from tests.tried import tried
from transforms.counts import facts_of

Q3 = {Series.FORMS: parse_period("2026Q3").forms}  # 15/6–14/9/2026
LEVELS = {"toàn trình": ServiceLevel.FULL, "một phần": ServiceLevel.PARTIAL, "thông tin": ServiceLevel.INFORMATION}
FLAGS = {
    "liên thông": "linked",
    "phí": "fee_due",
    "trả trực tuyến": "paid_online",
    "kq điện tử": "result_electronic",
    "số hóa": "digitised",
    "dùng lại": "reused",
}
WORDS = {
    "rõ-lt": "linked_known",
    "nhận-lt": "linked_received",
    "lt": "linked_resolved",
    "lt-quá-hạn": "linked_overdue",
    "rõ-mức": "level_known",
    "có-dvc": "offered",
    "có-dvc-tt": "offered_online",
    "toàn-trình": "offered_full",
    "toàn-trình-tt": "offered_full_online",
    "rõ-kênh-trả": "returned_known",
    "trả-bc": "returned_by_post",
    "rõ-bc": "by_post_known",
    "bc": "by_post",
    "rõ-phí": "fee_known",
    "phí": "fee_due",
    "rõ-cách-nộp": "paid_known",
    "nộp-tt": "paid_online",
    "rõ-kq": "result_known",
    "kq-đt": "result_electronic",
    "rõ-sh": "digitised_known",
    "sh": "digitised",
    "rõ-dl": "reused_known",
    "dl": "reused",
}


def told(rows: list[Row], dossiers: pd.DataFrame) -> pd.DataFrame:
    """With the columns of the table: «-» is an empty cell; a head that the table lacks is a column that the source
    lacks."""
    for head, name in FLAGS.items():
        said = [row[head] == "có" for row in rows] if head in rows[0] else None
        dossiers[name] = pd.array([pd.NA] * len(rows), dtype="boolean") if said is None else said
    if "mức độ" in rows[0]:
        levels = [LEVELS.get(row["mức độ"]) for row in rows]
        dossiers["service_level"] = pd.Categorical(levels, categories=[str(level) for level in ServiceLevel])
    if "trả qua" in rows[0]:
        channels = [CHANNELS.get(row["trả qua"]) for row in rows]
        dossiers["return_channel"] = pd.Categorical(channels, categories=[str(channel) for channel in Channel])
    return dossiers.assign(procedure_code=dossiers["dossier_code"])


def counted(text: str) -> tuple[list[Row], dict[str, set[str]]]:
    """The table's rows, and of each dossier the memos in which it counts, the notes apart."""
    rows, dossiers, pauses = read_dossiers(text)
    facts = facts_of(told(rows, dossiers), pauses, spans=Q3, policy=Policy()).set_index("procedure_code")
    named = [memo for memo in MEMOS if memo not in NOTES]
    return rows, {str(code): {m for m in named if row[m]} for code, row in facts.iterrows()}


TABLES = {
    "mức độ dịch vụ công: trên hồ sơ tiếp nhận trong kỳ": """
    | hồ sơ              | tiếp nhận | hẹn trả | kết thúc | trạng thái | kênh       | mức độ     | ghi                                            |
    | trực tuyến         | 20/6      | 25/6    | 24/6     | đã xong    | trực tuyến | toàn trình | rõ-mức có-dvc có-dvc-tt toàn-trình toàn-trình-tt |
    | tại quầy           | 20/6      | 25/6    | -        | đang xử lý | trực tiếp  | toàn trình | rõ-mức có-dvc toàn-trình                       |
    | một phần           | 20/6      | 25/6    | -        | đang xử lý | trực tuyến | một phần   | rõ-mức có-dvc có-dvc-tt                        |
    | chỉ thông tin      | 20/6      | 25/6    | -        | đang xử lý | trực tiếp  | thông tin  | rõ-mức                                         |
    | mức chưa quy đổi   | 20/6      | 25/6    | -        | đang xử lý | trực tuyến | -          |                                                |
    | từ kỳ trước        | 10/6      | 25/6    | 24/6     | đã xong    | trực tuyến | toàn trình |                                                |
    """,
    "bưu chính: nộp hoặc nhận kết quả, mỗi hồ sơ một lần": """
    | hồ sơ              | tiếp nhận | hẹn trả | kết thúc | trạng thái | kênh      | trả qua    | ghi                         |
    | nộp và trả         | 20/6      | 25/6    | 24/6     | đã xong    | bưu chính | bưu chính  | rõ-kênh-trả trả-bc rõ-bc bc |
    | chỉ nộp            | 20/6      | 25/6    | 24/6     | đã xong    | bưu chính | trực tiếp  | rõ-kênh-trả rõ-bc bc        |
    | chỉ trả            | 20/6      | 25/6    | 24/6     | đã xong    | trực tiếp | bưu chính  | rõ-kênh-trả trả-bc rõ-bc bc |
    | trả, từ kỳ trước   | 10/6      | 25/6    | 24/6     | đã xong    | trực tiếp | bưu chính  | rõ-kênh-trả trả-bc rõ-bc bc |
    | nộp từ kỳ trước    | 10/6      | 25/6    | 24/6     | đã xong    | bưu chính | trực tiếp  | rõ-kênh-trả rõ-bc           |
    | không qua bưu chính | 20/6     | 25/6    | 24/6     | đã xong    | trực tiếp | trực tuyến | rõ-kênh-trả rõ-bc           |
    | chưa xong          | 20/6      | 25/9    | -        | đang xử lý | trực tiếp | bưu chính  | rõ-bc                       |
    | nộp, chưa rõ trả   | 20/6      | 25/6    | 24/6     | đã xong    | bưu chính | -          | rõ-bc bc                    |
    | không rõ kênh trả  | 20/6      | 25/6    | 24/6     | đã xong    | trực tiếp | -          |                             |
    """,
    "thanh toán: trên mọi hồ sơ nhận giải quyết": """
    | hồ sơ              | tiếp nhận | hẹn trả | kết thúc | trạng thái | phí   | trả trực tuyến | ghi                           |
    | đã nộp             | 20/6      | 25/6    | 24/6     | đã xong    | có    | có             | rõ-phí phí rõ-cách-nộp nộp-tt |
    | nộp tiền mặt       | 10/6      | 25/6    | -        | đang xử lý | có    | không          | rõ-phí phí rõ-cách-nộp        |
    | không phí          | 20/6      | 25/6    | 24/6     | đã xong    | không | không          | rõ-phí                        |
    | nộp mà không phí   | 20/6      | 25/6    | 24/6     | đã xong    | không | có             | rõ-phí                        |
    """,
    "nguồn không ghi cách nộp": """
    | hồ sơ              | tiếp nhận | hẹn trả | kết thúc | trạng thái | phí   | ghi        |
    | có phí             | 20/6      | 25/6    | 24/6     | đã xong    | có    | rõ-phí phí |
    """,
    "điện tử: kết quả trên hồ sơ đã giải quyết, số hóa trên hồ sơ tiếp nhận": """
    | hồ sơ              | tiếp nhận | hẹn trả | kết thúc | trạng thái | kq điện tử | số hóa | dùng lại | ghi                            |
    | đủ cả              | 20/6      | 25/6    | 24/6     | đã xong    | có         | có     | có       | rõ-kq kq-đt rõ-sh sh rõ-dl dl  |
    | không gì           | 20/6      | 25/6    | 24/6     | đã xong    | không      | không  | không    | rõ-kq rõ-sh rõ-dl              |
    | chưa xong          | 20/6      | 25/9    | -        | đang xử lý | có         | có     | không    | rõ-sh sh rõ-dl                 |
    | từ kỳ trước        | 10/6      | 25/6    | 24/6     | đã xong    | có         | có     | có       | rõ-kq kq-đt                    |
    """,
    "liên thông": """
    | hồ sơ              | tiếp nhận | hẹn trả | kết thúc | trạng thái | liên thông | ghi                   |
    | đúng hạn           | 20/7      | 3/8     | 3/8      | đã xong    | có         | rõ-lt nhận-lt lt      |
    | quá hạn            | 20/7      | 3/8     | 4/8      | đã xong    | có         | rõ-lt nhận-lt lt lt-quá-hạn |
    | đang quá hạn       | 20/7      | 3/8     | -        | đang xử lý | có         | nhận-lt               |
    | từ kỳ trước        | 10/6      | 3/8     | 3/8      | đã xong    | có         | rõ-lt lt              |
    | một cơ quan        | 20/7      | 3/8     | 4/8      | đã xong    | không      | rõ-lt                 |
    """,
    "nguồn không ghi gì thêm": """
    | hồ sơ              | tiếp nhận | hẹn trả | kết thúc | trạng thái | kênh      | ghi |
    | đã xong            | 20/6      | 25/6    | 24/6     | đã xong    | bưu chính |     |
    | chưa xong          | 20/6      | 25/6    | -        | đang xử lý | trực tiếp |     |
    """,
}  # fmt: skip


@pytest.mark.parametrize("about", TABLES)
def test_a_dossier_counts_where_the_table_says(about: str) -> None:
    rows, found = counted(TABLES[about])
    assert found == {row["hồ sơ"]: {WORDS[word] for word in row["ghi"].split()} for row in rows}


def test_every_memo_is_put_to_the_test() -> None:
    said = {word for text in TABLES.values() for row in counted(text)[0] for word in row["ghi"].split()}
    assert said == set(WORDS)
    time = {"processed", "processing_days", "timed", "timed_days", "timed_limit_days"}  # test_processing has them
    assert {WORDS[word] for word in said} | {*NOTES} | time == set(MEMOS)


@settings(max_examples=tried(50), deadline=None)
@given(st.lists(st.lists(st.integers(0, 10**6), min_size=len(MEMOS), max_size=len(MEMOS)), min_size=1, max_size=5))
def test_memos_of_parts_add_up_like_the_columns_of_the_form(parts: list[list[int]]) -> None:
    from transforms.counts import combine

    frames = [
        fact_frame({"received_online": 1, "open_in_time": 1, **dict(zip(MEMOS, part, strict=True))}) for part in parts
    ]
    whole = combine(frames)
    assert whole[list(MEMOS)].iloc[0].tolist() == [sum(column) for column in zip(*parts, strict=True)]
    pd.testing.assert_frame_equal(combine(reversed(frames)), whole)
    assert whole[list(MEASURES)].iloc[0].sum() == 2 * len(parts)
