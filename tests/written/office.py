"""A province of a few units on a machine of its own, whose figures stand in its warehouse."""

from __future__ import annotations

import pandas as pd

from contracts.codes import Series
from contracts.columns import DURATION_COLUMNS
from tests.reporting import sample
from tests.returns.whole_way import Office
from transforms.indicators import compute
from warehouse import ledger, store

SOURCE = """
id = "{id}"
name = "{name}"
vendor = "a"
address = "{{systems}}/{id}.sqlite"
units = ["{unit}"]
contact = "Phòng Nội vụ"
"""
SOURCES = {"khanh-son": ("Hệ thống huyện Khánh Sơn", "H99.31"), "so": ("Hệ thống các sở", "H99.02")}


def with_sources(office: Office) -> Office:
    """Two systems, as provinces/khanh-hoa describes them; none is ever asked."""
    vendors = office.folder / "vendors"
    if not vendors.exists():
        vendors.symlink_to(sample.PROVINCES / "khanh-hoa" / "vendors")
    for source_id, (name, unit) in SOURCES.items():
        folder = office.folder / "sources" / source_id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "source.toml").write_text(SOURCE.format(id=source_id, name=name, unit=unit), encoding="utf-8")
        codes = [unit, *(line.split("|")[0].strip() for line in office.units.splitlines() if f"{unit}." in line)]
        rows = "".join(f"{code},{code},x\n" for code in codes)
        (folder / "unit_map.csv").write_text(f"local_code,agency_code,name\n{rows}", encoding="utf-8")
    return office


def load(office: Office, *, early: int = 100, overdue: int = 3) -> None:
    """Dossiers of every unit of both sources, as if they had been read and counted."""
    place = office.place()
    engine, period = place.open_warehouse(), place.period
    ledger.expect(engine, period.id, list(SOURCES))
    facts = []
    for source_id, (_, unit) in SOURCES.items():
        key = period.id, source_id
        ledger.begin_attempt(engine, *key)
        landed = {"landing_id": "l", "landing_path": "p", "extracted_at": sample.datetime(2024, 12, 15, 8)}
        landed["extracted_at"] = landed["extracted_at"].replace(tzinfo=sample.VIETNAM)
        ledger.mark_landed(engine, *key, **landed, rows=10, extract_fingerprint="e")
        ledger.mark_validated(engine, *key, accepted=9, quarantined=1)
        mine = [
            sample.fact(source_id, u, "Hộ tịch", series=series, early=early, overdue=overdue, open_in_time=7)
            for u in place.province.units.subtree(unit)
            if u.valid_on(place.as_of)
            for series in Series
        ]
        facts += mine
        store.replace_partition(
            engine,
            period_id=period.id,
            source_id=source_id,
            facts=sample.frame(mine),
            durations=pd.DataFrame(columns=list(DURATION_COLUMNS)),
            findings=pd.DataFrame(columns=store.FINDING_COLUMNS),
            rejected=pd.DataFrame(columns=store.REJECTED_COLUMNS),
            rows=10,
            accepted=9,
            quarantined=1,
            load_fingerprint=place.province.counting_fingerprint,
            as_of=place.as_of,
        )
    on = period.spans(place.as_of)[Series.FORMS].last_day
    found = compute(sample.frame(facts), units=place.province.units, on=on, missing=frozenset())
    store.replace_indicators(engine, period_id=period.id, indicators=found)
