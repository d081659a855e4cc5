"""The systems live on: what had happened by a day is the same whoever looks later, and figures do not move."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.demo.conftest import EARLY
from tests.demo.reading import SQL_SOURCES, VENDOR_B, dossiers, sheet, table
from tests.oracle.oracle import form_ii06

NEVER_CHANGES = {
    "a": ["MaHoSo", "MaTTHC", "MaCoQuanTiepNhan", "KenhThucHien", "NgayNop", "ChuHoSo", "SoDienThoaiChuHoSo"],
    "b": ["SO_BIEN_NHAN", "MA_THU_TUC", "DON_VI_ID", "HINH_THUC_NOP", "NGAY_DANG_KY", "HO_TEN", "DIEN_THOAI"],
}
HAPPENS_ONCE = {
    "a": ["NgayTiepNhan", "NgayKetThucXuLy", "NgayTraKetQua", "DeletedOn"],
    "b": ["NGAY_NHAN", "NGAY_XONG", "NGAY_TRA", "NGAY_HUY"],
}
PROMISED = {"a": "NgayHenTra", "b": "NGAY_HEN"}
ASKED = {
    "a": ("HoSoYeuCau", "MaHoSo", "NgayYeuCau", "NgayHoanThanh"),
    "b": ("TAM_DUNG", "SO_BIEN_NHAN", "TU_NGAY", "DEN_NGAY"),
}


def vendor(source: str) -> str:
    return "b" if source in VENDOR_B else "a"


def day(text: str) -> date:
    """The day of an ISO time, or of dd/MM/yyyy HH:mm."""
    return date.fromisoformat(text[:10] if text[4] == "-" else f"{text[6:10]}-{text[3:5]}-{text[:2]}")


def moved(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    both = pd.DataFrame({"before": before.fillna(""), "after": after.fillna("")})
    return both[both["before"] != both["after"]]


@pytest.mark.parametrize("source", SQL_SOURCES)
def test_a_later_build_only_adds_what_happened_later(early: Path, late: Path, source: str) -> None:
    kind = vendor(source)
    before, after = dossiers(early, source), dossiers(late, source)
    assert len(after) > len(before)
    after = after.loc[before.index]
    for column in NEVER_CHANGES[kind]:
        assert moved(before[column], after[column]).empty, column
    for column in HAPPENS_ONCE[kind]:
        change = moved(before[column], after[column])
        assert (change["before"] == "").all(), column
        assert (change["after"].map(day) > EARLY).all(), column


@pytest.mark.parametrize("source", ["nha-trang", "ninh-hoa"])
def test_a_promise_moves_only_when_a_dossier_resumes_later(early: Path, late: Path, source: str) -> None:
    kind = vendor(source)
    name, code, _, answered = ASKED[kind]
    before, after = dossiers(early, source), dossiers(late, source)
    change = moved(before[PROMISED[kind]], after.loc[before.index, PROMISED[kind]])
    given = change[change["before"] != ""]
    requests = table(late, source, name)
    resumed = requests[[bool(text) and day(text) > EARLY for text in requests[answered]]]
    codes = before.loc[given.index, NEVER_CHANGES[kind][0]]
    assert not codes.empty
    assert set(codes) <= set(resumed[code])


@pytest.mark.parametrize("source", ["nha-trang", "ninh-hoa"])
def test_requests_stay_and_are_answered_later(early: Path, late: Path, source: str) -> None:
    name, code, begun, answered = ASKED[vendor(source)]
    before, after = table(early, source, name), table(late, source, name)
    same = after.loc[before.index]
    assert moved(before[code], same[code]).empty
    assert moved(before[begun], same[begun]).empty
    change = moved(before[answered], same[answered])
    assert not change.empty
    assert (change["after"].map(day) > EARLY).all()
    assert (after.loc[after.index.difference(before.index), begun].map(day) > EARLY).all()


def test_nothing_after_the_day_is_there_yet(early: Path) -> None:
    for source in SQL_SOURCES:
        rows = dossiers(early, source)
        for column in HAPPENS_ONCE[vendor(source)]:
            readable = [t for t in rows[column].dropna() if t and "2042" not in t and not t.startswith("32/")]
            days = [day(text) for text in readable if "-32T" not in text]
            assert max(days, default=EARLY) <= EARLY, (source, column)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2024, 6, 15), date(2024, 9, 14)),
        (date(2024, 9, 15), date(2024, 12, 14)),
        (date(2024, 10, 1), date(2024, 12, 16)),
    ],
)
def test_not_one_figure_moves_when_the_systems_live_on(early: Path, late: Path, first: date, last: date) -> None:
    before = form_ii06("khanh-hoa", early, first, last)
    after = form_ii06("khanh-hoa", late, first, last)
    pd.testing.assert_frame_equal(before, after)
    assert before["open_in_time"].sum() > 0


def test_a_workbook_is_not_touched_once_its_quarter_is_over(early: Path, late: Path) -> None:
    sent = [systems / "khanh-hoa" / "truong-sa" / "2024Q3.xlsx" for systems in (early, late)]
    assert sent[0].read_bytes() == sent[1].read_bytes()
    assert len(sheet(late, "2024Q4", "Hồ sơ")) > len(sheet(early, "2024Q4", "Hồ sơ"))
