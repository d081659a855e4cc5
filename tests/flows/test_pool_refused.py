"""Sources are given out to other processes only where these can work on them; otherwise a run says what is missing."""

from __future__ import annotations

import os

import pytest

from contracts.errors import UsageError
from flows.carried_out import check
from flows.place import find_place
from flows.server import TemporaryServer, has_lasting_server
from tests.servers import postgres, postgres_database
from tests.servers.http import JsonServer, answer
from tests.servers.process import free_port

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
    monkeypatch.setenv("CCHC_PREFECT_PORT", str(free_port()))
    said = refused()
    assert "không có máy chủ Prefect nào trả lời ở http://127.0.0.1:" in said
    assert "systemctl start cchc" in said and "PREFECT_API_URL" in said and "CCHC_PARTITIONS=here" in said


def test_the_server_of_this_machine_is_found_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of letters and runbooks name none, and the one in cchc.env would keep `cchc up` from starting."""
    server = JsonServer()
    monkeypatch.setenv("CCHC_PARTITIONS", "pool")
    monkeypatch.setenv("CCHC_PREFECT_PORT", str(server.port))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    server.then(answer(b"true"))
    with TemporaryServer() as temporary:
        assert temporary.pid is None
        assert has_lasting_server() and os.environ["PREFECT_API_URL"] == f"{server.url}/api"
    assert not has_lasting_server() and "PREFECT_API_URL" not in os.environ
    assert [asked.path for asked in server.asked] == ["/api/health"]
    server.stop()
