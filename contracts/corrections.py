"""Corrections that a province makes while a district has not yet mended its own data: corrections.toml.

Each says which dossier, what its system says now (`was`), what is true, why and who says so, and for which periods it
holds. It is a debt: in those periods the source stops once the system no longer says `was`, and in newer ones as long
as it still does. One that has run out stays in the file: an old period that is read again is corrected as it was.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import combinations
from pathlib import Path

from contracts.columns import DOSSIER_COLUMNS
from contracts.configfile import Strict, build, plain, read_toml
from contracts.errors import ConfigError

FILE = "corrections.toml"


class Correction(Strict):
    """column: one of ours (DOSSIER_COLUMNS). was, value: as the system writes them, so that its column map's format
    and its code maps hold for both; empty for a blank cell. since, until: the first and the last cut-off for which it
    holds. reason: the document that it stands on; by: who answers for it. dropped: why the system's own word counts
    after `until` though it is still `was`."""

    dossier_code: str
    column: str
    was: str
    value: str
    reason: str
    by: str
    since: date = date.min
    until: date
    dropped: str = ""

    @property
    def cell(self) -> tuple[str, str]:
        return plain(self.dossier_code), self.column

    def in_force(self, cut_off: date) -> bool:
        """Whether it is put into the figures of the period that ends on that day."""
        return self.since <= cut_off <= self.until


class CorrectionsFile(Strict):
    correction: list[Correction] = []


def read_corrections(folder: Path) -> tuple[Correction, ...]:
    """Those of that source; none where there is no file. Raises ConfigError."""
    path = folder / FILE
    if not path.exists():
        return ()
    found = build(CorrectionsFile, read_toml(path), path=path).correction
    known = {c.name for c in DOSSIER_COLUMNS}
    for place, one in enumerate(found, start=1):
        if one.column not in known:
            raise ConfigError(f"mục {place}: không có cột «{one.column}»; có: {', '.join(sorted(known))}", file=path)
        if not one.reason.strip() or not one.by.strip() or not one.dossier_code.strip():
            raise ConfigError(f"mục {place}: phải ghi dossier_code, reason và by", file=path)
        if one.column == "dossier_code":
            raise ConfigError(f"mục {place}: không đính chính được mã hồ sơ, vì mã dùng để tìm hồ sơ", file=path)
        if one.since > one.until:
            raise ConfigError(f"mục {place}: since sau until", file=path)
    for one, other in combinations(found, 2):
        if one.cell == other.cell and one.since <= other.until and other.since <= one.until:
            said = f"cột «{one.column}» của một hồ sơ đính chính hai lần cho cùng một kỳ"
            raise ConfigError(said, file=path, advice="bỏ bớt một mục, hoặc tách bằng since và until")
    return tuple(found)


def check_mapped(corrections: Collection[Correction], mapped: Collection[str], folder: Path, *, cut_off: date) -> None:
    """What a source does not have cannot be corrected. mapped: our columns that it has. Raises ConfigError."""
    for place, one in enumerate(corrections, start=1):
        if one.in_force(cut_off) and one.column not in mapped:
            said = f"mục {place}: nguồn này không có cột «{one.column}» trong column_map.csv"
            raise ConfigError(said, file=folder / FILE)
