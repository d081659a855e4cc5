"""A portal over the demonstration's real warehouse, copied so that a test may change it, and people of every role."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from contracts.portal_settings import PortalSettings
from contracts.roles import Role
from contracts.settings import Settings
from portal.app import create_app
from portal.cookies import COOKIE
from portal.house import House
from portal.people import form_token
from tests.quarter.command import Office
from warehouse import accounts, sessions

OWN, OWN_CODE = "H32.32", "570"
"""Agency code and report code of the viewer's unit of these tests: Cam Lâm."""
OTHER_CODE = "568"
"""Report code of another: Nha Trang."""
PEOPLE = {
    "xem": (Role.VIEWER, OWN),
    "lan": (Role.STAFF, ""),
    "minh": (Role.STAFF, ""),
    "truc": (Role.OPERATOR, ""),
    "quan": (Role.ADMIN, ""),
}
"""login → role and unit. Two of the staff: one checks, the other approves."""


def laid_out(khanh_hoa: Office, home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of the demonstration after 2024Q4; what was landed is never written to, and linked."""
    whole = khanh_hoa.home / "khanh-hoa"
    (home / "khanh-hoa").mkdir(parents=True)
    shutil.copy(whole / "warehouse.sqlite", home / "khanh-hoa")
    shutil.copytree(whole / "landing", home / "khanh-hoa" / "landing", copy_function=os.link)
    for name in ("counted", "reports"):  # tests alter them
        shutil.copytree(whole / name, home / "khanh-hoa" / name)
    monkeypatch.setenv("CCHC_HOME", str(home))
    monkeypatch.setenv("CCHC_NOW", khanh_hoa.now)
    monkeypatch.setenv("CCHC_PROVINCE", khanh_hoa.province)
    monkeypatch.setenv("CCHC_SYSTEMS", str(khanh_hoa.systems))
    monkeypatch.setenv("CCHC_PORTAL_URL", "http://testserver")
    return Settings()


def with_people(settings: Settings) -> House:
    """The house of that copy, with an account for each of PEOPLE."""
    found = House.of(settings)
    for login, (role, unit) in PEOPLE.items():
        accounts.add(
            found.engine,
            login=login,
            name=f"Người {login}",
            role=role,
            unit_code=unit,
            created_by="quan",
            must_change=False,
        )
    return found


@pytest.fixture
def settings(khanh_hoa: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return laid_out(khanh_hoa, tmp_path / "home", monkeypatch)


@pytest.fixture
def house(settings: Settings) -> House:
    return with_people(settings)


SignIn = Callable[[str], TestClient]
DOMAIN = "testserver.local"
"""Of the browser's cookies: the same that the portal's own answers lay and take away."""


@pytest.fixture
def sign_in(house: House) -> SignIn:
    return browsers(house)


def browsers(house: House) -> SignIn:
    """A browser in which that person is signed in; "" for nobody. Redirects are not followed."""
    app = create_app(house.settings)

    def browser(login: str = "") -> TestClient:
        client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
        if login:
            account = accounts.with_login(house.engine, login)
            assert account is not None
            lasts = PortalSettings().lasts
            secret = sessions.begin(house.engine, account.id, via="password", lasts=lasts)
            client.cookies.set(COOKIE, secret, domain=DOMAIN)
        return client

    return browser


def token_of(client: TestClient) -> dict[str, str]:
    """What a form of that browser carries beside its own fields."""
    return {"form_token": form_token(client.cookies[COOKIE])}
