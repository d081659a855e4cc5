"""Vendor B's database: receipt and processing in two tables to join, statuses in words, local times as text,
units under numbers of its own, "" where nothing is known yet. It does not know whether data were used again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from contracts.codes import Channel
from demo.mix import Mix
from demo.people import People
from demo.snapshot import Stage, asked_of
from demo.sqlite_file import database, fill
from demo.texts import at_hour, chosen, day_first
from demo.workdays import Array

STATUS: dict[str, object] = {
    Stage.REGISTERED: "Chờ tiếp nhận",
    Stage.REFUSED: "Từ chối tiếp nhận",
    Stage.ACCEPTED: "Đã tiếp nhận",
    Stage.PROCESSING: "Đang giải quyết",
    Stage.SUPPLEMENT: "Chờ bổ sung",
    Stage.PAYMENT: "Chờ nộp phí",
    Stage.WITHDRAWN: "Rút hồ sơ",
    Stage.STOPPED: "Dừng giải quyết",
    Stage.FINISHED: "Đã có kết quả",
    Stage.RETURNED: "Đã trả kết quả",
}
CHANNEL: dict[str, object] = {
    Channel.IN_PERSON: "Trực tiếp",
    Channel.ONLINE: "Qua mạng",
    Channel.POSTAL: "Bưu điện",
}
RETURNED: dict[str, object] = {Channel.IN_PERSON: "Tại quầy", Channel.ONLINE: "Qua mạng", Channel.POSTAL: "Bưu điện"}
WRITTEN: dict[str, dict[str, object]] = {
    "no_dossier_code": {"SO_BIEN_NHAN": ""},
    "no_procedure_code": {"MA_THU_TUC": ""},
    "no_agency": {"DON_VI_ID": None},
    "no_received_date": {"NGAY_NHAN": ""},
    "unknown_status": {"TINH_TRANG": "Chuyển liên ngành"},
    "unknown_channel": {"HINH_THUC_NOP": "Zalo"},
    "unknown_agency": {"DON_VI_ID": 99990},
    "received_in_future": {"NGAY_NHAN": "03/10/2042 08:15", "NGAY_HEN": "10/10/2042 17:00"},
    "end_in_future": {"NGAY_XONG": "05/11/2042 10:20"},
    "done_without_end": {"NGAY_XONG": ""},
    "unreadable_date": {"NGAY_XONG": "32/10/2024 15:00"},
    "paused_undated": {"TINH_TRANG": "Chờ bổ sung"},
}
_PROVINCE_FORM = ".000.00.00.H32"  # 1.011442.000.00.00.H32: the older, local form of a procedure's code
_TYPES = {
    "BIEN_NHAN_ID": "INTEGER PRIMARY KEY",
    "XU_LY_ID": "INTEGER PRIMARY KEY",
    "TAM_DUNG_ID": "INTEGER PRIMARY KEY",
    "DON_VI_ID": "INTEGER",
    "TIEP_NHAN_ID": "INTEGER",
    "PHONG_XU_LY_ID": "INTEGER",
}


def write(parts: Iterable[pd.DataFrame], path: Path, *, mix: Mix, local_units: dict[str, str], people: People) -> int:
    """The system's database at that path, from what is known part by part; returns the number of dossiers.

    local_units: agency code → the system's number."""
    known = pd.concat(parts)
    receipts = _receipts(known, mix, local_units, people)
    processing = _processing(known, people)
    for row in np.flatnonzero(known["defect"].isin(list(WRITTEN))):
        for name, value in WRITTEN[known["defect"].iloc[row]].items():
            (receipts if name in receipts else processing)[name][row] = value
    with database(path) as connection:
        fill(connection, "TIEP_NHAN", receipts, _TYPES)
        fill(connection, "XU_LY", processing, _TYPES)
        fill(connection, "TAM_DUNG", _pauses(asked_of(known), people), _TYPES)
        connection.execute("CREATE INDEX XU_LY_TIEP_NHAN ON XU_LY (TIEP_NHAN_ID)")
    return len(known)


def _receipts(known: pd.DataFrame, mix: Mix, local_units: dict[str, str], people: People) -> dict[str, Array]:
    procedure = known["procedure"].to_numpy()
    person = known["person"].to_numpy()
    codes = mix.procedures["procedure_code"].to_numpy(dtype=object) + _PROVINCE_FORM
    rows = len(known)
    return {
        "BIEN_NHAN_ID": known["number"].to_numpy(),
        "SO_BIEN_NHAN": known["code"].to_numpy(dtype=object),
        "MA_THU_TUC": codes[procedure],
        "TEN_THU_TUC": mix.procedures["name"].to_numpy(dtype=object)[procedure],
        "LINH_VUC": mix.procedures["field"].to_numpy(dtype=object)[procedure],
        "DON_VI_ID": chosen(known["agency_code"], {agency: int(code) for agency, code in local_units.items()}),
        "HINH_THUC_NOP": chosen(known["channel"], CHANNEL),
        "NGAY_DANG_KY": day_first(known["registered"], at_hour(rows, 7)),
        "NGAY_NHAN": day_first(known["received"], known["received_at"].to_numpy()),
        "NGAY_HEN": day_first(known["due"], at_hour(rows, 17)),
        "MUC_DO": known["service_level"].astype("str").to_numpy(dtype=object),
        "LIEN_THONG": _yes_no(known["linked"]),
        "CO_THU_PHI": _yes_no(known["fee_due"]),
        "NOP_PHI": np.array(["Tiền mặt", "Cổng DVCQG", "Cổng tỉnh"], dtype=object)[known["paid_online"].to_numpy()],
        "HINH_THUC_TRA": chosen(known["return_channel"], RETURNED),
        "KQ_DIEN_TU": _yes_no(known["result_electronic"]),
        "SO_HOA": _yes_no(known["digitised"]),
        "SO_NGAY_QD": mix.procedures["limit_days"].astype("str").replace("<NA>", "").to_numpy(dtype=object)[procedure],
        "NGAY_HUY": day_first(known["deleted"], at_hour(rows, 16)),
        "HO_TEN": people.names(person),
        "NAM_SINH": people.births(person),
        "SO_CCCD": people.papers(person),
        "DIEN_THOAI": people.phones(person),
        "EMAIL": people.emails(person),
        "DIA_CHI": people.addresses(person),
        "TRICH_YEU": people.notes(person + 1),
        "CAN_BO_NHAN": people.names(person % 89),
    }


def _processing(known: pd.DataFrame, people: People) -> dict[str, Array]:
    person = known["person"].to_numpy()
    ended_at = known["ended_at"].to_numpy()
    return {
        "XU_LY_ID": known["number"].to_numpy() + 500_000,
        "TIEP_NHAN_ID": known["number"].to_numpy(),
        "TINH_TRANG": chosen(known["stage"], STATUS),
        "NGAY_XONG": day_first(known["end"], ended_at),
        "NGAY_TRA": day_first(known["returned"], ended_at + 900),
        "PHONG_XU_LY_ID": person % 12,
        "CAN_BO_THU_LY": people.names(person % 53),
        "GHI_CHU": people.notes(person),
        "NGUOI_NHAN_KQ": np.where(person % 4 == 0, people.names(person), ""),
    }


def _yes_no(flags: pd.Series) -> Array:
    return np.where(flags.to_numpy(dtype=bool), "Có", "Không").astype(object)


def _pauses(asked: pd.DataFrame, people: People) -> dict[str, Array]:
    asked = asked.sort_values(["from", "number"], kind="stable")
    return {
        "TAM_DUNG_ID": np.arange(1, len(asked) + 1),
        "SO_BIEN_NHAN": asked["code"].to_numpy(dtype=object),
        "LOAI": chosen(asked["kind"], {"supplement": "Bổ sung hồ sơ", "payment": "Nộp phí, lệ phí"}),
        "TU_NGAY": day_first(asked["from"], at_hour(len(asked), 10)),
        "DEN_NGAY": day_first(asked["to"], at_hour(len(asked), 14)),
        "LY_DO": people.notes(asked["person"].to_numpy()),
    }
