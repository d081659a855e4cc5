"""The provincial index and published places on this machine: what the commands read, and what they enter."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine

from contracts import clock
from contracts.criteria import ProvincialIndex
from contracts.criteria_file import read_indices
from contracts.criteria_points import PointEntry, PointKind, entries_of
from contracts.errors import UsageError
from contracts.province import Province, read_province
from contracts.rankings import Ranking, read_rankings
from contracts.settings import Settings
from contracts.units import Unit
from reporting.index_sheet import sheet_bytes, sheet_rows
from reporting.standings import index_tables
from sources.index_sheet import read_sheet
from transforms.criteria import IndexTable
from transforms.proposals import Proposal, check_sources, periods_of, proposals
from warehouse import owner, read, standings
from warehouse.database import open_warehouse
from warehouse.standings import Entered, Stored


@dataclass(frozen=True)
class Bureau:
    """A province and its warehouse, without a period."""

    province: Province
    engine: Engine

    def indices(self, year: int) -> tuple[ProvincialIndex, ...]:
        """Raises UsageError, ConfigError; an indicator that is not ours is a mistake of the file, too."""
        found = read_indices(self.province.folder, year, self.province.units)
        for index in found:
            check_sources(index)
        return found

    def tables(self, year: int) -> tuple[IndexTable, ...]:
        self.indices(year)
        return index_tables(self.engine, self.province, year)

    def units(self, index: ProvincialIndex, code: str | None) -> tuple[Unit, ...]:
        """The units of the index: all, one, or those below one, by agency code or statistics code."""
        members = index.units(self.province.units)
        if code is None:
            return members
        unit = self.province.units.find(code, on=index.as_of)
        below = {u.agency_code for u in self.province.units.subtree(unit.agency_code)}
        return tuple(u for u in members if u.agency_code in below)

    def template(self, year: int, code: str | None) -> bytes:
        """The sheet to fill, with what was assessed and what our indicators propose beside it."""
        indices = self.indices(year)
        rows = [row for index in indices for row in sheet_rows(index, self.units(index, code))]
        if not rows:
            raise UsageError(f"đơn vị «{code}» không thuộc bộ chỉ số năm {year}", advice="xem levels trong tệp index")
        given = (stored.entry for stored in standings.points(self.engine, year))
        assessed = {
            (e.agency_code, e.criterion_id): e.points
            for e in given
            if e.kind is PointKind.SELF and e.points is not None
        }
        return sheet_bytes(rows, assessed=assessed, proposed=_points_of(self.proposals(year)))

    def proposals(self, year: int) -> tuple[Proposal, ...]:
        """What the stored indicators of that year's periods propose."""
        found: list[Proposal] = []
        for index in self.indices(year):
            frames = {period: read.indicators(self.engine, period) for period in periods_of(index)}
            found += proposals(index, self.province.units, frames)
        return tuple(found)

    def add_points(self, year: int, path: Path, *, kind: PointKind, by: str) -> Entered[PointEntry]:
        """All of the sheet, or nothing. Raises ConfigError with the cell of every mistake."""
        entries = entries_of(read_sheet(path), self.indices(year), self.province.units, kind=kind)
        if not entries:
            raise UsageError(f"{path.name} chưa điền điểm nào", advice="điền cột «Điểm» rồi nhập lại; điểm 0 thì ghi 0")
        return standings.add_points(self.engine, year, entries, by=_named(by), at=clock.now())

    def add_rankings(self, path: Path, *, by: str) -> Entered[Ranking]:
        """All of the file, or nothing. Raises ConfigError with the line of every mistake."""
        return standings.add_rankings(self.engine, read_rankings(path), by=_named(by), at=clock.now())

    def rankings(self) -> list[Stored[Ranking]]:
        return standings.rankings(self.engine)


def open_bureau() -> Bureau:
    """Raises ConfigError, WarehouseError."""
    settings = Settings()
    province = read_province(settings.province_folder)
    engine = open_warehouse(settings.database_url(province.id))
    owner.claim(engine, province.id)
    return Bureau(province, engine)


def _named(by: str) -> str:
    if not by.strip():
        raise UsageError("chưa ghi ai nhập", advice='thêm --by "Họ và tên, đơn vị"')
    return by.strip()


def _points_of(found: Collection[Proposal]) -> dict[tuple[str, str], Decimal]:
    return {(p.unit.agency_code, p.criterion.id): p.points for p in found if p.points is not None}
