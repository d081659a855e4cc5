"""Three million synthetic dossiers and their pauses, as canonical Parquet files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 3_000_000
AGENCIES, FIELDS, PROCEDURES = 150, 40, 1_000
FIRST_DAY = np.datetime64("2026-04-01")
CUT_OFF = np.datetime64("2026-09-14")
CHANNELS = ["online", "in_person", "postal"]
REST_DAYS = {date(2026, 4, 27): True, date(2026, 4, 30): True, date(2026, 5, 1): True, date(2026, 8, 22): False}
Array = np.ndarray[Any, Any]


def write(folder: Path, *, rows: int = ROWS, seed: int = 2026) -> None:
    """dossiers.parquet with every canonical column, pauses.parquet, and calendar.parquet: of each day of 2026 how many
    days are worked up to it. The same bytes for the same seed."""
    random = np.random.default_rng(seed)
    pq.write_table(_dossiers(random, rows), folder / "dossiers.parquet", row_group_size=250_000)
    pq.write_table(_pauses(random, rows), folder / "pauses.parquet")
    pq.write_table(_calendar(), folder / "calendar.parquet")


def _dossiers(random: np.random.Generator, rows: int) -> pa.Table:
    status = random.choice(6, rows, p=[0.02, 0.08, 0.04, 0.02, 0.01, 0.83])
    received = FIRST_DAY + random.integers(0, 200, rows).astype("timedelta64[D]")
    due = received + random.integers(1, 40, rows).astype("timedelta64[D]")
    end = received + random.integers(0, 60, rows).astype("timedelta64[D]")
    procedure = np.minimum(random.exponential(60, rows).astype(np.int64), PROCEDURES - 1)
    agency = random.integers(0, AGENCIES, rows)
    names = [f"H32.{n // 10:02d}.{n % 10:02d}" for n in range(AGENCIES)]
    rare = random.random(rows)
    empty = pa.array(np.zeros(rows, dtype=np.int8), mask=np.ones(rows, dtype=bool)).cast(pa.large_string())
    return pa.table(
        {
            "dossier_code": _dossier_codes(rows),
            "procedure_code": _coded(procedure, [f"1.{n:06d}" for n in range(PROCEDURES)]),
            "field": _coded(procedure % FIELDS, [f"Lĩnh vực số {n}" for n in range(FIELDS)]),
            "agency": _coded(agency, [f"DV{n:03d}" for n in range(AGENCIES)]),
            "status": _coded(status, ["not_received", "open", "paused", "withdrawn", "stopped", "done"]),
            "channel": _coded(random.choice(3, rows, p=[0.6, 0.35, 0.05]), CHANNELS),
            "received_date": _days(received),
            "due_date": _days(due, keep=rare > 0.01),
            "end_date": _days(end, keep=np.isin(status, (3, 4, 5))),
            "returned_date": _days(end + np.timedelta64(1, "D"), keep=status == 5),
            "deleted_date": _days(end + np.timedelta64(9, "D"), keep=rare > 0.995),
            "service_level": _coded(procedure % 3, ["full", "partial", "information"]),
            "return_channel": _coded(random.choice(3, rows, p=[0.2, 0.7, 0.1]), CHANNELS, keep=rare > 0.05),
            "linked": pa.array(random.random(rows) < 0.1),
            "fee_due": pa.array(random.random(rows) < 0.4),
            "paid_online": pa.array(random.random(rows) < 0.2),
            "result_electronic": pa.array(random.random(rows) < 0.6),
            "digitised": pa.array(random.random(rows) < 0.7),
            "reused": pa.array(random.random(rows) < 0.3),
            "limit_days": pa.array(1 + procedure % 30, type=pa.int32(), mask=procedure % 10 == 0),
            "row": pa.array(np.arange(rows)),
            "address": _numbered("HoSo ", rows),
            "agency_code": _coded(agency, names),
            "unit_code": _coded(agency, [f"{22_000 + n}" for n in range(AGENCIES)]),
            "status_local": _coded(status, list("123789")),
            "channel_local": _coded(status % 3, list("123")),
            "service_level_local": _coded(procedure % 3, list("432")),
            "unparsed": empty,
            "paused_undated": pa.array(np.zeros(rows, dtype=bool)),
        }
    )


def _pauses(random: np.random.Generator, rows: int) -> pa.Table:
    """One dossier in twelve was paused once or twice; a third of the pauses last."""
    number = random.choice(rows, rows // 12)
    begun = FIRST_DAY + random.integers(0, 200, number.size).astype("timedelta64[D]")
    over = begun + random.integers(1, 30, number.size).astype("timedelta64[D]")
    return pa.table(
        {
            "dossier_code": _dossier_codes(rows).take(pa.array(number)),
            "pause_from": _days(begun),
            "pause_to": _days(over, keep=random.random(number.size) > 0.3),
        }
    )


def _calendar() -> pa.Table:
    days = np.arange(np.datetime64("2026-01-01"), np.datetime64("2027-01-01"))
    is_worked = np.is_busday(days)
    for day, is_off in REST_DAYS.items():
        is_worked[days == np.datetime64(day)] = not is_off
    return pa.table({"day": _days(days), "upto": pa.array(np.cumsum(is_worked))})


def _dossier_codes(rows: int) -> pa.Array:
    return _numbered("H32.50.05.13-260608-", rows)


def _numbered(prefix: str, rows: int) -> pa.Array:
    return pa.array([f"{prefix}{n:07d}" for n in range(rows)], type=pa.large_string())  # as pandas writes text


def _coded(codes: Array, names: list[str], *, keep: Array | None = None) -> pa.Array:
    mask = None if keep is None else ~keep
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=mask), pa.array(names))


def _days(days: Array, *, keep: Array | None = None) -> pa.Array:
    return pa.array(days.astype("datetime64[s]"), mask=None if keep is None else ~keep)
