"""An S3 store through fsspec, at the endpoint and with the keys that it is given: nothing is taken from the machine's
own AWS set-up, and nobody else is asked for keys."""

from __future__ import annotations

import os
from typing import Any

from aiobotocore.session import AioSession
from aiohttp import ClientError as HttpError
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError
from s3fs import S3FileSystem

from contracts.secrets import Secret

NO_BUCKET = "NoSuchBucket"
CLOCKS_APART = "RequestTimeTooSkewed"
WRONG_KEYS = frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "403"})
CHANGED = frozenset({"PreconditionFailed", "412"})
LATE = (ConnectTimeoutError, ReadTimeoutError)
CUT = (BotoCoreError, HttpError)
"""No connection, or it was broken off. LATE are some of them."""
ANSWERED = (ClientError, OSError)
"""The store answers, but not what was asked for: see `code_of`."""
_FURTHER_TRIES = 1
TRIES = (1 + _FURTHER_TRIES) ** 2
"""botocore's, each of s3fs's. When something is put, aiohttp waits without end for a store that takes the connection
and says nothing, whatever is set for reading: whoever puts limits the whole call."""


def s3_system(keys: Secret, *, endpoint: str, region: str | None, verify: bool | str, seconds: float) -> S3FileSystem:
    """verify: whether the endpoint's certificate is checked, or the file of its authority. seconds: waited for an
    answer, once more after the first time."""
    system = S3FileSystem(
        key=keys.text("access_key") or None,
        secret=keys.text("secret_key") or None,
        anon=not keys.text("access_key"),
        endpoint_url=endpoint,
        client_kwargs={"region_name": region or "us-east-1", "verify": verify},
        config_kwargs=_patience(seconds),
        session=AioSession(session_vars=_nothing_of_this_machine()),
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    system.retries = 1 + _FURTHER_TRIES
    return system


def close(system: S3FileSystem) -> None:
    """s3fs itself does so at garbage collection only."""
    if system._s3 is not None:
        system.close_session(system.loop, system._s3)


def code_of(error: BaseException) -> str:
    """S3's own name of the error, "" where it has none; s3fs keeps it in the cause."""
    for one in (error, error.__cause__, error.__context__):
        if isinstance(one, ClientError):
            return str(one.response.get("Error", {}).get("Code", ""))
    return ""


def _patience(seconds: float) -> dict[str, Any]:
    tries = {"total_max_attempts": 1 + _FURTHER_TRIES, "mode": "standard"}
    # A proxy of the machine's environment would see what is read.
    return {"connect_timeout": seconds, "read_timeout": seconds, "retries": tries, "proxies": {}}


def _nothing_of_this_machine() -> dict[str, tuple[Any, ...]]:
    """Every setting of the AWS client at its default, whatever environment and ~/.aws say."""
    files = {"config_file": os.devnull, "credentials_file": os.devnull}
    return {
        name: (None, None, files.get(name, default), conversion)
        for name, (_, _, default, conversion) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
    }
