"""Corrections: what the province set right in place of a source; counted by `transforms.corrections`."""

from __future__ import annotations

from contracts.codes import Severity
from expectations.rules import Notice

RULES = (
    Notice(
        "corrections.applied",
        Severity.WARNING,
        "Số liệu của hồ sơ được tính theo đính chính của tỉnh vì hệ thống nguồn chưa sửa; đề nghị sửa trên hệ thống "
        "nguồn, sau đó bỏ đính chính.",
    ),
    Notice(
        "corrections.unused",
        Severity.WARNING,
        "Đính chính của tỉnh cho hồ sơ không có trong lần trích xuất này; đề nghị đơn vị vận hành kiểm tra mã hồ sơ "
        "hoặc bỏ đính chính.",
    ),
)
