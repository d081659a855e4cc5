"""What is said of a source that some process holds without coming further."""

from __future__ import annotations

BEGINNING = "tiến trình xử lý nguồn không làm thêm được bước nào"
NO_FURTHER = f"{BEGINNING} trong {{}}: {{}}"
"""How long, and who."""
STOP = "xem máy đó: tiến trình ấy còn làm không; nếu bị treo thì dừng nó (kill -9)"
