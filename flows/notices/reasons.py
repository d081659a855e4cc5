"""Why a source has no figures, in words that may leave the house.

The ledger's own sentence names files, hosts and columns, for whoever may log in here. A letter lies in other people's
mailboxes: it says which kind of trouble it is, from this closed list, and where the rest is to be read."""

from __future__ import annotations

import re
from dataclasses import dataclass

LOST = "lost"
"""The run was cut off while it read this source; the ledger has no error of that."""
_PHONE = re.compile(r"(?:\+84|\b0)[\d .-]{7,12}\d\b")


@dataclass(frozen=True)
class Reason:
    """said: a clause. todo: what to do before the command that follows it; {call}: whom to call."""

    said: str
    todo: str


_AFTERWARDS = "sửa xong thì chạy:"
_LOOK = "xem chi tiết bằng cchc status {period};"
_REASONS = {
    "SourceUnreachable": Reason("hệ thống của nguồn không trả lời", "{call}; khi hệ thống mở lại thì chạy:"),
    "SourceChanged": Reason("số liệu của nguồn đổi trong lúc đọc", "chạy lại khi ít người dùng hệ thống đó:"),
    "SourceNotNow": Reason("máy chủ của nguồn chưa cho đọc vào giờ này, hoặc đang bận", "trong giờ được đọc thì chạy:"),
    "SourceStopped": Reason("đang đọc thì bị dừng giữa chừng", "chạy tiếp, phần đã làm không mất:"),
    "SourceDrift": Reason(
        "hệ thống của nguồn đã đổi (bảng, cột hoặc trạng thái)",
        "xem chỗ cần sửa bằng cchc sources check {source}; " + _AFTERWARDS,
    ),
    "SourceError": Reason("số liệu đọc được chưa dùng được", f"{_LOOK} {_AFTERWARDS}"),
    "SecretError": Reason("mật khẩu của nguồn bị thiếu hoặc sai", f"{_LOOK} đặt lại mật khẩu rồi chạy:"),
    "ConfigError": Reason("cấu hình của nguồn có chỗ sai", "xem bằng cchc sources check {source}; " + _AFTERWARDS),
    "UsageError": Reason("cấu hình của nguồn có chỗ sai", f"{_LOOK} {_AFTERWARDS}"),
    "WarehouseError": Reason("kho số liệu không ghi hoặc đọc được", "kiểm tra máy bằng cchc doctor; " + _AFTERWARDS),
    "MachineError": Reason("máy chạy báo cáo gặp trục trặc", "kiểm tra máy bằng cchc doctor; " + _AFTERWARDS),
    "CriticalCheckError": Reason(
        "số liệu không khớp ở phép kiểm tra bắt buộc", f"{_LOOK} báo nhóm phát triển cchc; {_AFTERWARDS}"
    ),
    "bug": Reason(
        "lỗi của phần mềm cchc",
        "gửi nhóm phát triển cchc tệp trong thư mục logs của cchc; có bản sửa thì chạy:",
    ),
    LOST: Reason("đang đọc thì bị dừng giữa chừng", "chạy tiếp, phần đã làm không mất:"),
}
_OTHER = Reason("không lấy được số liệu", f"{_LOOK} {_AFTERWARDS}")


def reason_of(error_kind: str) -> Reason:
    """error_kind: as in the ledger."""
    return _REASONS.get(error_kind, _OTHER)


def todo_of(error_kind: str, *, period_id: str, source_id: str, contact: str) -> str:
    """What to do, up to the command."""
    phone = phone_of(contact)
    call = f"gọi đơn vị quản lý hệ thống ({phone})" if phone else "báo đơn vị quản lý hệ thống"
    return reason_of(error_kind).todo.format(call=call, period=period_id, source=source_id)


def phone_of(contact: str) -> str:
    """Of the contact its telephone alone, as a person's name stays here; "" where there is none."""
    found = _PHONE.search(contact)
    return found[0].strip() if found else ""
