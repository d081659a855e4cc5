"""The province's provider of single sign-on (OpenID Connect): where it sends people, and who it says has come.

Authlib speaks the protocol and checks the ID token: signature, issuer, audience, expiry and nonce. Here is what it
leaves to its user: an answer of the provider that is none, which keys may sign, and how a person is called.
"""

from __future__ import annotations

import hmac
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.base_client.sync_app import BaseApp, OAuth2Mixin  # type: ignore[import-untyped]
from authlib.integrations.base_client.sync_openid import OpenIDMixin  # type: ignore[import-untyped]
from joserfc.errors import JoseError

from contracts.portal_settings import SingleSignOn, secure
from portal.refusals import Refusal

with warnings.catch_warnings():  # Authlib would rather have another client than httpx, which all else here uses
    warnings.simplefilter("ignore", DeprecationWarning)
    from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]

SECONDS = 5.0
"""How long the provider is waited for: somebody sits before the page."""
KNOWN_FOR = 3600.0
"""Seconds after which the provider's own description is read again."""
SILENT_FOR = 5.0
"""Seconds for which a provider that could not be read is not asked again."""
LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that only the provider can make. Not among them: none, and those made with a secret that we have, too."""
_DESCRIBED = (
    "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint",
    "id_token_signing_alg_values_supported", "token_endpoint_auth_methods_supported",
    "authorization_response_iss_parameter_supported",
)  # fmt: skip
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderSilent(Refusal):
    """No answer, or none that can be read: nobody's fault who sits before the page."""

    status = 503
    title = "Hệ thống đăng nhập dùng chung của tỉnh hiện không trả lời"
    advice = (
        "Thử lại sau vài phút; nếu vẫn vậy, báo người vận hành. Tài khoản có mật khẩu riêng của cổng này vẫn đăng nhập "
        "được ở trang đăng nhập."
    )


class NotAccepted(Refusal):
    """What came back proves nothing. why: for the audit trail, in a few words that hold nothing secret."""

    status = 403
    title = "Chưa đăng nhập được"
    advice = "Lượt đăng nhập đã cũ, đã dùng rồi hoặc không hợp lệ. Mở lại trang đăng nhập và làm lại từ đầu."

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


@dataclass(frozen=True)
class Begun:
    """A sign-in that is under way. address: to which the browser goes; the rest must come back, or is kept from all but
    that browser."""

    address: str
    state: str
    nonce: str
    code_verifier: str


@dataclass(frozen=True)
class Comer:
    """Who has come, as the provider says. subject: of the issuer, for ever; login: what an account may be found by the
    first time, "" where the provider does not vouch for it."""

    issuer: str
    subject: str
    login: str


class _Client(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]  # Authlib has no types
    client_cls = OAuth2Client


class Provider:
    """One for the whole application; used by several threads at once."""

    def __init__(self, said: SingleSignOn, *, client_secret: str, redirect_uri: str, after_logout: str) -> None:
        self._said = said
        self._secret = client_secret
        self._redirect_uri = redirect_uri
        self._after_logout = after_logout
        self._known: tuple[float, _Client] | None = None
        self._silent_until = 0.0

    def begin(self) -> Begun:
        """Raises ProviderSilent."""
        with _told():
            made = self._client().create_authorization_url(self._redirect_uri)
        return Begun(made["url"], made["state"], made["nonce"], made["code_verifier"])

    def finish(self, begun: Mapping[str, str], answer: Mapping[str, str]) -> Comer:
        """Who came back. begun: state, nonce and code_verifier of the browser's sign-in; answer: what the browser
        brought. Raises NotAccepted, ProviderSilent."""
        if not hmac.compare_digest(begun["state"].encode(), answer.get("state", "").encode()):
            raise NotAccepted("sai trạng thái")
        if "error" in answer:
            raise NotAccepted(f"máy chủ đăng nhập từ chối: {_word(answer['error'])}")
        with _told():
            client = self._client()
            self._check_sender(client, answer)
            token = client.fetch_access_token(
                self._redirect_uri, code=answer.get("code", ""), code_verifier=begun["code_verifier"]
            )
            return self._comer(client, token, begun["nonce"])

    def farewell(self) -> str | None:
        """Where the browser goes so that the person is signed out there, too; None where the provider has no such place
        or does not answer. No ID token is sent along, as none is kept: the provider asks the person."""
        try:
            with _told():
                client = self._client()
                if not client.load_server_metadata().get("end_session_endpoint"):
                    return None
                made = client.create_logout_url(self._after_logout, client_id=self._said.client_id)
                return str(made["url"])
        except ProviderSilent:
            return None

    def _client(self) -> _Client:
        """The library's, with the provider's description. Nobody waits for another one's reading of it; after one in
        vain nobody else waits for a while, so that a silent provider does not take all threads of the portal."""
        now = time.monotonic()
        if self._known and now - self._known[0] < KNOWN_FOR:
            return self._known[1]
        if now < self._silent_until:
            raise ProviderSilent
        try:
            client = self._described()
        except Exception:
            self._silent_until = time.monotonic() + SILENT_FOR
            raise
        self._known = (now, client)
        return client

    def _described(self) -> _Client:
        client = _Client(
            None,
            name="oidc",
            client_id=self._said.client_id,
            client_secret=self._secret,
            server_metadata_url=f"{self._said.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_auth_methods=[("client_secret_basic", _basic)],
            client_kwargs={"scope": self._said.scope, "code_challenge_method": "S256", "timeout": SECONDS},
        )
        said = client.load_server_metadata()
        client.server_metadata = {name: said[name] for name in ("_loaded_at", *_DESCRIBED) if name in said}
        self._check_description(client.server_metadata)
        if "client_secret_basic" not in said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            client.client_kwargs["token_endpoint_auth_method"] = "client_secret_post"  # noqa: S105  the way's name
        return client

    def _check_description(self, said: dict[str, Any]) -> None:
        """Raises ValueError where it is another issuer's, or leads where what is sent can be read."""
        if said.get("issuer") != self._said.issuer:
            raise ValueError("issuer")
        if not all(name in said for name in _NEEDED) or not all(
            secure(str(said[name])) for name in said if name.endswith(("_endpoint", "_uri"))
        ):
            raise ValueError("endpoint")
        algorithms = said.get("id_token_signing_alg_values_supported") or ["RS256"]
        said["id_token_signing_alg_values_supported"] = [name for name in algorithms if name in SIGNED_BY]

    def _check_sender(self, client: _Client, answer: Mapping[str, str]) -> None:
        """RFC 9207: a provider that names itself in its answers is not taken for another one."""
        names_itself = client.server_metadata.get("authorization_response_iss_parameter_supported")
        if (names_itself or "iss" in answer) and answer.get("iss") != self._said.issuer:
            raise NotAccepted("câu trả lời của máy chủ khác")

    def _comer(self, client: _Client, token: dict[str, Any], nonce: str) -> Comer:
        wanted = {
            "iss": {"essential": True, "value": self._said.issuer},
            "aud": {"essential": True, "value": self._said.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        claims = client.parse_id_token(token, nonce, claims_options=wanted, leeway=LEEWAY)
        if claims is None:
            raise NotAccepted("không có thẻ định danh")
        subject = str(claims["sub"])
        return Comer(self._said.issuer, subject, self._login(client, token, claims, subject))

    def _login(self, client: _Client, token: dict[str, Any], claims: Mapping[str, Any], subject: str) -> str:
        """From the ID token, or from the user information where the provider tells it only there."""
        if self._said.login_claim not in claims and "userinfo_endpoint" in client.server_metadata:
            more = client.userinfo(token=token)
            if more.get("sub") != subject:
                raise NotAccepted("thông tin của người khác")
            claims = {**more, **claims}
        login, trusted = claims.get(self._said.login_claim), self._said.trusted_claim
        if not isinstance(login, str) or (trusted and claims.get(trusted) is not True):
            return ""
        return login.strip()


def _basic(client: Any, _method: str, uri: str, headers: dict[str, str], body: str) -> tuple[str, dict[str, str], str]:
    """RFC 6749 §2.3.1: both parts are quoted before they are joined, which Authlib leaves out."""
    name, secret = quote(client.client_id, safe=""), quote(client.client_secret, safe="")
    headers["Authorization"] = httpx.BasicAuth(name, secret)._auth_header
    return uri, headers, body


@contextmanager
def _told() -> Iterator[None]:
    """What a provider can do wrong, as a page for whoever waits."""
    try:
        yield
    except Refusal:
        raise
    except JoseError as error:
        raise NotAccepted(f"thẻ định danh không hợp lệ: {type(error).__name__}") from None
    except AuthlibBaseError as error:
        raise NotAccepted(f"máy chủ đăng nhập không nhận: {_word(error.error)}") from None
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise ProviderSilent from error


def _word(said: object) -> str:
    """An error's short name as the protocol has it; whoever calls may have written anything there."""
    text = str(said)[:60]
    return text if text.replace("_", "").isalnum() else "?"
