"""Everything the quality page is made of: plain data, read before, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pandas import DataFrame

from contracts.codes import PartitionState
from contracts.corrections import Correction
from contracts.periods import Period
from contracts.province import Province
from transforms.reporting_rates import Rates, UnitReport

LISTED_COLUMNS = ("address", "dossier_code", "agency_code", "rules", "cells")
"""What is known of a dossier that a rule speaks of; cells is empty for an accepted one."""


@dataclass(frozen=True)
class Checked:
    """One source in one period, as the ledger has it.

    rows, accepted, quarantined: None where the source's figures do not stand. broken: rules that its rows broke."""

    period_id: str
    state: PartitionState
    rows: int | None = None
    accepted: int | None = None
    quarantined: int | None = None
    broken: int | None = None

    @property
    def loaded(self) -> bool:
        return self.state is PartitionState.LOADED


@dataclass(frozen=True)
class SourceQuality:
    """One source of the period.

    checked: whether findings and rejected are of the newest attempt; where it did not get so far, both are empty.
    rows_checked: rows that the findings are of, also where the source was refused for them; None where not checked.
    findings: rule_id, severity, rows, sentence, regulation. rejected, warned: LISTED_COLUMNS. changes: kind of change
    → dossiers. corrections: those in force in the period. trend: one a period of QualityInput.periods, None where the
    ledger does not know the source then."""

    id: str
    name: str
    contact: str
    now: Checked
    read_at: datetime | None
    error: str
    checked: bool
    rows_checked: int | None
    findings: DataFrame
    rejected: DataFrame
    warned: DataFrame
    changes: Mapping[str, int]
    corrections: tuple[Correction, ...]
    trend: tuple[Checked | None, ...]

    @property
    def before(self) -> Checked | None:
        """The adjacent period before, where its figures stand."""
        earlier = self.trend[-2] if len(self.trend) > 1 else None
        return earlier if earlier is not None and earlier.loaded else None


@dataclass(frozen=True)
class Reporting:
    """Who was to report, who did: units below the province, and counts by agency code, with all below it."""

    units: tuple[UnitReport, ...]
    rates: Mapping[str, Rates]


@dataclass(frozen=True)
class QualityInput:
    """periods: the oldest first, this one last, without a gap; all of this one's kind. elsewhere: ELSEWHERE_COLUMNS of
    warehouse.across. not_continued: source_id and CONTINUITY_COLUMNS of contracts.comparisons. deviations: as
    warehouse.comparisons gives them. changed: source_id and CHANGE_COLUMNS of warehouse.changes. rates: None where
    nobody asked. reconciled: as transforms.reconciliation gives it; None where nothing published is known."""

    province: Province
    period: Period
    as_of: date
    sources: tuple[SourceQuality, ...]
    periods: tuple[Period, ...]
    elsewhere: DataFrame
    not_continued: DataFrame
    deviations: DataFrame
    changed: DataFrame
    rates: Reporting | None = None
    reconciled: DataFrame | None = None
