"""The shape of the canonical frames, as rows that the contract's rules can look at."""

from __future__ import annotations

import pandas as pd

from contracts.columns import DERIVED_DOSSIER_COLUMNS, DOSSIER_COLUMNS, PAUSE_COLUMNS, Column, Kind

TYPES: dict[Kind, tuple[str, ...]] = {
    "text": ("text", "category"),
    "date": ("date",),
    "status": ("category",),
    "channel": ("category",),
    "level": ("category",),
    "pause_kind": ("category", "text"),
    "flag": ("flag",),
    "number": ("number",),
}
"""Kind of a declared column → the types of a frame's column that can hold it."""


def describe(dossiers: pd.DataFrame, pauses: pd.DataFrame) -> pd.DataFrame:
    """One row a declared column: table, column, label, kind, type (missing where the frame lacks it)."""
    declared = {"dossiers": (*DOSSIER_COLUMNS, *DERIVED_DOSSIER_COLUMNS), "pauses": PAUSE_COLUMNS}
    frames = {"dossiers": dossiers, "pauses": pauses}
    rows = [_row(table, column, frames[table]) for table, columns in declared.items() for column in columns]
    return pd.DataFrame(rows, columns=["table", "column", "label", "kind", "type"], dtype="str")


def _row(table: str, column: Column, frame: pd.DataFrame) -> tuple[str, str, str, str, str | None]:
    found = _type(frame[column.name]) if column.name in frame else None
    return table, column.name, column.label, column.kind, found


def _type(values: pd.Series) -> str:
    """The family of a dtype, by what may be asked of it."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return "category"
    if isinstance(values.dtype, pd.StringDtype):
        return "text"
    families = {"M": "date", "b": "flag", "i": "number", "u": "number"}
    return families.get(values.dtype.kind, str(values.dtype))
