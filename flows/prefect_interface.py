"""Prefect's server over its interface, without Prefect itself: whoever looks whether it does its work must not need it,
and what a person does at night takes a second and not ten."""

from __future__ import annotations

import re
import time
from typing import Any

import httpx

from contracts.errors import MachineError

ANSWERS_WITHIN = httpx.Timeout(30.0, connect=5.0)
"""One that is just writing much lets others wait for its file, ten seconds at a time."""
FAILS_FOR = 30.0
"""Seconds for which one that fails is asked again: others had its file for longer than it waits itself."""
_ASK_EVERY = 1.0
_RAISED = re.compile(r"^Flow run encountered an exception: \w+: ")


class PrefectInterface(httpx.Client):
    """Of the server at that address: http://127.0.0.1:4200. Raises MachineError where it does not answer."""

    def __init__(self, address: str) -> None:
        super().__init__(base_url=f"{address}/api", timeout=ANSWERS_WITHIN, trust_env=False)
        self._address = address

    def request(self, *words: Any, **more: Any) -> httpx.Response:
        """What is asked may be asked twice: whoever makes something gives it a key of its own."""
        ends = time.monotonic() + FAILS_FOR
        try:
            while (answer := super().request(*words, **more)).is_server_error and time.monotonic() < ends:
                time.sleep(_ASK_EVERY)
            return answer.raise_for_status()
        except httpx.HTTPError as error:
            if _is_there(error):
                raise MachineError(
                    f"máy chủ Prefect ({self._address}) đang bận hoặc báo lỗi, chưa làm được việc này",
                    advice="làm lại sau một phút; vẫn vậy thì xem: systemctl status cchc",
                ) from None
            raise MachineError(
                f"máy chủ Prefect ({self._address}) không trả lời",
                advice="mở bằng: systemctl start cchc, hoặc cchc up; cổng khác thì thêm --prefect-port",
            ) from None

    def find(self, path: str, **wanted: Any) -> list[dict[str, Any]]:
        """What a filter finds, as the server has it."""
        found: list[dict[str, Any]] = self.post(path, json=wanted).json()
        return found


def _is_there(error: httpx.HTTPError) -> bool:
    """Whether Prefect's server is at that address; whoever does not know what was asked is another program."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.is_server_error
    return isinstance(error, httpx.ReadTimeout)


def of_error(message: str) -> str:
    """What a run says that ended with an error of ours: its own words alone."""
    return _RAISED.sub("", message)
