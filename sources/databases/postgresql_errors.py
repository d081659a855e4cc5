"""What PostgreSQL means by the SQLSTATE of an error, and libpq by its words where it could not connect.

The text that comes with an error is never shown: it may hold a value, an account or a statement. While connecting
there is no SQLSTATE, so there the text is looked at; a server may say it in a language of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from contracts.errors import SourceError
from contracts.source_config import SourceConfig
from sources.databases.grants import grants
from sources.databases.sql_words import Words
from sources.reader import drifted, unreachable

_NO_ACCOUNT = "máy chủ không nhận tài khoản hoặc mật khẩu của bí mật «{secret}»"
_NO_DATABASE = "máy chủ không có cơ sở dữ liệu «{database}»"
_NOT_FROM_HERE = "máy chủ không cho máy này, với tài khoản và cách mã hóa này (tls = «{tls}»), kết nối (pg_hba.conf)"
_FULL = "máy chủ đã hết số kết nối cho phép"
_NOT_READY = "máy chủ đang khởi động, đang tắt hoặc đang phục hồi"
_TOO_LATE = "hết thời gian chờ {waited}"
_LOCKED = "bảng đang bị khóa, đã chờ {waited}"
_LOST = "mất kết nối với máy chủ {host} giữa chừng"
_NO_ANSWER = "không kết nối được tới máy chủ {host}"
_RIGHTS = "tài khoản thiếu quyền đọc; nhờ quản trị hệ thống chạy: {grants}"
_MEMORY = "máy chủ thiếu bộ nhớ hoặc hết chỗ trên ổ đĩa"
_CHANGED = "máy chủ hủy lượt đọc vì dữ liệu đang được đồng bộ hoặc cấu trúc vừa đổi"
_DAMAGED = "dữ liệu trên máy chủ hỏng, cần sửa ở đó"
_NO_TLS = "máy chủ không kết nối được bằng TLS, mà cấu hình ghi tls = «{tls}»"
_NOT_TRUSTED = "chứng chỉ TLS của máy chủ không được «ca_file» xác nhận, hoặc không mang tên {host}"
_REFUSED = "máy chủ {host} từ chối kết nối: tài khoản, mật khẩu, cơ sở dữ liệu hoặc quyền kết nối không đúng"
_NOT_ONE = "{host} không trả lời như một máy chủ PostgreSQL"

_WRITES = "cấu hình from/where đòi ghi vào hệ thống, không được phép"

_UNREACHABLE = {
    "0A000": _CHANGED,  # the plan of a statement no longer fits: the table was altered meanwhile
    "08": _LOST,
    "25P03": _LOST,  # idle in a transaction for longer than the server bears
    "25P04": _TOO_LATE,
    "28000": _NOT_FROM_HERE,
    "28P01": _NO_ACCOUNT,
    "3D000": _NO_DATABASE,
    "40": _CHANGED,
    "42501": _RIGHTS,
    "53": _MEMORY,
    "53300": _FULL,
    "53400": _FULL,
    "55000": "bảng hoặc khung nhìn chưa có dữ liệu để đọc",
    "55P03": _LOCKED,
    "57014": _TOO_LATE,
    "57P01": _LOST,
    "57P02": _LOST,
    "57P03": _NOT_READY,
    "57P04": _NO_DATABASE,
    "57P05": _LOST,
    "58": _DAMAGED,
    "XX": _DAMAGED,
}
_DRIFT = {
    "22": "có giá trị mà điều kiện where hoặc query.sql không tính được",
    "25001": _WRITES,
    "25006": _WRITES,
    "3F000": "lược đồ (schema) không còn",
    "42": "câu truy vấn sai cú pháp hoặc sai kiểu dữ liệu",
    "42702": "cột có trong nhiều bảng, phải ghi kèm tên bảng",
    "42703": "cột trong câu truy vấn không còn",
    "42803": "câu truy vấn gộp nhóm (GROUP BY) sai",
    "42883": "hàm hoặc phép so sánh trong câu truy vấn không có, hoặc cột đã đổi kiểu dữ liệu",
    "42P01": "bảng trong câu truy vấn không còn",
}
_CONNECTING = [
    (r"could not translate host name|failed to resolve host", "không tìm thấy máy chủ {host}"),
    (r"timeout expired|timed out", _TOO_LATE),
    (r"certificate", _NOT_TRUSTED),
    (r"SSL|TLS", _NO_TLS),
    (r"no pg_hba\.conf entry", _NOT_FROM_HERE),
    (r'authentication failed|no password supplied|role ".*" (does not exist|is not permitted)', _NO_ACCOUNT),
    (r'database ".*" (does not exist|is not currently accepting)', _NO_DATABASE),
    (r"permission denied for database", _RIGHTS.partition(";")[0] + ": chưa có quyền CONNECT vào «{database}»"),
    (r"too many (clients|connections)|remaining connection slots", _FULL),
    (r"the database system is", _NOT_READY),
    (r"FATAL", _REFUSED),
    (r"server closed the connection|terminated abnormally|reset by peer", _LOST),
    (r"expected authentication request|invalid response|unsupported frontend|protocol", _NOT_ONE),
]


def explained(source: SourceConfig, error: BaseException | None, *, is_late: bool = False) -> SourceError:
    """The error as one of ours: SourceDrift where a name is gone, else SourceUnreachable. is_late: it came because the
    line was cut when the time was over."""
    words = Words(source, grants=lambda: "; ".join(grants(source)))
    state = getattr(error, "sqlstate", None) or ""
    if is_late:
        return unreachable(source, _TOO_LATE.format_map(words))
    if not state:
        return unreachable(source, _of_connecting(str(error)).format_map(words))
    for known, told in _by_length(state):
        return told(source, known.format_map(words))
    return unreachable(source, f"máy chủ trả lỗi {state}")


def _by_length(state: str) -> list[tuple[str, Callable[[SourceConfig, str], SourceError]]]:
    """What the state means, or at least its class of two letters."""
    return [
        (causes[key], told)
        for key in (state, state[:2])
        for causes, told in ((_UNREACHABLE, unreachable), (_DRIFT, drifted))
        if key in causes
    ]


def _of_connecting(said: str) -> str:
    found = (cause for pattern, cause in _CONNECTING if re.search(pattern, said))
    return next(found, _NO_ANSWER)
