"""What a MariaDB or MySQL server, or PyMySQL, means by the number of an error.

The text that comes with the number is never shown: it may hold a value, an account or a statement.
"""

from __future__ import annotations

import socket
import ssl

from contracts.errors import SourceError
from contracts.source_config import SourceConfig
from sources.databases.grants import grants
from sources.databases.sql_words import Words
from sources.reader import drifted, unreachable

_NO_ACCOUNT = "máy chủ không nhận tài khoản hoặc mật khẩu của bí mật «{secret}», hoặc không nhận chúng từ máy này"
_TOO_LATE = "hết thời gian chờ {waited}"
_LOCKED = "bảng đang bị khóa, đã chờ {waited}"
_LOST = "mất kết nối với máy chủ {host} giữa chừng"
_FULL = "máy chủ đã hết số kết nối cho phép"
_HOST = "máy chủ không cho máy này kết nối"
_NO_TLS = "máy chủ không kết nối được bằng TLS, mà cấu hình ghi tls = «{tls}»"
_NOT_TRUSTED = "chứng chỉ TLS của máy chủ không được «ca_file» xác nhận, hoặc không mang tên {host}"
_DAMAGED = "bảng trên máy chủ hỏng, cần sửa ở đó"
_SPACE = "máy chủ hết chỗ trên ổ đĩa"
_PASSWORD = "tài khoản của bí mật «{secret}» phải đổi mật khẩu"  # noqa: S105  # a sentence
_SHUT = "tài khoản của bí mật «{secret}» bị khóa"
_RIGHTS = (
    "tài khoản không được đọc bảng hoặc cột mà cấu hình nêu, hoặc chúng không còn (máy chủ không nói rõ với tài khoản "
    "này); nếu còn, nhờ quản trị hệ thống chạy: {grants}"
)
_VIEW = "khung nhìn không chạy được: bảng, cột bên trong không còn, hoặc người tạo ra nó không còn quyền"
_CHANGED = "cấu trúc bảng vừa bị đổi trong lúc đọc"
_GARBLED = "máy chủ trả lời sai giao thức"

_UNREACHABLE = {
    126: _DAMAGED,
    127: _DAMAGED,
    145: _DAMAGED,
    1021: _SPACE,
    1034: _DAMAGED,
    1040: _FULL,
    1044: _RIGHTS,
    1045: _NO_ACCOUNT,
    1049: "máy chủ không có cơ sở dữ liệu «{database}»",
    1053: _LOST,  # the server shuts down
    1114: _SPACE,  # no room for a temporary table
    1129: _HOST + ": đã có quá nhiều lần kết nối hỏng",
    1130: _HOST,
    1142: _RIGHTS,
    1143: _RIGHTS,
    1194: _DAMAGED,
    1195: _DAMAGED,
    1203: _FULL,
    1205: _LOCKED,
    1213: _LOCKED,  # a deadlock
    1226: _FULL,
    1227: _RIGHTS,
    1317: _LOST,  # someone ended the query
    1356: _VIEW,
    1370: _RIGHTS,
    1412: _CHANGED,
    1449: _VIEW,  # its definer is no more
    1698: _NO_ACCOUNT,
    1820: _PASSWORD,
    1862: _PASSWORD,
    1877: _DAMAGED,
    1927: _LOST,  # someone ended the session
    1932: _DAMAGED,  # the table is in the catalogue, and not in the engine
    1969: _TOO_LATE,
    2002: "không kết nối được tới máy chủ {host}",
    2003: "không kết nối được tới máy chủ {host}",
    2005: "không tìm thấy máy chủ {host}",
    2006: _LOST,
    2012: _GARBLED,
    2013: _LOST,
    2020: "có dòng dài hơn 16 MB",
    2026: _NO_TLS,
    2027: _GARBLED,
    2055: _LOST,
    2059: "máy chủ đòi cách đăng nhập mà cchc không có",
    2061: "máy chủ đòi gửi mật khẩu không che; cchc không gửi",
    3024: _TOO_LATE,
    3118: _SHUT,
    3159: _NO_TLS,
    4151: _SHUT,
}
_DRIFT = {
    1052: "cột có trong nhiều bảng, phải ghi kèm tên bảng",
    1054: "cột trong câu truy vấn không còn",
    1055: "câu truy vấn gộp nhóm (GROUP BY) sai",
    1064: "câu truy vấn sai cú pháp",
    1109: "bảng trong câu truy vấn không còn",
    1146: "bảng trong câu truy vấn không còn",
    1305: "hàm trong câu truy vấn không còn",
    1792: "cấu hình from/where đòi ghi vào hệ thống, không được phép",
}


def explained(source: SourceConfig, error: BaseException | None) -> SourceError:
    """The error as one of ours: SourceDrift where a name is gone, else SourceUnreachable."""
    words = Words(source, grants=lambda: "; ".join(grants(source)))
    number = error.args[0] if error is not None and error.args else None
    if number in _DRIFT:
        return drifted(source, _DRIFT[number])
    known = _UNREACHABLE.get(number, f"máy chủ trả lỗi số {number}") if isinstance(number, int) else _GARBLED
    return unreachable(source, (_below(error) or known).format_map(words))


def _below(error: BaseException | None) -> str:
    """What the machine's own error says, which PyMySQL wraps in «cannot connect» or «lost»; or nothing."""
    below = getattr(error, "original_exception", None) or (error and (error.__cause__ or error.__context__))
    if isinstance(below, TimeoutError):
        return _TOO_LATE
    if isinstance(below, ssl.SSLCertVerificationError):
        return _NOT_TRUSTED
    if isinstance(below, ssl.SSLError):
        return _NO_TLS
    return _UNREACHABLE[2005] if isinstance(below, socket.gaierror) else ""
