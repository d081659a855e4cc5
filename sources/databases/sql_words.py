"""What a database error's cause may name; each word is made only where a sentence has it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from contracts.source_config import SourceConfig


class Words(dict[str, str]):
    """For `str.format_map`: {host}, {database}, {secret}, {tls}, {waited}, {grants}."""

    def __init__(self, source: SourceConfig, *, grants: Callable[[], str]) -> None:
        super().__init__()
        self._source = source
        self._grants = grants

    def __missing__(self, name: str) -> str:
        source = self._source
        if name == "grants":
            return self._grants()
        return {
            "host": source.host,
            "database": unquote(urlsplit(source.address).path.strip("/")),
            "secret": source.secret,
            "tls": str(getattr(source.connection, "tls", "")),
            "waited": f"{source.timeout_seconds:g} giây",
        }[name]
