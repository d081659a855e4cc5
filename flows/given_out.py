"""What is said of a source that was given out to another process, when that does not go as it should."""

from __future__ import annotations

BEGINNING = "tiến trình xử lý nguồn không làm thêm được bước nào"
NO_FURTHER = f"{BEGINNING} trong {{}}: {{}}"
"""How long, and who."""
STOP = "xem máy đó: tiến trình ấy còn làm không; nếu bị treo thì dừng nó (kill -9)"
NOT_BEGUN = "tiến trình được giao không bắt đầu được; lượt chạy tự xử lý"
AGAIN = "tiến trình xử lý đã dừng giữa chừng; giao lại"
OTHERWISE = "một tiến trình khác vừa tính nguồn này từ bản đọc cũ hoặc đến ngày chốt khác, không như lượt này cần"
"""A source that another process made figures of, which are not those that the run was to make."""
MEANWHILE = (BEGINNING, NOT_BEGUN, AGAIN)
"""Beginnings of what whoever waits for the run is told at once."""
