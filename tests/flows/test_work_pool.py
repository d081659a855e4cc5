"""A run or a deployment that Prefect has forgotten is no error of a run that waits for its sources."""

from __future__ import annotations

from uuid import uuid4

from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import work_pool
from tests.servers.prefect import lasting_prefect


def test_what_prefect_has_forgotten_is_nothing_known() -> None:
    """Removed on its pages, or with its database: the run does the source itself."""
    run = uuid4()
    with temporary_settings({PREFECT_API_URL: lasting_prefect()["PREFECT_API_URL"]}):
        assert work_pool.states([run]) == {}
        work_pool.withdraw(run)
        work_pool.bury(run)
        assert work_pool.send("2024Q4 cam-lam", {}) is None
