"""What runs on this machine is never asked through a proxy of the office, which could not reach it."""

import os

_HERE = "127.0.0.1,localhost"


def never_by_proxy() -> None:
    """In this process and those that it begins: Prefect's client takes a proxy of the environment for any address."""
    known = os.environ.get("no_proxy") or os.environ.get("NO_PROXY", "")  # whoever reads them takes the former first
    if known != "*" and not known.endswith(_HERE):
        known = f"{known},{_HERE}" if known else _HERE
    os.environ.update(no_proxy=known, NO_PROXY=known)
