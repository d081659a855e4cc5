"""Servers of tests are processes of their own, on loopback, that end with the tests even where those are killed."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

START_SECONDS = 180
UNPRIVILEGED = "postgres"
"""Database servers do not run as root; where the tests do, they are this user of Debian's PostgreSQL."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def give_to_unprivileged(folder: Path) -> str:
    """Database servers do not run as root: then the unprivileged user has the folder. Returns the user's name."""
    if os.getuid() != 0:
        return getpass.getuser()
    shutil.chown(folder, UNPRIVILEGED, UNPRIVILEGED)
    return UNPRIVILEGED


def command(program: Sequence[object], *, stop: str = "INT") -> list[str]:
    """The server stops with the tests even where they are killed: its parent's death is its signal to stop. stop: the
    signal; one that the server itself does not handle may be ignored where the tests run in the background."""
    unprivileged = [f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--init-groups"] if os.getuid() == 0 else []
    return ["setpriv", f"--pdeathsig={stop}", *unprivileged, *map(str, program)]


def run(program: Sequence[object]) -> None:
    done = subprocess.run(command(program), cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{program[0]}: {done.stderr}", pytrace=False)
