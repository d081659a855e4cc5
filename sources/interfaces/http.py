"""Asking an interface over HTTP, one request at a time: patient with what passes by itself, firm with what does not.

Nothing of an answer, of an address's parameters or of a secret goes into an error or a log.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any

import httpx
import stamina

from contracts.rest_spec import RestConnection
from contracts.secrets import Secret
from sources.interfaces.http_auth import Auth, Refusal, auth_of

ATTEMPTS = 5
LONGEST_WAIT = 300.0
"""Seconds; a server that asks for more patience than this is down for today."""

PASSING = frozenset({429, 502, 503, 504})
"""Answers that say: later."""

_TIMEOUTS_AN_ANSWER = 10  # an answer that drips never exceeds the time-out between two of its pieces
_MEGABYTE = 1_000_000

for _name in ("httpx", "httpcore", "stamina"):  # they would log addresses with their parameters, and heads
    logging.getLogger(_name).setLevel(logging.ERROR)
stamina.instrumentation.set_on_retry_hooks([])  # it would tell the operator's terminal of each wait, in English

sleep = time.sleep


class Fault(Enum):
    UNANSWERED = auto()  # no answer, or none that is whole
    REFUSED = auto()  # who asks is not let in
    WRONG = auto()  # what is asked for is not there


class HttpFault(Exception):
    """cause: one Vietnamese clause. passes: another try in a moment may succeed, after `wait` seconds where the server
    named them. status: of the answer, 0 where there was none."""

    def __init__(
        self, cause: str, fault: Fault, *, status: int = 0, passes: bool = False, wait: float | None = None
    ) -> None:
        super().__init__(cause)
        self.cause, self.fault, self.status, self.passes, self.wait = cause, fault, status, passes, wait


@dataclass(frozen=True)
class Answer:
    """content: as it came, decompressed. next_link: of the Link head, empty without one."""

    content: bytes
    url: str
    status: int
    next_link: str


class HttpClient:
    """One interface, its credentials and its pace. passing: statuses after which it is asked again."""

    def __init__(
        self,
        address: str,
        connection: RestConnection,
        *,
        secret: Secret,
        timeout: float,
        ca_file: Path | None = None,
        passing: frozenset[int] = PASSING,
    ) -> None:
        self._settings, self._timeout, self._passing = connection, timeout, passing
        self._auth: Auth = auth_of(connection, secret, self._token)
        self._client = httpx.Client(
            verify=_trust(ca_file),
            timeout=timeout,
            follow_redirects=False,
            headers={"Accept": "application/json", "User-Agent": "cchc"},
            trust_env=address.startswith("https:"),  # through a proxy only what it cannot read
            limits=httpx.Limits(max_connections=1),
        )
        self._free_from = 0.0

    def close(self) -> None:
        self._client.close()

    def ask(
        self, method: str, url: str, *, params: Mapping[str, str] | None = None, body: dict[str, Any] | None = None
    ) -> Answer:
        """The whole answer. Raises HttpFault, after some patience where that may help."""
        for attempt in stamina.retry_context(
            _worth_waiting, attempts=ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=30.0, wait_jitter=1.0
        ):
            with attempt:
                return self._let_in(method, url, {"params": params or None, "json": body})
        raise AssertionError("the last attempt returns or raises")

    def _let_in(self, method: str, url: str, content: dict[str, Any]) -> Answer:
        """A token that the server no longer takes is renewed once."""
        try:
            return self._send(method, url, content, self._heads())
        except HttpFault as fault:
            if fault.status != 401 or not self._auth.forget():
                raise
        return self._send(method, url, content, self._heads())

    def _heads(self) -> dict[str, str]:
        try:
            return self._auth.heads()
        except Refusal as refusal:
            raise HttpFault(str(refusal), Fault.REFUSED) from None

    def _token(self, form: dict[str, str], heads: dict[str, str]) -> bytes:
        try:
            return self._send("POST", self._settings.token_url, {"data": form}, heads).content
        except HttpFault as fault:
            if fault.status in {400, 401, 403}:
                raise Refusal("máy chủ cấp mã truy cập từ chối client_id, client_secret") from None
            raise HttpFault(f"máy chủ cấp mã truy cập: {fault.cause}", fault.fault, passes=fault.passes) from None

    def _send(self, method: str, url: str, content: dict[str, Any], heads: dict[str, str]) -> Answer:
        if (pause := self._free_from - time.monotonic()) > 0:
            sleep(pause)
        request = self._client.build_request(method, url, headers=heads, **content)
        try:
            with closing(self._client.send(request, stream=True)) as response:
                self._check(response)
                body = self._body(response)
                link = response.links.get("next", {}).get("url", "")
                return Answer(body, str(response.url), response.status_code, link)
        except httpx.HTTPError as error:
            raise self._told(error) from None
        finally:
            self._free_from = time.monotonic() + self._settings.pause_seconds

    def _body(self, response: httpx.Response) -> bytes:
        """All of it, unless it is absurdly long, or takes absurdly long."""
        body = bytearray()
        deadline = time.monotonic() + _TIMEOUTS_AN_ANSWER * self._timeout
        for piece in response.iter_bytes():
            body += piece
            if len(body) > self._settings.largest_megabytes * _MEGABYTE:
                cause = f"một bản trả lời lớn hơn {self._settings.largest_megabytes} MB, không đọc hết"
                raise HttpFault(cause, Fault.WRONG)
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("")
        return bytes(body)

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if response.is_success:
            return
        if response.has_redirect_location or 300 <= status < 400:
            raise HttpFault(f"máy chủ chuyển sang địa chỉ khác (HTTP {status}), không đi theo", Fault.WRONG)
        if status in {401, 403}:
            raise HttpFault(f"máy chủ không cho vào (HTTP {status})", Fault.REFUSED, status=status)
        if status in PASSING or status >= 500:
            raise self._later(response)
        raise HttpFault(f"máy chủ không nhận câu hỏi này (HTTP {status})", Fault.WRONG, status=status)

    def _later(self, response: httpx.Response) -> HttpFault:
        status, wait = response.status_code, _asked_to_wait(response)
        said = "máy chủ báo có quá nhiều yêu cầu" if status == 429 else "máy chủ báo lỗi"
        cause = f"{said} (HTTP {status})" + (f", yêu cầu chờ {wait:.0f} giây" if wait else "")
        passes = status in self._passing and (wait or 0) <= LONGEST_WAIT
        return HttpFault(cause, Fault.UNANSWERED, status=status, passes=passes, wait=wait)

    def _told(self, error: httpx.HTTPError) -> HttpFault:
        if _is_untrusted(error):
            cause = "chứng chỉ TLS của máy chủ không được tin cậy, hết hạn, hoặc không đúng tên máy"
            return HttpFault(cause, Fault.UNANSWERED)
        if isinstance(error, httpx.TimeoutException):
            cause = f"hết thời gian chờ {self._timeout:g} giây"
        elif isinstance(error, httpx.ConnectError | httpx.ProxyError):
            cause = "không kết nối được tới máy chủ"
        else:
            cause = "kết nối bị đứt giữa chừng, bản trả lời không trọn vẹn"
        return HttpFault(cause, Fault.UNANSWERED, passes=not isinstance(error, httpx.UnsupportedProtocol))


def joined(link: str, *, seen_at: str, server: str) -> str:
    """The whole address of a link that stands in the answer from `seen_at`. Raises ValueError where it leads to another
    machine, port or scheme than `server`, or holds a name."""
    try:
        url, home = httpx.URL(seen_at).join(link), httpx.URL(server)
    except (httpx.InvalidURL, ValueError):
        raise ValueError("no address") from None
    if (url.scheme, url.host, url.port) != (home.scheme, home.host, home.port) or url.userinfo:
        raise ValueError("another server")
    return str(url)


def _worth_waiting(error: Exception) -> bool | float:
    if not isinstance(error, HttpFault) or not error.passes:
        return False
    return True if error.wait is None else error.wait


def _asked_to_wait(response: httpx.Response) -> float | None:
    """Seconds of the Retry-After head, which holds seconds or a date; none where it holds neither."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    """The authorities of that file alone, or else those of this machine."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError):
        raise HttpFault(f"không đọc được tệp chứng chỉ ca_file «{ca_file}»", Fault.WRONG) from None


def _is_untrusted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
