"""What was found in one source, as typed values: which rows break which rule, and where each is at the source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import pandas as pd

from contracts.codes import Severity
from contracts.corrections import Correction
from contracts.errors import CriticalCheckError
from contracts.periods import Period
from contracts.province import Province
from contracts.source_config import SourceConfig
from warehouse.ledger import Partition

ENTRY_COLUMNS = (
    *("rule_id", "row", "dossier_code", "address", "cells", "agency_code"),
    *("received_date", "due_date", "end_date", "elsewhere", "broken", "rejected"),
)
"""One row a (rule, landed row) that breaks it. cells: where a person looks, "" where it is not known. Dates: NaT for a
row in quarantine, whose dates may be what is wrong. elsewhere: the source that counts the dossier instead, "" for none.
broken: how many rules the row breaks. rejected: whether it is in quarantine."""

CHANGE_COLUMNS = ("rule_id", "dossier_code", "column", "address", "was", "now")
"""One row a date of a dossier that a later read gave otherwise, or a dossier that is gone (column "")."""

_OF_ROWS = ("contract", "identity", "codes", "statuses", "dates", "across")
"""Subjects whose findings count rows of dossiers, every one of which can be named."""

HISTORY = ("history.vanished", "history.due_rewritten", "history.end_rewritten", "history.moved_over_cut_off")
"""Findings that count dossiers which changed from one read to the next."""

RECEIVED_ELSEWHERE = "across.received_here"
"""No mistake of the data: the dossier counts at the source that received it."""

_ORDER = tuple(Severity)


class Outcome(StrEnum):
    COUNTED = "counted"  # the figures stand
    REFUSED = "refused"  # read and checked; too much was in quarantine
    MISSING = "missing"  # nothing that could be checked: failed, not received, never read


@dataclass(frozen=True)
class Finding:
    """A rule that the source's rows broke, and how many; what `rows` counts depends on the rule's subject."""

    rule_id: str
    severity: Severity
    rows: int
    sentence: str
    regulation: str

    @property
    def subject(self) -> str:
        return self.rule_id.partition(".")[0]

    @property
    def is_of_rows(self) -> bool:
        return self.subject in _OF_ROWS

    @property
    def must_be_mended(self) -> bool:
        return self.severity is not Severity.WARNING


@dataclass(frozen=True)
class Feedback:
    """Everything that the return of one source says.

    partition: None where the ledger does not know the source in that period. since: from when it is missing.
    findings: in the order in which they should be mended. entries: ENTRY_COLUMNS; changes: CHANGE_COLUMNS;
    continuity: CONTINUITY_COLUMNS of contracts.comparisons. deviations: figures of the source's units that are not
    what something else lets expect (warehouse.comparisons). warned: rows that count and break a warning; None where
    that is no longer known.
    """

    province: Province
    period: Period
    source: SourceConfig
    sources: dict[str, str]
    outcome: Outcome
    partition: Partition | None
    since: datetime | None
    findings: tuple[Finding, ...]
    entries: pd.DataFrame
    changes: pd.DataFrame
    continuity: pd.DataFrame
    deviations: pd.DataFrame
    warned: int | None

    def of_rule(self, frame: pd.DataFrame, rule_id: str) -> pd.DataFrame:
        return frame[frame["rule_id"] == rule_id]

    @property
    def to_mend(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.must_be_mended)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if not f.must_be_mended)

    @property
    def moment(self) -> datetime | None:
        """When what it says was so: of the read, else of the failure. From the ledger, never from a clock."""
        if self.outcome is not Outcome.MISSING and self.partition:
            return self.partition.extracted_at
        return self.partition.updated_at if self.partition else None

    @property
    def findings_known(self) -> bool:
        """Whether its rows were checked."""
        return self.outcome is not Outcome.MISSING

    @property
    def has_nothing_wrong(self) -> bool:
        told = (self.findings, len(self.continuity), len(self.deviations))
        return self.outcome is Outcome.COUNTED and not any(told)

    @property
    def counted_elsewhere(self) -> int:
        """Rows that are set aside because another source counts their dossiers."""
        return sum(f.rows for f in self.findings if f.rule_id == RECEIVED_ELSEWHERE)

    @property
    def breaks_continuity(self) -> bool:
        return any(f.subject == "continuity" for f in self.findings)

    def unlisted(self, finding: Finding) -> int:
        """Rows or dossiers of the finding that cannot be named any more."""
        if finding.is_of_rows:
            return finding.rows - len(self.of_rule(self.entries, finding.rule_id))
        if finding.rule_id in HISTORY:
            return finding.rows - self.of_rule(self.changes, finding.rule_id)["dossier_code"].nunique()
        return 0

    def corrections_of(self, finding: Finding) -> tuple[Correction, ...]:
        """Those in force, where they still are as many as were counted; which dossiers they found is not kept."""
        told = {f.rule_id: f.rows for f in self.findings if f.subject == "corrections"}
        in_force = tuple(c for c in self.source.corrections if c.in_force(self.period.cut_off))
        first = finding.rule_id == next(iter(told), "")
        return in_force if first and len(in_force) == sum(told.values()) else ()

    def __post_init__(self) -> None:
        for wrong in self._contradictions():
            raise CriticalCheckError(
                f"{self.source.name}, kỳ {self.period.id}: số liệu đã lưu không khớp nhau: {wrong}",
                advice=f"tính lại nguồn này: cchc rerun {self.period.id} --source {self.source.id}",
            )

    def _contradictions(self) -> Iterator[str]:
        """What must never go out: a sheet that says one number and lists another."""
        known = self.partition
        if self.outcome is Outcome.MISSING or known is None:
            return
        listed = self.entries.loc[self.entries["rejected"], "row"].nunique()
        if known.rows != (known.accepted or 0) + (known.quarantined or 0):
            yield "số dòng đọc khác số chấp nhận cộng số cách ly"
        if known.quarantined != listed:
            yield "số dòng cách ly khác danh sách cách ly"
        for finding in self.findings:
            unlisted = self.unlisted(finding)
            if unlisted < 0 or (unlisted and finding.must_be_mended):
                yield f"số dòng của phát hiện {finding.rule_id} khác danh sách"


def in_order(findings: pd.DataFrame) -> tuple[Finding, ...]:
    """What to mend first: what stops the source, then what keeps rows out, the most rows first, what counts at another
    source last of them, then warnings."""
    found = [
        Finding(str(f.rule_id), Severity(str(f.severity)), int(str(f.rows)), str(f.sentence), str(f.regulation or ""))
        for f in findings.itertuples()
    ]
    return tuple(
        sorted(found, key=lambda f: (_ORDER.index(f.severity), f.rule_id == RECEIVED_ELSEWHERE, -f.rows, f.rule_id))
    )


def day_of(value: object) -> date | None:
    """A day of a frame's cell; None where it is missing."""
    return None if pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[call-overload, arg-type]
