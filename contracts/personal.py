"""Columns that are never read (Luật 91/2025/QH15, NĐ 356/2025/NĐ-CP; domain.md §8).

A mapping names the columns that go into the query; one that names a column of this list, or that looks
like it, is refused at start-up. Names are compared without case, underscores and Vietnamese marks, so
that SoDienThoai, so_dien_thoai and «Số điện thoại» are the same.
"""

from __future__ import annotations

import re
import unicodedata

FORBIDDEN = re.compile(
    r"""
    chuhoso | hoten | hovaten | tenchu | tencongdan | nguoinop | nguoiyeucau | tennguoi
  | dienthoai | sdt | didong | phone | mobile | email | thudientu
  | giayto(?!.*sohoa)| cccd | cmnd | cmt | dinhdanhcanhan | sodinhdanh | hochieu | masothue
  | ngaysinh | namsinh | gioitinh | dantoc | tongiao | quoctich
  | diachi | thuongtru | tamtru | quequan | choohiennay
  | nguoiuyquyen | madoituong | eformdata | dinhkem | duongdan | tepin | teptin
  | trichyeu | ghichu | lydo | noidung
  | nguoinhan | chuky | nganhang | sotaikhoan | taikhoan
  | canbo | nguoixuly | nguoitao | nhanvien | congchuc
    """,
    re.VERBOSE,
)


def is_forbidden(column: str) -> bool:
    """Whether a source's column name is, or looks like, personal data or free text."""
    return FORBIDDEN.search(_plain(column)) is not None


def _plain(name: str) -> str:
    """Lower case ASCII letters and digits of the last part of a name: «hs.So_Dien_Thoai» → sodienthoai.
    For comparing column names only: text that is printed is never folded."""
    last = name.rsplit(".", maxsplit=1)[-1].lower().replace("đ", "d")
    decomposed = unicodedata.normalize("NFD", last)
    return "".join(c for c in decomposed if c.isascii() and c.isalnum())
