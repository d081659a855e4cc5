"""A sign-in that went off to the provider, kept in a signed cookie of that browser: what comes back must fit it.
Whoever makes a browser open the way back from elsewhere has no such cookie."""

from __future__ import annotations

import hashlib

from fastapi import Request
from fastapi.responses import Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal import cookies
from portal.oidc_provider import Begun, NotAccepted

AWAY = "cchc-mot-lan"
LASTS = 600
"""Seconds: time enough to find a password and a second factor."""


class BegunSignIns:
    """secret: of this portal alone; any process of it reads what another one signed."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(
            secret, salt=AWAY, signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
        )

    def keep(self, answer: Response, request: Request, begun: Begun, wanted: str) -> None:
        """wanted: the page to go to afterwards, one of ours."""
        kept = {"state": begun.state, "nonce": begun.nonce, "code_verifier": begun.code_verifier, "wanted": wanted}
        signed = str(self._signer.dumps(kept))
        answer.set_cookie(cookies.called(AWAY, request), signed, max_age=LASTS, **cookies.rules(request))

    def read(self, request: Request) -> dict[str, str]:
        """state, nonce, code_verifier and wanted. Raises NotAccepted where there is none, or an old one, or one that is
        not ours."""
        try:
            found: dict[str, str] = self._signer.loads(cookies.read(request, AWAY) or "", max_age=LASTS)
        except BadSignature:
            raise NotAccepted("không có lượt đăng nhập đang chờ") from None
        return found

    def forget(self, answer: Response, request: Request) -> None:
        cookies.take_away(answer, request, AWAY)
