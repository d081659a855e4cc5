"""A rejected row leads to the cells that a person has to look at."""

from __future__ import annotations

import pandas as pd

from contracts.columns import DOSSIER_COLUMNS
from contracts.source_config import ColumnMap, TableMap
from contracts.table_spec import FileTable
from expectations.cells import cells_of

HEADS = {"end_date": "Ngày kết thúc", "due_date": "Ngày hẹn", "status": "Tình trạng", "agency": "Nơi nhận"}
TABLE = TableMap(
    "dossiers", FileTable(), tuple(ColumnMap(c, HEADS[c.name], "") for c in DOSSIER_COLUMNS if c.name in HEADS)
)
PLACES = {
    "2024Q4.xlsx!Hồ sơ": {"Ngày kết thúc": "H", "Ngày hẹn": "G", "Tình trạng": "E"},
    "2024Q4.xlsx!Xã! Ba": {"Ngày kết thúc": "AB"},
    "2024Q4.csv": {"Ngày kết thúc": "8"},
}
IN_A_SHEET, IN_ANOTHER, IN_A_TABLE = "2024Q4.xlsx!Hồ sơ!17", "2024Q4.xlsx!Xã! Ba!4", "1234"
CASES = [
    (IN_A_SHEET, "statuses.resolved_dated", "", "Ngày kết thúc: 2024Q4.xlsx!Hồ sơ!H17"),
    (IN_ANOTHER, "statuses.resolved_dated", "", "Ngày kết thúc: 2024Q4.xlsx!Xã! Ba!AB4"),
    ("2024Q4.csv!17", "statuses.resolved_dated", "", "Ngày kết thúc: 2024Q4.csv, dòng 17, cột 8"),
    (IN_A_TABLE, "statuses.resolved_dated", "", "cột Ngày kết thúc, khóa 1234"),
    (
        IN_A_SHEET,
        "statuses.status_known,dates.due_present",
        "",
        "Tình trạng: 2024Q4.xlsx!Hồ sơ!E17; Ngày hẹn: 2024Q4.xlsx!Hồ sơ!G17",
    ),
    (IN_A_SHEET, "dates.readable", "due_date", "Ngày hẹn: 2024Q4.xlsx!Hồ sơ!G17"),
    (IN_A_TABLE, "dates.readable", "due_date,end_date", "cột Ngày hẹn, Ngày kết thúc, khóa 1234"),
    (IN_A_TABLE, "dates.readable", "pause_from", ""),  # stands in another table, at another key
    (None, "statuses.resolved_dated", "", "cột Ngày kết thúc, khóa (trống)"),
    (IN_A_SHEET, "identity.dossier_code_present", "", ""),  # not mapped here
]


def test_each_row_names_its_cells() -> None:
    """All at once, as they come: rows of several sheets, rules and columns do not mix."""
    rejected = pd.DataFrame({"address": [c[0] for c in CASES], "rules": [c[1] for c in CASES]}, dtype="str")
    unparsed = pd.Series([c[2] for c in CASES], dtype="category", index=range(70, 70 + len(CASES)))
    assert cells_of(rejected, unparsed, table=TABLE, places=PLACES).tolist() == [c[3] for c in CASES]


def test_without_a_rejected_row_there_is_no_cell() -> None:
    none = pd.DataFrame({"address": [], "rules": []}, dtype="str")
    assert cells_of(none, pd.Series([], dtype="category"), table=TABLE, places=PLACES).tolist() == []
