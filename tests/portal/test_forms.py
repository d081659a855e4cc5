"""What a form may hold."""

from __future__ import annotations

import pytest

from portal.cookies import BEFORE
from portal.people import form_token
from tests.portal.conftest import SignIn

HALF, NUL = r"\ud800", r"\x00"
"""Half a pair and NUL, in the one encoding that has both: no text that could be kept, hashed or compared."""


@pytest.mark.parametrize("letter", [HALF, NUL])
@pytest.mark.parametrize("field", ["form_token", "login", "password", "den"])
def test_what_is_no_text_is_refused(sign_in: SignIn, field: str, letter: str) -> None:
    client = sign_in()
    client.get("/dang-nhap")
    fields = {"form_token": form_token(client.cookies[BEFORE]), "login": "lan", "password": "x", field: letter}
    parts = "".join(f'--b\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
    kind = "multipart/form-data; boundary=b; charset=unicode_escape"
    answer = client.post("/dang-nhap", content=f"{parts}--b--\r\n", headers={"content-type": kind})
    assert answer.status_code == 422
