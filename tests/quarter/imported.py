"""Imports what reading and counting a source comes to need: for a process from which others are forked."""

from __future__ import annotations

from importlib import import_module

from expectations import engine

for _name in (
    *("alembic.command", "pyarrow.dataset", "sqlglot", "sources.databases.sqlite", "warehouse.upgrade"),
    *(f"expectations.{name}" for name in ("cells", "dossiers", "evaluated", "facts", "notices", "carried_over")),
):
    import_module(_name)
engine.load()
