"""Entries of the audit trail as staff read them, and as a file that a spreadsheet opens without reckoning with it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from contracts.clock import VIETNAM
from contracts.deeds import DEEDS, RESULTS
from contracts.roles import ROLE_LABELS, Role
from warehouse.audit import Entry

HEADS = (
    "Số mục [number]",
    "Lúc [at]",
    "Tài khoản [who]",
    "Vai trò [role]",
    "Việc [action]",
    "Kết quả [result]",
    "Kỳ [period_id]",
    "Đơn vị [unit_code]",
    "Bản [version]",
    "Chi tiết [about]",
    "Địa chỉ [address]",
    "Mã mục trước [before]",
    "Mã mục này [digest]",
)
ABOUT = {
    "page": "trang",
    "method": "cách gửi",
    "file": "tệp",
    "part": "chỉ một phần tệp",
    "name": "tên",
    "kind": "loại",
    "sha256": "mã SHA-256",
    "note": "ý kiến",
    "reason": "lý do",
    "by": "người quyết định",
    "source": "nguồn",
    "sources": "nguồn",
    "via": "đăng nhập bằng",
    "login": "tài khoản",
    "account": "tài khoản",
    "role": "vai trò",
    "unit": "đơn vị",
    "count": "số lượng",
    "filter": "điều kiện lọc",
    "request": "yêu cầu",
    "status": "mã trả lời",
    "command": "lệnh",
    "did": "việc",
    "feed": "nguồn tin",
    "reports": "số báo cáo",
    "signatures": "số chữ ký",
    "already": "đã nộp trước đó",
    "subject": "mã ở hệ thống đăng nhập",
    "failed": "chỉ nguồn lỗi",
    "backup": "bản sao lưu",
    "manifest": "mã SHA-256 của bản kê",
    "drafts": "tệp dự thảo",
    "landings": "bản trích xuất",
    "quarantine": "mã hồ sơ bị loại",
    "made_again": "tệp in lại được",
    "unfinished": "phần dở dang",
    "logs": "nhật ký kỹ thuật",
}
"""Key in `about` → Vietnamese; a key that is not here is Vietnamese already."""
_SAID = {"password": "mật khẩu", "oidc": "đăng nhập một lần", **{role.value: ROLE_LABELS[role] for role in Role}}
_LONG_DIGEST = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")
_RECKONED = ("=", "+", "-", "@", "\t", "\r", "\n")


def action_text(action: str) -> str:
    return DEEDS.get(action, action)


def result_text(result: str) -> str:
    return RESULTS.get(result, result)


def role_text(role: str) -> str:
    return ROLE_LABELS[Role(role)] if role in set(Role) else role


def about_text(about: str) -> str:
    """«trang: Báo cáo; tài khoản: lan»; as it stands where it is no JSON, which we never enter."""
    try:
        said = json.loads(about)
    except ValueError:
        return about
    if not isinstance(said, dict):
        return about
    return "; ".join(f"{ABOUT.get(key, key)}: {_value(value)}" for key, value in said.items() if value not in ("", []))


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if value is None or isinstance(value, bool):
        return {None: "–", True: "có", False: "không"}[value]
    return _SAID.get(str(value), str(value))


def short(text: str) -> str:
    """With the first 12 digits of every SHA-256: for a table to read; the file has them whole."""
    return _LONG_DIGEST.sub(r"\1…", text)


def csv_lines(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The file, a line at a time: UTF-8 with a mark of order, as Excel wants it."""
    yield b"\xef\xbb\xbf" + _line(HEADS)
    for entry in entries:
        yield _line([_cell(value) for value in _row(entry)])


def _row(entry: Entry) -> Sequence[Any]:
    return (
        entry.number,
        f"{entry.at.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S}",
        entry.who,
        role_text(entry.role),
        action_text(entry.action),
        result_text(entry.result),
        entry.period_id,
        entry.unit_code,
        entry.version,
        about_text(entry.about),
        entry.address,
        entry.before,
        entry.digest,
    )


def _cell(value: Any) -> Any:
    """A number as it is, nothing for what is not known, a text to the letter, but one that no spreadsheet reckons
    with."""
    if value is None or isinstance(value, int):
        return value
    return f"'{value}" if str(value).startswith(_RECKONED) else value


def _line(cells: Sequence[Any]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()
