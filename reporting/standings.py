"""Reads what is known of the provincial index and of published places from the warehouse."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from contracts.criteria_file import index_years, read_indices
from contracts.province import Province
from contracts.rankings import Ranking, RankingKind
from transforms.criteria import IndexTable, index_table
from warehouse import standings


def index_tables(engine: Engine, province: Province, year: int) -> tuple[IndexTable, ...]:
    """The indices of that year, against the year before. Raises UsageError where the year has none, ConfigError."""
    verified, before = standings.verified_points(engine, year), []
    if year - 1 in index_years(province.folder):
        earlier = standings.verified_points(engine, year - 1)
        before = [(index, earlier) for index in read_indices(province.folder, year - 1, province.units)]
    return tuple(
        index_table(index, province.units, verified, before)
        for index in read_indices(province.folder, year, province.units)
    )


def known_tables(engine: Engine, province: Province, *, on: date) -> tuple[IndexTable, ...]:
    """The newest index with verified points whose year had ended by that day; none where there is none."""
    for year in sorted(standings.years_with_points(engine), reverse=True):
        found = [table for table in index_tables(engine, province, year) if table.index.as_of <= on]
        if with_points := tuple(table for table in found if table.has_points):
            return with_points
    return ()


def known_rankings(engine: Engine, *, on: date) -> tuple[Ranking, ...]:
    """What had been published by that day; without a day of publication, of years that had ended. Targets: all of years
    that had begun."""
    entries = (stored.entry for stored in standings.rankings(engine))
    return tuple(entry for entry in entries if _known(entry, on))


def _known(entry: Ranking, on: date) -> bool:
    if entry.kind is RankingKind.TARGET:
        return entry.year <= on.year
    return (entry.published_on or entry.year_end) <= on
