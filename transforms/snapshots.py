"""What one landing of a source gives otherwise than the landing before it, dossier by dossier.

Systems let a due or an end date be written anew once it is late, and let a dossier be deleted (docs/domain.md §4):
neither shows in the newer landing alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from contracts.source_config import ColumnMap, SourceConfig
from transforms.landed import ADDRESS, Landed
from transforms.parsing import Codes, Days, Flags, as_text, plain, text_codes

NEW, VANISHED, MOVED = "new", "vanished", "moved_over_cut_off"
REWRITTEN = {"due_date": "due_rewritten", "end_date": "end_rewritten"}
CHANGE_COLUMNS = ("kind", "dossier_code", "column", "address", "was", "now")
UNREADABLE = "không đọc được"
_DATES = ("received_date", "due_date", "end_date")

Rows = np.ndarray[Any, np.dtype[np.intp]]


def compared_columns(source: SourceConfig) -> list[str]:
    """The source columns that the comparison needs."""
    return [*dict.fromkeys(c.source_column for c in _mapped(source)), ADDRESS]


def changes(before: pa.Table, after: pa.Table, source: SourceConfig, *, cut_off: date, read_on: date) -> pd.DataFrame:
    """CHANGE_COLUMNS: one row a dossier that is new or vanished, or a date of a dossier that changed.

    before, after: landed dossiers, at least their code and ADDRESS; a date column that one of them lacks is not
    compared, and without the code nothing is. read_on: the day of the newer extract.

    A due or end date is rewritten where it was there, and was changed or taken away after the due date noted before
    had passed. A date moved over the cut-off where it was in the period or before it and is later now, or the other way
    round. A dossier with several rows in a landing is looked for, and its dates are not compared: which of its rows is
    right is not known. Of a date, the day is kept and no text.
    """
    columns = [c for c in _mapped(source) if {c.source_column} <= {*before.column_names} & {*after.column_names}]
    if not columns or columns[0].column.name != "dossier_code":
        return pd.DataFrame(columns=list(CHANGE_COLUMNS), dtype="str")
    match = _matched(before, after, columns[0].source_column)
    old, new = (Landed(table, columns, kind=source.kind) for table in (before, after))
    compared = {c.column.name: _compared(c.column.name, old, new, match) for c in columns[1:]}
    late = _passed(compared.get("due_date"), read_on, rows=len(match.in_after))
    found = [*_came_and_went(before, after, match)]
    for name, one in compared.items():
        moved = [(MOVED, _over(one, cut_off))]
        rewritten = [(REWRITTEN[name], late & one.differs & one.was_there)] if name in REWRITTEN else []
        found += [_listed(kind, one, rows, after, match) for kind, rows in (*rewritten, *moved)]
    return pd.concat(found, ignore_index=True)


def _mapped(source: SourceConfig) -> list[ColumnMap]:
    """The dossier's code, then the dates."""
    columns = {c.column.name: c for c in source.tables["dossiers"].columns}
    return [columns[name] for name in ("dossier_code", *_DATES)]


@dataclass(frozen=True)
class _Match:
    """codes: all dossier codes. came, went: of dossiers that are in one landing alone, the code's place in `codes` and
    the row of its first copy there. both: dossiers with one row in each; in_before, in_after: these rows."""

    codes: pa.Array
    came: tuple[Rows, Rows]
    went: tuple[Rows, Rows]
    both: Rows
    in_before: Rows
    in_after: Rows


def _matched(before: pa.Table, after: pa.Table, code_column: str) -> _Match:
    codes, (old, new) = text_codes(before[code_column], after[code_column])
    olds, news = (np.bincount(rows[rows >= 0], minlength=len(codes)) for rows in (old, new))
    first_old, first_new = (_first_rows(rows, len(codes)) for rows in (old, new))
    came, went = np.flatnonzero((news > 0) & (olds == 0)), np.flatnonzero((olds > 0) & (news == 0))
    both = np.flatnonzero((olds == 1) & (news == 1))
    return _Match(codes, (came, first_new[came]), (went, first_old[went]), both, first_old[both], first_new[both])


def _first_rows(rows: Codes, codes: int) -> Rows:
    """The first row of each code; of one that is not there, none that means anything."""
    first = np.zeros(codes + 1, dtype=np.intp)
    first[rows[::-1]] = np.arange(len(rows) - 1, -1, -1)  # a missing code, -1, falls into the last place
    return first[:-1]


@dataclass(frozen=True)
class _Compared:
    """One date of the dossiers that both landings have. unread: there is a text, but no day."""

    name: str
    was: Days
    now: Days
    unread_before: Flags
    unread_now: Flags
    differs: Flags

    @property
    def was_there(self) -> Flags:
        return ~np.isnat(self.was) | self.unread_before


def _compared(name: str, old: Landed, new: Landed, match: _Match) -> _Compared:
    (all_was, bad_was), (all_now, bad_now) = old.days(name), new.days(name)
    was, now = all_was[match.in_before], all_now[match.in_after]
    unread_before, unread_now = bad_was[match.in_before], bad_now[match.in_after]
    differs = (was != now) & ~(np.isnat(was) & np.isnat(now)) | (unread_before != unread_now)
    if (neither := unread_before & unread_now).any():
        _, (texts_was, texts_now) = text_codes(old.column(name), new.column(name))
        differs |= neither & (texts_was[match.in_before] != texts_now[match.in_after])
    return _Compared(name, was, now, unread_before, unread_now, differs)


def _passed(due: _Compared | None, read_on: date, *, rows: int) -> Flags:
    """Whether the due date noted before lay before the day of the newer extract."""
    return np.zeros(rows, dtype=bool) if due is None else due.was < np.datetime64(read_on)


def _over(one: _Compared, cut_off: date) -> Flags:
    day = np.datetime64(cut_off)
    return ((one.was <= day) & (one.now > day)) | ((one.was > day) & (one.now <= day))


def _came_and_went(before: pa.Table, after: pa.Table, match: _Match) -> Iterator[pd.DataFrame]:
    for kind, table, (codes, rows) in ((NEW, after, match.came), (VANISHED, before, match.went)):
        yield _frame(kind, "", match.codes.take(pa.array(codes)), table, rows, was="", now="")


def _listed(kind: str, one: _Compared, chosen: Flags, after: pa.Table, match: _Match) -> pd.DataFrame:
    codes = match.codes.take(pa.array(match.both[chosen]))
    was, now = _shown(one.was[chosen], one.unread_before[chosen]), _shown(one.now[chosen], one.unread_now[chosen])
    return _frame(kind, one.name, codes, after, match.in_after[chosen], was=was, now=now)


def _frame(kind: str, column: str, codes: pa.Array, table: pa.Table, rows: Rows, *, was: Any, now: Any) -> pd.DataFrame:
    addresses = as_text(plain(table[ADDRESS]).take(pa.array(rows)))
    said = {
        "kind": kind,
        "dossier_code": as_text(codes),
        "column": column,
        "address": addresses,
        "was": was,
        "now": now,
    }
    return pd.DataFrame(said, columns=list(CHANGE_COLUMNS), index=range(len(rows))).astype("str")


def _shown(days: Days, unread: Flags) -> np.ndarray[Any, Any]:
    text = np.where(np.isnat(days), "", np.datetime_as_string(days, unit="D"))
    return np.where(unread, UNREADABLE, text)
