"""Tiến độ giải quyết of the 766 index, against what the national portal published for Phú Thọ, quý III/2026."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from contracts.configfile import read_csv
from contracts.settings import REPOSITORY
from contracts.units import read_units
from tests.transforms.tables import fact_frame
from transforms.indicators import compute

PROVINCE = REPOSITORY / "provinces" / "phu-tho"
PUBLISHED: Path = PROVINCE / "official" / "progress_2026q3.csv"
CUT_OFF = date(2026, 9, 26)  # the day on which the portal was read


@pytest.fixture(scope="module")
def published() -> list[dict[str, str]]:
    return [row for _, row in read_csv(PUBLISHED, ("agency_code", "dossiers", "on_time_or_in_time", "official_score"))]


@pytest.fixture(scope="module")
def computed(published: list[dict[str, str]]) -> pd.DataFrame:
    facts = fact_frame(*(_fact(row) for row in published))
    found = compute(facts, units=read_units(PROVINCE / "agencies.csv"), on=CUT_OFF, missing=frozenset())
    return found[found["indicator"] == "PROGRESS_ON_TIME"].set_index(["agency_code", "scope"])


def _fact(row: dict[str, str]) -> dict[str, object]:
    """The published counts, half of them as resolved and half as open: the ratio does not tell them apart."""
    good, late = int(row["on_time_or_in_time"]), int(row["dossiers"]) - int(row["on_time_or_in_time"])
    parts = {
        "early": good // 2,
        "open_in_time": good - good // 2,
        "overdue": late // 2,
        "open_overdue": late - late // 2,
    }
    return {"series": "index", "agency_code": row["agency_code"], **parts}


def test_every_agency_scores_what_the_portal_published(published: list[dict[str, str]], computed: pd.DataFrame) -> None:
    assert len(published) == 163
    found = {code: computed.loc[(code, "unit"), "score"] for code in (row["agency_code"] for row in published)}
    assert found == {row["agency_code"]: float(row["official_score"]) for row in published}


def test_the_province_scores_what_the_portal_published(computed: pd.DataFrame) -> None:
    whole = computed.loc[(read_units(PROVINCE / "agencies.csv").root.agency_code, "tree")]
    assert (whole["numerator"], whole["denominator"], whole["score"]) == (403_016, 464_494, 17.35)
