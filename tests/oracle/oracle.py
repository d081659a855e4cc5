"""Form II.06, and what is counted beside it, a second time: plain SQL over the demonstration systems, in their own
schemas.

Shares no code with the pipeline. The figures of a province are those of its systems one under another.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
VENDORS = {
    "van-ninh": "b", "ninh-hoa": "b", "dien-khanh": "b", "truong-sa": "c",
}  # fmt: skip
KEYS = ["unit_code", "field", "procedure_code"]
HEAD_ROW = 3


def form_ii06(
    province_id: str, systems: Path, first: date, last: date, *, snapshot: date | None = None
) -> pd.DataFrame:
    """unit_code, field, procedure_code, columns (4)–(13), (5) split in two, and the memos, as things stood on `last`.

    snapshot: day on which the systems were read; what lies after it cannot have happened. Default: a year after.
    """
    days = {"first": str(first), "last": str(last), "snapshot": str(snapshot or last + timedelta(days=366))}
    with ExitStack() as open_systems:
        found = [
            open_systems.enter_context(closing(_system(province_id, folder.name, systems, days)))
            for folder in _sources(province_id)
        ]
        _leave_to_the_first(found)
        parts = [
            pd.read_sql_query((HERE / "form_ii06.sql").read_text(encoding="utf-8"), db, params=days) for db in found
        ]
    return pd.concat(parts).groupby(KEYS, sort=True).sum().reset_index()


def _sources(province_id: str) -> list[Path]:
    return sorted((ROOT / "provinces" / province_id / "sources").iterdir())


def _system(province_id: str, source_id: str, systems: Path, days: dict[str, str]) -> sqlite3.Connection:
    """Its sound rows, in the table `sound`."""
    vendor = VENDORS.get(source_id, "a")
    db = sqlite3.connect(":memory:")
    if vendor == "c":
        _attach_workbook(db, systems / province_id / source_id / f"{_quarter(days['last'])}.xlsx")
    else:
        db.execute("ATTACH ? AS system", [f"file:{systems / province_id / source_id}.sqlite?mode=ro"])
    _load_catalogues(db, province_id, source_id)
    for script in ("calendar.sql", f"vendor_{vendor}.sql", "sound.sql"):
        for statement in _statements(script):
            db.execute(statement, days if ":" in statement else {})
    db.execute("CREATE INDEX temp.pause_code ON pause (code)")
    return db


def _leave_to_the_first(systems: list[sqlite3.Connection]) -> None:
    """A dossier that stands in two systems counts in the one that received it first."""
    first: dict[str, tuple[str, int]] = {}
    codes = [dict(db.execute("SELECT code, r FROM sound WHERE r IS NOT NULL")) for db in systems]
    for number, received in enumerate(codes):
        for code, day in received.items():
            first[code] = min(first.get(code, (day, number)), (day, number))
    for number, (db, received) in enumerate(zip(systems, codes, strict=True)):
        left = [(code,) for code in received if first[code][1] != number]
        db.executemany("DELETE FROM sound WHERE code = ?", left)


def _statements(script: str) -> Iterator[str]:
    text = (HERE / script).read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return (statement for statement in code.split(";") if statement.strip())


def _quarter(last: str) -> str:
    """2024-12-14 → 2024Q4."""
    return f"{last[:4]}Q{(int(last[5:7]) + 2) // 3}"


def _load_catalogues(db: sqlite3.Connection, province_id: str, source_id: str) -> None:
    province = ROOT / "provinces" / province_id
    _load(db, "agency", province / "agencies.csv")
    _load(db, "unit_map", province / "sources" / source_id / "unit_map.csv")
    _load(db, "catalogue", ROOT / "contracts" / "data" / "procedures.csv")
    _load(db, "rest_day", ROOT / "contracts" / "data" / "rest_days.csv")
    db.execute("CREATE INDEX catalogue_code ON catalogue (code)")


def _load(db: sqlite3.Connection, table: str, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        heads, *rows = csv.reader(file)
    _insert(db, table, heads, rows)


def _insert(db: sqlite3.Connection, table: str, heads: list[str], rows: list[list[str]]) -> None:
    columns = ", ".join(f'"{head}" TEXT' for head in heads)
    db.execute(f"CREATE TABLE {table} ({columns})")
    db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(heads))})", rows)


def _attach_workbook(db: sqlite3.Connection, path: Path) -> None:
    db.execute("ATTACH ':memory:' AS system")
    book = CalamineWorkbook.from_path(str(path))
    for sheet in ("Hồ sơ", "Tạm dừng"):
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        texts = [[str(cell) for cell in row] for row in rows[HEAD_ROW:]]
        _insert(db, f'system."{sheet}"', [str(head) for head in rows[HEAD_ROW - 1]], texts)
