"""A district's dossiers moved to another kind of system, with the configuration that reads them there.

Taken from a system of the demonstration (vendor A's SQLite): the mapped columns, and one of personal data that no
kind may give away. What a move leaves is what a real system of that kind would hold: typed columns in a database,
date cells in a workbook, numbers in JSON.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import tomllib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from contracts.settings import REPOSITORY

PERSON = "ChuHoSo"
DATES = {"NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTraKetQua", "DeletedOn", "NgayYeuCau", "NgayHoanThanh"}
NUMBERS = {"Id", "TrangThai", "KenhThucHien", "MucDoDVC", "LienThong", "CoNghiaVuTaiChinh", "DuocThanhToanTrucTuyen"}
NUMBERS |= {"LoaiYeuCau", "KenhTraKetQua", "CoKetQuaDienTu", "DuocSoHoa", "DuocTaiSuDung", "SoNgayQuyDinh"}
TABLES = {"dossiers": "HoSo", "pauses": "HoSoYeuCau"}
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Table:
    """Rows as Python values (int, str, None; dates as ISO texts)."""

    name: str
    columns: tuple[str, ...]
    rows: Rows

    def typed(self) -> Rows:
        """Dates as moments."""
        dated = [column in DATES for column in self.columns]
        return [
            tuple(datetime.fromisoformat(v) if is_date and v else v for v, is_date in zip(row, dated, strict=True))
            for row in self.rows
        ]


def taken(system: Path) -> dict[str, Table]:
    """Our table → what vendor A's database holds of it, in the order of its keys."""
    mapped: dict[str, list[str]] = {"dossiers": ["Id"], "pauses": ["Id"]}
    with (REPOSITORY / "provinces/khanh-hoa/vendors/a/column_map.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            mapped[row["table"]].append(row["source_column"])
    found = {}
    with sqlite3.connect(system) as connection:
        for name, table in TABLES.items():
            columns = [*mapped[name], *([PERSON] if name == "dossiers" else [])]
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY Id").fetchall()
            found[name] = Table(table, tuple(columns), rows)
    connection.close()
    return found


def declared(table: Table, types: Mapping[str, str]) -> str:
    """Columns with their types: `number`, `date` and `text` of that database."""

    def kind(column: str) -> str:
        return types["date" if column in DATES else "number" if column in NUMBERS else "text"]

    return ", ".join(f"{types['quote']}{c}{types['quote']} {kind(c)}" for c in table.columns)


def configure(folder: Path, source_id: str, toml: str, *, formats: Mapping[str, str] | None = None) -> None:
    """The province's copy reads that source as the TOML says (kind, address, connection, tables)."""
    source = folder / "sources" / source_id
    kept = [
        line
        for line in (source / "source.toml").read_text(encoding="utf-8").splitlines()
        if line.startswith(("id ", "name ", "vendor ", "units ", "contact "))
    ]
    (source / "source.toml").write_text("\n".join(kept) + "\n" + toml, encoding="utf-8")
    if formats:
        text = (folder / "vendors/a/column_map.csv").read_text(encoding="utf-8")
        for old, new in formats.items():
            text = text.replace(old, new)
        (source / "column_map.csv").write_text(text, encoding="utf-8")


def province(folder: Path, *, unit_reports: bool = True, only: Collection[str] = ()) -> Path:
    """A copy of the demonstration's configuration. unit_reports: whether the districts have reports of their own, which
    take most of a run's time. only: a small province of these sources and the units that they answer for."""
    copy = Path(shutil.copytree(REPOSITORY / "provinces" / "khanh-hoa", folder / "khanh-hoa"))
    if only:
        _narrow(copy, only)
    if not unit_reports:
        without_unit_reports(copy)
    return copy


def without_unit_reports(folder: Path) -> None:
    """From now on the province's report alone is printed."""
    settings = folder / "province.toml"
    settings.write_text(settings.read_text(encoding="utf-8").split("[[report.own_reports]]")[0], encoding="utf-8")


def _narrow(copy: Path, only: Collection[str]) -> None:
    units: set[str] = set()
    for source in (copy / "sources").iterdir():
        if source.name in only:
            units |= {*tomllib.loads((source / "source.toml").read_text(encoding="utf-8"))["units"]}
        else:
            shutil.rmtree(source)
    shutil.rmtree(copy / "index")  # of all districts
    agencies = copy / "agencies.csv"
    with agencies.open(encoding="utf-8", newline="") as file:
        head, root, *rows = csv.reader(file)
    kept = [row for row in rows if any(row[0] == unit or row[0].startswith(f"{unit}.") for unit in units)]
    with agencies.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, root, *kept])


def as_csv(table: Table, path: Path, *, encoding: str = "utf-8", delimiter: str = ",") -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    written = _tones_apart(text.getvalue()) if encoding == "cp1258" else text.getvalue()
    path.write_bytes(written.encode(encoding))


def _tones_apart(text: str) -> str:
    """As windows-1258 has it: a letter with its hat, and the tone behind it."""
    tones = dict.fromkeys("\u0300\u0301\u0303\u0309\u0323")

    def apart(letter: str) -> str:
        parts = unicodedata.normalize("NFD", letter)
        letter_alone = "".join(p for p in parts if p not in tones)
        return unicodedata.normalize("NFC", letter_alone) + "".join(p for p in parts if p in tones)

    return "".join(map(apart, text))


def as_workbook(tables: Mapping[str, Table], path: Path) -> None:
    """A title, a heading of two rows with a merged upper head over the dates, and a total row below."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for table in tables.values():
            page = book.add_worksheet(table.name)
            page.write(0, 0, "SỔ THEO DÕI HỒ SƠ")
            for place, column in enumerate(table.columns):
                page.write(2, place, column)
            for line, row in enumerate(table.typed(), start=3):
                _write(page, line, row, day)
            page.write_row(3 + len(table.rows), 0, ["Tổng cộng", len(table.rows)])


def _write(page: Any, line: int, row: Sequence[Any], day: Any) -> None:
    for place, value in enumerate(row):
        if isinstance(value, datetime):
            page.write_datetime(line, place, value, day)
        elif value is not None:
            page.write(line, place, value)


def as_json(table: Table) -> list[dict[str, Any]]:
    """Rows as an interface gives them: numbers as numbers, what is missing as null."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def json_text(table: Table) -> str:
    return json.dumps(as_json(table), ensure_ascii=False)


def sorted_facts(facts: pd.DataFrame) -> pd.DataFrame:
    keys = ["series", "agency_code", "field", "procedure_code"]
    return facts.astype(dict.fromkeys(keys, "str")).sort_values(keys).reset_index(drop=True)
