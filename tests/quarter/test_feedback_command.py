"""cchc feedback over the demonstration: every source, nothing of a person, the same again."""

from __future__ import annotations

import sqlite3
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pypdf
import pytest

from contracts.personal import is_forbidden
from tests.quarter.command import Office

pytestmark = pytest.mark.xdist_group("feedback")


@pytest.fixture(scope="module")
def returned(khanh_hoa: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("returned")
    khanh_hoa.cchc("feedback", "2024Q4", "--out", str(folder))
    return folder / "2024Q4"


def written(workbook: Path) -> str:
    with zipfile.ZipFile(workbook) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


def test_every_source_has_its_two_files(khanh_hoa: Office, returned: Path) -> None:
    sources = {source["id"] for source in khanh_hoa.status("2024Q4")["sources"]}
    assert {p.name for p in returned.iterdir()} == {f"{s}.{kind}" for s in sources for kind in ("pdf", "xlsx")}


def test_each_planted_error_stands_in_its_workbook(khanh_hoa: Office, returned: Path) -> None:
    rejected = pd.read_csv(khanh_hoa.export("2024Q4", "rejected"), dtype="str")
    for source, rows in rejected.groupby("source_id"):
        sheet = openpyxl.load_workbook(returned / f"{source}.xlsx")["Phải sửa"]
        rows_listed = list(sheet.iter_rows(min_row=4, values_only=True))
        listed = [(row[1], str(row[2]).partition("; đang tính tại nguồn ")[0]) for row in rows_listed]
        wanted = rows.assign(dossier_code=rows["dossier_code"].fillna("(không có mã)"))
        assert sorted(listed) == sorted(zip(wanted["dossier_code"], wanted["cells"], strict=True))


@pytest.mark.parametrize(("source", "key"), [("nha-trang", "MaHoSo"), ("van-ninh", "SO_BIEN_NHAN")])
def test_nothing_of_a_person_goes_out(khanh_hoa: Office, returned: Path, source: str, key: str) -> None:
    """Whatever the system says of the people behind the dossiers that are listed."""
    listed = openpyxl.load_workbook(returned / f"{source}.xlsx")
    codes = {row[1] for sheet in listed.worksheets[1:] for row in sheet.iter_rows(min_row=4, values_only=True)}
    table = "HoSo" if key == "MaHoSo" else "TIEP_NHAN"
    with sqlite3.connect(khanh_hoa.systems / "khanh-hoa" / f"{source}.sqlite") as system:
        rows = pd.read_sql(f"SELECT * FROM {table}", system)
    system.close()
    theirs = rows.loc[rows[key].isin(codes), [c for c in rows.columns if is_forbidden(c)]]
    values = {str(v) for v in theirs.to_numpy().ravel() if v is not None and len(str(v)) > 6}
    assert len(values) > 10
    pdf = subprocess.run(["pdftotext", str(returned / f"{source}.pdf"), "-"], capture_output=True, check=True)
    said = pdf.stdout.decode() + written(returned / f"{source}.xlsx")
    assert [value for value in values if value in said] == []


def test_made_again_on_another_day_it_is_the_same(khanh_hoa: Office, returned: Path, tmp_path: Path) -> None:
    later = Office(khanh_hoa.home, now="2025-02-01T08:00:00+07:00")
    later.cchc("feedback", "2024Q4", "--source", "nha-trang", "--out", str(tmp_path))
    for name in ("nha-trang.pdf", "nha-trang.xlsx"):
        assert (tmp_path / "2024Q4" / name).read_bytes() == (returned / name).read_bytes()
    assert len(list((tmp_path / "2024Q4").iterdir())) == 2


def test_bookmarks_lead_to_each_finding(returned: Path) -> None:
    outline = pypdf.PdfReader(returned / "nha-trang.pdf").outline
    heads = [entry.title for entry in outline if not isinstance(entry, list)]
    assert heads == ["I. Phải sửa", "II. Cảnh báo cần rà soát", "III. Chuyển kỳ", "Cách phản hồi"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("2023Q4",), "chưa có số liệu nào"),
        (("2024Q4", "--source", "cam-lâm"), "không có nguồn «cam-lâm»"),
    ],
)
def test_what_does_not_exist_is_refused(khanh_hoa: Office, words: tuple[str, ...], said: str) -> None:
    assert said in khanh_hoa.cchc("feedback", *words, expect=2).stderr
