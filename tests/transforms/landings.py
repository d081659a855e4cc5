"""Landed tables drawn as text, of a source whose columns are named as ours, in capitals."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from contracts.codes import Channel, Status
from contracts.columns import DOSSIER_COLUMNS
from contracts.source_config import ColumnMap, SourceConfig, TableMap
from contracts.table_spec import SqlTable
from tests.transforms.tables import read_table

SHORT = {"mã": "DOSSIER_CODE", "tiếp nhận": "RECEIVED_DATE", "hẹn trả": "DUE_DATE", "kết thúc": "END_DATE"}
FORMATS = {c.name: "%d/%m/%Y" if c.kind == "date" else "" for c in DOSSIER_COLUMNS}
SOURCE = SourceConfig(
    id="thu",
    name="Hệ thống thử",
    kind="sqlite",
    address="",
    units=("H32.30",),
    contact="",
    timeout_seconds=1,
    folder=Path("thu"),
    tables={
        "dossiers": TableMap(
            "dossiers", SqlTable(), tuple(ColumnMap(c, c.name.upper(), FORMATS[c.name]) for c in DOSSIER_COLUMNS)
        )
    },
    status_map={"1": Status.NOT_RECEIVED, "9": Status.DONE, "Đã xong": Status.DONE},
    channel_map={"1": Channel.IN_PERSON},
    unit_map={},
    rejected_codes=frozenset({"?"}),
)


def landed(drawn: str) -> pa.Table:
    """Columns by their names or by SHORT; «-» is no value. The address of a row is «dòng» and its number."""
    rows = read_table(drawn)
    names = [SHORT.get(head, head.upper()) for head in (rows[0] if rows else SHORT)]
    columns = {
        name: pa.array([None if row[head] == "-" else row[head] for row in rows], pa.string())
        for name, head in zip(names, rows[0] if rows else SHORT, strict=True)
    }
    columns["_address"] = pa.array([f"dòng {number}" for number in range(len(rows))], pa.string())
    return pa.table({name: column.dictionary_encode() for name, column in columns.items()})
