"""Looking at a system and drafting its folder: one of a new kind, or one more of a vendor that is known."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from contracts.province import Province
from contracts.source_config import SourceConfig
from contracts.source_folder import read_source
from sources.exploring.drafting import Draft, drafted, drafted_of_vendor, stand_in
from sources.exploring.explore import Code, FoundTable, open_explorer
from sources.exploring.proposal import Proposal, propose


@dataclass(frozen=True)
class Looked:
    """texts: file name → text of the draft. proposal: None where a vendor's folder says it all. agencies: codes that
    the system uses; None where they could not be listed."""

    texts: dict[str, str]
    proposal: Proposal | None
    agencies: list[Code] | None


def look(draft: Draft, province: Province, source: SourceConfig, *, on: date, table: str = "") -> Looked:
    """source: how to reach the system; without tables. on: day whose column map of the vendor is used. table: the
    dossiers', where a person knows it. Raises SourceError, UsageError, SecretError, ConfigError; writes nothing."""
    if draft.vendor:
        described = _by_vendor(draft, province, source, on)
        agencies = _agencies(described)
        return Looked(drafted_of_vendor(draft, agencies, province.units), None, agencies)
    with open_explorer(source) as explorer:
        proposal = propose(explorer, table=table)
    return Looked(drafted(draft, proposal, province.units), proposal, proposal.codes["agency"])


def _by_vendor(draft: Draft, province: Province, source: SourceConfig, on: date) -> SourceConfig:
    """The system as its vendor's folder describes it, before anybody has said whose units it serves."""
    with tempfile.TemporaryDirectory() as beside:
        folder = Path(beside) / draft.id
        folder.mkdir()
        for name, text in stand_in(draft).items():
            (folder / name).write_text(text, encoding="utf-8")
        described = read_source(folder, vendors=province.folder / "vendors", on=on, systems=Path(), period="")
    return replace(described, address=source.address, contact=source.contact, host_rules=source.host_rules)


def _agencies(source: SourceConfig) -> list[Code] | None:
    dossiers = source.tables["dossiers"]
    column = next(c.source_column for c in dossiers.columns if c.column.name == "agency")
    with open_explorer(source) as explorer:
        return explorer.codes(FoundTable(dossiers.name, {}, dossiers.spec), column, "")
