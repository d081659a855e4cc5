"""What a unit carries over is what it had left open; where it is not, each dossier of the difference says why."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codes import Channel, Series, Status
from contracts.comparisons import CONTINUITY_COLUMNS, NOT_CARRIED, NOT_OPEN, REASONS
from contracts.periods import Span
from contracts.province import Policy
from tests.transforms.tables import STATUSES, day, dossier_frame, pause_frame, read_table
from tests.tried import tried
from transforms.continuity import carried, explained, found_in_others
from transforms.counted import counted_dossiers

Q3 = Span(date(2026, 6, 15), date(2026, 9, 14))
Q4 = Span(date(2026, 9, 15), date(2026, 12, 14))

CASES = """
A dossier as 2026Q3 (cut-off 14/9) had it, and as 2026Q4 (cut-off 14/12) has it: unit H32.…, received–ended, status
(«đang xử lý» where none is written), day of deletion. «loại»: in quarantine; «-»: the system does not give it;
«so-nganh»: counted there, and not here.

| việc đã xảy ra                 | trước                    | nay                         | lý do                  |
| không có gì                    | 20, 1/9–                 | 20, 1/9–                    | -                      |
| xong trong kỳ                  | 20, 1/9–                 | 20, 1/9–20/9, đã xong       | -                      |
| xong từ kỳ trước               | 20, 1/9–3/9, đã xong     | 20, 1/9–3/9, đã xong        | -                      |
| xong ngày chốt                 | 20, 1/9–14/9, đã xong    | 20, 1/9–14/9, đã xong       | -                      |
| xong sau khi chốt, đã biết     | 20, 1/9–15/9, đã xong    | 20, 1/9–15/9, đã xong       | -                      |
| mới tiếp nhận                  | -                        | 20, 15/9–                   | -                      |
| kỳ trước bị loại, nay vẫn loại | loại                     | loại                        | -                      |
| xóa sau khi chốt kỳ này        | 20, 1/9–                 | 20, 1/9–, xóa 15/12         | -                      |
| chuyển đơn vị                  | 20, 1/9–                 | 25, 1/9–                    | to_agency, from_agency |
| ghi lùi ngày kết thúc          | 20, 1/9–                 | 20, 1/9–14/9, đã xong       | ended_before           |
| dừng, rồi đổi thành xong       | 20, 1/9–10/9, dừng xử lý | 20, 1/9–10/9, đã xong       | ended_before           |
| tiếp nhận chuyển vào kỳ này    | 20, 14/9–                | 20, 15/9–                   | received_later         |
| tiếp nhận chuyển sang kỳ sau   | 20, 14/9–                | 20, 15/12–                  | received_later         |
| trả về chưa tiếp nhận          | 20, 1/9–                 | 20, 1/9–, chưa tiếp nhận    | not_received           |
| từ chối, ghi lùi ngày          | 20, 1/9–                 | 20, 1/9–2/9, chưa tiếp nhận | not_received           |
| đánh dấu xóa                   | 20, 1/9–                 | 20, 1/9–, xóa 14/12         | deleted                |
| mất hẳn                        | 20, 1/9–                 | -                           | gone                   |
| nay bị loại                    | 20, 1/9–                 | loại                        | quarantined            |
| nay nơi khác tính              | 20, 1/9–                 | 20, 1/9–, so-nganh          | elsewhere              |
| mở lại hồ sơ đã xong           | 20, 1/9–3/9, đã xong     | 20, 1/9–                    | was_ended              |
| kết thúc chuyển vào kỳ này     | 20, 1/9–14/9, đã xong    | 20, 1/9–15/9, đã xong       | was_ended              |
| xong, rồi đổi thành dừng       | 20, 1/9–10/9, đã xong    | 20, 1/9–10/9, dừng xử lý    | was_ended              |
| xong từ kỳ trước nữa, mở lại   | 20, 1/5–1/6, đã xong     | 20, 1/5–                    | was_ended              |
| ghi tiếp nhận sớm hơn          | 20, 15/9–                | 20, 14/9–                   | received_earlier       |
| tiếp nhận hồ sơ mới đăng ký    | 20, 1/9–, chưa tiếp nhận | 20, 1/9–                    | was_not_received       |
| khôi phục hồ sơ đã xóa         | 20, 1/9–, xóa 9/9        | 20, 1/9–                    | was_deleted            |
| nhập muộn                      | -                        | 20, 1/9–                    | was_absent             |
| nhập muộn, đã xong             | -                        | 20, 1/9–1/10, đã xong       | was_absent             |
| kỳ trước bị loại               | loại                     | 20, 1/9–                    | was_quarantined        |
| kỳ trước nơi khác tính         | 20, 1/9–, so-nganh       | 20, 1/9–                    | was_elsewhere          |
"""
Side = dict[str, Any]


def counted(sides: list[Side], span: Span) -> pd.DataFrame:
    """The dossiers behind the facts of that span, as a run stores them."""
    rows = [{k: v for k, v in side.items() if k not in {"elsewhere", "quarantined"}} for side in sides]
    frame = dossier_frame(rows).assign(row=range(len(rows)), address="")
    same = {"policy": Policy(), "warnings": pd.Series("", index=frame.index)}
    elsewhere = pd.Series([side.get("elsewhere", "") for side in sides], index=frame.index, dtype="str")
    return counted_dossiers(frame, pause_frame([]), spans={Series.FORMS: span}, elsewhere=elsewhere, **same)


def listed(before: list[Side], now: list[Side]) -> pd.DataFrame:
    sound = [[s for s in sides if not s.get("quarantined")] for sides in (before, now)]
    codes = [{s["dossier_code"] for s in sides if s.get("quarantined")} for sides in (before, now)]
    return explained(counted(sound[0], Q3), counted(sound[1], Q4), before_rejected=codes[0], rejected=codes[1], span=Q4)


def side(text: str) -> list[Side]:
    """The dossier as one of the two periods had it; none where it did not."""
    if text in ("-", "loại"):
        return [{"dossier_code": "A", "quarantined": True}] if text == "loại" else []
    agency, days, *more = text.split(", ")
    received, end = days.split("–")
    deleted = next((cell.removeprefix("xóa ") for cell in more if cell.startswith("xóa ")), "-")
    return [
        {
            "dossier_code": "A",
            "agency_code": f"H32.{agency}",
            "status": next((STATUSES[word] for word in more if word in STATUSES), Status.OPEN),
            "channel": Channel.ONLINE,
            "elsewhere": "so-nganh" if "so-nganh" in more else "",
            "received_date": day(received),
            "end_date": day(end or "-"),
            "deleted_date": day(deleted),
        }
    ]


@pytest.mark.parametrize("row", read_table(CASES), ids=lambda row: row["việc đã xảy ra"])
def test_what_happened_to_a_dossier_between_two_periods(row: dict[str, str]) -> None:
    found = listed(side(row["trước"]), side(row["nay"]))
    assert list(found) == list(CONTINUITY_COLUMNS)
    told = [(kind, agency, reason) for kind, _, agency, reason in found.itertuples(index=False)]
    units = {NOT_CARRIED: row["trước"], NOT_OPEN: row["nay"]}
    kinds = [(REASONS[reason].kind, reason) for reason in reasons(row)]
    assert told == [(kind, f"H32.{units[kind][:2]}", reason) for kind, reason in kinds]


def reasons(row: dict[str, str]) -> list[str]:
    return [] if row["lý do"] == "-" else row["lý do"].split(", ")


def test_each_reason_has_a_case() -> None:
    assert {reason for row in read_table(CASES) for reason in reasons(row)} == set(REASONS)


MOVES = """
| nguồn    | loại        | hồ sơ | lý do      | nói là        |
| cam-lam  | not_carried | A     | gone       | elsewhere     |
| so-nganh | not_open    | A     | was_absent | was_elsewhere |
| cam-lam  | not_carried | B     | gone       | gone          |
| so-nganh | not_open    | C     | was_absent | was_absent    |
| cam-lam  | not_carried | D     | deleted    | deleted       |
| so-nganh | not_open    | D     | was_absent | was_elsewhere |
| cam-lam  | not_carried | E     | gone       | elsewhere     |
"""


def test_a_dossier_that_went_from_one_system_to_another_is_not_gone() -> None:
    """E is carried over by a system that is new, and has no period before."""
    rows = read_table(MOVES)
    given = pd.DataFrame(
        [(r["loại"], r["hồ sơ"], "H32.20", r["lý do"]) for r in rows], columns=list(CONTINUITY_COLUMNS)
    )
    found = found_in_others(given, new_elsewhere={"E", "X"})
    assert found["reason"].tolist() == [row["nói là"] for row in rows]


DAYS = st.integers(-60, 120).map(lambda days: Q4.first_day + timedelta(days=days))
SIDES = st.fixed_dictionaries(
    {
        "agency_code": st.sampled_from(["H32.20", "H32.25"]),
        "status": st.sampled_from(list(Status)),
        "channel": st.just(Channel.ONLINE),
        "received_date": DAYS,
        "end_date": st.none() | DAYS,
        "deleted_date": st.none() | DAYS,
        "elsewhere": st.sampled_from(["", "", "", "so-nganh"]),
        "quarantined": st.sampled_from([False, False, False, True]),
    }
)
LIVES = st.lists(st.tuples(st.none() | SIDES, st.none() | SIDES), max_size=12)


def sound(given: Side | None, code: str) -> list[Side]:
    """As the rules accept it: what has ended has a day of its end."""
    if given is None:
        return []
    ended = given["status"] in (Status.DONE, Status.WITHDRAWN, Status.STOPPED)
    end = given["end_date"] or given["received_date"] if ended else given["end_date"]
    return [given | {"dossier_code": code, "end_date": end}]


def open_by_the_book(one: Side) -> bool:
    """At the end of 14/9/2026, one dossier at a time (form II.06, columns 12 and 13)."""
    if one["quarantined"] or one["elsewhere"] or one["status"] is Status.NOT_RECEIVED:
        return False
    alive = one["received_date"] < Q4.first_day and not (one["deleted_date"] and one["deleted_date"] < Q4.first_day)
    return alive and (one["status"] is Status.STOPPED or not one["end_date"] or one["end_date"] >= Q4.first_day)


def carried_by_the_book(one: Side) -> bool:
    """Column 6 of the period that ends on 14/12/2026."""
    if one["quarantined"] or one["elsewhere"] or one["status"] is Status.NOT_RECEIVED:
        return False
    alive = one["received_date"] < Q4.first_day and not (one["deleted_date"] and one["deleted_date"] <= Q4.last_day)
    return alive and (one["status"] is Status.STOPPED or not one["end_date"] or one["end_date"] >= Q4.first_day)


@settings(max_examples=tried(60), deadline=None)
@given(lives=LIVES, order=st.randoms(use_true_random=False))
def test_the_dossiers_explain_the_whole_difference_and_nothing_else(lives: list[Any], order: Any) -> None:
    before = [one for n, (was, _) in enumerate(lives) for one in sound(was, f"{n:02}")]
    now = [one for n, (_, now) in enumerate(lives) for one in sound(now, f"{n:02}")]
    found = listed(before, now)

    was_open = {(s["dossier_code"], s["agency_code"]) for s in before if open_by_the_book(s)}
    is_carried = {(s["dossier_code"], s["agency_code"]) for s in now if carried_by_the_book(s)}
    lost, gained = (
        set(found.loc[found["kind"] == kind, ["dossier_code", "agency_code"]].itertuples(index=False, name=None))
        for kind in (NOT_CARRIED, NOT_OPEN)
    )
    assert lost == was_open - is_carried
    assert gained == is_carried - was_open
    assert len(found) == len(lost) + len(gained)
    assert all(REASONS[reason].kind == kind for kind, reason in zip(found["kind"], found["reason"], strict=True))

    accepted = ([one for one in sides if not one["quarantined"]] for sides in (before, now))
    by_unit = carried(*(counted(sides, span) for sides, span in zip(accepted, (Q3, Q4), strict=True)))
    left, came = (Counter(agency for _, agency in pairs) for pairs in (lost, gained))
    for agency, previous_open, carried_over in by_unit.itertuples(index=False):
        assert previous_open - left[agency] + came[agency] == carried_over
    assert set(left) | set(came) <= set(by_unit["agency_code"])

    order.shuffle(before)
    order.shuffle(now)
    pd.testing.assert_frame_equal(listed(before, now), found)


def test_nothing_on_either_side_leaves_nothing_to_explain() -> None:
    nothing = counted([], Q3)
    assert carried(nothing, nothing).empty and list(listed([], [])) == list(CONTINUITY_COLUMNS)
