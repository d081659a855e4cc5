"""What is filed where: procedures with their weights, time limits and fees, and the fields of each department."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from contracts.codes import Level
from contracts.configfile import read_csv
from contracts.province import Province
from contracts.units import Unit
from demo.workdays import Array

_DATA = Path(__file__).parent / "data"
_WEIGHTS = {Level.DEPARTMENT: "province_weight", Level.DISTRICT: "district_weight", Level.COMMUNE: "commune_weight"}


@dataclass(frozen=True)
class Mix:
    """procedures: one row a procedure, numbered from 0: procedure_code, name, field, working_days promised, limit_days
    (by regulation, which the province has cut for every second one; none where it is done on the same day),
    service_level (2 information only, 3 partial, 4 full online service), fee, and a weight a level."""

    procedures: pd.DataFrame
    department_fields: dict[str, set[str]]

    def weights(self, unit: Unit, *, without_districts: bool = False) -> Array:
        """How often each procedure is filed at that unit; all zero where it has none.

        without_districts: the communes have taken over what districts did (since 1/7/2025)."""
        weights = self.procedures[_WEIGHTS[unit.level]].to_numpy(dtype=float)
        if unit.level is Level.COMMUNE and without_districts:
            weights = weights + self.procedures["district_weight"].to_numpy(dtype=float) / 8
        if unit.level is Level.DEPARTMENT:
            fields = self.department_fields.get(unit.name, set())
            weights = np.where(self.procedures["field"].isin(fields), weights, 0.0)
        return weights


def read_mix(province: Province) -> Mix:
    """The mix, with names and fields from the province's catalogue. Raises ConfigError."""
    columns = ("procedure_code", "working_days", *_WEIGHTS.values(), "service_level", "fee")
    rows = [row for _, row in read_csv(_DATA / "procedure_mix.csv", columns)]
    procedures = pd.DataFrame(rows).astype({"working_days": int, "service_level": int})
    procedures = procedures.astype(dict.fromkeys(_WEIGHTS.values(), float))
    known = [province.procedures[code] for code in procedures["procedure_code"]]
    cut = np.arange(len(procedures)) % 2 == 0
    limit = np.ceil(procedures["working_days"] * np.where(cut, 1.5, 1.0)).astype("Int64")
    procedures = procedures.assign(
        limit_days=limit.mask(limit == 0),
        name=[p.name for p in known],
        field=[p.field for p in known],
        fee=procedures["fee"] == "yes",
    )
    fields: dict[str, set[str]] = {}
    for _, row in read_csv(_DATA / "department_fields.csv", ("department", "field")):
        fields.setdefault(row["department"], set()).add(row["field"])
    return Mix(procedures, fields)


def draw(rng: np.random.Generator, weights: Array, size: int) -> Array:
    """That many numbers of rows, in proportion to their weights."""
    return rng.choice(len(weights), size=size, p=weights / weights.sum())
