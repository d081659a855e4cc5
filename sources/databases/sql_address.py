"""Where a database server is: kind://host:port/database, taken apart and checked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from contracts.errors import ConfigError
from contracts.secrets import Secret, secret
from contracts.source_config import SourceConfig
from contracts.table_spec import SqlConnection


@dataclass(frozen=True)
class SqlAddress:
    host: str
    port: int
    database: str
    options: dict[str, str]


def sql_address(source: SourceConfig, *, port: int, options: Collection[str] = ()) -> SqlAddress:
    """port: where the address names none. options: what may stand after «?». Raises ConfigError."""
    example = f"{source.kind}://10.20.0.5:{port}/mot_cua"
    parts = urlsplit(source.address)
    database = unquote(parts.path.strip("/"))
    if parts.scheme != source.kind or not parts.hostname or not database or "/" in database:
        raise _wrong(source, f"address «{source.address}» phải có dạng {example}")
    try:
        given = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        at = parts.port or port
    except ValueError:
        raise _wrong(source, f"address «{source.address}» sai ở cổng hoặc sau dấu «?»; dạng đúng: {example}") from None
    if unknown := sorted(set(given) - set(options)) or [name for name, value in given.items() if not value]:
        known = ", ".join(f"«{name}»" for name in options) or "không có mục nào"
        raise _wrong(source, f"address có «{unknown[0]}» sau dấu «?»; được dùng: {known}")
    return SqlAddress(parts.hostname, at, database, given)


def account(source: SourceConfig) -> Secret:
    """The secret of a server's account. Raises SecretError; ConfigError where it names nobody."""
    found = secret(source.secret)
    if not found.text("user"):
        said = f"bí mật «{source.secret}» chưa có mục user" if source.secret else "chưa ghi «secret»"
        raise _wrong(source, f"{said}: máy chủ cần biết tài khoản nào đọc")
    return found


def ca_file(source: SourceConfig) -> Path | None:
    """The authority's certificate that the server's is checked against; None: the machine's own, or no check."""
    wanted = source.connection
    assert isinstance(wanted, SqlConnection)
    if wanted.tls != "verify" or not wanted.ca_file:
        return None
    path = source.folder / wanted.ca_file
    if not path.is_file():
        raise _wrong(source, f"không có tệp ca_file «{wanted.ca_file}» trong thư mục của nguồn")
    return path


def _wrong(source: SourceConfig, cause: str) -> ConfigError:
    return ConfigError(cause, file=source.folder / "source.toml")
