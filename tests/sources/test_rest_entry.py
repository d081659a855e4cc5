"""Passwords and tokens reach the interface that they are for, and nobody else."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import ConfigError, SecretError, SourceDrift, SourceError, SourceUnreachable
from contracts.rest_spec import RestConnection
from contracts.source_config import SourceConfig
from sources.interfaces.rest import RestReader
from sources.reader import open_reader, probe
from tests.servers.http import (
    CLIENT,
    CLIENT_SECRET,
    PASSWORD,
    USER,
    JsonServer,
    answer,
    as_json,
    first,
    json_server,
    usual,
)
from tests.servers.tls import authority
from tests.sources.rest_systems import (
    all_codes,
    codes,
    dossiers,
    given_secret,
    read,
    rest_source,
    waits,
)
from tests.sources.systems import PERIOD

__all__ = ["json_server", "waits"]


def test_a_password_is_sent_as_basic(json_server: JsonServer, monkeypatch: pytest.MonkeyPatch) -> None:
    json_server.auth = {"Authorization": f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"}
    name = given_secret(monkeypatch, user=USER, password=PASSWORD)
    assert read(replace(rest_source(json_server, auth="basic"), secret=name)) == []
    with pytest.raises(SourceError, match="không cho vào"):
        read(rest_source(json_server))


MISSING = {"basic": {"user": USER}, "token": {"user": USER}, "oauth2": {"client_id": CLIENT}}


@pytest.mark.parametrize(("auth", "parts"), MISSING.items())
def test_a_secret_that_lacks_a_part_is_told_before_anything_is_asked(
    json_server: JsonServer, monkeypatch: pytest.MonkeyPatch, auth: str, parts: dict[str, str]
) -> None:
    token_url = {"token_url": f"{json_server.url}/token"} if auth == "oauth2" else {}
    config = replace(rest_source(json_server, auth=auth, **token_url), secret=given_secret(monkeypatch, **parts))
    with pytest.raises(SecretError, match="chưa có mục"):
        read(config)
    assert json_server.asked == []


@pytest.mark.parametrize("token", ["abc\ndef", "chìa khóa"])
def test_a_token_that_no_head_can_hold_is_told_without_it(
    json_server: JsonServer, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    with pytest.raises(SecretError, match="ký tự không gửi được") as told:
        read(replace(rest_source(json_server, auth="token"), secret=given_secret(monkeypatch, token=token)))
    assert token not in str(told.value)


@pytest.mark.parametrize(
    ("said", "head"),
    [({}, ("Authorization", "Bearer abc")), ({"header": "X-Api-Key", "scheme": ""}, ("X-Api-Key", "abc"))],
)
def test_a_token_is_sent_in_its_head(
    json_server: JsonServer, monkeypatch: pytest.MonkeyPatch, said: dict[str, str], head: tuple[str, str]
) -> None:
    json_server.auth = dict([head])
    config = rest_source(json_server, auth="token", **said)
    assert read(replace(config, secret=given_secret(monkeypatch, token="abc"))) == []


@pytest.fixture
def oauth(json_server: JsonServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., SourceConfig]:
    """A source behind OAuth2."""
    json_server.tokens = ["none yet"]

    def made(**said: Any) -> SourceConfig:
        name = given_secret(monkeypatch, client_id=CLIENT, client_secret=said.pop("client_secret", CLIENT_SECRET))
        url = f"{json_server.url}/token"
        return replace(rest_source(json_server, auth="oauth2", token_url=url, **said), secret=name)

    return made


@pytest.mark.parametrize("client_auth", ["basic", "body"])
def test_a_token_is_fetched_once(json_server: JsonServer, oauth: Callable[..., SourceConfig], client_auth: str) -> None:
    json_server.rows = dossiers(25)
    assert codes(oauth(client_auth=client_auth, scope="hoso")) == all_codes(json_server)
    assert [one.path for one in json_server.asked] == ["/token", "/hoso", "/hoso", "/hoso"]
    assert b"scope=hoso" in json_server.asked[0].body


def test_a_token_that_is_taken_no_longer_is_renewed_once(
    json_server: JsonServer, oauth: Callable[..., SourceConfig]
) -> None:
    json_server.rows = dossiers(25)
    json_server.then(usual, usual, first(lambda server: server.tokens.append("another")))
    assert codes(oauth()) == all_codes(json_server)
    assert [one.path for one in json_server.asked].count("/token") == 2


def test_a_token_near_its_end_is_renewed_before(json_server: JsonServer, oauth: Callable[..., SourceConfig]) -> None:
    short = lambda s, a: (s.tokens.append("short"), as_json({"access_token": "short", "expires_in": 1}))[1]  # noqa: E731
    json_server.rows = dossiers(5)
    json_server.then(short)
    config = oauth()
    with open_reader(config) as reader:
        assert isinstance(reader, RestReader)
        list(reader.read(config.tables["dossiers"], PERIOD.window))
        reader._client._auth._ends = 0.0  # type: ignore[attr-defined]
        list(reader.read(config.tables["dossiers"], PERIOD.window))
    assert [one.path for one in json_server.asked] == ["/token", "/hoso", "/token", "/hoso"]


def test_a_wrong_client_is_told_and_not_tried_again(
    json_server: JsonServer, oauth: Callable[..., SourceConfig]
) -> None:
    with pytest.raises(SourceError, match="từ chối client_id") as told:
        read(oauth(client_secret="wrong"))
    assert not isinstance(told.value, SourceUnreachable)
    assert [one.path for one in json_server.asked] == ["/token"]


def test_a_renewed_token_that_is_not_taken_ends_it(json_server: JsonServer, oauth: Callable[..., SourceConfig]) -> None:
    json_server.then(usual, answer(b"", 401), usual, answer(b"", 401))
    with pytest.raises(SourceError, match="HTTP 401"):
        read(oauth())
    assert len(json_server.asked) == 4


@pytest.fixture
def elsewhere() -> Any:
    server = JsonServer()
    yield server
    server.stop()


def test_credentials_never_follow_to_another_server(
    json_server: JsonServer, elsewhere: JsonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by a redirect nor by the address of the next page."""
    token = given_secret(monkeypatch, token="abc")
    json_server.then(answer(b"", 302, Location=f"{elsewhere.url}/hoso"))
    with pytest.raises(SourceDrift, match="chuyển sang địa chỉ khác"):
        read(replace(rest_source(json_server, auth="token"), secret=token))
    json_server.style = "link"
    for url in (
        f"{elsewhere.url}/hoso",
        f"//127.0.0.1:{elsewhere.port}/",
        f"http://cchc@127.0.0.1:{json_server.port}/",
        "file:///etc/passwd",
        "http://[::1",
    ):
        json_server.then(lambda s, a, url=url: as_json({"data": {"items": dossiers(2), "total": 5}, "next": url}))
        with pytest.raises(SourceDrift, match="nằm ở máy chủ khác"):
            read(replace(rest_source(json_server, auth="token"), secret=token))
    assert elsewhere.asked == []


@pytest.mark.parametrize("auth", ["basic", "token", "oauth2"])
def test_credentials_never_go_in_the_clear_to_another_machine(json_server: JsonServer, auth: str) -> None:
    token_url = {"token_url": f"{json_server.url}/token"} if auth == "oauth2" else {}
    config = rest_source(json_server, auth=auth, plain_http=True, **token_url)
    with pytest.raises(ConfigError, match="phải là https://"):
        probe(replace(config, address="http://motcua.example.vn/api"))


@pytest.fixture
def certified(tmp_path: Path) -> Iterator[Callable[..., SourceConfig]]:
    """A source behind TLS, whose server's certificate is as the test wants it; it trusts the tests' authority."""
    trusted, servers = authority(tmp_path), []

    def made(**said: Any) -> SourceConfig:
        servers.append(JsonServer(trusted.server(tmp_path, **said)))
        servers[-1].rows = dossiers(25)
        return rest_source(servers[-1], ca_file=str(trusted.file))

    yield made
    for server in servers:
        server.stop()


def test_a_server_that_the_authority_vouches_for_is_read(certified: Callable[..., SourceConfig]) -> None:
    assert len(codes(certified())) == 25


@pytest.mark.parametrize(
    ("said", "connection"),
    [({}, {"ca_file": ""}), ({"host": "motcua.example.vn"}, {}), ({"days": -1}, {})],
    ids=["unknown authority", "another name", "expired"],
)
def test_a_server_that_nobody_vouches_for_is_refused(
    certified: Callable[..., SourceConfig], waits: list[float], said: dict[str, Any], connection: dict[str, str]
) -> None:
    config = certified(**said)
    changed = config.connection.model_copy(update=connection)
    with pytest.raises(SourceUnreachable, match="chứng chỉ TLS"):
        read(replace(config, connection=changed))
    assert not waits, "it will not be another in a moment"


def test_an_authority_that_is_not_there_is_told(json_server: JsonServer) -> None:
    with pytest.raises(SourceDrift, match="ca_file"):
        read(rest_source(json_server, ca_file="gone.pem"))


def test_http_without_a_word_is_refused_beyond_this_machine() -> None:
    said = RestConnection().refusal("http://10.20.0.5/api")
    assert "plain_http" in said
    assert RestConnection(plain_http=True).refusal("http://10.20.0.5/api") == ""
    assert RestConnection().refusal("http://localhost:8080/api") == ""
    assert RestConnection().refusal("https://10.20.0.5/api") == ""
