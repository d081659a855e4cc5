"""A secret may lie in a Prefect block; nothing asks Prefect that need not, and no value gets out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.errors import CchcError, SecretError, SourceDrift, SourceNotNow, SourceNotReceived, SourceUnreachable
from flows.one_source import worth_a_retry
from tests.quarter.command import REPOSITORY

IN_BLOCKS = """
import flows
from contracts.errors import SecretError
from contracts.secrets import secret
from flows.server import temporary_server
from prefect.blocks.system import Secret
from prefect.settings import PREFECT_API_URL, temporary_settings

with temporary_server() as server:
    try:
        secret("khong-co")
    except SecretError as error:
        print("without a lasting server:", error.cause)
    as_if_lasting = server.api.replace("127.0.0.1", "localhost")
    with temporary_settings({PREFECT_API_URL: as_if_lasting}):
        Secret(value="canary-1").save("mot-cua")
        Secret(value='{"user": "doc", "password": "canary-2"}').save("cong-1")
        Secret(value={"token": "canary-3"}).save("co-token")
        for name in ("mot_cua", "cong.1", "co-token"):
            found = secret(name)
            print(name, found)
            print({part: found.text(part)[-1:] for part in ("user", "password", "token") if found.text(part)})
        try:
            secret("khong-co")
        except SecretError as error:
            print(error.cause)
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:1/api"}):
        try:
            secret("mot-cua")
        except SecretError as error:
            print(error.cause)
"""


def python(code: str, home: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "CCHC_SECRET"))}
    environment |= {"CCHC_HOME": str(home), "CCHC_SECRETS": str(home / "secrets"), "PREFECT_CLIENT_MAX_RETRIES": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_blocks_of_a_real_server_are_asked_by_name(tmp_path: Path) -> None:
    said = python(IN_BLOCKS, tmp_path)
    lines = said.splitlines()
    assert lines[0] == "without a lasting server: chưa có bí mật «khong-co»"
    assert [line for line in lines if line.startswith("{")] == [
        "{'password': '1'}",
        "{'user': 'c', 'password': '2'}",
        "{'token': '3'}",
    ]
    assert lines[-2] == "chưa có bí mật «khong-co»"
    assert lines[-1].startswith("không hỏi được Prefect về bí mật «mot-cua»")
    assert "canary" not in said


ASK_NOTHING = """
import sys, os
import flows
from contracts.secrets import secret
os.environ["CCHC_SECRET_MOT_CUA_PASSWORD"] = "x"
secret("mot-cua"), secret("")
print("prefect" in sys.modules)
"""


def test_prefect_is_not_even_imported_for_a_secret_that_is_there(tmp_path: Path) -> None:
    assert python(ASK_NOTHING, tmp_path).strip() == "False"


class Ended:
    """The state of a task run that ended with that error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def result(self, *, raise_on_failure: bool) -> Exception:
        assert not raise_on_failure
        return self.error


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (SourceUnreachable("", source_id="a"), True),
        (SourceNotReceived("", source_id="a"), False),
        (SourceNotNow("", source_id="a"), False),
        (SourceDrift("", source_id="a"), False),
        (SecretError(""), False),
        (RuntimeError(), False),
    ],
)
def test_only_a_system_that_does_not_answer_is_asked_again(error: CchcError | RuntimeError, *, again: bool) -> None:
    assert worth_a_retry(None, None, Ended(error)) is again  # type: ignore[arg-type]
