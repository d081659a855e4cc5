"""Figures as the national portal published them. Only ever added to: a later fetch stands beside the earlier one, and
nothing that was computed here comes in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import pandas as pd
from sqlalchemy import Engine, func, select

from contracts.published import PublishedFigure
from warehouse import tables
from warehouse.bulk import insert_all
from warehouse.database import reading, writing
from warehouse.frames import TEXT, frame_of

_table = tables.published_figure
_KINDS = {
    **dict.fromkeys(("agency_code", "agency_name", "level", "group_id", "indicator"), TEXT),
    **dict.fromkeys(("numerator", "denominator"), "Int64"),
    **dict.fromkeys(("ratio", "score", "max_score"), "float64"),
    **dict.fromkeys(("quality_flag", "quality_message", "source"), TEXT),
    "fetched_at": "object",
}


def store(engine: Engine, figures: Sequence[PublishedFigure], *, fetched_at: datetime) -> None:
    """Enter what one fetch brought: all of it or nothing. Raises WarehouseError where that fetch is there already."""
    rows = [{**asdict(figure), "group_id": figure.group_id.value, "fetched_at": fetched_at} for figure in figures]
    with writing(engine) as connection:
        insert_all(connection, _table, rows)


def fetches(engine: Engine, period_id: str) -> list[datetime]:
    """When the period was fetched, the newest first."""
    query = select(_table.c.fetched_at).where(_table.c.period_id == period_id).distinct()
    with reading(engine) as connection:
        return sorted(connection.scalars(query), reverse=True)


def newest(engine: Engine, period_id: str) -> pd.DataFrame:
    """The period's figures that stand: columns of PublishedFigure without period_id, and fetched_at. Counts and scores
    are missing where null was published. In the order of agency and indicator.

    Of the portal, its newest fetch alone; of imported files, all. What stands twice counts as it is newer."""
    of_period, fetched = _table.c.period_id == period_id, _table.c.source.is_(None)
    last = select(func.max(_table.c.fetched_at)).where(of_period, fetched).scalar_subquery()
    query = select(*(_table.c[name] for name in _KINDS)).where(of_period, ~fetched | (_table.c.fetched_at == last))
    with reading(engine) as connection:
        found = frame_of(connection, query.order_by(_table.c.agency_code, _table.c.indicator), _KINDS)
    newer_last = found.sort_values("fetched_at", kind="stable")
    return newer_last.drop_duplicates(["agency_code", "indicator"], keep="last").sort_index().reset_index(drop=True)
