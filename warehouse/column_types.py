"""Column types that hold the same value, and sort the same way, in SQLite and PostgreSQL."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from contracts import home
from contracts.clock import VIETNAM


class Words(TypeDecorator[str]):
    """Text in NFC, in byte order whatever the server's locale: the order of rows is part of a report.

    limit: longer text is cut and ends in «…»; only for sentences, never for a key.
    """

    impl = Text
    cache_ok = True

    def __init__(self, limit: int | None = None) -> None:
        super().__init__()
        self.limit = limit

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        collation = "C" if dialect.name == "postgresql" else None  # SQLite compares bytes anyway
        return dialect.type_descriptor(Text(collation=collation))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else as_stored(value, limit=self.limit)


def as_stored(text: str, *, limit: int | None = None) -> str:
    """What `Words` makes of a text: NFC, and without what PostgreSQL refuses (NUL) or no encoding has (half a surrogate
    pair): a district's broken text must not make the row that reports it unwritable."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).encode("utf-8", "replace").decode("utf-8")
    text = text.replace("\x00", "\ufffd")
    return text if limit is None or len(text) <= limit else text[: limit - 1] + "…"


class Lying(Words):
    """Where a file lies: kept relative to the home, given back below the home of whoever asks, so that a home that was
    copied, restored elsewhere or is shared needs no rewriting. What lies outside the home keeps its whole path."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else super().process_bind_param(home.told(value), dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else home.lies_at(value)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC and given back in Vietnam's time; a naive one is refused.

    SQLite has no time zones: there it is ISO text of fixed width, which sorts in time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(String(32) if sqlite else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds") if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(VIETNAM)
