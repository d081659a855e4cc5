"""Where a person finds what is wrong with a row: cells of a sheet, lines of a file, columns of a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

import pandas as pd

from contracts.columns import DOSSIER_COLUMNS
from contracts.source_config import TableMap
from expectations.rules import Rule
from expectations.suites import DOSSIER_RULES

Places = Mapping[str, Mapping[str, str]]
"""Start of an address («file!sheet») → source column → its letter there; see sources.reader.PlacedReader."""

READABLE = "dates.readable"
_RULES: Mapping[str, Rule] = {rule.id: rule for rule in DOSSIER_RULES}
_ORDER = [c.name for c in DOSSIER_COLUMNS]


def cells_of(rejected: pd.DataFrame, unparsed: pd.Series, *, table: TableMap, places: Places) -> pd.Series:
    """For each rejected row the places that its rules are about, each with the source's own name of the column.

    rejected: address, rules. unparsed: of the same rows, the columns that could not be read. A cell has a letter where
    the source has places for the row's sheet; else the column is named with the row's address."""
    if rejected.empty:
        return pd.Series([], index=rejected.index, dtype="str")
    prefix, row = _split(rejected["address"], places)
    alike = rejected["rules"] + "|" + unparsed.astype("str").to_numpy() + "|" + prefix
    said = pd.Series("", index=rejected.index, dtype="str")
    for key, chosen in alike.groupby(alike).groups.items():
        rules, unread, start = str(key).split("|", maxsplit=2)
        columns = _columns(rules.split(","), unread.split(","))
        heads = [c.source_column for name in columns for c in table.columns if c.column.name == name]
        said.loc[chosen] = _said(heads, rejected["address"][chosen], row[chosen], places.get(start, {}), start)
    return said


def _split(addresses: pd.Series, places: Places) -> tuple[pd.Series, pd.Series]:
    """«file!sheet» and the row of an address; nothing and nothing where the source has no such place."""
    parts = addresses.fillna("").str.rpartition("!")
    known = parts[0].isin(list(places))
    return parts[0].where(known, ""), parts[2].where(known, "")


def _columns(rules: Iterable[str], unparsed: Iterable[str]) -> list[str]:
    """Our columns that the rules are about, in our order; of dates that cannot be read, those that cannot."""
    unread = set(unparsed)
    about = {name for rule in rules if rule != READABLE for name in _RULES[rule].about}
    about |= unread if READABLE in set(rules) else set()
    return [name for name in _ORDER if name in about]


def _said(heads: list[str], addresses: pd.Series, rows: pd.Series, letters: Mapping[str, str], start: str) -> pd.Series:
    """«Ngày kết thúc: 2024Q4.xlsx!Hồ sơ!H17»; of a text file, whose columns have numbers, «Ngày kết thúc: 2024Q4.csv,
    dòng 17, cột 8»; of a key, «cột NGAY_XONG, khóa 1234»."""
    if not heads:
        return pd.Series("", index=addresses.index, dtype="str")
    if not start:
        return f"cột {', '.join(heads)}, khóa " + addresses.fillna("(trống)")
    first, *others = [_cell(head, start, letters.get(head, ""), rows) for head in heads]
    return reduce(lambda said, cell: said + "; " + cell, others, first)


def _cell(head: str, start: str, letter: str, rows: pd.Series) -> pd.Series:
    if letter.isdigit():
        return f"{head}: {start}, dòng " + rows + f", cột {letter}"
    return f"{head}: {start}!{letter}" + rows
