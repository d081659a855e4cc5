"""Style sheet and script: asked for once, and again only when they are others."""

from __future__ import annotations

import re

from portal.static_files import FOLDER
from tests.portal.conftest import SignIn

MAX_BYTES = 40_000
"""Of all of them together, before they are compressed: an old office line loads them in a second."""


def test_a_page_asks_for_files_by_what_they_hold_and_they_are_kept_for_a_year(sign_in: SignIn) -> None:
    nobody = sign_in("")
    asked = re.findall(r'"(/tinh/[^"]+)"', nobody.get("/dang-nhap").text)
    assert {address.split("?")[0] for address in asked} == {f"/tinh/{path.name}" for path in FOLDER.iterdir()}
    for address in asked:
        assert nobody.get(address).headers["cache-control"] == "public, max-age=31536000, immutable", address
        before = nobody.get(address[:-1] + ("0" if address[-1] != "0" else "1"))
        assert (before.status_code, before.headers["cache-control"]) == (200, "no-cache")
        assert nobody.get(address, headers={"If-None-Match": before.headers["etag"]}).status_code == 304


def test_together_they_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MAX_BYTES
