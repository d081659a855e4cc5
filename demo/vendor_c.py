"""Vendor C: no system at all, but a workbook a quarter that the island district sends: true date cells, a title
above the heads, units by name. It does not say how results go back, nor what is electronic."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.workbook import Workbook

from contracts.codes import Channel
from contracts.periods import Period
from demo.mix import Mix
from demo.people import People
from demo.snapshot import Stage

STATUS = {
    Stage.REGISTERED: "Chờ tiếp nhận",
    Stage.REFUSED: "Từ chối",
    Stage.ACCEPTED: "Đang xử lý",
    Stage.PROCESSING: "Đang xử lý",
    Stage.SUPPLEMENT: "Tạm dừng",
    Stage.PAYMENT: "Tạm dừng",
    Stage.WITHDRAWN: "Rút",
    Stage.STOPPED: "Dừng",
    Stage.FINISHED: "Xong",
    Stage.RETURNED: "Đã trả",
}
CHANNEL = {Channel.IN_PERSON: "Tại bộ phận Một cửa", Channel.ONLINE: "Trực tuyến", Channel.POSTAL: "Qua bưu chính"}
LEVEL = {2: "Cung cấp thông tin", 3: "Một phần", 4: "Toàn trình"}
WRITTEN: dict[str, dict[str, str]] = {
    "unknown_status": {"Tình trạng": "Gửi về đất liền"},
    "unreadable_date": {"Ngày tiếp nhận": "chuyến tàu tháng 10"},
}
DOSSIERS, PAUSES = "Hồ sơ", "Tạm dừng"
HEAD_ROW = 3
_CREATED = datetime(2024, 1, 1)  # noqa: DTZ001 - a fixed stamp: the same content gives the same bytes

Cell = str | int | datetime | None
Columns = dict[str, list[Cell]]


def write(
    known: pd.DataFrame, path: Path, *, period: Period, mix: Mix, local_units: dict[str, str], people: People
) -> dict[int, str]:
    """The workbook of that period at that path; returns where each dossier stands: number → «2024Q4.xlsx!Hồ sơ!4»."""
    sent = _handled(known, first=period.window.first_day, last=period.window.last_day)
    dossiers = _dossiers(sent, mix, local_units) | _personal(sent, people)
    for row, defect in enumerate(sent["defect"]):
        for head, value in WRITTEN.get(defect, {}).items():
            dossiers[head][row] = value
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        book.set_properties({"created": _CREATED, "title": "Sổ theo dõi hồ sơ", "author": "UBND huyện Trường Sa"})
        _sheet(book, DOSSIERS, period, dossiers)
        _sheet(book, PAUSES, period, _pauses(sent))
    return {number: f"{path.name}!{DOSSIERS}!{row}" for row, number in enumerate(sent["number"], start=HEAD_ROW + 1)}


def _handled(known: pd.DataFrame, *, first: date, last: date) -> pd.DataFrame:
    """What the district lists for the period: all that it had in hand, and what it refused."""
    begun = known["registered"] <= pd.Timestamp(last)
    settled = (known["end"] < pd.Timestamp(first)) & (known["stage"] != Stage.STOPPED)
    refused_before = (known["stage"] == Stage.REFUSED) & (known["registered"] < pd.Timestamp(first))
    return known[begun & ~settled & ~refused_before]


def _sheet(book: Workbook, name: str, period: Period, columns: Columns) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet.write_string(0, 0, f"UBND HUYỆN TRƯỜNG SA – {name.upper()}", bold)
    sheet.write_string(1, 0, period.label)
    for place, (head, cells) in enumerate(columns.items()):
        sheet.write_string(HEAD_ROW - 1, place, head, bold)
        for row, cell in enumerate(cells, start=HEAD_ROW):
            if isinstance(cell, datetime):
                sheet.write_datetime(row, place, cell, day)
            elif cell is not None:
                sheet.write(row, place, cell)


def _dossiers(sent: pd.DataFrame, mix: Mix, local_units: dict[str, str]) -> Columns:
    about = mix.procedures.take(sent["procedure"].to_numpy())
    return {
        "STT": list(range(1, len(sent) + 1)),
        "Mã hồ sơ": sent["code"].tolist(),
        "Mã TTHC": about["procedure_code"].tolist(),
        "Tên thủ tục hành chính": about["name"].tolist(),
        "Lĩnh vực": about["field"].tolist(),
        "Nơi tiếp nhận": [local_units[code] for code in sent["agency_code"]],
        "Hình thức nộp": [CHANNEL[channel] for channel in sent["channel"]],
        "Ngày tiếp nhận": _moments(sent["received"], sent["received_at"]),
        "Ngày hẹn trả": _moments(sent["due"]),
        "Ngày giải quyết xong": _moments(sent["end"], sent["ended_at"]),
        "Ngày trả kết quả": _moments(sent["returned"]),
        "Tình trạng": [STATUS[stage] for stage in sent["stage"]],
        "Mức độ DVC": [LEVEL[level] for level in sent["service_level"]],
        "Thời hạn quy định (ngày)": [None if pd.isna(days) else int(days) for days in about["limit_days"]],
        "Liên thông": _crosses(sent["linked"]),
        "Có thu phí": _crosses(sent["fee_due"]),
        "Nộp phí trực tuyến": _crosses(sent["paid_online"] > 0),
    }


def _personal(sent: pd.DataFrame, people: People) -> Columns:
    """The columns that must never be read."""
    person = sent["person"].to_numpy()
    return {
        "Họ và tên người nộp": people.names(person).tolist(),
        "Số điện thoại": people.phones(person).tolist(),
        "Số giấy tờ": people.papers(person).tolist(),
        "Địa chỉ": people.addresses(person).tolist(),
        "Ghi chú": people.notes(person).tolist(),
    }


def _pauses(sent: pd.DataFrame) -> Columns:
    columns: Columns = {"Mã hồ sơ": [], "Loại tạm dừng": [], "Từ ngày": [], "Đến ngày": []}
    for name, word in {"supplement": "Bổ sung", "payment": "Nộp phí"}.items():
        paused = sent[sent[f"{name}_from"].notna()]
        columns["Mã hồ sơ"] += paused["code"].tolist()
        columns["Loại tạm dừng"] += [word] * len(paused)
        columns["Từ ngày"] += _moments(paused[f"{name}_from"])
        columns["Đến ngày"] += _moments(paused[f"{name}_to"])
    return columns


def _moments(days: pd.Series, seconds: pd.Series | None = None) -> list[Cell]:
    """Excel's own dates: with the time of day where the district notes it, else whole days."""
    times = pd.to_timedelta(0 if seconds is None else seconds, unit="s")
    return [None if pd.isna(moment) else moment.to_pydatetime() for moment in days + times]


def _crosses(flags: pd.Series) -> list[Cell]:
    return ["x" if flag else None for flag in flags]
