"""Closed quarters as a table says them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from contracts.clock import VIETNAM
from contracts.codes import PartitionState
from contracts.periods import Period, parse_period
from flows.closed_quarter import ClosedQuarter
from warehouse.ledger import Partition
from warehouse.locks import Holder
from warehouse.register import ReportVersion
from warehouse.runs import STOPPED, Run

RUNS = {
    "chưa chạy": (),
    "xem trước": ((-8, 0),),
    "xem trước bị ngắt": ((-8, None),),
    "ngày chốt": ((-1, 0),),
    "đủ": ((-8, 0), (0, 0)),
    "thiếu nguồn": ((0, 3),),
    "bị ngắt": ((0, None),),
    "bị chặn": ((0, 4),),
    "nguồn bị chặn": ((0, 4),),
    "đủ rồi bị dừng": ((0, 0), (0, 1)),
    "lỗi rồi đủ": ((0, 1), (1, 0)),
}
"""Words → (days since the scheduled day, exit code) of each run. «ngày chốt»: by hand, while the day of the cut-off
was not over. «nguồn bị chặn»: one source was, and reports were printed without it."""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def day(text: str) -> date:
    return date.fromisoformat(text)


def quarter(row: dict[str, str], *, due: date | None = None) -> ClosedQuarter:
    """kỳ, lượt chạy, thiếu (source ids of «a» and «b»), báo cáo (day of printing), đang chạy: có, không, or since
    when, where it is known who."""
    period = parse_period(row["kỳ"])
    scheduled = ClosedQuarter(period, None).begins_at
    runs = [
        _run(period, number, scheduled + timedelta(days=days), code, row["lượt chạy"])
        for number, (days, code) in enumerate(RUNS[row["lượt chạy"]])
    ]
    ran = any(one.as_of >= period.cut_off for one in runs)
    lacking = row["thiếu"].split()
    return ClosedQuarter(
        period=period,
        due=due,
        runs=runs,
        busy=(working := row.get("đang chạy", "không")) != "không",
        holder=Holder(4711, "may-chu", moment(working)) if working[0].isdigit() else None,
        sources=["a", "b"],
        partitions={one: _partition(period, one, loaded=one not in lacking) for one in ("a", "b") if ran},
        failing={one: scheduled for one in lacking if ran},
        newest=None if row["báo cáo"] == "-" else _version(period, day(row["báo cáo"])),
    )


def _run(period: Period, number: int, began: datetime, code: int | None, words: str) -> Run:
    as_of = min(period.cut_off, began.date() - timedelta(days=words != "ngày chốt"))
    ended = None if code is None else began + timedelta(minutes=5)
    made = None if code is None else code in {0, 3} or words == "nguồn bị chặn"
    said = STOPPED if words.endswith("bị dừng") and code else ""
    return Run(number, period.id, as_of, "schedule", began, ended, code, said, made)


def _partition(period: Period, source_id: str, *, loaded: bool) -> Partition:
    at = ClosedQuarter(period, None).begins_at
    state = PartitionState.LOADED if loaded else PartitionState.FAILED
    nothing = dict.fromkeys(
        [
            "rows",
            "accepted",
            "quarantined",
            "error",
            "advice",
            "error_kind",
            "landing_id",
            "landing_path",
            "extracted_at",
            "extract_fingerprint",
            "load_fingerprint",
            "across",
            "settled",
        ]
    )
    return Partition(period.id, source_id, state, 1, as_of=period.cut_off, updated_at=at, **nothing)  # type: ignore[arg-type]


def _version(period: Period, printed: date) -> ReportVersion:
    at = datetime(printed.year, printed.month, printed.day, 6, 30, tzinfo=VIETNAM)
    return ReportVersion(period.id, "province", "56", 1, "draft", "", "", 1, "", at, "")
