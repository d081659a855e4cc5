"""Published figures: only ever added to, whole or not at all, null as null."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from contracts.clock import VIETNAM
from contracts.errors import CchcError
from contracts.published import Group, PublishedFigure
from warehouse import upgrade
from warehouse.database import open_warehouse
from warehouse.published import fetches, newest, store
from warehouse.tables import metadata

MORNING = datetime(2026, 9, 26, 8, 30, tzinfo=VIETNAM)
EVENING = MORNING + timedelta(hours=10)
PROGRESS = PublishedFigure(
    "2026Q3",
    "H44",
    "UBND Tỉnh Phú Thọ",
    "PROVINCE",
    Group.PROGRESS,
    "PROGRESS_ON_TIME",
    403016,
    464494,
    0.8676,
    17.35,
    20,
)
COPIES = PublishedFigure("2026Q3", "H44.116", None, None, Group.DIGITISATION, "ELECTRONIC_CERTIFIED_COPY", ratio=0.0)


def test_what_is_stored_comes_back(engine: Engine) -> None:
    flagged = replace(PROGRESS, indicator="DOSSIER_SYNC", quality_flag="TEMP", quality_message="Tạm lấy")
    store(engine, [COPIES, flagged, PROGRESS], fetched_at=MORNING)
    found = newest(engine, "2026Q3")
    assert found["indicator"].tolist() == ["DOSSIER_SYNC", "PROGRESS_ON_TIME", "ELECTRONIC_CERTIFIED_COPY"]
    for (_, row), figure in zip(found.iterrows(), [flagged, PROGRESS, COPIES], strict=True):
        for name, value in vars(figure).items():
            if name != "period_id":
                assert row[name] == value if value is not None else row.isna()[name], name
    assert set(found["fetched_at"]) == {MORNING}


def test_null_is_not_nought(engine: Engine) -> None:
    store(engine, [replace(PROGRESS, numerator=0, score=0.0), COPIES], fetched_at=MORNING)
    nought, null = newest(engine, "2026Q3").to_dict("records")
    assert (nought["numerator"], nought["score"]) == (0, 0.0)
    assert [name for name, value in null.items() if value != value or value is None or str(value) == "<NA>"] == [
        *("agency_name", "level", "numerator", "denominator", "score", "max_score", "quality_flag", "quality_message"),
        "source",
    ]


def test_a_later_fetch_stands_beside_the_earlier_one(engine: Engine) -> None:
    store(engine, [PROGRESS, COPIES], fetched_at=MORNING)
    store(engine, [replace(PROGRESS, score=17.4)], fetched_at=EVENING)
    found = newest(engine, "2026Q3")
    assert found["score"].tolist() == [17.4], "what is no longer published is not taken from an older fetch"
    assert fetches(engine, "2026Q3") == [EVENING, MORNING]
    assert newest(engine, "2026Q2").empty


def test_a_fetch_is_never_overwritten(engine: Engine) -> None:
    store(engine, [PROGRESS], fetched_at=MORNING)
    with pytest.raises(CchcError):
        store(engine, [COPIES, replace(PROGRESS, score=20.0)], fetched_at=MORNING)
    assert newest(engine, "2026Q3")["score"].tolist() == [17.35], "all of a fetch or nothing"


def test_an_imported_figure_stands_until_a_newer_one_comes(engine: Engine) -> None:
    imported = replace(COPIES, ratio=1.0, source="Công văn số 12")
    store(engine, [imported, replace(PROGRESS, score=1.0, source="Công văn số 12")], fetched_at=MORNING)
    store(engine, [PROGRESS], fetched_at=EVENING)
    found = newest(engine, "2026Q3").set_index("indicator")
    assert found.loc["PROGRESS_ON_TIME", "score"] == 17.35, "the fetch is newer"
    assert found.loc["ELECTRONIC_CERTIFIED_COPY", "source"] == "Công văn số 12", "the fetch does not have it"
    store(engine, [replace(imported, ratio=0.5)], fetched_at=EVENING + timedelta(days=1))
    assert newest(engine, "2026Q3").set_index("indicator").loc["ELECTRONIC_CERTIFIED_COPY", "ratio"] == 0.5


def test_two_files_of_one_moment_stand_together(engine: Engine) -> None:
    store(engine, [replace(PROGRESS, source="một")], fetched_at=MORNING)
    store(engine, [replace(COPIES, source="hai")], fetched_at=MORNING)
    assert newest(engine, "2026Q3")["source"].tolist() == ["một", "hai"]


def test_what_was_fetched_before_sources_were_kept_is_the_portals(url: str) -> None:
    fresh = open_warehouse(url)
    with fresh.begin() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        config = Config()
        config.set_main_option("script_location", str(upgrade.SCRIPTS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
        connection.execute(
            text(
                "INSERT INTO published_figure (period_id, agency_code, indicator, fetched_at, group_id, score)"
                " VALUES ('2026Q3', 'H44', 'PAYMENT', '2026-09-26T08:30:00+07:00', 'payment', 6.67)"
            )
        )
    fresh.dispose()
    engine = open_warehouse(url)
    assert newest(engine, "2026Q3")[["score", "source"]].isna().to_numpy().tolist() == [[False, True]]
    store(engine, [replace(PROGRESS, source="Công văn số 12")], fetched_at=EVENING)
    assert len(newest(engine, "2026Q3")) == 2
