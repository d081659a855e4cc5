"""Whom a connection of ours believes: the authorities of this machine, and one of the province's own."""

from __future__ import annotations

import ssl
from pathlib import Path

from contracts.errors import ConfigError


def trust(folder: Path, ca: str) -> ssl.SSLContext:
    """ca: file below the folder, "" for none. Raises ConfigError. Names and dates are always checked."""
    context = ssl.create_default_context()
    if ca:
        try:
            context.load_verify_locations(folder / ca)
        except (OSError, ssl.SSLError):
            raise ConfigError(
                "không đọc được chứng thư", file=folder / ca, advice="chép lại tệp chứng thư gốc dạng PEM"
            ) from None
    return context
