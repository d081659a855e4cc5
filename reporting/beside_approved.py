"""A version that stands approved, and a newer one printed since: the approved one stays in its place, and how far the
two differ is told until a person has decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from reporting.formats import count_text
from reporting.issued import kept_by
from reporting.kept import Kept
from reporting.restatement import moved
from warehouse.publications import ReportKey


@dataclass(frozen=True)
class BesideApproved:
    """approved: number of the version that stands approved and is not published; moved: how many figures are others
    now, None where that cannot be told."""

    approved: int
    moved: int | None

    @property
    def differs(self) -> str:
        """12 số liệu khác"""
        if self.moved is None:
            return "không so được số liệu"
        return f"{count_text(self.moved)} số liệu khác" if self.moved else "không số liệu nào khác"


def beside_approved(
    engine: Engine, period_id: str, key: ReportKey, stands: Mapping[ReportKey, Sequence[int]], now: Kept
) -> BesideApproved | None:
    """What is made now beside the approved version of that report; None where none stands approved.

    stands: of each report of the period the versions that stand approved."""
    number = next(iter(stands.get(key, ())), None)
    if number is None:
        return None
    was = kept_by(engine, period_id, key, number)
    return BesideApproved(number, None if was is None else len(moved(was.figures, now.figures)))


def said_of(beside: BesideApproved | None) -> str:
    """In the reason of a new version; "" where none stands approved."""
    if beside is None:
        return ""
    return f"mới hơn bản {beside.approved} đã duyệt, chưa công bố: {beside.differs}; bản đã duyệt giữ nguyên"
