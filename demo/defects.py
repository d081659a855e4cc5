"""A known small set of every defect that a district's data can have, spread over the systems.

Defective rows are rows of their own beside the sound world. They are filed in July or October 2024 and nothing
happens to them later, so they stand in every later snapshot as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import cycle

import numpy as np
import pandas as pd

from contracts.codes import Channel, Status
from contracts.province import Province
from contracts.units import Unit
from demo.mix import Mix
from demo.workdays import WorkingDays
from demo.world import NAT

ERRORS = {
    "no_dossier_code": "không có mã hồ sơ",
    "no_procedure_code": "không có mã thủ tục",
    "no_agency": "không có cơ quan tiếp nhận",
    "no_received_date": "không có ngày tiếp nhận",
    "unknown_status": "trạng thái lạ",
    "unknown_channel": "kênh tiếp nhận lạ",
    "unknown_agency": "cơ quan không có trong danh mục",
    "agency_not_valid": "cơ quan đã kết thúc hoạt động",
    "end_before_received": "kết thúc trước khi tiếp nhận",
    "received_in_future": "ngày tiếp nhận ở tương lai",
    "end_in_future": "ngày kết thúc ở tương lai",
    "done_without_end": "đã xong nhưng không có ngày kết thúc",
    "unreadable_date": "ngày không đọc được",
    "duplicate_code": "hai hồ sơ khác nhau cùng mã",
    "repeated_row": "dòng lặp lại y hệt",
    "paused_undated": "tạm dừng nhưng không có ngày",
    "in_two_systems": "hồ sơ của hệ thống khác được nhập lại",
}
"""Defects for which a row must not be counted (of a repeated row the first copy counts, of a dossier in two systems
that of the system which received it)."""

WARNINGS = {
    "no_due_date": "không có ngày hẹn trả",
    "due_before_received": "hẹn trả trước khi tiếp nhận",
    "bad_code_pattern": "mã hồ sơ sai cấu trúc",
    "level_2_online": "thủ tục mức 2 nộp trực tuyến",
    "closed_with_open_supplement": "đã kết thúc, yêu cầu bổ sung chưa đóng",
}
"""Defects with which a row is counted all the same."""

_OCTOBER = {
    "nha-trang": (
        "no_dossier_code no_procedure_code no_agency no_received_date unknown_status unknown_channel unknown_agency "
        "end_before_received received_in_future end_in_future done_without_end unreadable_date duplicate_code "
        "repeated_row paused_undated no_due_date due_before_received bad_code_pattern level_2_online "
        "closed_with_open_supplement"
    ),
    "cam-ranh": "duplicate_code unreadable_date level_2_online",
    "cam-lam": "no_received_date unknown_channel no_due_date",
    "khanh-vinh": "end_before_received bad_code_pattern",
    "khanh-son": "paused_undated closed_with_open_supplement",
    "so-nganh": (
        "agency_not_valid agency_not_valid unknown_status done_without_end due_before_received in_two_systems "
        "in_two_systems"
    ),
    "van-ninh": "no_dossier_code no_agency unknown_status end_in_future no_due_date in_two_systems",
    "ninh-hoa": (
        "no_procedure_code unknown_channel end_before_received duplicate_code paused_undated received_in_future "
        "bad_code_pattern level_2_online closed_with_open_supplement"
    ),
    "dien-khanh": "no_received_date unknown_agency done_without_end unreadable_date repeated_row due_before_received",
    "truong-sa": "unknown_status unreadable_date no_due_date",
}
_JULY = {"nha-trang": "unknown_status end_before_received no_due_date", "ninh-hoa": "unreadable_date unknown_status"}
_CLOSED_AGENCY = "H32.22"
_RECEIVER = "cam-ranh"
"""The source that received what others entered again."""
_UNFINISHED = {"received_in_future", "paused_undated", "no_received_date"}


@dataclass(frozen=True)
class _Place:
    """Where and when one defective dossier is filed: its life is that of a sound one, but for the defect."""

    source: str
    unit: Unit
    procedure: int
    working_days: int
    service_level: int
    filed: int  # number of the working day


def defective(
    province: Province, mix: Mix, *, owners: dict[str, str], days: WorkingDays, first_position: int
) -> pd.DataFrame:
    """Rows of `demo.world.WORLD_COLUMNS`, to stand in the world from that position on."""
    rows: list[dict[str, object]] = []
    for plan, month in ((_OCTOBER, date(2024, 10, 1)), (_JULY, date(2024, 7, 1))):
        start = days.number(month)
        receivers = cycle(_places(province, mix, _RECEIVER, owners, start=start))
        for source, defects in plan.items():
            places = _places(province, mix, source, owners, start=start)
            for number, defect in enumerate(defects.split()):
                place, position = places[number % len(places)], first_position + len(rows)
                if defect == "in_two_systems":
                    rows += _in_two_systems(next(receivers), place, days, position=position)
                else:
                    rows += _rows(defect, place, days, position=position)
    return pd.DataFrame(rows)


def _places(province: Province, mix: Mix, source: str, owners: dict[str, str], *, start: int) -> list[_Place]:
    """One a unit of the source, ten working days in turn, each with a procedure of three to ten days."""
    units = [u for u in province.units if owners.get(u.agency_code) == source and u.valid_to != date(2018, 8, 5)]
    places = []
    for number, unit in enumerate(units):
        about = mix.procedures.assign(weight=mix.weights(unit))
        usual = about[about["working_days"].between(3, 10) & (about["service_level"] > 2) & (about["weight"] > 0)]
        if not usual.empty:
            place = usual.iloc[number % len(usual)]
            limits = int(place["working_days"]), int(place["service_level"])
            places.append(
                _Place(source, unit, int(str(usual.index[number % len(usual)])), *limits, start + number % 10)
            )
    return places


def _rows(defect: str, place: _Place, days: WorkingDays, *, position: int) -> list[dict[str, object]]:
    """The defective row; with the sound or equally defective one that it repeats, where it repeats one."""
    if defect == "repeated_row":
        sound = _row("", place, days)
        return [sound, sound | {"defect": defect, "twin": position}]
    if defect == "duplicate_code":
        one = _row(defect, place, days)
        return [one, one | {"channel": Channel.POSTAL, "linked": True, "twin": position}]
    return [_spoilt(_row(defect, place, days))]


def _in_two_systems(received: _Place, entered: _Place, days: WorkingDays, *, position: int) -> list[dict[str, object]]:
    """A sound dossier, and the row that another office made of it when it came there a day later."""
    sound = _row("", received, days)
    again = {"source": entered.source, "agency_code": entered.unit.agency_code, "defect": "in_two_systems"}
    return [sound, sound | again | {"received": days.day(np.array(received.filed + 1)), "twin": position}]


def _row(defect: str, place: _Place, days: WorkingDays) -> dict[str, object]:
    """A sound life: received in person, done a day early."""
    received, end, due = (days.day(np.array(place.filed + n)) for n in (0, place.working_days - 1, place.working_days))
    finished = defect not in _UNFINISHED
    return {
        "source": place.source,
        "agency_code": place.unit.agency_code,
        "procedure": place.procedure,
        "channel": Channel.IN_PERSON,
        "fate": Status.DONE if finished else Status.OPEN,
        "registered": received,
        "received": received,
        **dict.fromkeys(("due_first", "due_second", "due"), due),
        "end": end if finished else NAT,
        "returned": end if finished else NAT,
        **dict.fromkeys(("deleted", "supplement_from", "supplement_to", "payment_from", "payment_to"), NAT),
        "received_at": 9 * 3600,
        "ended_at": 15 * 3600,
        "linked": False,
        "fee_due": False,
        "paid_online": 0,
        "service_level": place.service_level,
        "defect": defect,
        "twin": -1,
    }


def _spoilt(row: dict[str, object]) -> dict[str, object]:
    """The defects that are facts of the life. Those of the writing are in the vendors' modules."""
    received = np.datetime64(str(row["received"]), "D")
    dues = ("due_first", "due_second", "due")
    changes: dict[str, dict[str, object]] = {
        "agency_not_valid": {"agency_code": _CLOSED_AGENCY},
        "end_before_received": {"end": received - 3, "returned": NAT},
        "no_due_date": dict.fromkeys(dues, NAT),
        "due_before_received": dict.fromkeys(dues, received - 2),
        "level_2_online": {"channel": Channel.ONLINE, "service_level": 2},
        "closed_with_open_supplement": {"supplement_from": received},
    }
    return row | changes.get(str(row["defect"]), {})
