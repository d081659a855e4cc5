"""Each import contract bites: a violation, planted in a copy of the sources, breaks it and is named."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = (
    "cli", "portal", "flows", "reporting", "sources", "expectations", "transforms", "warehouse", "storage",
    "contracts", "demo",
)  # fmt: skip
LAYERS = "Imports go down only"

VIOLATIONS = [
    ("contracts/codes.py", "import transforms.state", LAYERS),
    ("sources/reader.py", "import warehouse.ledger", LAYERS),
    ("transforms/state.py", "import expectations", LAYERS),
    ("warehouse/read.py", "import reporting.formats", LAYERS),
    ("storage/finished.py", "import warehouse.ledger", LAYERS),
    ("contracts/home.py", "import storage.finished", LAYERS),
    ("demo/world.py", "import storage.finished", "The simulated systems share only the vocabulary"),
    ("reporting/formats.py", "import flows.plan", LAYERS),
    ("flows/plan.py", "import cli.console", LAYERS),
    ("demo/world.py", "import transforms.state", "The simulated systems share only the vocabulary"),
    ("warehouse/read.py", "import prefect", "Prefect is imported in flows alone"),
    ("flows/plan.py", "import great_expectations", "Great Expectations is imported in expectations alone"),
    ("flows/plan.py", "import portal.people", LAYERS),
    ("portal/people.py", "import cli.console", LAYERS),
    ("portal/people.py", "import prefect", "Prefect is imported in flows alone"),
    ("flows/plan.py", "import fastapi", "FastAPI is imported in portal alone"),
    ("reporting/formats.py", "import pyhanko", "pyHanko is imported in reporting.signed alone"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([command, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(REPOSITORY / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("file", "line", "contract"), VIOLATIONS)
def test_a_planted_violation_breaks_its_contract(copy: Path, file: str, line: str, contract: str) -> None:
    path = copy / file
    path.write_text(f"{path.read_text()}\n{line}\n")
    done = lint(copy)
    assert done.returncode == 1
    broken = [said for said in done.stdout.splitlines() if "BROKEN" in said]
    assert any(contract in said for said in broken), done.stdout


def test_the_copy_without_a_violation_keeps_all_contracts(copy: Path) -> None:
    assert lint(copy).returncode == 0
