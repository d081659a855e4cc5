"""Who took the place of others holds their dossiers, with the day on which these received them."""

from __future__ import annotations

from datetime import date

import pandas as pd

from contracts.codes import Level
from contracts.units import Unit, UnitTree
from expectations.evidence import _in_office

SINCE = date(2025, 7, 1)
TREE = UnitTree(
    (
        Unit("H32", "56", "Tỉnh Khánh Hòa", Level.PROVINCE, "", None, None, verified=False),
        Unit("H32.37", "575", "Huyện Khánh Sơn", Level.DISTRICT, "H32", None, date(2025, 6, 30), verified=False),
        Unit("H32.103", "22732", "Xã Đông Khánh Sơn", Level.COMMUNE, "H32", SINCE, None, verified=False),
        Unit("H32.40", "H32.40", "Sở mới", Level.DEPARTMENT, "H32", SINCE, None, verified=False),
        Unit("H32.41", "H32.41", "Sở gộp", Level.DEPARTMENT, "H32", SINCE, None, False, predecessors=("H32.37",)),
    )
)


def in_office(agency: str, received: str) -> bool:
    dossiers = pd.DataFrame({"agency_code": [agency], "received_date": pd.to_datetime([received])})
    return bool(_in_office(dossiers, TREE, date(2025, 9, 20))[0])


def test_a_successor_may_hold_what_was_received_before_it_began() -> None:
    assert in_office("H32.103", "2025-06-20"), "the registry knows whose place the commune took"
    assert in_office("H32.41", "2025-06-20"), "agencies.csv says whose place the department took"
    assert not in_office("H32.40", "2025-06-20"), "it took nobody's place"
    assert in_office("H32.37", "2025-06-30") and not in_office("H32.37", "2025-07-01")
