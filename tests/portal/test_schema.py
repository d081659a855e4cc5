"""Whatever is put into an address or a form, nobody is answered with an error of the program: Schemathesis makes it up
from the application's own description of its routes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from portal.cookies import COOKIE
from portal.people import form_token
from tests.portal.conftest import OWN_CODE, SignIn
from tests.tried import tried
from warehouse import accounts, sessions

EXAMPLES = tried(8)
"""Of each route, for each person, of what fits its description and again of what does not."""
KNOWN = {
    "period": "2024Q4",
    "unit": OWN_CODE,
    "version": "1",
    "kind": "pdf",
    "source": "cam-lam",
    "indicator": "ON_TIME_RESOLVED",
}
"""Name of a part of the address → what there is in the demonstration: made-up values alone seldom get past «there is
none»."""


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """More in a minute than a person may ask."""
    monkeypatch.setenv("CCHC_REQUESTS_A_MINUTE", "1000000")


@pytest.mark.parametrize("login", ["", "lan", "truc"])
def test_nothing_that_can_be_sent_makes_the_program_fail(sign_in: SignIn, login: str) -> None:
    client = sign_in(login)
    app = client.app
    assert isinstance(app, FastAPI)
    reached: set[int] = set()
    for operation in operations(app):
        for strategy in strategies(operation):
            reached |= _statuses(strategy, client, login)
    assert not login or reached >= {200, 303, 404, 422}


def operations(app: FastAPI) -> list[APIOperation[Any, Any, Any, Any]]:
    found = [
        one.ok() for one in schemathesis.openapi.from_dict(app.openapi()).get_all_operations() if isinstance(one, Ok)
    ]
    assert len(found) > 20
    return found


def strategies(operation: APIOperation[Any, Any, Any, Any]) -> Iterator[SearchStrategy[Case]]:
    """What fits the description and what does not, of what there is and of anything."""
    yield operation.as_strategy()
    names = [parameter.name for parameter in operation.path_parameters]
    if names or operation.query or operation.body:
        yield operation.as_strategy(GenerationMode.NEGATIVE)
    known = {name: KNOWN[name] for name in names if name in KNOWN}
    if known:
        yield operation.as_strategy(path_parameters=known)
        if operation.query or operation.body:
            yield operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=known)


def _statuses(strategy: SearchStrategy[Case], client: TestClient, login: str) -> set[int]:
    statuses: set[int] = set()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def asks(case: Case) -> None:
        statuses.add(_ask(case, client, login))

    with suppress(Unsatisfiable):  # any text at all fits: there is nothing that does not
        asks()
    return statuses


def _ask(case: Case, client: TestClient, login: str) -> int:
    """In a new session, as the one before may have been ended by what was sent."""
    secret = _session(client, login)
    client.cookies.clear()
    if secret:
        client.cookies.set(COOKIE, secret)
    sent = case.as_transport_kwargs(base_url="http://testserver")
    del sent["cookies"]
    if case.method == "POST" and not isinstance(sent.get("data", {}), (str, bytes)):
        sent["data"] = (sent.get("data") or {}) | {"form_token": form_token(secret)}
    assume(_can_be_sent(client, sent))
    answer = client.request(**sent)
    assert answer.status_code < 500, f"{case.operation.label}: {sent}"
    return answer.status_code


def _can_be_sent(client: TestClient, sent: dict[str, Any]) -> bool:
    """Some forms that are made up have parts that the client itself cannot write down."""
    try:
        client.build_request(**sent).read()
    except (AttributeError, TypeError):
        return False
    return True


def _session(client: TestClient, login: str) -> str:
    if not login:
        return ""
    app = client.app
    assert isinstance(app, FastAPI)
    engine = app.state.house.engine
    account = accounts.with_login(engine, login)
    assert account is not None
    return sessions.begin(engine, account.id, via="password", lasts=timedelta(hours=1))
