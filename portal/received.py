"""The sources of a quarter, one a row: what came, what did not, why, since when and whom to call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.codes import STATE_LABELS, PartitionState
from contracts.source_config import SourceConfig
from portal.words import moment
from reporting.formats import count_text
from reporting.wording import cause_of
from warehouse.ledger import Partition

_LOOKS = {PartitionState.LOADED: "good", PartitionState.FAILED: "bad", PartitionState.NOT_RECEIVED: "bad"}
_WORDS = {
    PartitionState.LOADED: "đã nhận",
    PartitionState.FAILED: "lỗi",
    PartitionState.NOT_RECEIVED: "chưa nhận được",
}
FAILED = frozenset({PartitionState.FAILED, PartitionState.NOT_RECEIVED})


@dataclass(frozen=True)
class SourceRow:
    """since: when it began to fail. rows, accepted, quarantined: of the figures that stand, or of the check that
    stopped it; None where there is neither. read_at: of these."""

    id: str
    name: str
    state: PartitionState
    contact: str
    attempts: int = 0
    since: datetime | None = None
    error: str = ""
    advice: str = ""
    rows: int | None = None
    accepted: int | None = None
    quarantined: int | None = None
    read_at: datetime | None = None

    @property
    def received(self) -> bool:
        return self.state is PartitionState.LOADED

    @property
    def failed(self) -> bool:
        return self.state in FAILED

    @property
    def words(self) -> str:
        return _WORDS.get(self.state, STATE_LABELS[self.state])

    @property
    def look(self) -> str:
        return _LOOKS.get(self.state, "warn")

    @property
    def missing_words(self) -> str:
        """Khánh Sơn (lỗi từ 08:12 16/12/2024) — gọi …"""
        since = f" từ {moment(self.since)}" if self.since else ""
        called = f" — gọi {self.contact}" if self.contact else ""
        return f"{self.name} ({self.words}{since}){called}"


def source_rows(
    sources: Iterable[tuple[SourceConfig, Partition | None]], since: Mapping[str, datetime]
) -> tuple[SourceRow, ...]:
    """What is missing first, then in the order of the sources."""
    rows = [_row(source, known, since.get(source.id)) for source, known in sources]
    return tuple(sorted(rows, key=lambda row: row.received))


def _row(source: SourceConfig, known: Partition | None, since: datetime | None) -> SourceRow:
    if known is None:
        return SourceRow(source.id, source.name, PartitionState.EXPECTED, source.contact)
    checked = known.quarantined is not None  # else what the row holds is of a reading before the newest
    return SourceRow(
        id=source.id,
        name=source.name,
        state=known.state,
        contact=source.contact,
        attempts=known.attempt,
        since=since,
        error=cause_of(known.error, source.name),
        advice=known.advice or "",
        rows=known.rows if checked else None,
        accepted=known.accepted,
        quarantined=known.quarantined,
        read_at=known.extracted_at if checked else None,
    )


def received_sentence(rows: Sequence[SourceRow]) -> str:
    """9 trên 10 nguồn đã nhận; who is missing stands in a list of its own."""
    return f"{count_text(sum(row.received for row in rows))} trên {count_text(len(rows))} nguồn đã nhận"
