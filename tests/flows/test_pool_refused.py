"""Sources are given out to other processes only where these can work on them; otherwise a run says what is missing."""

from __future__ import annotations

import pytest

from contracts.errors import UsageError
from flows.carried_out import check
from flows.place import find_place
from tests.servers import postgres, postgres_database

__all__ = ["postgres", "postgres_database"]


def refused() -> str:
    with pytest.raises(UsageError) as told:
        check(find_place("2024Q4"))
    return str(told.value)


def test_an_unknown_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_PARTITIONS", "máy khác")
    assert refused().startswith("CCHC_PARTITIONS không nhận «máy khác» → đặt here")


def test_an_embedded_warehouse(monkeypatch: pytest.MonkeyPatch) -> None:
    check(find_place("2024Q4"))
    monkeypatch.setenv("CCHC_PARTITIONS", "pool")
    assert "cần kho dữ liệu PostgreSQL" in refused()


def test_no_lasting_server(monkeypatch: pytest.MonkeyPatch, postgres_database: str) -> None:
    monkeypatch.setenv("CCHC_WAREHOUSE_URL", postgres_database)
    check(find_place("2024Q4"))
    monkeypatch.setenv("CCHC_PARTITIONS", "pool")
    assert "chưa biết máy chủ Prefect ở đâu → đặt PREFECT_API_URL" in refused()
