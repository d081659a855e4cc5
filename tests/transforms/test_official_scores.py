"""Every official score of Phú Thọ, quý III/2026, from the counts that were published with it, to 0.015 points."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from contracts.configfile import read_csv
from contracts.index_766 import item_on
from contracts.published import Group, PublishedFigure
from contracts.published_file import read_published_file
from contracts.settings import REPOSITORY
from contracts.units import read_units
from transforms.period_scorecard import PUBLISHED_COLUMNS, TOLERANCE, scorecard

PROVINCE = REPOSITORY / "provinces" / "phu-tho"
DAY = date(2026, 9, 30)
UNITS = read_units(PROVINCE / "agencies.csv")


def _path(name: str) -> Path:
    return PROVINCE / "official" / f"{name}_2026q3.csv"


def official(name: str) -> list[PublishedFigure]:
    return read_published_file(_path(name), period_id="2026Q3", on=DAY, agencies={u.agency_code for u in UNITS})


def card(figures: list[PublishedFigure]) -> pd.DataFrame:
    rows = [{**vars(figure), "group_id": figure.group_id.value, "fetched_at": None} for figure in figures]
    published = pd.DataFrame(rows).reindex(columns=list(PUBLISHED_COLUMNS)).astype(PUBLISHED_COLUMNS)
    nothing = pd.DataFrame(
        columns=["agency_code", "indicator", "scope", "field", "numerator", "denominator", "complete"]
    )
    return scorecard(nothing, published, units=UNITS, on=DAY)


@pytest.mark.parametrize(("name", "group", "agencies"), [("progress", "progress", 163), ("payment", "payment", 12)])
def test_the_group_scores_what_was_published(name: str, group: str, agencies: int) -> None:
    found = card(official(name))
    groups = found[(found["group_id"] == group) & (found["indicator"] == "")]
    assert len(groups) == agencies
    assert groups["published_score"].notna().all()
    assert (groups["formula_score"] - groups["published_score"]).abs().max() < 1e-9, "not even 0.01 apart"
    assert not found["disagrees"].any()
    written = [float(row["official_score"]) for _, row in read_csv(_path(name), ("official_score",))]
    assert sorted(groups["published_score"]) == sorted(written), "as they stand in the file"


def test_the_lines_of_the_province_score_what_was_published() -> None:
    figures = official("province")
    scores = {figure.indicator: figure for figure in figures if figure.score is not None and figure.denominator}
    assert len(scores) == 8
    for indicator, figure in scores.items():
        item = item_on(indicator, on=DAY)
        assert item is not None
        found = item.score(figure.numerator, figure.denominator)
        assert found is not None
        assert abs(float(found) - float(figure.score or 0)) <= TOLERANCE, indicator
    groups = card(figures).query("indicator == ''").set_index("group_id")
    assert groups.loc[["progress", "payment"], "published_score"].tolist() == [17.35, 6.67]
    assert groups.loc[["transparency", "satisfaction"], "formula_score"].tolist() == [7.96, 12.25]
    assert groups.loc[["online", "digitisation", "total"], "published_score"].isna().all(), "null stays null"


def test_the_flag_of_the_portal_is_kept() -> None:
    (flagged,) = [figure for figure in official("province") if figure.quality_flag]
    assert (flagged.indicator, flagged.quality_flag) == ("DOSSIER_SYNC", "TEMP_NATIONAL_REPORT_DENOMINATOR")


def test_the_document_names_the_same_lines() -> None:
    """docs/scoring-766.md: «87 / 89 → 1.96» and the others."""
    text = (REPOSITORY / "docs" / "scoring-766.md").read_text(encoding="utf-8").replace(",", "")
    for figure in official("province"):
        if figure.denominator is not None and figure.group_id is not Group.PAYMENT:
            assert f"{figure.numerator} / {figure.denominator} → {figure.score:g}" in text, figure.indicator
