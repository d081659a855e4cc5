"""One district system, checked: where it is, what it holds, and how its columns and codes become ours.

Read from its folder by `contracts.source_folder`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.codes import Channel, ServiceLevel, Status
from contracts.columns import Column
from contracts.corrections import Correction
from contracts.hosts import Host, host_of
from contracts.responsibility import Elsewhere, Responsibility
from contracts.table_spec import AnyTable, Connection, Kind, SqlConnection

_FIRST_DAY = re.compile(r"[:{]first\b")
REJECT = "quarantine"
"""Group of a status code that is known to mean nothing: its rows go to quarantine, and the source goes on."""


@dataclass(frozen=True)
class ColumnMap:
    """One mapped column. format: for a date "iso" or a strptime pattern; for a flag the values that mean
    yes, joined by |; for a pause kind code=kind pairs joined by |; else empty."""

    column: Column
    source_column: str
    format: str


@dataclass(frozen=True)
class TableMap:
    name: str
    spec: AnyTable
    columns: tuple[ColumnMap, ...]

    @property
    def source_columns(self) -> tuple[str, ...]:
        """The allow-list: every column that may stand in the query, each once."""
        named = dict.fromkeys(c.source_column for c in self.columns)
        if self.spec.key:
            named.setdefault(self.spec.key)
        return tuple(named)

    @property
    def leaves_out_what_was_before(self) -> bool:
        """Whether it is asked for what is of the period: its description names the period's first day."""
        return _FIRST_DAY.search(self.spec.model_dump_json()) is not None


@dataclass(frozen=True)
class SourceConfig:
    """A checked source. status_map, channel_map, level_map: local code → ours; unit_map: local code → agency code.

    secret: name of its password or key (`contracts.secrets`). rejected_codes: status codes of group REJECT.
    declared_address: as the file has it, without the folder of this machine; empty: the address itself."""

    id: str
    name: str
    kind: Kind
    address: str
    units: tuple[str, ...]
    contact: str
    timeout_seconds: float
    folder: Path
    tables: dict[str, TableMap]
    status_map: dict[str, Status]
    channel_map: dict[str, Channel]
    unit_map: dict[str, str]
    secret: str = ""
    connection: Connection = SqlConnection()
    responsibility: Responsibility = Responsibility()
    elsewhere: tuple[Elsewhere, ...] = ()
    corrections: tuple[Correction, ...] = ()
    rejected_codes: frozenset[str] = frozenset()
    level_map: dict[str, ServiceLevel] = field(default_factory=dict)
    host_rules: Host = Host()
    declared_address: str = ""

    @property
    def host(self) -> str:
        """The machine that is read; empty for files of this one."""
        return host_of(self.address, endpoint=getattr(self.connection, "endpoint", ""))

    @property
    def extract_fingerprint(self) -> str:
        """Changes when what is asked of the system changes: then it must be read again. Where the systems' folder lies
        on this machine is no part of it: the same systems give the same landing, and the same report, anywhere."""
        asked = {name: [table.spec.model_dump(), list(table.source_columns)] for name, table in self.tables.items()}
        encoding = getattr(self.connection, "encoding", "")
        return digest([self.id, self.kind, self.declared_address or self.address, encoding, asked])

    @property
    def meaning_fingerprint(self) -> str:
        """Changes when what the landed rows mean changes: then they must be counted again."""
        columns = {
            name: [[c.column.name, c.source_column, c.format] for c in t.columns] for name, t in self.tables.items()
        }
        maps = [sorted(m.items()) for m in (self.status_map, self.channel_map, self.level_map, self.unit_map)]
        part = [sorted(getattr(self.responsibility, n)) for n in ("channels", "procedures", "except_procedures")]
        corrected = [c.model_dump() for c in self.corrections]
        return digest([columns, maps, sorted(self.rejected_codes), sorted(self.units), part, corrected])


def digest(content: Any) -> str:
    """SHA-256 of a JSON-able value, the same in every process."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
