"""What is printed once for all files of this folder."""

from __future__ import annotations

from tests.reporting.printed import made

__all__ = ["made"]
