"""What runs on this machine is never asked through a proxy of the office, which could not reach it."""

import os

_HERE = "127.0.0.1,localhost"


def never_by_proxy() -> None:
    """In this process and those that it begins: Prefect's client takes a proxy of the environment for any address."""
    for name in ("no_proxy", "NO_PROXY"):
        known = os.environ.get(name, "")
        if known != "*" and not known.endswith(_HERE):
            os.environ[name] = f"{known},{_HERE}" if known else _HERE
