"""Whether people are told when something fails, and whether what was to be told got through."""

from __future__ import annotations

from cli.doctor.database import Warehouse
from contracts.fitness import Fitness
from contracts.province import read_province
from contracts.settings import Settings


def notices(warehouse: Warehouse) -> Fitness:
    from flows.notices.health import health

    found = warehouse.current()
    return health(found.engine if found else None, read_province(Settings().province_folder))
