"""Every count of the facts in the words of the forms, for staff; which sources tell of it; whether periods add up.

A count that not every source keeps has a base: of how many dossiers the sources tell at all. Where the base is smaller
than what it is a part of, the figure is of a part of the dossiers; where it is 0, nothing is known, and that is not 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.columns import FORM_COLUMNS, OPEN, RECEIVED, RESOLVED

RECEIVED_NOW = (*FORM_COLUMNS[4], *FORM_COLUMNS[5])
"""Received within the period: (4) + (5)."""


@dataclass(frozen=True)
class Base:
    """told: counts of the dossiers of which a source tells; of: all those that it should tell of. is_whole: whether
    fewer are a gap; where not, they are a part by nature, and none at all says that nothing is known."""

    told: str
    of: tuple[str, ...]
    label: str
    is_whole: bool = True


LEVEL = Base("level_known", RECEIVED_NOW, "mức độ dịch vụ công")
RETURNED = Base("returned_known", RESOLVED, "kênh trả kết quả")
POST = Base("by_post_known", RECEIVED_NOW, "kênh trả kết quả")
FEE = Base("fee_known", RECEIVED, "nghĩa vụ tài chính")
PAID = Base("paid_known", ("fee_due",), "hình thức thanh toán")
RESULT = Base("result_known", RESOLVED, "kết quả điện tử")
DIGITISED = Base("digitised_known", RECEIVED_NOW, "số hóa thành phần hồ sơ")
REUSED = Base("reused_known", RECEIVED_NOW, "tái sử dụng dữ liệu số hóa")
LINKED = Base("linked_known", RESOLVED, "việc liên thông")
TAKEN = Base("processed", RESOLVED, "đủ ngày, tạm dừng để tính thời gian giải quyết", is_whole=False)
TIMED = Base("timed", ("processed",), "thời hạn theo quy định")


@dataclass(frozen=True)
class CountWords:
    """label: what is counted. bases: of what a source must tell, for it to be known. adds_up: whether the counts of
    adjacent periods add up to that of the whole; what is open at an end, or carried over, would count again. unit: of
    what is added up."""

    label: str
    bases: tuple[Base, ...] = ()
    adds_up: bool = True
    unit: str = "hồ sơ"


def _now(label: str, *bases: Base) -> CountWords:
    return CountWords(label, bases)


def _days(label: str, *bases: Base) -> CountWords:
    return CountWords(label, bases, unit="ngày làm việc")


def _at_an_end(label: str, *bases: Base) -> CountWords:
    return CountWords(label, bases, adds_up=False)


COUNT_WORDS: dict[str, CountWords] = {
    "received_online": _now("hồ sơ tiếp nhận trực tuyến trong kỳ"),
    "received_in_person": _now("hồ sơ tiếp nhận trực tiếp trong kỳ"),
    "received_postal": _now("hồ sơ tiếp nhận qua bưu chính công ích trong kỳ"),
    "carried_over": _at_an_end("hồ sơ từ kỳ trước chuyển sang"),
    "early": _now("hồ sơ giải quyết trước hạn"),
    "on_time": _now("hồ sơ giải quyết đúng hạn"),
    "overdue": _now("hồ sơ giải quyết quá hạn"),
    "open_in_time": _at_an_end("hồ sơ đang giải quyết trong hạn"),
    "open_overdue": _at_an_end("hồ sơ đang giải quyết quá hạn"),
    "withdrawn": _now("hồ sơ công dân, tổ chức xin rút"),
    "stopped": _at_an_end("hồ sơ cơ quan đã dừng giải quyết"),
    "paused": _at_an_end("hồ sơ đang chờ bổ sung giấy tờ hoặc thực hiện nghĩa vụ tài chính"),
    "no_due_date": _at_an_end("hồ sơ không có ngày hẹn trả"),
    "linked_known": _now("hồ sơ đã giải quyết có ghi là liên thông hay không", LINKED),
    "linked_received": _now("hồ sơ liên thông tiếp nhận trong kỳ", LINKED),
    "linked_resolved": _now("hồ sơ liên thông đã giải quyết", LINKED),
    "linked_overdue": _now("hồ sơ liên thông giải quyết quá hạn", LINKED),
    "level_known": _now("hồ sơ tiếp nhận trong kỳ có ghi mức độ dịch vụ công", LEVEL),
    "offered": _now("hồ sơ tiếp nhận của thủ tục có dịch vụ công trực tuyến (toàn trình, một phần)", LEVEL),
    "offered_online": _now("hồ sơ nộp trực tuyến của thủ tục có dịch vụ công trực tuyến (toàn trình, một phần)", LEVEL),
    "offered_full": _now("hồ sơ tiếp nhận của thủ tục có dịch vụ công trực tuyến toàn trình", LEVEL),
    "offered_full_online": _now("hồ sơ nộp trực tuyến của thủ tục có dịch vụ công trực tuyến toàn trình", LEVEL),
    "returned_known": _now("hồ sơ đã giải quyết có ghi kênh trả kết quả", RETURNED),
    "returned_by_post": _now("hồ sơ trả kết quả qua bưu chính công ích", RETURNED),
    "by_post_known": _at_an_end(
        "hồ sơ tiếp nhận hoặc đã giải quyết, của các nguồn có ghi kênh trả kết quả", RETURNED, POST
    ),
    "by_post": _at_an_end("hồ sơ tiếp nhận hoặc trả kết quả qua bưu chính công ích, mỗi hồ sơ một lần", RETURNED, POST),
    "fee_known": _at_an_end("hồ sơ nhận giải quyết có ghi nghĩa vụ tài chính hay không", FEE),
    "fee_due": _at_an_end("hồ sơ có nghĩa vụ tài chính", FEE),
    "paid_known": _at_an_end("hồ sơ có nghĩa vụ tài chính, có ghi hình thức thanh toán", FEE, PAID),
    "paid_online": _at_an_end("hồ sơ thanh toán trực tuyến", FEE, PAID),
    "result_known": _now("hồ sơ đã giải quyết có ghi kết quả điện tử hay không", RESULT),
    "result_electronic": _now("hồ sơ có kết quả điện tử", RESULT),
    "digitised_known": _now("hồ sơ tiếp nhận có ghi việc số hóa hay không", DIGITISED),
    "digitised": _now("hồ sơ được số hóa thành phần hồ sơ", DIGITISED),
    "reused_known": _now("hồ sơ tiếp nhận có ghi việc tái sử dụng dữ liệu hay không", REUSED),
    "reused": _now("hồ sơ được tái sử dụng dữ liệu số hóa", REUSED),
    "processed": _now("hồ sơ do cơ quan giải quyết xong, tính được thời gian", TAKEN),
    "processing_days": _days("tổng số ngày làm việc giải quyết của các hồ sơ tính được thời gian", TAKEN),
    "timed": _now("hồ sơ giải quyết xong có thời hạn theo quy định", TAKEN, TIMED),
    "timed_days": _days("tổng số ngày làm việc giải quyết của các hồ sơ có thời hạn theo quy định", TAKEN, TIMED),
    "timed_limit_days": _days(
        "tổng số ngày làm việc theo quy định của các hồ sơ có thời hạn theo quy định", TAKEN, TIMED
    ),
}
"""Measure or memo → its words."""

_COLUMN_WORDS = (
    (RECEIVED, "hồ sơ nhận giải quyết, cột (3)"),
    (RECEIVED_NOW, "hồ sơ tiếp nhận trong kỳ, cột (4) + (5)"),
    (RESOLVED, "hồ sơ đã giải quyết, cột (7)"),
    ((*RESOLVED, *OPEN), "hồ sơ đã và đang giải quyết, cột (7) + (11) = (3)"),
    (OPEN, "hồ sơ đang giải quyết, cột (11)"),
)
_BY_COUNT = {one[0]: column for column, one in FORM_COLUMNS.items() if len(one) == 1} | {
    "received_in_person": 5,
    "received_postal": 5,
}


def words_of(counts: tuple[str, ...]) -> str:
    """What these counts add up to: «hồ sơ giải quyết trước hạn (8) + hồ sơ giải quyết đúng hạn (9)»."""
    whole = next((words for column, words in _COLUMN_WORDS if set(column) == set(counts)), "")
    return whole or " + ".join(_one(count) for count in counts)


def _one(count: str) -> str:
    column = _BY_COUNT.get(count)
    return COUNT_WORDS[count].label + (f" ({column})" if column else "")


def bases_of(counts: Iterable[str]) -> tuple[Base, ...]:
    """What the sources must tell of, for these counts to be whole; each once, in order."""
    return tuple(dict.fromkeys(base for count in counts for base in COUNT_WORDS[count].bases))


def add_up_over_time(counts: Iterable[str]) -> bool:
    """Whether the counts of adjacent periods add up to those of the whole."""
    return all(COUNT_WORDS[count].adds_up for count in counts)
