"""Frames to rows and back, column by column as declared, with nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select

INTEGER = "int64"
TEXT = "str"


def rows_of(frame: pd.DataFrame, columns: Sequence[str], **same: Any) -> list[dict[str, Any]]:
    """The frame's rows as plain Python values, missing ones None; `same` goes into every row.
    Raises ValueError where a column is missing."""
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise ValueError(f"the frame lacks {', '.join(missing)}")
    values = (_plain(frame[name]) for name in columns)
    return [{**same, **dict(zip(columns, row, strict=True))} for row in zip(*values, strict=True)]


def whole_numbers(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Counts must be whole by their type: a float column hides a lost or a halved one. Raises ValueError."""
    wrong = [name for name in columns if len(frame) and not pd.api.types.is_integer_dtype(frame[name])]
    if wrong:
        raise ValueError(f"not whole numbers: {', '.join(wrong)}")


def frame_of(connection: Connection, query: Select[Any], kinds: Mapping[str, str]) -> pd.DataFrame:
    """The query's rows in the order it asks for, each column of its kind even where there is no row."""
    rows = connection.execute(query).all()
    columns = dict(zip(query.selected_columns.keys(), zip(*rows, strict=True), strict=True)) if rows else {}
    series = {name: pd.Series(columns.get(name, ()), dtype=kind) for name, kind in kinds.items()}
    return pd.DataFrame(series)


def _plain(column: pd.Series) -> list[Any]:
    if not column.hasnans:
        return column.tolist()
    return [None if missing else value for value, missing in zip(column.tolist(), column.isna(), strict=True)]
