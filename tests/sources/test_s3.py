"""An S3 store is read at its own endpoint with the secret's own keys, and nothing of the machine's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contracts.errors import SourceDrift, SourceError, SourceUnreachable
from contracts.table_spec import FileConnection
from sources.files import sent_files as files
from sources.reader import probe
from tests.servers.process import free_port
from tests.servers.relay import relay, silent
from tests.servers.s3 import S3Server, s3, s3_server
from tests.sources.places import (
    CANARY,
    CSV,
    ROW,
    Place,
    addresses,
    csv_source,
    give,
    on,
    on_s3,
    read,
    refused,
)

__all__ = ["on_s3", "s3", "s3_server"]


@pytest.mark.parametrize("part", ["access_key", "secret_key"])
def test_wrong_keys_of_a_store_are_told(on_s3: Place, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    config = on(on_s3)
    give(monkeypatch, **{part: CANARY})
    told = refused(config)
    assert "khóa truy cập sai" in told
    assert CANARY not in told


def test_a_bucket_that_is_not_there_is_drift(on_s3: Place, s3: S3Server) -> None:
    config = replace(on(on_s3), address="s3://kho-khac/2024Q4.csv")
    with pytest.raises(SourceDrift, match="không có bucket «kho-khac»"):
        probe(config)


def test_a_store_without_an_endpoint_is_never_amazon_s(on_s3: Place) -> None:
    with pytest.raises(SourceDrift, match="chưa ghi endpoint"):
        probe(replace(on(on_s3), connection=FileConnection()))


def test_nothing_of_the_machine_s_own_set_up_is_used(
    on_s3: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A profile that is not there, keys that are wrong, another endpoint and a proxy that answers nobody."""
    config = on(on_s3)
    (tmp_path / "config").write_text("[profile khác]\nregion = nowhere\n")
    nowhere = f"http://127.0.0.1:{free_port()}"
    for name, text in {
        "AWS_PROFILE": "không-có",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_ACCESS_KEY_ID": "sai",
        "AWS_SECRET_ACCESS_KEY": "sai",
        "AWS_SESSION_TOKEN": "sai",
        "AWS_ENDPOINT_URL": nowhere,
        "AWS_ENDPOINT_URL_S3": nowhere,
        "AWS_CA_BUNDLE": str(tmp_path / "không-có.pem"),
        "HTTP_PROXY": nowhere,
        "http_proxy": nowhere,
        "ALL_PROXY": nowhere,
    }.items():
        monkeypatch.setenv(name, text)
    assert addresses(config) == ["2024Q4.csv!2"]


def test_a_store_is_never_asked_with_the_machine_s_keys(
    on_s3: Place, s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(on(on_s3), secret="")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3.secret_key)
    with pytest.raises(SourceError):
        probe(config)


def test_a_store_that_is_off_is_told(on_s3: Place) -> None:
    off = FileConnection(endpoint=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(SourceUnreachable, match="không nối được tới kho S3"):
        probe(replace(on(on_s3), connection=off))


def test_a_connection_to_a_store_cut_while_reading_is_told(on_s3: Place, s3: S3Server) -> None:
    on_s3.put("2024Q4.csv", CSV + (ROW + "\n").encode() * 60_000)
    with relay(int(s3.endpoint.rsplit(":", 1)[1]), cut_after=2 * files.BLOCK) as wire:
        cut = FileConnection(endpoint=f"http://127.0.0.1:{wire.port}")
        config = replace(on_s3.at(csv_source(on_s3.address("2024Q4.csv"))), connection=cut)
        with pytest.raises(SourceUnreachable, match="không nối được tới kho S3, hoặc kết nối bị ngắt"):
            read(config)


def test_a_store_that_falls_silent_is_waited_for_no_longer_than_said(on_s3: Place) -> None:
    with silent() as port:
        slow = FileConnection(endpoint=f"http://127.0.0.1:{port}")
        config = replace(on(on_s3), connection=slow, timeout_seconds=0.2)
        with pytest.raises(SourceUnreachable, match="hết thời gian chờ"):
            probe(config)
