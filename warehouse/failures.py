"""Faults of the database, told to the person who can mend them, and without the row that was being written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError

from contracts.errors import CriticalCheckError, WarehouseError

_ADVICE = "kiểm tra bằng: cchc doctor; xong chạy lại, phần đã làm không mất"

_KNOWN = {
    "SQLITE_FULL": ("ổ đĩa chứa kho dữ liệu đã đầy", "giải phóng ổ đĩa rồi chạy lại, phần đã làm không mất"),
    "SQLITE_BUSY": ("kho dữ liệu đang bị một tiến trình khác khóa", "chờ tiến trình đó xong rồi chạy lại"),
    "SQLITE_CANTOPEN": ("không mở được tệp kho dữ liệu", "kiểm tra thư mục CCHC_HOME và quyền ghi"),
    "SQLITE_READONLY": ("tệp kho dữ liệu chỉ cho đọc", "cấp quyền ghi cho tệp và thư mục chứa nó"),
    "SQLITE_NOTADB": ("tệp kho dữ liệu không phải là tệp SQLite", "khôi phục từ bản sao lưu"),
    "SQLITE_CORRUPT": ("tệp kho dữ liệu bị hỏng", "khôi phục từ bản sao lưu"),
    "SQLITE_IOERR": (
        "không ghi được vào ổ đĩa chứa kho dữ liệu, thường vì ổ đã đầy",  # a full disk comes as this, too
        "giải phóng ổ đĩa (xem bằng: cchc doctor) rồi chạy lại, phần đã làm không mất",
    ),
    "53100": ("ổ đĩa của máy chủ PostgreSQL đã đầy", "giải phóng ổ đĩa rồi chạy lại"),
    "42501": ("tài khoản PostgreSQL thiếu quyền", "cấp quyền tạo bảng và ghi cho tài khoản này"),
}
"""Name of SQLite's error or PostgreSQL's SQLSTATE → cause and advice."""


@contextmanager
def told() -> Iterator[None]:
    """Turn a driver's error into WarehouseError, or CriticalCheckError where a constraint refused a row.

    The driver's own text is dropped: PostgreSQL's holds the row."""
    try:
        yield
    except IntegrityError as error:
        raise CriticalCheckError(
            f"kho dữ liệu từ chối ghi: vi phạm ràng buộc «{_constraint(error)}»",
            advice="số liệu cũ còn nguyên; gửi thông báo này cho nhóm phát triển cchc",
        ) from None
    except DBAPIError as error:
        cause, advice = _KNOWN.get(_code(error)) or _other(error)
        raise WarehouseError(cause, advice=advice) from None


def _code(error: DBAPIError) -> str:
    """SQLSTATE, or the name of SQLite's primary error; "" where the driver gives none."""
    sqlite = getattr(error.orig, "sqlite_errorname", None)
    if sqlite is not None:
        return "_".join(str(sqlite).split("_")[:2])  # SQLITE_IOERR_WRITE → SQLITE_IOERR
    return str(getattr(error.orig, "sqlstate", None) or "")


def _other(error: DBAPIError) -> tuple[str, str]:
    """An error without a code never reached the server's tables: its text is about the connection alone."""
    code = _code(error)
    if code and not code.startswith(("08", "57P")):
        return f"kho dữ liệu báo lỗi {code}", _ADVICE
    said = str(error.orig).strip().partition("\n")[0].rpartition("failed: ")[2]
    return (
        f"không kết nối được với kho dữ liệu ({said})",
        "kiểm tra máy chủ PostgreSQL và CCHC_WAREHOUSE_URL rồi chạy lại",
    )


def _constraint(error: IntegrityError) -> str:
    """The constraint's name; SQLite's text has the name or the columns, and never a value."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or diagnosis.column_name)
    return str(error.orig).partition("failed: ")[2]
