"""What is entered in the audit trail, and how staff read it."""

from __future__ import annotations

DEEDS = {
    "login": "đăng nhập",
    "logout": "đăng xuất",
    "password": "đổi mật khẩu",
    "refused": "bị từ chối",
    "view": "xem",
    "download": "tải về",
    "codes": "xem mã hồ sơ",
    "check": "kiểm tra",
    "approve": "duyệt",
    "unlock": "mở khóa",
    "publish": "công bố",
    "withdraw": "thu hồi công bố",
    "signed": "nộp bản ký",
    "rerun": "chạy lại",
    "account": "sửa tài khoản",
    "feed": "đổi khóa nguồn tin",
    "audit": "xuất nhật ký",
    "backup": "sao lưu",
    "restore": "khôi phục từ bản sao lưu",
    "retention": "xóa theo thời hạn lưu giữ",
    "store": "nhận kho tệp dùng chung",
}
"""action → Vietnamese. An action that is not here is a bug."""

RESULTS = {"ok": "xong"}
"""What became of it; every other result is said in Vietnamese where it is entered."""
