"""What Oracle (ORA-…), or its driver (DPY-…), means by the code of an error. The text with it is never shown."""

from __future__ import annotations

import socket

from contracts.errors import SourceError
from contracts.source_config import SourceConfig
from sources.databases.grants import grants
from sources.databases.sql_words import Words
from sources.reader import drifted, unreachable

_NO_ACCOUNT = "máy chủ không nhận tài khoản hoặc mật khẩu của bí mật «{secret}»"
_NO_DATABASE = "máy chủ không có dịch vụ «{database}»"
_NO_ANSWER = "không kết nối được tới máy chủ {host}, hoặc không theo cách mã hóa đã cấu hình (tls = «{tls}»)"
_NO_HOST = "không tìm thấy máy chủ {host}"
_TOO_LATE = "hết thời gian chờ {waited}"
_LOCKED = "bảng đang bị khóa"
_LOST = "mất kết nối với máy chủ {host} giữa chừng"
_RIGHTS = "tài khoản thiếu quyền đọc; nhờ quản trị hệ thống cấp quyền SELECT: {grants}"
_FULL = "máy chủ đã hết số kết nối cho phép"
_NOT_READY = "máy chủ đang khởi động hoặc đang tắt"
_MEMORY = "máy chủ thiếu bộ nhớ hoặc hết chỗ trên ổ đĩa"

_UNREACHABLE = {
    "DPY-1001": _LOST,
    "DPY-3001": "máy chủ đòi tính năng mà trình kết nối không có",
    "DPY-3010": "máy chủ chạy phiên bản quá cũ (trước 12.1)",
    "DPY-3015": "tài khoản dùng cách mã hóa mật khẩu quá cũ; nhờ quản trị hệ thống đặt lại mật khẩu",
    "DPY-4011": _LOST,
    "DPY-4024": _TOO_LATE,
    "DPY-6000": _NO_ANSWER,
    "DPY-6001": _NO_DATABASE,
    "DPY-6003": _NO_DATABASE,
    "DPY-6005": _NO_ANSWER,
    "ORA-00018": _FULL,
    "ORA-00020": _FULL,
    "ORA-00028": _LOST,
    "ORA-00054": _LOCKED,
    "ORA-01013": _TOO_LATE,
    "ORA-01017": _NO_ACCOUNT,
    "ORA-01031": _RIGHTS,
    "ORA-01033": _NOT_READY,
    "ORA-01034": _NOT_READY,
    "ORA-01045": "tài khoản của bí mật «{secret}» chưa có quyền CREATE SESSION",
    "ORA-01089": _NOT_READY,
    "ORA-01090": _NOT_READY,
    "ORA-01555": "máy chủ không còn giữ dữ liệu của lúc bắt đầu đọc",
    "ORA-01652": _MEMORY,
    "ORA-03113": _LOST,
    "ORA-03114": _LOST,
    "ORA-03135": _LOST,
    "ORA-04031": _MEMORY,
    "ORA-12514": _NO_DATABASE,
    "ORA-12516": _FULL,
    "ORA-12519": _FULL,
    "ORA-12520": _FULL,
    "ORA-22835": "có giá trị văn bản dài hơn 4000 byte",
    "ORA-28000": "tài khoản của bí mật «{secret}» bị khóa",
    "ORA-28001": "mật khẩu của bí mật «{secret}» đã hết hạn",
}
_DRIFT = {
    "ORA-00904": "cột trong câu truy vấn không còn",
    "ORA-00907": "câu truy vấn sai cú pháp",
    "ORA-00918": "cột có trong nhiều bảng, phải ghi kèm tên bảng",
    "ORA-00932": "phép so sánh không hợp với kiểu dữ liệu của cột; cột có thể đã đổi kiểu",
    "ORA-00933": "câu truy vấn sai cú pháp",
    "ORA-00936": "câu truy vấn sai cú pháp",
    "ORA-00942": "bảng trong câu truy vấn không còn, hoặc tài khoản không có quyền đọc bảng đó",
    "ORA-00979": "câu truy vấn gộp nhóm (GROUP BY) sai",
    "ORA-01456": "cấu hình from/where đòi ghi vào hệ thống, không được phép",
    "ORA-01722": "có giá trị mà điều kiện where hoặc query.sql không tính được",
    "ORA-01841": "có giá trị mà điều kiện where hoặc query.sql không tính được",
    "ORA-01843": "có giá trị mà điều kiện where hoặc query.sql không tính được",
    "ORA-01858": "có giá trị mà điều kiện where hoặc query.sql không tính được",
    "ORA-01861": "có giá trị mà điều kiện where hoặc query.sql không tính được",
    "ORA-04063": "khung nhìn không chạy được: bảng, cột bên trong không còn",
}


def explained(source: SourceConfig, error: BaseException | None) -> SourceError:
    """The error as one of ours: SourceDrift where a name is gone, else SourceUnreachable."""
    code = str(getattr(error.args[0] if error is not None and error.args else None, "full_code", ""))
    if code in _DRIFT:
        return drifted(source, _DRIFT[code])
    unknown = _NO_HOST if isinstance(error, socket.gaierror) else _NO_ANSWER
    cause = _UNREACHABLE.get(code, f"máy chủ trả lỗi {code}" if code else unknown)
    return unreachable(source, cause.format_map(Words(source, grants=lambda: "; ".join(grants(source)))))
