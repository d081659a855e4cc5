"""A landed table, asked by the names of our columns."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa

from contracts.source_config import ColumnMap
from transforms.parsing import ISO, NO_NUMBER, Days, Flags, Texts, as_text, clean, days, long_texts, nothing, texts

ADDRESS = "_address"


class Landed:
    """A landed table; a column that is not mapped is missing in every row."""

    def __init__(self, table: pa.Table, columns: Iterable[ColumnMap], *, kind: str) -> None:
        self.table = table
        self.rows = table.num_rows
        self._columns = {c.column.name: c for c in columns}
        self._also = (ISO,) if kind == "excel" else ()  # a true date cell is landed in ISO form

    def has(self, name: str) -> bool:
        return name in self._columns

    def texts(self, name: str) -> Texts:
        mapped = self._columns.get(name)
        return texts(self.table[mapped.source_column]) if mapped else nothing(self.rows)

    def column(self, name: str) -> pa.ChunkedArray:
        """As it was landed; the column must be mapped."""
        return self.table[self._columns[name].source_column]

    def days(self, name: str) -> tuple[Days, Flags]:
        mapped = self._columns.get(name)
        if mapped is None:
            return np.full(self.rows, np.datetime64("NaT"), dtype="datetime64[s]"), np.zeros(self.rows, dtype=bool)
        return days(self.table[mapped.source_column], (mapped.format, *self._also))

    def flag(self, name: str) -> Flags | pd.arrays.BooleanArray:
        """True where the text is one of those that mean yes; all else is no, and missing throughout without the column.
        A truth value is one in any letters: each kind of system writes it in others."""
        if not self.has(name):
            return pd.arrays.BooleanArray(np.zeros(self.rows, dtype=bool), np.ones(self.rows, dtype=bool))
        yes = {_truth(clean(text)) for text in self.format(name).split("|")}
        return self.texts(name).flags(lambda text: _truth(text) in yes)

    def whole_numbers(self, name: str) -> pd.arrays.IntegerArray:
        """Missing where the text is no whole number, or has more than six digits."""
        values = self.texts(name).whole_numbers()
        return pd.arrays.IntegerArray(values, values == NO_NUMBER)

    def format(self, name: str) -> str:
        return self._columns[name].format if name in self._columns else ""

    def long_texts(self, name: str) -> pd.Series:
        """For a column in which nearly every row differs."""
        mapped = self._columns.get(name)
        return long_texts(self.table[mapped.source_column]) if mapped else pd.Series([], dtype="str")

    def addresses(self) -> pd.Series:
        return as_text(self.table[ADDRESS])


def _truth(text: str) -> str:
    return lower if (lower := text.lower()) in {"true", "false"} else text
