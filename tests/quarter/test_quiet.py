"""Nothing phones home: a whole run, Prefect's server and its children looks up local names alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.quarter.command import Office

SPY = """
import os, socket
_real = socket.getaddrinfo
def _noted(host, *rest, **more):
    with open(os.environ["LOOKED_UP"], "a") as file:
        file.write(f"{host!r}\\n")
    return _real(host, *rest, **more)
socket.getaddrinfo = _noted
_connect = socket.socket.connect
def _noted_connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        with open(os.environ["LOOKED_UP"], "a") as file:
            file.write(f"{address[0]!r}\\n")
    return _connect(self, address)
socket.socket.connect = _noted_connect
"""
LOCAL = {"'127.0.0.1'", "'localhost'", "'::1'", "b'127.0.0.1'", "b'localhost'", "None", "'0.0.0.0'"}


def test_a_whole_run_looks_up_no_outside_name(two_sources: Office, tmp_path: Path) -> None:
    spy = tmp_path / "spy"
    spy.mkdir()
    (spy / "sitecustomize.py").write_text(SPY)
    names = tmp_path / "names.txt"
    watched = replace(two_sources, settings=two_sources.settings | {"PYTHONPATH": str(spy), "LOOKED_UP": str(names)})
    watched.cchc("run", "2024Q4")
    asked = set(names.read_text().splitlines())
    assert asked, "the spy saw nothing: Prefect's own server must have been asked"
    assert asked <= LOCAL
