"""The systems hold personal values, so that not reading them can be tested."""

from __future__ import annotations

from pathlib import Path

from contracts.periods import parse_period
from contracts.personal import is_forbidden
from tests.demo.conftest import province
from tests.demo.reading import dossiers, sheet, table

PERSONAL = {
    "nha-trang": {
        "ChuHoSo", "NgaySinhChuHoSo", "SoGiayToChuHoSo", "SoDienThoaiChuHoSo", "EmailChuHoSo", "DiaChiChuHoSo",
        "NguoiUyQuyen", "TrichYeuHoSo", "GhiChu", "CanBoXuLy", "HoTenNguoiNhanKetQua",
    },
    "van-ninh": {
        "HO_TEN", "NAM_SINH", "SO_CCCD", "DIEN_THOAI", "EMAIL", "DIA_CHI", "TRICH_YEU", "CAN_BO_NHAN",
        "CAN_BO_THU_LY", "GHI_CHU", "NGUOI_NHAN_KQ",
    },
    "truong-sa": {"Họ và tên người nộp", "Số điện thoại", "Số giấy tờ", "Địa chỉ", "Ghi chú"},
}  # fmt: skip


def test_personal_columns_are_there_and_filled(early: Path) -> None:
    rows = {source: dossiers(early, source) for source in ("nha-trang", "van-ninh")}
    rows["truong-sa"] = sheet(early, "2024Q4", "Hồ sơ")
    for source, columns in PERSONAL.items():
        for column in columns:
            filled = rows[source][column].fillna("") != ""
            assert filled.mean() > 0.05, (source, column)


def test_free_text_and_officials_stand_in_the_requests_too(early: Path) -> None:
    asked = table(early, "nha-trang", "HoSoYeuCau")
    assert asked["NoiDung"].notna().any()
    assert asked["CanBoYeuCau"].notna().all()
    assert table(early, "van-ninh", "TAM_DUNG")["LY_DO"].notna().any()


def test_every_personal_column_is_one_that_a_mapping_may_not_name() -> None:
    for columns in PERSONAL.values():
        assert [column for column in columns if not is_forbidden(column)] == []


def test_no_mapping_names_a_personal_column(tmp_path: Path) -> None:
    sources = province("khanh-hoa").sources(period=parse_period("2024Q4"), systems=tmp_path)
    for source in sources:
        named = {column for table in source.tables.values() for column in table.source_columns}
        assert not named & set().union(*PERSONAL.values()), source.id
