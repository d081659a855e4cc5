"""Vendor A's database («TD»): one table of dossiers, numeric statuses, ISO times; requests in a table of their own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from contracts.codes import Channel
from demo.mix import Mix
from demo.people import People, some
from demo.snapshot import Stage, asked_of
from demo.sqlite_file import database, fill
from demo.texts import at_hour, chosen, iso
from demo.workdays import Array

STATUS: dict[str, object] = {
    Stage.REGISTERED: 1, Stage.ACCEPTED: 2, Stage.REFUSED: 3, Stage.PROCESSING: 4, Stage.SUPPLEMENT: 5,
    Stage.PAYMENT: 6, Stage.WITHDRAWN: 7, Stage.STOPPED: 8, Stage.FINISHED: 9, Stage.RETURNED: 10,
}  # fmt: skip
CHANNEL: dict[str, object] = {Channel.IN_PERSON: 1, Channel.ONLINE: 2, Channel.POSTAL: 3}
WRITTEN: dict[str, dict[str, object]] = {
    "no_dossier_code": {"MaHoSo": None},
    "no_procedure_code": {"MaTTHC": None},
    "no_agency": {"MaCoQuanTiepNhan": None},
    "no_received_date": {"NgayTiepNhan": None},
    "unknown_status": {"TrangThai": 99},
    "unknown_channel": {"KenhThucHien": 9},
    "unknown_agency": {"MaCoQuanTiepNhan": "H32.99.99"},
    "received_in_future": {"NgayTiepNhan": "2042-10-03T08:15:00", "NgayHenTra": "2042-10-10T17:00:00"},
    "end_in_future": {"NgayKetThucXuLy": "2042-11-05T10:20:00"},
    "done_without_end": {"NgayKetThucXuLy": None},
    "unreadable_date": {"NgayTiepNhan": "2024-10-32T08:15:00"},
    "paused_undated": {"TrangThai": 5},
}
"""Defects of the writing: what stands in the cell instead."""

_TYPES = {
    "Id": "INTEGER PRIMARY KEY", "TrangThai": "INTEGER", "KenhThucHien": "INTEGER", "KenhTraKetQua": "INTEGER",
    "MucDoDVC": "INTEGER", "LienThong": "INTEGER", "CoNghiaVuTaiChinh": "INTEGER", "SoTienPhaiNop": "NUMERIC",
    "DuocThanhToanTrucTuyen": "INTEGER", "DuocSoHoa": "INTEGER", "DuocTaiSuDung": "INTEGER",
    "CoKetQuaDienTu": "INTEGER", "SoNgayQuyDinh": "INTEGER", "HoSoId": "INTEGER", "LoaiYeuCau": "INTEGER",
}  # fmt: skip


def write(parts: Iterable[pd.DataFrame], path: Path, *, mix: Mix, local_units: dict[str, str], people: People) -> int:
    """The system's database at that path, from what is known part by part; returns the number of dossiers.

    local_units: agency code → the system's code."""
    written, asked = 0, []
    with database(path) as connection:
        for known in parts:
            dossiers = _with_defects(_dossiers(known, mix, local_units, people), known["defect"].to_numpy())
            fill(connection, "HoSo", dossiers, _TYPES)
            written += len(known)
            asked.append(asked_of(known))
        fill(connection, "HoSoYeuCau", _requests(pd.concat(asked), people), _TYPES)
    return written


def _dossiers(known: pd.DataFrame, mix: Mix, local_units: dict[str, str], people: People) -> dict[str, Array]:
    procedure = known["procedure"].to_numpy()
    agency = chosen(known["agency_code"], dict(local_units))
    ended_at = known["ended_at"].to_numpy()
    fee = known["fee_due"].to_numpy()
    rows = len(known)
    return {
        "Id": known["number"].to_numpy(),
        "MaHoSo": known["code"].to_numpy(dtype=object),
        "MaTTHC": mix.procedures["procedure_code"].to_numpy(dtype=object)[procedure],
        "TenTTHC": mix.procedures["name"].to_numpy(dtype=object)[procedure],
        "TenLinhVuc": mix.procedures["field"].to_numpy(dtype=object)[procedure],
        "MaCoQuanTiepNhan": agency,
        "MaCoQuanXuLy": agency.copy(),
        "TrangThai": chosen(known["stage"], STATUS),
        "NgayNop": iso(known["registered"], at_hour(rows, 7)),
        "NgayTiepNhan": iso(known["received"], known["received_at"].to_numpy()),
        "NgayHenTra": iso(known["due"], at_hour(rows, 17)),
        "NgayKetThucXuLy": iso(known["end"], ended_at),
        "NgayTraKetQua": iso(known["returned"], ended_at + 900),
        "KenhThucHien": chosen(known["channel"], CHANNEL),
        "KenhTraKetQua": chosen(known["return_channel"], CHANNEL),
        "MucDoDVC": known["service_level"].to_numpy(),
        "LienThong": known["linked"].to_numpy().astype(np.int64),
        "CoNghiaVuTaiChinh": fee.astype(np.int64),
        "SoTienPhaiNop": np.where(fee, 8000 * (1 + procedure % 25), 0),
        "DuocThanhToanTrucTuyen": known["paid_online"].to_numpy(),
        "SoNgayQuyDinh": _limits(mix)[procedure],
        "DuocSoHoa": known["digitised"].to_numpy().astype(np.int64),
        "DuocTaiSuDung": known["reused"].to_numpy().astype(np.int64),
        "CoKetQuaDienTu": known["result_electronic"].to_numpy().astype(np.int64),
        "DeletedOn": iso(known["deleted"], at_hour(rows, 16)),
        **_personal(known, people),
    }


def _limits(mix: Mix) -> Array:
    """NULL of what is done on the same day."""
    return np.array([None if pd.isna(days) else int(days) for days in mix.procedures["limit_days"]], dtype=object)


def _personal(known: pd.DataFrame, people: People) -> dict[str, Array]:
    """The columns that must never be read."""
    person = known["person"].to_numpy()
    return {
        "ChuHoSo": people.names(person),
        "NgaySinhChuHoSo": people.births(person),
        "SoGiayToChuHoSo": people.papers(person),
        "SoDienThoaiChuHoSo": people.phones(person),
        "EmailChuHoSo": people.emails(person),
        "DiaChiChuHoSo": people.addresses(person),
        "NguoiUyQuyen": some(person % 9 == 0, people.names(person, shift=11)),
        "TrichYeuHoSo": people.notes(person + 1),
        "GhiChu": people.notes(person),
        "CanBoXuLy": people.names(person % 97),
        "HoTenNguoiNhanKetQua": some(person % 4 == 0, people.names(person)),
    }


def _with_defects(columns: dict[str, Array], defects: Array) -> dict[str, Array]:
    """The cells of defective rows as they were mistyped."""
    for row in np.flatnonzero(np.isin(defects, list(WRITTEN))):
        for name, value in WRITTEN[defects[row]].items():
            columns[name] = columns[name].astype(object)
            columns[name][row] = value
    return columns


def _requests(asked: pd.DataFrame, people: People) -> dict[str, Array]:
    """One row a request for papers (5) or payment (6), in the order in which they were made."""
    asked = asked.sort_values(["from", "number"], kind="stable")
    person = asked["person"].to_numpy()
    return {
        "Id": np.arange(1, len(asked) + 1),
        "HoSoId": asked["number"].to_numpy(),
        "MaHoSo": asked["code"].to_numpy(dtype=object),
        "LoaiYeuCau": chosen(asked["kind"], {"supplement": 5, "payment": 6}),
        "NgayYeuCau": iso(asked["from"], at_hour(len(asked), 10)),
        "NgayHoanThanh": iso(asked["to"], at_hour(len(asked), 14)),
        "NoiDung": people.notes(person),
        "CanBoYeuCau": people.names(person % 97),
    }
