"""The world of Khánh Hòa, April 2024 to January 2025: nine districts, 132 communes and the departments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from contracts.codes import Level
from contracts.province import Province
from contracts.units import Unit
from demo.lives import Filed, lives
from demo.mix import Mix, draw
from demo.workdays import Array, WorkingDays
from demo.world import NAT

FIRST_FILED, LAST_FILED = date(2024, 4, 15), date(2025, 1, 31)
A_WORKING_DAY = 980  # dossiers of the whole province: about 60,000 in a quarter
ISLANDS_A_DAY = 1.1  # whatever the scale: the island district is tiny already
ISLANDS = "truong-sa"
LEVEL_SHARES = {Level.COMMUNE: 0.62, Level.DISTRICT: 0.21, Level.DEPARTMENT: 0.17}
POPULATION = {
    "nha-trang": 40.0, "cam-ranh": 13.0, "cam-lam": 10.0, "van-ninh": 12.0, "ninh-hoa": 20.0, "khanh-vinh": 4.0,
    "dien-khanh": 13.0, "khanh-son": 2.5, ISLANDS: 1.0,
}  # fmt: skip
REMOTE = {"khanh-vinh", "khanh-son", ISLANDS}


@dataclass(frozen=True)
class _Agencies:
    """The receiving agencies, numbered from 0. weights: of their volume; procedures: their weights, a row an
    agency; lateness: how much more often than others they are late; online: likewise filed online."""

    units: list[Unit]
    sources: list[str]
    weights: Array
    procedures: Array
    lateness: Array
    online: Array


def make(
    province: Province, mix: Mix, *, owners: dict[str, str], rng: np.random.Generator, scale: float
) -> pd.DataFrame:
    """The sound dossiers (`demo.world.WORLD_COLUMNS`). owners: agency code → source."""
    days = WorkingDays(province.rest_days, first=date(2023, 1, 1), last=date(2026, 12, 31))
    agencies = _agencies(province, mix, owners, rng)
    agency = _receivers(agencies, rng, days=days.number(LAST_FILED) - days.number(FIRST_FILED), scale=scale)
    filed = Filed(
        source=np.array(agencies.sources)[agency],
        agency_code=np.array([u.agency_code for u in agencies.units])[agency],
        procedure=_filed_procedures(agency, agencies, rng),
        on=rng.integers(days.number(FIRST_FILED), days.number(LAST_FILED), len(agency)),
        lateness=agencies.lateness[agency],
        online=agencies.online[agency],
    )
    world = lives(filed, mix=mix, days=days, rng=rng)
    world.loc[world["source"] == ISLANDS, "deleted"] = NAT  # a sheet has no place for what was struck out
    return world


def _agencies(province: Province, mix: Mix, owners: dict[str, str], rng: np.random.Generator) -> _Agencies:
    units = [u for u in province.units if u.agency_code in owners and u.valid_on(FIRST_FILED)]
    sources = [owners[u.agency_code] for u in units]
    procedures = np.array([mix.weights(u) for u in units])
    weights = rng.lognormal(0, 0.35, len(units)) * [
        _size(u, s, sources.count(s)) for u, s in zip(units, sources, strict=True)
    ]
    for level, share in LEVEL_SHARES.items():
        same = np.array([u.level is level for u in units])
        weights[same] *= procedures[same].sum(axis=1) if level is Level.DEPARTMENT else 1.0
        weights[same] *= share / weights[same].sum()
    online = np.where([s in REMOTE for s in sources], 0.5, rng.uniform(0.8, 1.15, len(units)))
    return _Agencies(units, sources, weights, procedures, rng.lognormal(0, 0.5, len(units)), online)


def _size(unit: Unit, source: str, units: int) -> float:
    """Large districts file more than small ones, and so do their communes; towns more than villages."""
    people = POPULATION.get(source, 1.0)
    town = 1.4 if unit.name.startswith(("Phường", "Thị trấn")) else 1.0
    return (people / units) ** 0.7 * town if unit.level is Level.COMMUNE else people


def _receivers(agencies: _Agencies, rng: np.random.Generator, *, days: int, scale: float) -> Array:
    """The number of the receiving agency, a dossier."""
    islands = np.array([source == ISLANDS for source in agencies.sources])
    common = draw(rng, np.where(islands, 0.0, agencies.weights), int(A_WORKING_DAY * scale * days))
    return np.concatenate([common, draw(rng, islands.astype(float), int(ISLANDS_A_DAY * days))])


def _filed_procedures(agency: Array, agencies: _Agencies, rng: np.random.Generator) -> Array:
    procedure = np.zeros(len(agency), dtype=np.int64)
    for number in np.unique(agency):
        mine = agency == number
        procedure[mine] = draw(rng, agencies.procedures[number], int(mine.sum()))
    return procedure
