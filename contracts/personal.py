"""Columns that are never read (Luật 91/2025/QH15, NĐ 356/2025/NĐ-CP; docs/domain.md §8).

A mapping names the columns that go into the query; one that names a column of this list, or that looks
like it, is refused at start-up. Names are compared without case, underscores and Vietnamese marks, so
that SoDienThoai, so_dien_thoai and «Số điện thoại» are the same.
"""

from __future__ import annotations

import re
import unicodedata

FORBIDDEN = re.compile(
    r"""
    ^ten$ | ^name$ | chuhoso | hoten | hovaten | tenchu | tencongdan | nguoi(?!cocong)
  | dienthoai | sdt | didong | phone | mobile | email | thudientu
  | giayto(?!.*sohoa) | cccd | cmnd | cmt | dinhdanhcanhan | sodinhdanh | hochieu | masothue | bienso
  | ngaysinh | namsinh | gioitinh | dantoc | tongiao | quoctich | honnhan | hinhanh | anhchandung
  | diachi | thuongtru | tamtru | quequan | choohiennay
  | madoituong | eformdata | dinhkem | duongdan | tepin | teptin
  | trichyeu | ghichu | lydo | noidung
  | chuky | nganhang | sotaikhoan | taikhoan
  | canbo | nhanvien | congchuc | chuyenvien | lanhdao
  | fullname | applicant | citizen | ownername | birth | gender | ethnic | religion | nationality
  | passport | identity | idcard | idnumber | personalid | bankaccount | address
  | cancuoc | ^sodt | ^dob$ | ^sex$ | ^tel$ | ^mst$ | ^stk$ | sotk$ | bhxh | bhyt | zalo | facebook | lienhe
  | khachhang | tenkh$ | tencanhan | tentochuc | tendoanhnghiep | ^chuho$ | vochong | vantay | anhthe | avatar | photo
  | customer | surname | firstname | lastname | middlename | username | ykien | ^notes?$ | ^remarks?$
    """,
    re.VERBOSE,
)
"""`nguoi` is whoever filed, received, signed or handled; Người có công is a field of procedures."""


def is_forbidden(column: str) -> bool:
    """Whether a source's column name is, or looks like, personal data or free text. Every part of a dotted name
    is looked at: after the dot may stand a column, or the number that a workbook gives a second «Họ tên»."""
    return any(FORBIDDEN.search(folded(part)) for part in column.split("."))


def folded(name: str) -> str:
    """Lower case ASCII letters and digits: «So_Dien_Thoai» → sodienthoai. For comparing column names only:
    text that is printed is never folded."""
    decomposed = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(c for c in decomposed if c.isascii() and c.isalnum())
