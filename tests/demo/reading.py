"""Reading the simulated systems back, whole and untouched, whatever their vendor."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

SQL_SOURCES = (
    "nha-trang", "cam-ranh", "cam-lam", "khanh-vinh", "khanh-son", "so-nganh", "van-ninh", "ninh-hoa", "dien-khanh",
)  # fmt: skip
VENDOR_B = ("van-ninh", "ninh-hoa", "dien-khanh")


def table(systems: Path, source: str, name: str) -> pd.DataFrame:
    """A table of a system of Khánh Hòa, every cell as it is, indexed by its first column."""
    with closing(sqlite3.connect(systems / "khanh-hoa" / f"{source}.sqlite")) as db:
        cursor = db.execute(f"SELECT * FROM {name}")
        heads = [head for head, *_ in cursor.description]
        return pd.DataFrame(cursor.fetchall(), columns=heads, dtype=object).set_index(heads[0])


def dossiers(systems: Path, source: str) -> pd.DataFrame:
    """Vendor A's one table, or vendor B's two side by side."""
    if source not in VENDOR_B:
        return table(systems, source, "HoSo")
    return table(systems, source, "TIEP_NHAN").join(table(systems, source, "XU_LY").set_index("TIEP_NHAN_ID"))


def sheet(systems: Path, period: str, name: str) -> pd.DataFrame:
    """A sheet of Trường Sa's workbook, indexed by Excel's row number."""
    book = CalamineWorkbook.from_path(str(systems / "khanh-hoa" / "truong-sa" / f"{period}.xlsx"))
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return pd.DataFrame(rows[3:], columns=rows[2], index=range(4, len(rows) + 1), dtype=object)


def truth(systems: Path, name: str) -> pd.DataFrame:
    """A CSV of Khánh Hòa's truth."""
    codes = {"unit_code": "str", "procedure_code": "str", "address": "str"}
    return pd.read_csv(systems / "khanh-hoa" / "truth" / f"{name}.csv", dtype=codes)
