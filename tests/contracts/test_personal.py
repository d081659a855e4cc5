"""No personal column is read (Luật 91/2025/QH15, NĐ 356/2025/NĐ-CP): names that a mapping may not hold."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import pytest

from contracts.personal import is_forbidden

PERSONAL = """
ChuHoSo HoTen HoTenNguoiNop HoVaTen TenChuHoSo TenNguoiYeuCau
SoDienThoai SoDienThoaiNguoiNop SoDienThoaiChuHoSo Email EmailNguoiNop
SoGiayTo SoGiayToTuyThan SoGiayToChuHoSo SoDinhDanh SoCCCD CMND SoHoChieu MaSoThue BienSoXe
NgaySinh NgaySinhChuHoSo NamSinh GioiTinh DanToc TonGiao QuocTich TinhTrangHonNhan
DiaChi DiaChiThuongTru DiaChiChuHoSo NoiThuongTru QueQuan ChoOHienNay
NguoiUyQuyen NguoiUyQuyenHoTen NguoiUyQuyenDiaChi MaDoiTuong EFormData
DinhKem DinhKemHoSo DuongDanTepTin DuongDanTepTinKetQua
TrichYeuHoSo GhiChu LyDoTuChoi LyDoDungXuLy NoiDungBoSung
HoTenNguoiNhanKetQua ChuKyNguoiNhanKetQua NguoiNhanKetQua
TenNganHang SoTaiKhoan TaiKhoanNganHang
CanBoTiepNhan CanBoXuLy TenCanBo NguoiXuLy NguoiTiepNhan NguoiTao NguoiKy ChuyenVien LanhDaoDuyet
SoCanCuoc so_dt SoDTDD MST stk SoTK SoBHYT ThongTinLienHe ChuHo VoChong VanTay AnhThe
TenKhachHang TenKH TenCaNhan TenToChuc TenDoanhNghiep YKienXuLy note Remarks
Address customer_name first_name LastName surname username dob sex Tel avatar photo_url
full_name applicant_name date_of_birth gender passport_no identity_number
"""
NEEDED = """
MaHoSo MaTTHC MaThuTuc MaLinhVuc TenLinhVuc MaCoQuan TenCoQuan DonViTiepNhan TrangThai KenhThucHien
NgayTiepNhan NgayHenTra NgayKetThucXuLy NgayTraKetQua DeletedOn NgayYeuCau NgayHoanThanh LoaiYeuCau
MucDoDVC LienThong CoNghiaVuTaiChinh DuocThanhToanTrucTuyen
HoSoCoThanhPhanSoHoa DuocSoHoa DuocTaiSuDung GiayToSoHoa MaKetQua LoaiDoiTuong
SO_BIEN_NHAN NGAY_NHAN NGAY_HEN NGAY_XONG NGAY_HUY TINH_TRANG HINH_THUC_NOP DON_VI_ID TU_NGAY DEN_NGAY
"""


@pytest.mark.parametrize("column", PERSONAL.split())
def test_personal_columns_are_refused(column: str) -> None:
    assert is_forbidden(column)


@pytest.mark.parametrize("column", NEEDED.split())
def test_columns_that_are_needed_are_not(column: str) -> None:
    assert not is_forbidden(column)


WRITTEN = """
SoDienThoai | sodienthoai | SO_DIEN_THOAI | so-dien-thoai | Số điện thoại | hs.SoDienThoai | [SoDienThoai]
Số điện thoại (chủ hồ sơ) | Số điện thoại.1 | SoDienThoai.gia_tri | dbo.hs.So_Dien_Thoai
"""


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("written", re.split(r" \| |\n", WRITTEN.strip()))
def test_however_it_is_written(written: str, form: Literal["NFC", "NFD"]) -> None:
    assert is_forbidden(unicodedata.normalize(form, written))


@pytest.mark.parametrize("column", ["Tên", "TEN", "hs.Ten", "Họ tên", "Đường dẫn tệp tin", "Địa chỉ"])
def test_vietnamese_marks_do_not_hide_a_name(column: str) -> None:
    assert is_forbidden(column)


@pytest.mark.parametrize("column", ["hs.DToanTrinh", "ho.TenLinhVuc", "Tên lĩnh vực", "Người có công"])
def test_neighbouring_letters_make_no_name(column: str) -> None:
    """Parts of a dotted name are looked at one by one: hs + DT is no «sdt»."""
    assert not is_forbidden(column)
