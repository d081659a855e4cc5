"""What `cchc sources check` finds out about one source, without reading a dossier."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from contracts.errors import CchcError, ConfigError, Exit, SecretError, SourceError
from contracts.province import Province
from contracts.secrets import secret
from contracts.source_config import SourceConfig

if TYPE_CHECKING:
    from sqlalchemy import Engine

GOOD, FAILED, WRONG = "good", "failed", "configuration"


@dataclass(frozen=True)
class Checked:
    """state: good; failed (the system: exit code 3) or configuration (a file or a secret of ours: exit code 2).
    error_kind: name of the exception, "" for none. notes: what is told though nothing is wrong. No secret and no row
    stands in any of it."""

    id: str
    state: str = GOOD
    error: str = ""
    advice: str = ""
    notes: tuple[str, ...] = ()
    kind: str = ""
    host: str = ""
    units: tuple[str, ...] = field(default=())
    error_kind: str = ""

    @property
    def exit_code(self) -> Exit:
        return {GOOD: Exit.DONE, FAILED: Exit.SOURCES_MISSING, WRONG: Exit.USAGE}[self.state]

    def document(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "host": self.host,
            "units": list(self.units),
            "state": self.state,
            "error": self.error or None,
            "advice": self.advice or None,
            "notes": list(self.notes),
        }


def misconfigured(source_id: str, error: ConfigError) -> list[Checked]:
    """A line a mistake."""
    return [Checked(source_id, WRONG, one.cause, one.advice) for one in (error, *error.others)]


def check_source(source: SourceConfig, province: Province, warehouse: Engine | None, *, accept: bool) -> Checked:
    """Ask the system whether it answers as configured, and looks as it did. accept: take how it looks now as right.
    warehouse: where that is kept; None before the first run."""
    notes = list(_configured(source, province))
    try:
        if source.secret:
            secret(source.secret)
            notes.insert(0, f"đã có bí mật «{source.secret}»")
        _ask(source, warehouse, notes, accept=accept)
    except (ConfigError, SecretError) as error:
        return _told(source, WRONG, error, notes)
    except SourceError as error:
        return _told(source, FAILED, error, notes)
    return Checked(source.id, GOOD, "", "", tuple(notes), source.kind, source.host, source.units)


def _told(source: SourceConfig, state: str, error: CchcError, notes: list[str]) -> Checked:
    kind = type(error).__name__
    return Checked(
        source.id, state, error.cause, error.advice, tuple(notes), source.kind, source.host, source.units, kind
    )


def _ask(source: SourceConfig, warehouse: Engine | None, notes: list[str], *, accept: bool) -> None:
    """Structure, what differs from the accepted one, and rights. Raises SourceError."""
    from flows import drift
    from sources.databases.rights import more_than_reading
    from sources.reader import open_reader

    with open_reader(source) as reader:
        schema = reader.probe()
        notes += more_than_reading(reader)
    if warehouse is None:
        return
    if accept:
        drift.accept(warehouse, source, schema)
        notes.append("đã chấp nhận cấu trúc hiện tại")
    else:
        found = drift.differences(warehouse, source, schema)
        notes += found.others
        if found.retyped:
            raise drift.stopped(source, found.retyped)


def _configured(source: SourceConfig, province: Province) -> list[str]:
    """What it answers for, and what its host bears."""
    said = []
    part = source.responsibility
    if part.since or part.until:
        since = f"từ kỳ chốt {part.since:%d/%m/%Y}" if part.since else "từ đầu"
        said.append(f"phụ trách {since}" + (f" đến kỳ chốt {part.until:%d/%m/%Y}" if part.until else ""))
    if not part.is_whole:
        said.append("chỉ phụ trách một phần hồ sơ của đơn vị (channels, procedures, except_procedures)")
    names = [province.units.by_agency(code).name for code in source.units]
    said.append(f"đơn vị: {', '.join(names[:3])}" + (f" … ({len(names)} đơn vị)" if len(names) > 3 else ""))
    if source.host:
        rules = source.host_rules
        hours = f", chỉ đọc trong giờ {', '.join(rules.hours)}" if rules.hours else ""
        said.append(f"máy chủ {source.host}: {rules.connections} kết nối cùng lúc{hours}")
    return said
