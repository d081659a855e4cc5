"""Whether anything would tell its makers of us: asked of the libraries themselves, after our settings have been set."""

from __future__ import annotations

import json

from cli.doctor.prefect_address import answer_of, given, near
from contracts.fitness import Fitness, good, unfit

ANSWERS_WITHIN = 5.0


def telemetry() -> Fitness:
    from expectations.telemetry import reports_usage as expectations_do
    from flows.telemetry import reports_usage as prefect_does

    speaking = [name for name, does in (("Prefect", prefect_does()), ("Great Expectations", expectations_do())) if does]
    if speaking:
        said = f"{' và '.join(speaking)} sẽ gửi thống kê sử dụng ra ngoài"
        return unfit(said, "đặt ba biến này cho mọi tiến trình của cchc", f"export {_OFF}")
    if _server_reports():
        said = "máy chủ Prefect đang chạy gửi thống kê sử dụng ra ngoài"
        return unfit(said, "dừng nó rồi mở lại bằng cchc up (hoặc đặt biến trước khi mở)", f"export {_OFF}")
    return good("Prefect, Great Expectations: đã tắt")


_OFF = "PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1 GX_ANALYTICS_ENABLED=false"


def _server_reports() -> bool:
    """What the running server itself says; False where none runs: then there is nobody to send."""
    body = answer_of(f"{given() or near()}/admin/settings", within=ANSWERS_WITHIN)
    try:
        return json.loads(body or b"{}").get("server", {}).get("analytics_enabled") is True
    except (ValueError, AttributeError):
        return False
