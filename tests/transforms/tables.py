"""Tables that a Home Affairs officer could read, as the frames that the rules are given.

Days are d/m of 2026 or d/m/yyyy; «-» is an empty cell. Cells are column numbers of form II.06: «6, 8».
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from contracts.codes import Channel, ServiceLevel, Status
from contracts.columns import FACT_KEYS, FORM_COLUMNS, MEASURES, MEMOS

STATUSES = {
    "chưa tiếp nhận": Status.NOT_RECEIVED,
    "đang xử lý": Status.OPEN,
    "chờ bổ sung": Status.PAUSED,
    "đã rút": Status.WITHDRAWN,
    "dừng xử lý": Status.STOPPED,
    "đã xong": Status.DONE,
}
CHANNELS = {"trực tuyến": Channel.ONLINE, "trực tiếp": Channel.IN_PERSON, "bưu chính": Channel.POSTAL}
KEYS = {"agency_code": "H32.37", "unit_code": "575", "field": "Hộ tịch", "procedure_code": "1.001193"}
DATES = {
    "received_date": "tiếp nhận",
    "due_date": "hẹn trả",
    "end_date": "kết thúc",
    "deleted_date": "xóa",
}
UNTOLD: dict[str, object] = {
    **dict.fromkeys(("fee_due", "paid_online", "result_electronic", "digitised", "reused"), "boolean"),
    "service_level": pd.CategoricalDtype([str(level) for level in ServiceLevel]),
    "return_channel": pd.CategoricalDtype([]),
    "limit_days": "Int32",
}
"""Columns that a source need not have, as they are where it has none."""
PAUSE_COLUMNS = ("dossier_code", "pause_from", "pause_to")

Row = dict[str, str]


def read_table(text: str) -> list[Row]:
    """Lines with | are the table, its first the heads."""
    lines = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if "|" in line]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[1:]]


def day(cell: str) -> date | None:
    if cell == "-":
        return None
    d, m, *year = map(int, cell.split("/"))
    return date(*(year or [2026]), m, d)


def dossier_frame(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Canonical columns that counting needs, with the canonical types; what a row leaves out is empty, or KEYS."""
    empty = dict.fromkeys([*DATES, "status", "channel", *UNTOLD]) | {"linked": False}
    frame = pd.DataFrame([empty | KEYS | dict(row) for row in rows], columns=["dossier_code", *empty, *KEYS])
    types: dict[str, object] = dict.fromkeys(DATES, "datetime64[s]") | dict.fromkeys(KEYS, "category")
    types |= {"dossier_code": "str", "linked": "bool"} | UNTOLD
    types |= {"status": pd.CategoricalDtype([str(s) for s in Status])}
    types |= {"channel": pd.CategoricalDtype([str(c) for c in Channel])}
    return frame.astype(types)


def pause_frame(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(PAUSE_COLUMNS))
    return frame.astype({"dossier_code": "str", "pause_from": "datetime64[s]", "pause_to": "datetime64[s]"})


def read_dossiers(text: str) -> tuple[list[Row], pd.DataFrame, pd.DataFrame]:
    """The table's rows, and its dossiers and pauses; «tạm dừng» holds intervals «28/8–2/9», open «28/8–»."""
    rows = read_table(text)
    dossiers = [
        {
            "dossier_code": row["hồ sơ"],
            "status": STATUSES[row["trạng thái"]],
            "channel": CHANNELS[row.get("kênh", "trực tiếp")],
            "linked": row.get("liên thông", "-") == "có",
            **{name: day(row.get(head, "-")) for name, head in DATES.items()},
        }
        for row in rows
    ]
    pauses = [
        {"dossier_code": row["hồ sơ"], "pause_from": day(first), "pause_to": day(last or "-")}
        for row in rows
        for first, last in (part.split("–") for part in row.get("tạm dừng", "-").split() if part != "-")
    ]
    return rows, dossier_frame(dossiers), pause_frame(pauses)


def form_cells(received: object, outcome: object) -> str:
    """The form's columns in which a dossier stands, other than totals: «6, 8», or «không»."""
    measures = [str(m) for m in (received, outcome) if pd.notna(m)]
    columns = [str(n) for m in measures for n, parts in FORM_COLUMNS.items() if m in parts and n not in {3, 7, 11}]
    return ", ".join(columns) or "không"


def fact_frame(*rows: Mapping[str, object]) -> pd.DataFrame:
    """Facts with these keys and counts; other keys as KEYS, series forms, other counts 0."""
    zero = dict.fromkeys((*MEASURES, *MEMOS), 0)
    full = [{"series": "forms"} | KEYS | zero | dict(row) for row in rows]
    frame = pd.DataFrame(full, columns=[*FACT_KEYS, *MEASURES, *MEMOS])
    return frame.astype(dict.fromkeys(FACT_KEYS, "str") | dict.fromkeys((*MEASURES, *MEMOS), "int64"))
