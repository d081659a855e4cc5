"""A warehouse made before indicators had a field keeps what stood in it."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from warehouse import read, upgrade
from warehouse.database import open_warehouse, writing

ROW = """
INSERT INTO indicator (period_id, scope, agency_code, indicator, unit_code, numerator, denominator, value, score,
                       complete, formula_version)
VALUES ('2024Q4', 'tree', 'H32', 'ON_TIME_RESOLVED', '56', 9, 12, 0.75, NULL, {no}, '1'),
       ('2024Q4', 'unit', 'H32', 'ON_TIME_RESOLVED', '56', NULL, NULL, NULL, NULL, {no}, '1')
"""
FIELD = """
INSERT INTO indicator (period_id, scope, agency_code, indicator, field, unit_code, complete, formula_version)
VALUES ('2024Q4', 'tree', 'H32', 'ON_TIME_RESOLVED', '{field}', '56', {no}, '1')
"""


def as_it_was(url: str) -> None:
    """A warehouse of the version before, with two indicators in it."""
    engine = open_warehouse(url)
    with engine.begin() as connection:
        from warehouse.tables import metadata

        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        config = Config()
        config.set_main_option("script_location", str(upgrade.SCRIPTS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.execute(text(ROW.format(no="false")))
    engine.dispose()


def test_indicators_of_earlier_versions_are_of_all_fields(url: str) -> None:
    as_it_was(url)
    engine = open_warehouse(url)
    found = read.indicators(engine, "2024Q4", by_field=True)
    assert found[["scope", "field", "numerator", "denominator"]].astype(object).fillna("–").to_numpy().tolist() == [
        ["tree", "", 9, 12],
        ["unit", "", "–", "–"],
    ]
    assert found["value"].tolist()[0] == 0.75


def test_the_field_is_a_part_of_the_key(url: str) -> None:
    as_it_was(url)
    engine = open_warehouse(url)
    with writing(engine) as connection:
        connection.execute(text(FIELD.format(field="Hộ tịch", no="false")))
    assert len(read.indicators(engine, "2024Q4", by_field=True)) == 3
    with pytest.raises(IntegrityError), create_engine(engine.url).begin() as connection:
        connection.execute(text(FIELD.format(field="Hộ tịch", no="false")))
