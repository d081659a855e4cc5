"""Which file and line say something of a source, so that a message can send the operator there."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from contracts.configfile import read_csv, read_toml
from contracts.source_config import ColumnMap, SourceConfig

COLUMN_MAP = "column_map.csv"
STATUS_MAP = "status_map.csv"


def file_of(source: SourceConfig, name: str) -> Path:
    """The file of that name that holds for the source: its own, else its vendor's."""
    own, toml = source.folder / name, source.folder / "source.toml"
    vendor = str(read_toml(toml).get("vendor", "")) if toml.exists() and not own.exists() else ""
    return source.folder.parent.parent / "vendors" / vendor / name if vendor else own


def query_file(table: str) -> str:
    """Name of the file that holds the query of that table of ours."""
    return "query.sql" if table == "dossiers" else f"query_{table}.sql"


def place_of_column(source: SourceConfig, *, table: str, column: ColumnMap) -> str:
    """File and line that map this column; the file alone where the line is not to be found."""
    path = file_of(source, COLUMN_MAP)
    wanted = (table, column.column.name, column.source_column)
    heads = ("table", "column", "source_column")
    rows = read_csv(path, heads) if path.exists() else ()
    line = next((line for line, row in rows if tuple(row[head] for head in heads) == wanted), None)
    return f"{path}:{line}" if line else str(path)


def places_of(source: SourceConfig, *, table: str, names: Collection[str]) -> list[str]:
    """File and line of every column map's line that names one of these columns of the system."""
    mapped = [column for column in source.tables[table].columns if column.source_column in names]
    return [place_of_column(source, table=table, column=column) for column in mapped]
