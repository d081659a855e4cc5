"""The wrapper docs/deploy/cchc, run by the shell: which settings come through it, and in which folder it works."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.servers.proxy import DEPLOY

SETPRIV = """#!/bin/sh
while [ "$1" != -- ]; do shift; done
shift
exec env -i PATH="$PATH" AS=cchc "$@"
"""
SHOWN = """#!/bin/sh
echo "$PWD|${PREFECT_API_URL-none}|${CCHC_PARTITIONS-none}|${CCHC_NOW-none}|${CCHC_HOME-none}|$*"
"""


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The wrapper, where it finds another setpriv, account, program and settings."""
    program(tmp_path / "bin" / "setpriv", SETPRIV)
    program(tmp_path / "bin" / "id", "#!/bin/sh\necho ${AS-root}\n")
    program(tmp_path / "opt" / ".venv" / "bin" / "cchc", SHOWN)
    (tmp_path / "cchc.env").write_text("CCHC_HOME=/var/lib/cchc\nCCHC_PARTITIONS=pool\n")
    text = (DEPLOY / "cchc").read_text(encoding="utf-8")
    text = text.replace("/etc/cchc/cchc.env", f"{tmp_path}/cchc.env").replace("/opt/cchc", f"{tmp_path}/opt")
    program(tmp_path / "cchc", text)
    (tmp_path / "work").mkdir(mode=0o755)
    return tmp_path


def shown(machine: Path, folder: str, **typed: str) -> list[str]:
    environment = {"PATH": f"{machine}/bin:/usr/bin:/bin", **typed}
    done = subprocess.run(
        [machine / "cchc", "run", "hai từ"],
        cwd=machine / folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip().split("|")


def test_what_messages_tell_to_set_comes_through_and_nothing_else(machine: Path) -> None:
    api = "http://127.0.0.1:4200/api"
    given = shown(machine, "work", PREFECT_API_URL=api, CCHC_PARTITIONS="here", CCHC_NOW="2024-12-16", CCHC_HOME="/tmp")
    assert given == [str(machine / "work"), api, "here", "none", "/var/lib/cchc", "run hai từ"]
    assert shown(machine, "work")[1:4] == ["none", "pool", "none"]


def test_files_are_named_from_where_one_stands(machine: Path) -> None:
    """But not where anybody may lay a .env, which Prefect would read."""
    assert shown(machine, "work")[0] == str(machine / "work")
    (machine / "work").chmod(0o1777)
    assert shown(machine, "work")[0] == str(machine / "opt")
