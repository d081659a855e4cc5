"""Partitions to store: frames drawn as text tables, and the steps that bring a partition so far."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from contracts.clock import VIETNAM
from contracts.columns import FACT_KEYS, MEASURES, MEMOS
from warehouse import ledger, store

Q4 = "2024Q4"
CUT_OFF = date(2024, 12, 14)
READ_AT = datetime(2024, 12, 15, 6, 30, tzinfo=VIETNAM)

CAM_LAM = """
series | agency_code | unit_code | field   | procedure_code | received_online | carried_over | early | open_overdue
forms  | H32.20      | 570       | Đất đai | 1.004227       | 7               | 3            | 6     | 4
forms  | H32.20.01   | 22453     | Hộ tịch | 1.000656       | 2               | 0            | 2     | 0
index  | H32.20      | 570       | Đất đai | 1.004227       | 9               | 0            | 9     | 0
"""
CAM_LAM_LATER = """
series | agency_code | unit_code | field    | procedure_code | received_online | early
forms  | H32.20      | 570       | Đất đai  | 1.004227       | 11              | 11
"""
KHANH_SON = """
series | agency_code | unit_code | field    | procedure_code | received_in_person | on_time
forms  | H32.25      | 575       | Hộ tịch  | 1.000656       | 4                  | 4
"""
FINDINGS = """
rule_id        | severity | rows | sentence                               | regulation
due_missing    | warning  | 3    | 3 hồ sơ không có ngày hẹn trả          | TT 01/2018/TT-VPCP
status_unknown | error    | 2    | 2 hồ sơ có trạng thái chưa khai báo    |
"""
REJECTED = """
row | address   | dossier_code              | agency_code | rules                           | cells
17  | HoSo 4711 | 000.00.20.H32-241002-0001 | H32.20      | status_unknown                  | cột TrangThai, khóa 4711
40  | HoSo 4734 |                           |             | status_unknown,received_missing |
"""


def table(drawn: str) -> pd.DataFrame:
    """A frame from a text table; an empty cell is missing, digits alone are a whole number."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in drawn.strip().splitlines()]
    columns = zip(*rows, strict=True)
    return pd.DataFrame({name: _column(cells) for name, cells in zip(head, columns, strict=True)})


def _column(cells: tuple[str, ...]) -> pd.Series:
    if all(cell.isdigit() for cell in cells):
        return pd.Series([int(cell) for cell in cells], dtype="int64")
    return pd.Series([cell or None for cell in cells], dtype="str")


def facts(drawn: str) -> pd.DataFrame:
    """Facts from a text table; a count that is not drawn is 0."""
    frame = table(drawn).astype({"unit_code": "str"})
    return frame.reindex(columns=[*FACT_KEYS, *MEASURES, *MEMOS], fill_value=0)


def findings(drawn: str = FINDINGS) -> pd.DataFrame:
    return table(drawn).fillna({"regulation": ""})


def rejected(drawn: str = REJECTED) -> pd.DataFrame:
    return table(drawn)


def land(engine: Engine, source_id: str, *, period_id: str = Q4, landing_id: str = "a1b2") -> None:
    """Expected, begun and landed."""
    ledger.expect(engine, period_id, [source_id])
    ledger.begin_attempt(engine, period_id, source_id)
    ledger.mark_landed(
        engine,
        period_id,
        source_id,
        landing_id=landing_id,
        landing_path=f"landing/{source_id}/{period_id}/{landing_id}",
        extracted_at=READ_AT,
        rows=42,
        extract_fingerprint="asked",
    )


def replace(engine: Engine, source_id: str, frame: pd.DataFrame, *, period_id: str = Q4, **other: Any) -> None:
    """store.replace_partition with findings and quarantine that do not matter, unless they are given."""
    checks = {"findings": findings(), "rejected": rejected(), "rows": 42, "accepted": 40, "quarantined": 2}
    settled = {"load_fingerprint": "counted", "as_of": CUT_OFF}
    store.replace_partition(
        engine, period_id=period_id, source_id=source_id, facts=frame, **{**checks, **settled, **other}
    )


def load(engine: Engine, source_id: str, drawn: str, *, period_id: str = Q4, **other: Any) -> None:
    """All steps, to loaded."""
    land(engine, source_id, period_id=period_id)
    ledger.mark_validated(engine, period_id, source_id, accepted=40, quarantined=2)
    replace(engine, source_id, facts(drawn), period_id=period_id, **other)
