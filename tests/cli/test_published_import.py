"""cchc published import: what was published comes in from a file, cell by cell, and the scorecard shows it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from cli.main import main
from contracts.settings import REPOSITORY
from warehouse import published
from warehouse.database import open_warehouse

OFFICIAL = REPOSITORY / "provinces" / "phu-tho" / "official"
SOURCE = "Cổng Dịch vụ công quốc gia, trang đánh giá, xem ngày 26/9/2026"
HEAD = "agency_code,indicator,numerator,denominator,score\n"
Captured = pytest.CaptureFixture[str]


class Desk:
    """One machine; each command a second after the one before."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch, capsys: Captured) -> None:
        self.home, self._patch, self._capsys, self._second = home, patch, capsys, 0
        patch.setenv("CCHC_HOME", str(home))
        patch.setenv("CCHC_PROVINCE", str(REPOSITORY / "provinces" / "phu-tho"))

    def cchc(self, *words: str, expect: int = 0) -> str:
        """What was said, in one line."""
        self._second += 1
        self._patch.setenv("CCHC_NOW", f"2026-10-05T08:00:{self._second:02}+07:00")
        self._patch.setattr("sys.argv", ["cchc", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = self._capsys.readouterr()
        told = said.out + " " + said.err
        assert int(str(left.value.code)) == expect, told
        return " ".join(told.split())

    def imports(self, path: Path, *, source: str = SOURCE, expect: int = 0) -> str:
        return self.cchc("published", "import", "2026Q3", str(path), "--source", source, expect=expect)

    def stored(self) -> pd.DataFrame:
        engine = open_warehouse(f"sqlite:///{self.home}/phu-tho/warehouse.sqlite")
        return published.newest(engine, "2026Q3").set_index(["agency_code", "indicator"])

    def file(self, text: str, name: str = "cong-bo.csv") -> Path:
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> Desk:
    return Desk(tmp_path, monkeypatch, capsys)


def test_the_official_files_come_in_as_they_are(desk: Desk) -> None:
    assert "163 số của 163 cơ quan" in desk.imports(OFFICIAL / "progress_2026q3.csv")
    assert "48 số của 12 cơ quan" in desk.imports(OFFICIAL / "payment_2026q3.csv")
    said = desk.imports(OFFICIAL / "province_2026q3.csv")
    assert "12 số của 1 cơ quan" in said
    assert "4 số đã có trước được thay" in said
    stored = desk.stored()
    assert len(stored) == 163 + 48 + 12 - 4
    viet_tri = stored.loc[[("H44.100", "PROGRESS_ON_TIME")]][["numerator", "denominator", "score"]]
    assert viet_tri.to_numpy().tolist() == [[5830, 6684, 17.44]]
    assert stored.loc[("H44.01", "PAYMENT"), "score"] == 0, "a published 0 is a 0"
    assert ("H44.01", "PAYMENT_DOSSIERS") in stored[stored["score"].isna()].index, "and what was not published is null"
    assert set(stored["source"]) == {SOURCE}
    assert f"Nhập từ tệp, nguồn: {SOURCE}" in desk.cchc("published", "list", "2026Q3", "--agency", "H44.100")
    out = desk.home / "diem.csv"
    desk.cchc("score", "766", "--period", "2026Q3", "--out", str(out))
    card = pd.read_csv(out, dtype={"indicator": "str"}, keep_default_na=False, na_values=[""])
    assert len(card[(card["group_id"] == "progress") & (card["indicator"].isna())]["published_score"].dropna()) == 164
    assert not card["disagrees"].any()
    assert card["our_score"].isna().all(), "nothing was counted here"
    flagged = card[card["quality_flag"].notna()]
    assert flagged["indicator"].tolist() == ["DOSSIER_SYNC"]


def test_the_file_is_kept_byte_for_byte_with_its_source(desk: Desk) -> None:
    path = OFFICIAL / "payment_2026q3.csv"
    desk.imports(path)
    (folder,) = (desk.home / "phu-tho" / "published" / "2026Q3").iterdir()
    assert (folder / "so-cong-bo.csv").read_bytes() == path.read_bytes()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["producer"] == SOURCE
    assert manifest["imported_at"] == "2026-10-05T08:00:01+07:00"
    assert [file["name"] for file in manifest["files"]] == ["so-cong-bo.csv"]


def test_a_later_file_stands_beside_the_earlier_and_counts_for_what_it_names(desk: Desk) -> None:
    desk.imports(desk.file(HEAD + "H44.100,PROGRESS_ON_TIME,8,10,16\nH44.101,PROGRESS_ON_TIME,8,10,16\n"))
    said = desk.imports(desk.file(HEAD + "H44.100,PROGRESS_ON_TIME,9,10,18\n"), source="Công văn số 12/VPUB")
    assert "1 số đã có trước được thay bằng số trong tệp này; số cũ vẫn lưu" in said
    stored = desk.stored()
    assert stored["score"].to_dict() == {("H44.100", "PROGRESS_ON_TIME"): 18.0, ("H44.101", "PROGRESS_ON_TIME"): 16.0}
    assert stored.loc[("H44.100", "PROGRESS_ON_TIME"), "source"] == "Công văn số 12/VPUB"
    engine = open_warehouse(f"sqlite:///{desk.home}/phu-tho/warehouse.sqlite")
    assert len(published.fetches(engine, "2026Q3")) == 2, "nothing was overwritten"
    assert isinstance(published.fetches(engine, "2026Q3")[0], datetime)


def test_an_empty_cell_takes_a_figure_back(desk: Desk) -> None:
    desk.imports(desk.file(HEAD + "H44.100,PROGRESS_ON_TIME,8,10,16\n"))
    desk.imports(desk.file(HEAD + "H44.100,PROGRESS_ON_TIME,,,\n"))
    assert desk.stored()[["numerator", "denominator", "score"]].isna().all(axis=None)


def test_what_does_not_fit_together_is_told_and_stored_as_published(desk: Desk) -> None:
    said = desk.imports(desk.file(HEAD + "H44.100,PROGRESS_ON_TIME,11,10,20\n"))
    assert "PROGRESS_ON_TIME của H44.100" in said
    assert desk.stored()["numerator"].tolist() == [11]


def test_a_score_that_is_not_the_formulas_is_told(desk: Desk) -> None:
    desk.imports(desk.file(HEAD + "H44.100,PROGRESS_ON_TIME,8,10,15.5\n"))
    said = desk.cchc("score", "766", "--period", "2026Q3", "--agency", "H44.100")
    assert "1 điểm công bố khác điểm tính theo công thức" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "H44.999,PROGRESS_ON_TIME,1,2,10\n", "cong-bo.csv:2: cột agency_code: không có cơ quan «H44.999»"),
        (HEAD + "H44.100,TIEN_DO,1,2,10\n", "cột indicator: không có chỉ tiêu «TIEN_DO»"),
        (HEAD + "H44.100,PROGRESS_ON_TIME,1.234,2,10\n", "cột numerator: «1.234» đọc được theo hai cách"),
        (HEAD + "H44.100,PROGRESS_ON_TIME,1,2,20.5\n", "cột score: «20.5» lớn hơn 20"),
        (HEAD + "H44.100,PROGRESS_ON_TIME,1,2,-1\n", "cột score: «-1» là số âm"),
        (HEAD + "H44.100,PAYMENT,,,6\nH44.100,PAYMENT,,,7\n", "H44.100 PAYMENT đã có ở dòng 2"),
        ("agency_code,score\nH44.100,3\n", "không nhận ra mẫu tệp"),
        ("code,score\nH44.100,3\n", "thiếu cột agency_code"),
    ],
)
def test_each_defect_is_told_and_nothing_is_stored(desk: Desk, text: str, said: str) -> None:
    assert said in desk.imports(desk.file(text), expect=2)
    assert "chưa có số liệu nào để chấm điểm" in desk.cchc("score", "766", "--period", "2026Q3", expect=2)


def test_without_a_source_or_a_period_of_the_portal_nothing_comes_in(desk: Desk) -> None:
    path = desk.file(HEAD + "H44.100,PROGRESS_ON_TIME,1,2,10\n")
    assert "chưa ghi nguồn của số liệu" in desk.imports(path, source="  ", expect=2)
    assert "không công bố kỳ 2026T9" in desk.cchc("published", "import", "2026T9", str(path), "--source", "x", expect=2)
    assert "bắt đầu ngày 15/12/2026" in desk.cchc("published", "import", "2027Q1", str(path), "--source", "x", expect=2)
    assert "không có tệp" in desk.imports(desk.home / "khong-co.csv", expect=2)


def test_an_agency_without_figures_is_no_row_of_noughts(desk: Desk) -> None:
    desk.imports(desk.file(HEAD + "H44.100,PROGRESS_ON_TIME,8,10,16\n"))
    said = desk.cchc("score", "766", "--period", "2026Q3", "--agency", "H44.101", expect=2)
    assert "không có số nào của cơ quan «H44.101»" in said
