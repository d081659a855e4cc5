"""The tables of the PDF: of each finding its first dossiers; all of them are in the workbook."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from contracts.comparisons import CARRIED_OVER, UNUSUAL_CHANGE
from reporting.feedback import words
from reporting.feedback.findings import Feedback, Finding
from reporting.feedback.page import Listing
from reporting.fonts import printable
from reporting.formats import change_text, count_text

LISTED = 15
"""Dossiers that a finding names in the PDF: a district can see what is meant, and the paper stays short."""


def dossiers_of(feedback: Feedback, finding: Finding) -> Listing:
    """The rows that break a rule, with their place at the source."""
    entries = feedback.of_rule(feedback.entries, finding.rule_id)
    rows = [
        (
            printable(words.code_text(str(e.dossier_code))),
            printable(words.where_text(feedback, e, finding), longest=240),
            printable(words.agency_text(str(e.agency_code), feedback.province)),
        )
        for e in entries.head(LISTED).itertuples()
    ]
    heads = ("Mã hồ sơ", "Vị trí tại nguồn", "Cơ quan tiếp nhận")
    rest = _rest(finding.rows, len(rows), unlisted=feedback.unlisted(finding), sheet=words.sheet_of(finding))
    return Listing("", heads, ("code", "text", "text"), tuple(rows), rest)


def changed_dossiers(feedback: Feedback, finding: Finding) -> Listing:
    """The dates that a later read gave otherwise: what was, what is."""
    changes = feedback.of_rule(feedback.changes, finding.rule_id)
    rows = [
        (
            printable(words.code_text(str(c.dossier_code))),
            printable(words.place_text(words.plain(c.address), "", feedback.source), longest=240),
            words.change_text(finding.rule_id, words.plain(c.column)),
            words.day_text(c.was),
            words.day_text(c.now),
        )
        for c in changes.head(LISTED).itertuples()
    ]
    heads = ("Mã hồ sơ", "Vị trí tại nguồn", "Nội dung", "Trước", "Nay")
    kinds = ("code", "text", "text", "day", "day")
    rest = _rest(len(changes), len(rows), unlisted=feedback.unlisted(finding), sheet=words.sheet_of(finding))
    return Listing("", heads, kinds, tuple(rows), rest)


def corrections(feedback: Feedback, finding: Finding) -> Iterator[Listing]:
    """What the province counts otherwise than the system says."""
    found = feedback.corrections_of(finding)
    rows = [
        (printable(words.code_text(c.dossier_code)), printable(words.correction_text(c), longest=240)) for c in found
    ]
    rest = _rest(len(rows), len(rows[:LISTED]), unlisted=0, sheet=words.WARNING_SHEET)
    if rows:
        yield Listing("", ("Mã hồ sơ", "Đính chính đang có hiệu lực"), ("code", "text"), tuple(rows[:LISTED]), rest)


def continuity_units(feedback: Feedback) -> Iterator[Listing]:
    """Units whose carried-over number is not what they left open."""
    found = feedback.of_rule(feedback.deviations, CARRIED_OVER)
    heads = ("Đơn vị", "Đang giải quyết cuối kỳ trước", "Từ kỳ trước chuyển sang", "Chênh lệch")
    rows = [
        (words.agency_text(str(d.agency_code), feedback.province), *_counts(d.was, d.now)) for d in found.itertuples()
    ]
    if rows:
        yield Listing("Số hồ sơ theo đơn vị", heads, ("text", *("figure",) * 3), tuple(rows), "")


def continuity_dossiers(feedback: Feedback) -> Iterator[Listing]:
    """The dossiers that explain the difference, each with its reason."""
    if feedback.continuity.empty and feedback.breaks_continuity:
        yield Listing("", (), (), (), words.NOT_COMPARED)
    for kind, caption in words.CONTINUITY_HEADS.items():
        found = feedback.continuity[feedback.continuity["kind"] == kind]
        rows = [
            (
                printable(words.code_text(str(c.dossier_code))),
                words.reason_text(str(c.reason)),
                printable(words.agency_text(words.plain(c.agency_code), feedback.province)),
            )
            for c in found.head(LISTED).itertuples()
        ]
        rest = _rest(len(found), len(rows), unlisted=0, sheet=words.CONTINUITY_SHEET)
        heads = ("Mã hồ sơ", "Lý do", "Đơn vị")
        if rows:
            yield Listing(
                f"{caption}: {count_text(len(found))} hồ sơ", heads, ("code", "text", "text"), tuple(rows), rest
            )


def unusual_figures(feedback: Feedback) -> Iterator[Listing]:
    """Counts of units that are far from those of the same period last year."""
    found = feedback.of_rule(feedback.deviations, UNUSUAL_CHANGE)
    heads = ("Đơn vị", "Số hồ sơ", "Cùng kỳ năm trước", "Kỳ này", "Thay đổi")
    rows = [
        (
            words.agency_text(str(d.agency_code), feedback.province),
            words.measure_text(str(d.measure)),
            *_counts(d.was, d.now),
        )
        for d in found.itertuples()
    ]
    if rows:
        yield Listing("", heads, ("text", "text", *("figure",) * 3), tuple(rows), "")


def _counts(was: object, now: object) -> tuple[str, str, str]:
    known = [None if pd.isna(v) else int(str(v)) for v in (was, now)]  # type: ignore[call-overload]
    first, last = known
    return count_text(first), count_text(last), "–" if first is None or last is None else change_text(last, first)


def _rest(total: int, shown: int, *, unlisted: int, sheet: str) -> str:
    """What the table leaves to the workbook, and what can no longer be named."""
    left = total - shown - unlisted
    said = [f"và {count_text(left)} hồ sơ khác, xem tệp Excel, trang «{sheet}»"] if left > 0 else []
    if unlisted > 0:
        said.append(f"{count_text(unlisted)} hồ sơ chưa liệt kê được, vì số liệu của nguồn chưa được tổng hợp")
    return "; ".join(said)
