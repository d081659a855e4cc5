"""Fixtures as an officer would write them: a text table, empty cells as «-», the outcome in the last columns.

Read into canonical frames here, not by transforms/: a fixture says what the rules are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from contracts.codes import Channel, Level, PauseKind, ServiceLevel, Status
from contracts.columns import DERIVED_DOSSIER_COLUMNS, DOSSIER_COLUMNS, PAUSE_COLUMNS
from contracts.province import Procedure, Province, ProvinceFile, ReportSettings
from contracts.responsibility import Responsibility
from contracts.units import Unit, UnitTree

FOLDER = Path(__file__).parent / "defects"
SNAPSHOT = date(2024, 12, 20)
HEADS = {
    "mã hồ sơ": "dossier_code",
    "thủ tục": "procedure_code",
    "cơ quan": "agency",
    "trạng thái": "status",
    "kênh": "channel",
    "tiếp nhận": "received_date",
    "hẹn trả": "due_date",
    "kết thúc": "end_date",
    "mức độ": "service_level",
    "thời hạn": "limit_days",
    "từ ngày": "pause_from",
    "đến ngày": "pause_to",
    "lý do": "pause_kind",
}
STATUSES = {
    "chưa tiếp nhận": Status.NOT_RECEIVED,
    "đang xử lý": Status.OPEN,
    "tạm dừng": Status.PAUSED,
    "đã rút": Status.WITHDRAWN,
    "dừng xử lý": Status.STOPPED,
    "đã xong": Status.DONE,
}
CHANNELS = {"trực tuyến": Channel.ONLINE, "trực tiếp": Channel.IN_PERSON, "bưu chính": Channel.POSTAL}
LEVELS = {
    "2": ServiceLevel.INFORMATION,
    "Cung cấp thông tin": ServiceLevel.INFORMATION,
    "3": ServiceLevel.PARTIAL,
    "4": ServiceLevel.FULL,
}
PAUSE_KINDS = {"bổ sung": PauseKind.SUPPLEMENT, "nộp phí": PauseKind.PAYMENT}
COMMON = {"thủ tục": "1.001193", "cơ quan": "H32.40", "trạng thái": "đã xong", "kênh": "trực tiếp", "mức độ": "-"}
COMMON |= {"tiếp nhận": "01/10/2024", "hẹn trả": "08/10/2024", "kết thúc": "07/10/2024"}
"""What a dossier without any defect has where the table has no such column."""

RESPONSIBILITIES = {
    "of_another_system": Responsibility(channels=frozenset({Channel.ONLINE}), except_procedures=frozenset({"2.000635"}))
}
"""What the source of a fixture answers for; for everything where the fixture is not named."""

ELSEWHERE = {
    "also_in_another_system": {
        "H32.40-241001-0002": "so-nganh",
        "H32.40-241001-0003": "",
        "H32.40-241001-0004": "so-nganh",
    }
}
"""Of codes that stand in another system, too, the source that counts them; none where the fixture is not named."""

Row = dict[str, str]


@dataclass(frozen=True)
class Defect:
    """One fixture: rows as text, and what must come out of each, row for row."""

    name: str
    dossiers: list[Row]
    pauses: list[Row]

    @property
    def broken(self) -> list[str]:
        """Ids of the rules that each row breaks, joined by a comma."""
        return ["" if row["lỗi"] == "-" else row["lỗi"].replace(" ", "") for row in self.dossiers]

    @property
    def accepted(self) -> list[bool]:
        return [{"nhận": True, "loại": False}[row["kết quả"]] for row in self.dossiers]

    @property
    def rules(self) -> set[str]:
        return {rule for row in self.broken for rule in row.split(",")} - {""}


def defects() -> list[Defect]:
    return [read_defect(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.txt"))]


def read_defect(name: str, text: str) -> Defect:
    dossiers, _, pauses = text.partition("Các lần tạm dừng:")
    return Defect(name, read_table(dossiers), read_table(pauses))


def read_table(text: str) -> list[Row]:
    """Lines with | are the table, its first the heads; other lines explain it."""
    lines = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if "|" in line]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[1:]]


def dossier_frame(rows: list[Row], pauses: list[Row] | None = None) -> pd.DataFrame:
    """The canonical frame of these rows, which the pauses of a dossier are part of."""
    records = [_dossier(number, COMMON | row, pauses or []) for number, row in enumerate(rows)]
    frame = pd.DataFrame(records, columns=[c.name for c in (*DOSSIER_COLUMNS, *DERIVED_DOSSIER_COLUMNS)])
    types = {c.name: _dtype(c.kind) for c in (*DOSSIER_COLUMNS, *DERIVED_DOSSIER_COLUMNS)} | {"limit_days": "Int32"}
    types |= {name: "boolean" for name in ("fee_due", "paid_online") if frame[name].isna().any()}
    return frame.astype(types)


def pause_frame(rows: list[Row]) -> pd.DataFrame:
    records = [
        {
            "dossier_code": row["mã hồ sơ"],
            "pause_from": _day(row["từ ngày"]),
            "pause_to": _day(row["đến ngày"]),
            "pause_kind": PAUSE_KINDS.get(row["lý do"]),
        }
        for row in rows
    ]
    frame = pd.DataFrame(records, columns=[c.name for c in PAUSE_COLUMNS])
    return frame.astype({c.name: _dtype(c.kind) for c in PAUSE_COLUMNS})


def _dossier(number: int, row: Row, pauses: list[Row]) -> dict[str, object]:
    own = [pause for pause in pauses if pause["mã hồ sơ"] == row["mã hồ sơ"]]
    cells = {column: None if row.get(head, "-") == "-" else row[head] for head, column in HEADS.items()}
    dates = {name: _day(row[head]) for head, name in HEADS.items() if name.endswith("_date")}
    unreadable = [name for name in dates if dates[name] is None and cells[name] is not None]
    unreadable += ["pause_from"] * any(_day(p["từ ngày"]) is None for p in own)
    unreadable += ["pause_to"] * any(_day(p["đến ngày"]) is None and p["đến ngày"] != "-" for p in own)
    agency = str(cells["agency"])
    units = {unit.agency_code: unit.unit_code for unit in PROVINCE.units}
    return {
        **cells,
        **dates,
        "field": "Hộ tịch",
        "status": STATUSES.get(row["trạng thái"]),
        "channel": CHANNELS.get(row["kênh"]),
        "status_local": cells["status"],
        "channel_local": cells["channel"],
        "agency_code": agency if agency in units else None,
        "unit_code": units.get(agency),
        **_marks(row),
        "row": number,
        "address": f"ho_so:{number}",
        "unparsed": ",".join(unreadable),
        "paused_undated": row["trạng thái"] == "tạm dừng" and not any(_day(p["từ ngày"]) for p in own),
    }


def _marks(row: Row) -> dict[str, object]:
    """«–» under a flag is what no source told."""
    told = {"có": True, "không": False, "–": None}
    limit, level = row.get("thời hạn", "-"), row.get("mức độ", "-")
    return {
        **dict.fromkeys(("linked", "result_electronic", "digitised", "reused"), False),
        "fee_due": told[row.get("phí", "không")],
        "paid_online": told[row.get("trả trực tuyến", "không")],
        "limit_days": None if limit == "-" else int(limit),
        "service_level": LEVELS.get(level),
        "service_level_local": None if level == "-" else level,
        "return_channel": None,
    }


def _day(cell: str) -> datetime | None:
    try:
        return datetime.strptime(cell, "%d/%m/%Y")
    except ValueError:
        return None


def _dtype(kind: str) -> object:
    categories = {"status": Status, "channel": Channel, "level": ServiceLevel, "pause_kind": PauseKind}
    if kind in categories:
        return pd.CategoricalDtype([str(member) for member in categories[kind]])
    return {"text": "str", "date": "datetime64[s]", "flag": "bool", "number": "int64"}[kind]


def _agency(code: str, level: Level, *, first: date | None = None, last: date | None = None) -> Unit:
    parent = "" if level is Level.PROVINCE else "H32"
    return Unit(code, code.replace("H", "5"), f"Cơ quan {code}", level, parent, first, last, verified=False)


_REPORT = ReportSettings(
    superior="",
    issuer="ỦY BAN NHÂN DÂN TỈNH",
    document_code="BC-UBND",
    place="Khánh Hòa",
    signer_authority="TM. ỦY BAN NHÂN DÂN",
    signer_title="CHỦ TỊCH",
    recipients=["Lưu: VT"],
)
PROVINCE = Province(
    folder=Path("provinces/khanh-hoa"),
    file=ProvinceFile(id="khanh-hoa", name="Khánh Hòa", unit_code="56", report=_REPORT),
    units=UnitTree(
        (
            _agency("H32", Level.PROVINCE),
            _agency("H32.40", Level.DISTRICT, last=date(2025, 6, 30)),
            _agency("H32.08", Level.DEPARTMENT, last=date(2024, 10, 31)),
            _agency("H32.09", Level.DEPARTMENT, first=date(2024, 11, 1)),
        )
    ),
    procedures={code: Procedure(code, "Thủ tục", "Hộ tịch", verified=True) for code in ("1.001193", "2.000635")},
    rest_days={},
)
"""H32.08 ended on 31/10/2024, H32.09 took its place the day after."""
