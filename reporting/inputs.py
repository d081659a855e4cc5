"""Everything a report is made of: plain data, read before, nothing fetched and no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from pandas import DataFrame

from contracts.codes import PartitionState, Series
from contracts.columns import DURATION_COLUMNS
from contracts.comparisons import DEVIATION_COLUMNS
from contracts.periods import Period, Span
from contracts.province import Province
from contracts.rankings import Ranking
from contracts.responsibility import Elsewhere, Responsibility
from reporting.kept import PublishedVersion
from reporting.returns.inputs import Returns
from transforms.criteria import IndexTable
from transforms.cumulative import Cumulative
from transforms.over_time import PeriodFigures
from transforms.period_scorecard import nothing_published, scorecard


@dataclass(frozen=True)
class SourceState:
    """One source's state in the ledger for the period.

    units: agency codes that it answers for, each with all below it.
    rows, accepted, quarantined: rows read, counted as dossiers, and set aside; None where not loaded.
    error: why it is missing, in Vietnamese; contact: whom to call.
    responsibility: which of its units' dossiers are its; elsewhere: which of them run in systems that are not read.
    landing_id: of what was read; load_fingerprint: of how that was counted; meaning: digest of its maps.
    """

    id: str
    name: str
    state: PartitionState
    units: tuple[str, ...]
    extracted_at: datetime | None = None
    rows: int | None = None
    accepted: int | None = None
    quarantined: int | None = None
    error: str = ""
    contact: str = ""
    responsibility: Responsibility = Responsibility()
    elsewhere: tuple[Elsewhere, ...] = ()
    landing_id: str = ""
    load_fingerprint: str = ""
    meaning: str = ""

    @property
    def loaded(self) -> bool:
        return self.state is PartitionState.LOADED


@dataclass(frozen=True)
class Previous:
    """The adjacent period before, with the facts of the sources that were loaded then."""

    period: Period
    facts: DataFrame
    source_ids: frozenset[str]


@dataclass(frozen=True)
class History:
    """now: the report's own period. before: the adjacent one. last_year: the same one last year; each None where
    nothing of it was counted. year, last_years: the periods that make the year so far, in order, of this year and of
    the one before; none where days are missing. stored: all periods of which anything stands. series: those of the
    report's kind up to its own, which is the last; one of which nothing stands is not there."""

    now: PeriodFigures
    before: PeriodFigures | None = None
    last_year: PeriodFigures | None = None
    year: tuple[PeriodFigures, ...] = ()
    last_years: tuple[PeriodFigures, ...] = ()
    stored: tuple[Period, ...] = ()
    series: tuple[PeriodFigures, ...] = ()

    @property
    def compared(self) -> tuple[PeriodFigures, ...]:
        """The period before and last year's, where they are known; of a year they are one."""
        found = {f.period.id: f for f in (self.before, self.last_year) if f is not None}
        return tuple(found.values())


@dataclass(frozen=True)
class WrittenText:
    """What the drafting office wrote of a part of a report. scope, unit_code: which report, as the register calls it.
    part: one of contracts.report_parts; text: Markdown, "" where it was taken back; version: counts from 1 for each
    part."""

    scope: str
    unit_code: str
    part: str
    text: str
    version: int
    by_whom: str
    at: datetime


@dataclass(frozen=True)
class ReportInput:
    """What is known of a province's period.

    spans: days of each series up to as_of. facts: source_id + FACT_KEYS + MEASURES + MEMOS, of loaded
    sources. indicators: as transforms.indicators gives them. findings: source_id, rule_id, severity, rows,
    sentence, regulation. previous: None where there is no such period or none of it is loaded. deviations: rule_id,
    agency_code, measure, was, now of units' counts that are not what another period lets expect.
    durations: source_id + DURATION_COLUMNS, of loaded sources. cumulative: one an opening balance of the province.
    public_figures: what was published of the period under the 766 index, as warehouse.published.newest gives it.
    standings: the newest provincial index that was known; rankings: published places and targets, as known then.
    written: the newest text of each part that the drafting offices wrote.
    """

    province: Province
    period: Period
    as_of: date
    spans: dict[Series, Span]
    facts: DataFrame
    indicators: DataFrame
    sources: tuple[SourceState, ...]
    findings: DataFrame
    previous: Previous | None = None
    deviations: DataFrame = field(default_factory=lambda: DataFrame(columns=["rule_id", *DEVIATION_COLUMNS]))
    published: tuple[PublishedVersion, ...] = ()
    cumulative: tuple[Cumulative, ...] = ()
    durations: DataFrame = field(default_factory=lambda: DataFrame(columns=list(DURATION_COLUMNS)))
    history: History | None = None
    returns: Returns | None = None
    public_figures: DataFrame = field(default_factory=nothing_published)
    standings: tuple[IndexTable, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    written: tuple[WrittenText, ...] = ()

    @cached_property
    def scorecard(self) -> tuple[Mapping[str, Any], ...]:
        """transforms.period_scorecard, a row a mapping, what is missing as None: of all units, once for the reports of
        all of them. Nothing where the period has no index."""
        if self.period.index is None:
            return ()
        units, on = self.province.units, self.period.index.last_day
        table = scorecard(self.indicators, self.public_figures, units=units, on=on)
        known = table.astype(object).where(table.notna(), None)
        return tuple({str(name): value for name, value in row.items()} for row in known.to_dict("records"))
