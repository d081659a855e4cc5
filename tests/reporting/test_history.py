"""What a report is compared with, as a real warehouse holds it: only what counts whole, by the policy of today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from contracts.periods import parse_period
from flows.over_time import COLUMNS, _rows
from reporting.gather import gather
from reporting.inputs import History
from tests.reporting import sample
from tests.reporting.test_refresh import READ_AT
from warehouse import ledger, store
from warehouse.database import open_warehouse

PROVINCE = sample.province()
NOW = parse_period("2024Q4")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_warehouse(f"sqlite:///{tmp_path / 'w.sqlite'}")
    yield opened
    opened.dispose()


def load(
    engine: Engine,
    period_id: str,
    *,
    but: str = "",
    as_of: date | None = None,
    counted: str | None = None,
    early: int = 7,
) -> None:
    """Every source of the period, one row a source's first unit."""
    period = parse_period(period_id)
    sources = PROVINCE.sources(period=period, systems=Path())
    ledger.expect(engine, period.id, [s.id for s in sources])
    for source in sources:
        if source.id == but:
            continue
        key = period.id, source.id
        ledger.begin_attempt(engine, *key)
        landed = {"landing_id": "l", "landing_path": "p", "extracted_at": READ_AT}
        ledger.mark_landed(engine, *key, **landed, rows=10, extract_fingerprint="e")
        ledger.mark_validated(engine, *key, accepted=10, quarantined=0)
        unit = PROVINCE.units.by_agency(source.units[0])
        store.replace_partition(
            engine,
            period_id=period.id,
            source_id=source.id,
            facts=sample.frame([sample.fact(source.id, unit, "Hộ tịch", early=early, overdue=1)]),
            findings=pd.DataFrame(columns=store.FINDING_COLUMNS),
            rejected=pd.DataFrame(columns=store.REJECTED_COLUMNS),
            rows=10,
            accepted=10,
            quarantined=0,
            load_fingerprint=counted or PROVINCE.counting_fingerprint + " rest",
            as_of=as_of or period.cut_off,
        )


def gathered(engine: Engine) -> History:
    sources = PROVINCE.sources(period=NOW, systems=Path())
    found = gather(engine, province=PROVINCE, period=NOW, as_of=NOW.cut_off, sources=sources).history
    assert found is not None
    return found


def test_an_empty_warehouse_gives_the_period_alone(engine: Engine) -> None:
    load(engine, "2024Q4")
    found = gathered(engine)
    assert (found.before, found.last_year, found.year) == (None, None, ())
    assert not found.now.lacking


def test_the_periods_that_are_wanted_are_found(engine: Engine) -> None:
    for name in ("2023Q4", "2024Q1", "2024Q2", "2024Q3", "2024Q4", "2024H1"):
        load(engine, name)
    found = gathered(engine)
    assert found.before is not None and found.before.period.id == "2024Q3"
    assert found.last_year is not None and found.last_year.period.id == "2023Q4"
    assert [part.period.id for part in found.year] == ["2024H1", "2024Q3", "2024Q4"]
    assert found.last_years == ()


def test_parts_of_which_nothing_lacks_are_taken_before_a_longer_one_that_lacks_a_source(engine: Engine) -> None:
    for name in ("2024Q1", "2024Q2", "2024Q3", "2024Q4"):
        load(engine, name)
    load(engine, "2024H1", but="khanh-son")
    assert [part.period.id for part in gathered(engine).year] == ["2024Q1", "2024Q2", "2024Q3", "2024Q4"]


UNFIT = {
    "not loaded": ({"but": "khanh-son"}, "chưa có số liệu của nguồn"),
    "read before the cut-off": ({"as_of": date(2024, 8, 1)}, "mới tính đến ngày 01/08/2024"),
    "counted by another policy": ({"counted": "other"}, "được tính theo quy định khác, cần chạy lại kỳ 2024Q3"),
}


@pytest.mark.parametrize("defect", UNFIT)
def test_what_does_not_count_whole_is_lacking_with_its_reason(engine: Engine, defect: str) -> None:
    more, said = UNFIT[defect]
    load(engine, "2024Q3", **more)  # type: ignore[arg-type]
    load(engine, "2024Q4")
    before = gathered(engine).before
    assert before is not None and said in before.lacking["H32.37"]
    assert before.sums(PROVINCE.units.subtree("H32.37")) is None


def test_the_export_has_both_bases_and_the_difference(engine: Engine) -> None:
    load(engine, "2023Q4", early=9)
    load(engine, "2024Q3", but="khanh-son")
    load(engine, "2024Q4", early=19)
    place = type("P", (), {"province": PROVINCE})()
    rows = pd.DataFrame(_rows(place, gathered(engine)), columns=list(COLUMNS))  # type: ignore[arg-type]
    late = rows[(rows["agency_code"] == "H32.37") & (rows["indicator"] == "OVERDUE_RESOLVED")].set_index(
        "compared_with"
    )
    year = late.loc["last_year"]
    assert [year[c] for c in COLUMNS[7:11]] == [1, 20, 1, 10]
    assert (year["difference"], year["why_not"], year["compared_period"]) == (-5.0, "", "2023Q4")
    assert pd.isna(late.loc["previous", "difference"]) and "chưa có số liệu" in late.loc["previous", "why_not"]
    assert not late["is_break"].any()
