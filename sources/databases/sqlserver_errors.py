"""What SQL Server, or its driver, means by the number of an error. The text that comes with it is never shown."""

from __future__ import annotations

import re

from contracts.errors import SourceError
from contracts.source_config import SourceConfig
from sources.databases.grants import grants
from sources.databases.sql_words import Words
from sources.reader import drifted, unreachable

_NO_ACCOUNT = "máy chủ không nhận tài khoản hoặc mật khẩu của bí mật «{secret}»"
_NO_DATABASE = "máy chủ không có cơ sở dữ liệu «{database}», hoặc tài khoản không được vào"
_NO_ANSWER = "không kết nối được tới máy chủ {host}, hoặc không theo cách mã hóa đã cấu hình (tls = «{tls}»)"
_TOO_LATE = "hết thời gian chờ {waited}"
_LOCKED = "bảng đang bị khóa, đã chờ {waited}"
_LOST = "mất kết nối với máy chủ {host} giữa chừng"
_RIGHTS = "tài khoản thiếu quyền đọc; nhờ quản trị hệ thống chạy: {grants}"
_FULL = "máy chủ đã hết số kết nối cho phép"

_UNREACHABLE = {
    229: _RIGHTS,
    230: _RIGHTS,
    911: _NO_DATABASE,
    916: _NO_DATABASE,
    978: "máy chủ chỉ nhận đọc từ bản sao, và bản sao này không nhận",
    1205: _LOCKED,
    1222: _LOCKED,
    3960: "dữ liệu vừa bị đổi trong lúc đọc",
    4060: _NO_DATABASE,
    6005: _LOST,
    17809: _FULL,
    18456: _NO_ACCOUNT,
    18486: "tài khoản của bí mật «{secret}» bị khóa",
    18487: "mật khẩu của bí mật «{secret}» đã hết hạn",
    18488: "tài khoản của bí mật «{secret}» phải đổi mật khẩu",
    20002: _NO_ANSWER,
    20003: _TOO_LATE,
    20004: _LOST,
    20006: _LOST,
    20009: _NO_ANSWER,
    20013: "không tìm thấy máy chủ {host}",
    20017: _LOST,
    20047: _LOST,
}
_DRIFT = {
    102: "câu truy vấn sai cú pháp",
    156: "câu truy vấn sai cú pháp",
    195: "hàm trong câu truy vấn không còn",
    207: "cột trong câu truy vấn không còn",
    208: "bảng trong câu truy vấn không còn",
    209: "cột có trong nhiều bảng, phải ghi kèm tên bảng",
    241: "có giá trị mà điều kiện where hoặc query.sql không tính được",
    242: "có giá trị mà điều kiện where hoặc query.sql không tính được",
    245: "có giá trị mà điều kiện where hoặc query.sql không tính được",
    402: "phép so sánh không hợp với kiểu dữ liệu của cột; cột có thể đã đổi kiểu",
    4104: "cột trong câu truy vấn không còn",
    8114: "có giá trị mà điều kiện where hoặc query.sql không tính được",
    8120: "câu truy vấn gộp nhóm (GROUP BY) sai",
}


def explained(source: SourceConfig, error: BaseException | None) -> SourceError:
    """The error as one of ours: SourceDrift where a name is gone, else SourceUnreachable."""
    number = _number(error)
    if number in _DRIFT:
        return drifted(source, _DRIFT[number])
    cause = _UNREACHABLE.get(number, f"máy chủ trả lỗi số {number}" if number else _NO_ANSWER)
    return unreachable(source, cause.format_map(Words(source, grants=lambda: "; ".join(grants(source)))))


def _number(error: BaseException | None) -> int:
    """The server's number, or else the driver's, which stands in the text alone where a connection was not made."""
    args = error.args[0] if error is not None and error.args else 0
    number, said = args if isinstance(args, tuple) and len(args) == 2 else (args, args)
    if isinstance(number, int) and number:
        return number
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    found = re.search(r"DB-Lib error message (\d+)", text)
    return int(found[1]) if found else 0
