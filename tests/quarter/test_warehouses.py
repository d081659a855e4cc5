"""Where the warehouse lies changes no figure."""

from __future__ import annotations

from dataclasses import replace

from tests.quarter.command import Office
from tests.servers import postgres, postgres_database  # noqa: F401  fixtures


def assert_same_figures(one: Office, other: Office) -> None:
    for what in ("facts", "indicators"):
        assert one.export("2024Q4", what).read_bytes() == other.export("2024Q4", what).read_bytes(), what


def test_postgresql_gives_the_same_figures_as_sqlite(
    two_run: Office,
    two_sources: Office,
    postgres_database: str,  # noqa: F811
) -> None:
    office = replace(two_sources, settings=two_sources.settings | {"CCHC_WAREHOUSE_URL": postgres_database})
    office.cchc("run", "2024Q4")
    assert_same_figures(office, two_run)
    assert not list(office.home.rglob("*.sqlite-wal"))
    assert not (office.home / "khanh-hoa" / "warehouse.sqlite").exists()
