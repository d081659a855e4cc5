"""Corrections that a province makes while a district has not yet mended its own data: corrections.toml.

Each says which dossier, what its system says now (`was`), what is true, why and who says so, and until which cut-off
it holds. It is never forgotten: once the system no longer says `was`, the source stops until the entry is taken out.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from contracts.columns import DOSSIER_COLUMNS
from contracts.configfile import Strict, build, plain, read_toml
from contracts.errors import ConfigError

FILE = "corrections.toml"


class Correction(Strict):
    """column: one of ours (DOSSIER_COLUMNS). was, value: as the system writes them, so that its column map's format
    and its code maps hold for both; empty for a blank cell. until: the last cut-off for which it holds. reason: the
    document that it stands on; by: who answers for it."""

    dossier_code: str
    column: str
    was: str
    value: str
    reason: str
    by: str
    until: date


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
    keys = [(plain(c.dossier_code), c.column) for c in found]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise ConfigError(f"cột «{twice[1]}» của một hồ sơ đính chính hai lần", file=path)
    return tuple(found)


def check_mapped(corrections: Collection[Correction], mapped: Collection[str], folder: Path) -> None:
    """What a source does not have cannot be corrected. mapped: our columns that it has. Raises ConfigError."""
    for place, one in enumerate(corrections, start=1):
        if one.column not in mapped:
            said = f"mục {place}: nguồn này không có cột «{one.column}» trong column_map.csv"
            raise ConfigError(said, file=folder / FILE)
