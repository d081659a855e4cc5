"""The whole way of a return: the form, filled in by an officer, taken, stored, and in the report's annex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from contracts.periods import Period
from flows.place import Place, find_place
from flows.returns import Outcome, add_returns, write_forms
from reporting.annexes import Content
from reporting.annexes.returned import content
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.returns.gather import gather_returns
from reporting.scope import scope_of
from tests.reporting import sample
from tests.returns.filling import fill
from warehouse.store import INDICATOR_COLUMNS

PROVINCE = """
id = "{id}"
name = "{name}"
unit_code = "{code}"

[report]
superior = ""
issuer = "ỦY BAN NHÂN DÂN"
document_code = "BC-UBND"
place = "{name}"
signer_authority = "TM. ỦY BAN NHÂN DÂN"
signer_title = "CHỦ TỊCH"
recipients = ["Lưu: VT"]
"""
HEAD = "agency_code,unit_code,name,level,parent,valid_from,valid_to,verified\n"


@dataclass
class Office:
    """A province of a few units, its period, and a machine of its own. units: lines of agencies.csv."""

    folder: Path
    period_id: str
    units: str
    name: str = "Khánh Hòa"
    own: str = ""  # the province's returns.toml
    _count: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = PROVINCE.format(id="tinh-thu", name=self.name, code="56")
        (self.folder / "province.toml").write_text(text, encoding="utf-8")
        rows = "".join(
            f"{','.join(p.strip() for p in line.split('|'))},no\n" for line in self.units.strip().splitlines()
        )
        (self.folder / "agencies.csv").write_text(HEAD + rows, encoding="utf-8")
        if self.own:
            (self.folder / "returns.toml").write_text(self.own, encoding="utf-8")

    def place(self, period_id: str | None = None) -> Place:
        return find_place(period_id or self.period_id, province=str(self.folder))

    @property
    def period(self) -> Period:
        return self.place().period

    @cached_property
    def forms(self) -> dict[str, Path]:
        """By agency code, the empty forms of the office's period."""
        return self.forms_of(self.period_id)

    def forms_of(self, period_id: str) -> dict[str, Path]:
        made = write_forms(self.place(period_id), self.folder / "forms")
        return {path.stem.rsplit("-", 1)[1]: path for path in made}

    def filled(self, agency: str, answers: Mapping[str, Any], **more: Any) -> Path:
        """A copy of the unit's form with these answers."""
        self._count += 1
        return fill(self.forms[agency], answers, to=self.folder / "in" / f"{agency}-{self._count}.xlsx", **more)

    def add(self, *files: Path) -> list[Outcome]:
        return add_returns(files)

    def take(self, agency: str, answers: Mapping[str, Any]) -> Outcome:
        """Fill in and hand in; the test fails where the return is refused."""
        (outcome,) = self.add(self.filled(agency, answers))
        assert outcome.received is not None, outcome.remarks
        return outcome

    def report_input(self) -> ReportInput:
        place = self.place()
        return ReportInput(
            province=place.province,
            period=place.period,
            as_of=place.as_of,
            spans=place.period.spans(place.as_of),
            facts=sample.frame([]),
            indicators=pd.DataFrame(columns=list(INDICATOR_COLUMNS)),
            sources=(),
            findings=sample.findings_of(()),
            returns=gather_returns(place.open_warehouse(), place.province, place.period),
        )

    def annex(self, agency: str | None = None) -> Content:
        """Of the province's report, or of a unit's."""
        given = self.report_input()
        unit = given.province.units.by_agency(agency) if agency else None
        found = content(given, Origin(scope_of(given, unit), given.period, given.spans))
        assert found is not None
        return found

    def printed(self, agency: str | None = None) -> dict[str, tuple[str, ...]]:
        """Label of a line → the cells beside it, of the table of figures."""
        return {row.cells[0]: row.cells[1:] for row in self.annex(agency).tables[0].rows}

    def written(self, agency: str | None = None) -> dict[str, dict[str, str]]:
        """Label of a line → who says what, of the table of texts."""
        found: dict[str, dict[str, str]] = {}
        for row in self.annex(agency).tables[1].rows:
            if row.kind == "group":
                found[row.cells[0]] = {}
            else:
                [*found.values()][-1][row.cells[0]] = row.cells[1]
        return found
