"""A province of two sources whose ledger a test moves on by hand, with its notices really told."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.settings import REPOSITORY
from flows.notices import telling
from flows.place import Place, find_place
from tests.warehouse.examples import CUT_OFF, KHANH_SON, Q4, load
from tests.warehouse.versions import version
from warehouse import ledger, register, runs
from warehouse.runs import AskedBy

SOURCES = ("khanh-son", "truong-sa")
NOW = "2024-12-16T08:00:00+07:00"


def province_folder(folder: Path) -> Path:
    """A copy of Khánh Hòa's configuration with these two sources."""
    copy = Path(shutil.copytree(REPOSITORY / "provinces" / "khanh-hoa", folder / "khanh-hoa"))
    for source in (copy / "sources").iterdir():
        if source.name not in SOURCES:
            shutil.rmtree(source)
    return copy


@dataclass
class World:
    """Outcomes of a source: ok, not_received, lost, or the kind of an error."""

    folder: Path
    home: Path
    _places: dict[str, Place] = field(default_factory=dict, repr=False)

    @property
    def place(self) -> Place:
        """Read once for each home: notices.toml is read anew anyway."""
        home = os.environ["CCHC_HOME"]
        if home not in self._places:
            self._places[home] = find_place(Q4)
        return self._places[home]

    @property
    def engine(self) -> Engine:
        return self.place.open_warehouse()

    def settings(self, text: str) -> None:
        (self.folder / "notices.toml").write_text(text, encoding="utf-8")

    def outcome(self, source: str, outcome: str) -> None:
        engine = self.engine
        if outcome == "ok":
            load(engine, source, KHANH_SON)
            return
        ledger.expect(engine, Q4, [source])
        ledger.begin_attempt(engine, Q4, source, as_of=CUT_OFF)
        if outcome == "not_received":
            state, kind = PartitionState.NOT_RECEIVED, "SourceNotReceived"
        else:
            state, kind = PartitionState.FAILED, outcome
        if outcome != "lost":
            ledger.mark_failed(engine, Q4, source, kind=kind, error="/bi/mat 10.1.2.3", advice="x", state=state)

    def run(
        self, outcomes: dict[str, str], *, as_of: date = CUT_OFF, made: bool = True, by: AskedBy = "schedule"
    ) -> None:
        """A run with these outcomes; what it printed stands in the register. It has not told anybody yet."""
        engine = self.engine
        number = runs.begin(engine, Q4, as_of=as_of, asked_by=by)
        for source, outcome in outcomes.items():
            self.outcome(source, outcome)
        if made and not register.versions(engine, Q4):
            self.print()
        runs.end(engine, number, exit_code=0, said="", made=made)

    def print(self) -> None:
        folder = self.home / "reports"
        folder.mkdir(parents=True, exist_ok=True)
        version(self.engine, folder)

    def tell(self, *, within: float = 20.0) -> None:
        telling.tell(self.engine, self.place, within=within)
