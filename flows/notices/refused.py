"""What the other side said, or did not say, as one Vietnamese clause."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl

import httpx

_ENHANCED = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")


class NotSent(Exception):
    """cause: a Vietnamese clause, without an address, a name or a secret. is_down: whether the next message to the same
    server need not be tried."""

    def __init__(self, cause: str, *, is_down: bool = False) -> None:
        super().__init__(cause)
        self.cause, self.is_down = cause, is_down


def of_connection(error: OSError) -> str:
    """Why there is no connection, or no longer one."""
    match error:
        case ssl.SSLCertVerificationError():
            return "chứng thư của máy chủ không tin được (sai tên, hết hạn hoặc không rõ nơi cấp)"
        case ssl.SSLError():
            return "không lập được đường truyền mã hóa với máy chủ (sai cổng hoặc sai kiểu tls)"
        case TimeoutError():
            return "máy chủ không trả lời trong thời gian chờ"
        case socket.gaierror():
            return "không tìm thấy tên máy chủ"
        case ConnectionRefusedError():
            return "máy chủ từ chối kết nối (đang tắt hoặc sai cổng)"
        case _:
            return "đường truyền tới máy chủ bị ngắt"


def of_smtp(error: smtplib.SMTPException) -> NotSent:
    match error:
        case smtplib.SMTPServerDisconnected(__context__=TimeoutError() as late):
            return NotSent(of_connection(late))
        case smtplib.SMTPServerDisconnected():
            return NotSent("máy chủ thư ngắt kết nối giữa chừng")
        case smtplib.SMTPAuthenticationError():
            said = "máy chủ thư không nhận tài khoản hoặc mật khẩu"
            return NotSent(f"{said}{_code(error.smtp_code, error.smtp_error)}", is_down=True)
        case smtplib.SMTPRecipientsRefused():
            code, text = next(iter(error.recipients.values()))
            return NotSent(f"máy chủ thư từ chối địa chỉ nhận{_code(code, text)}")
        case smtplib.SMTPSenderRefused():
            return NotSent(f"máy chủ thư từ chối địa chỉ gửi{_code(error.smtp_code, error.smtp_error)}")
        case smtplib.SMTPNotSupportedError():
            return NotSent("máy chủ thư không có STARTTLS hoặc không cho đăng nhập", is_down=True)
        case smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            return NotSent(f"máy chủ thư không tiếp nhận{_code(error.smtp_code, error.smtp_error)}", is_down=True)
        case smtplib.SMTPResponseException():
            return NotSent(f"máy chủ thư không nhận thư{_code(error.smtp_code, error.smtp_error)}")
        case _:
            return NotSent("máy chủ thư trả lời không đúng quy cách", is_down=True)


def of_http(error: httpx.HTTPError) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError):
            return of_connection(cause)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return of_connection(TimeoutError())
    return "máy chủ trả lời không đúng quy cách" if isinstance(error, httpx.ProtocolError) else "đường truyền bị ngắt"


def _code(code: int, text: bytes | str) -> str:
    """The numbers of the answer; its words are another system's, and may hold anything."""
    found = _ENHANCED.search(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    return f" (mã {code}{' ' + found[0].decode() if found else ''})"
