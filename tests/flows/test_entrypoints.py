"""What Prefect does to find a flow of prefect.yaml changes nothing for the libraries that the flow imports later."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml  # type: ignore[import-untyped]

from contracts.settings import REPOSITORY

LOADED = """
import sys
import flows
from prefect.flows import load_flow_from_entrypoint
for entrypoint in sys.argv[1:]:
    load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)
import requests.adapters
print(requests.__file__)
"""


def test_a_module_of_ours_hides_no_library(tmp_path: Path) -> None:
    """Loaded by the path of its file, a flow has its folder searched first: flows/requests.py stood for requests, and
    every dossier check of a scheduled run failed."""
    said = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text(encoding="utf-8"))
    entrypoints = [one["entrypoint"] for one in said["deployments"]]
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *entrypoints],
        cwd=REPOSITORY,
        env={"CCHC_HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "site-packages/requests" in done.stdout, done.stderr[-2000:]
