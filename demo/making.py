"""From a province and a seed to its world: sound lives, defective rows, keys and codes."""

from __future__ import annotations

import zlib
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from contracts.configfile import read_toml
from contracts.periods import parse_period
from contracts.province import Province
from contracts.source_config import SourceConfig
from demo import khanh_hoa, phu_tho
from demo.defects import defective
from demo.mix import read_mix
from demo.workdays import WorkingDays
from demo.world import finished

_ANY_PERIOD = {"khanh-hoa": "2024Q4", "phu-tho": "2026Q3"}


def make_world(province: Province, *, seed: int, scale: float) -> pd.DataFrame:
    """Every dossier's whole life. The same seed and scale, the same world."""
    mix = read_mix(province)
    sources = sources_of(province, systems=Path())
    owners = {agency: source.id for source in sources for agency in source.unit_map.values()}
    rng = np.random.default_rng([seed, zlib.crc32(province.id.encode())])
    if province.id == "phu-tho":
        world = phu_tho.make(province, mix, owners=owners, rng=rng, scale=scale)
    else:
        world = khanh_hoa.make(province, mix, owners=owners, rng=rng, scale=scale)
        days = WorkingDays(province.rest_days, first=date(2024, 1, 1), last=date(2024, 12, 31))
        spoilt = defective(province, mix, owners=owners, days=days, first_position=len(world))
        world = pd.concat([world, spoilt], ignore_index=True)
    vendors = {source.id: vendor_of(source) for source in sources}
    heads = {agency: _code_head(agency, vendors[source]) for agency, source in owners.items()}
    return finished(world, code_heads=heads, seed=seed)


def sources_of(province: Province, *, systems: Path, period: str = "") -> list[SourceConfig]:
    """The configured sources, as they are for that period."""
    return province.sources(period=parse_period(period or _ANY_PERIOD[province.id]), systems=systems)


def vendor_of(source: SourceConfig) -> str:
    return str(read_toml(source.folder / "source.toml")["vendor"])


def _code_head(agency: str, vendor: str) -> str:
    """H32.33.05; vendor B writes the older 000.05.33.H32."""
    if vendor != "b":
        return agency
    province, *below = agency.split(".")
    return ".".join(["000", *reversed((*below, "00")[:2]), province])
