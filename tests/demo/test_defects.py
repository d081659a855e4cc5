"""Every defect that a district's data can have is there, where the truth says, and stays as it is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from demo.defects import ERRORS, WARNINGS
from tests.demo.reading import VENDOR_B, dossiers, sheet, table, truth

SEEN_IN_THE_CELLS = """
source      defect                       column              cell
nha-trang   no_dossier_code              MaHoSo              -
nha-trang   no_procedure_code            MaTTHC              -
nha-trang   no_agency                    MaCoQuanTiepNhan    -
nha-trang   no_received_date             NgayTiepNhan        -
nha-trang   unknown_status               TrangThai           99
nha-trang   unknown_channel              KenhThucHien        9
nha-trang   unknown_agency               MaCoQuanTiepNhan    H32.99.99
nha-trang   received_in_future           NgayTiepNhan        2042-10-03T08:15:00
nha-trang   end_in_future                NgayKetThucXuLy     2042-11-05T10:20:00
nha-trang   done_without_end             NgayKetThucXuLy     -
nha-trang   unreadable_date              NgayTiepNhan        2024-10-32T08:15:00
nha-trang   paused_undated               TrangThai           5
nha-trang   no_due_date                  NgayHenTra          -
nha-trang   level_2_online               MucDoDVC            2
so-nganh    agency_not_valid             MaCoQuanTiepNhan    H32.22
van-ninh    no_dossier_code              SO_BIEN_NHAN        -
van-ninh    no_agency                    DON_VI_ID           -
van-ninh    unknown_status               TINH_TRANG          Chuyển liên ngành
van-ninh    end_in_future                NGAY_XONG           05/11/2042 10:20
ninh-hoa    unknown_channel              HINH_THUC_NOP       Zalo
ninh-hoa    received_in_future           NGAY_NHAN           03/10/2042 08:15
ninh-hoa    paused_undated               TINH_TRANG          Chờ bổ sung
dien-khanh  unknown_agency               DON_VI_ID           99990
dien-khanh  unreadable_date              NGAY_XONG           32/10/2024 15:00
dien-khanh  no_received_date             NGAY_NHAN           -
"""
CASES = [line.split(maxsplit=3) for line in SEEN_IN_THE_CELLS.strip().splitlines()[1:]]


def places(systems: Path, source: str, defect: str) -> list[int]:
    known = truth(systems, "defects")
    return [int(key) for key in known.loc[(known["source"] == source) & (known["defect"] == defect), "address"]]


@pytest.mark.parametrize(("source", "defect", "column", "cell"), CASES)
def test_the_cell_is_spoilt_where_the_truth_says(early: Path, source: str, defect: str, column: str, cell: str) -> None:
    rows = dossiers(early, source).loc[places(early, source, defect)]
    assert not rows.empty
    found = ["-" if value is None or value == "" else str(value) for value in rows[column]]
    assert set(found) == {cell}


def test_every_defect_is_in_the_fourth_quarter(early: Path) -> None:
    known = pd.read_parquet(early / "khanh-hoa" / "truth" / "dossiers.parquet")
    filed = known.loc[known["registered"].between("2024-09-15", "2024-12-14"), "defect"]
    assert set(filed) - {""} == {*ERRORS, *WARNINGS}


def test_defects_are_spread_over_all_vendors(early: Path) -> None:
    known = truth(early, "defects").groupby("source")["defect"].nunique()
    assert known.min() >= 2
    assert {"nha-trang", "truong-sa", *VENDOR_B} <= set(known.index)


@pytest.mark.parametrize("source", ["nha-trang", "cam-ranh", "ninh-hoa"])
def test_two_dossiers_share_a_code_and_differ(early: Path, source: str) -> None:
    code, channel = ("SO_BIEN_NHAN", "HINH_THUC_NOP") if source in VENDOR_B else ("MaHoSo", "KenhThucHien")
    rows = dossiers(early, source).loc[places(early, source, "duplicate_code")]
    assert len(rows) == 2
    assert rows[code].nunique() == 1
    assert rows[channel].nunique() == 2


@pytest.mark.parametrize("source", ["nha-trang", "dien-khanh"])
def test_a_repeated_row_differs_in_its_key_alone(early: Path, source: str) -> None:
    code = "SO_BIEN_NHAN" if source in VENDOR_B else "MaHoSo"
    rows = dossiers(early, source)
    [place] = places(early, source, "repeated_row")
    copies = rows[rows[code] == rows.loc[place, code]].drop(columns="XU_LY_ID", errors="ignore")
    assert len(copies) == 2
    assert (copies.iloc[0].fillna("") == copies.iloc[1].fillna("")).all()


def test_who_is_paused_without_dates_has_no_request(early: Path) -> None:
    paused = dossiers(early, "nha-trang").loc[places(early, "nha-trang", "paused_undated"), "MaHoSo"]
    assert not set(paused) & set(table(early, "nha-trang", "HoSoYeuCau")["MaHoSo"])


def test_a_closed_dossier_has_an_open_request(early: Path) -> None:
    row = dossiers(early, "nha-trang").loc[places(early, "nha-trang", "closed_with_open_supplement")].iloc[0]
    requests = table(early, "nha-trang", "HoSoYeuCau")
    assert row["NgayKetThucXuLy"]
    assert requests.loc[requests["MaHoSo"] == row["MaHoSo"], "NgayHoanThanh"].isna().all()


def test_the_island_district_s_defects_stand_in_its_workbook(early: Path) -> None:
    known = truth(early, "defects").set_index(["source", "defect"])["address"]["truong-sa"]
    rows = sheet(early, "2024Q4", "Hồ sơ")
    spoilt = {defect: rows.loc[int(address.removeprefix("2024Q4.xlsx!Hồ sơ!"))] for defect, address in known.items()}
    assert spoilt["unknown_status"]["Tình trạng"] == "Gửi về đất liền"
    assert spoilt["unreadable_date"]["Ngày tiếp nhận"] == "chuyến tàu tháng 10"
    assert spoilt["no_due_date"]["Ngày hẹn trả"] == ""


def test_defective_rows_do_not_change_later(early: Path, late: Path) -> None:
    pd.testing.assert_frame_equal(truth(early, "defects"), truth(late, "defects"))
    known = truth(early, "defects")
    for source in set(known["source"]) - {"truong-sa"}:
        keys = [int(key) for key in known.loc[known["source"] == source, "address"]]
        before, after = (dossiers(systems, source).loc[keys].fillna("") for systems in (early, late))
        pd.testing.assert_frame_equal(before, after)
