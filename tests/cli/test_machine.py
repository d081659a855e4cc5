"""A machine that refuses is told to whoever keeps it; only what is left is a bug of ours."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import _say_bug
from contracts.errors import Exit, machine_error
from contracts.settings import REPOSITORY
from flows import trace

REFUSALS = """
errno  | said
ENOSPC | ổ đĩa đã đầy: var/landing
EROFS  | ổ đĩa chỉ cho đọc: var/landing
EACCES | tài khoản này không có quyền: var/landing
"""


@pytest.mark.parametrize("line", REFUSALS.strip().splitlines()[1:])
def test_a_refusal_of_the_machine_is_no_bug(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    name, said = (cell.strip() for cell in line.split("|"))
    number = getattr(errno, name)
    assert _say_bug(OSError(number, os.strerror(number), "var/landing")) is Exit.USAGE
    whole = said.replace("var/landing", f"{Path.cwd()}/var/landing")
    assert capsys.readouterr().err.startswith(f"LỖI: {whole}\nLàm gì tiếp: ")


def test_another_fault_of_the_system_is_ours() -> None:
    assert machine_error(IsADirectoryError(errno.EISDIR, "is a directory", "var")) is None


GONE = """
import threading
from cli import main
from contracts.errors import MachineError
from flows import server

def app(**options):
    threading.Thread(target=threading.Event().wait).start()
    server._gone.set()
    raise MachineError("máy chủ Prefect không trả lời nữa", advice="chạy lại")

main.app = app
main.main()
"""


def test_nobody_waits_for_what_is_still_to_be_told_to_a_server_that_is_gone() -> None:
    """A thread that tries for ever; without it the process would end, too."""
    done = subprocess.run(
        [sys.executable, "-c", GONE], cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (2, "LỖI: máy chủ Prefect không trả lời nữa\nLàm gì tiếp: chạy lại\n")


def test_a_bug_is_told_where_its_log_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    monkeypatch.setenv("CCHC_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(trace.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    assert _say_bug(ValueError("000.00.20.H32-241002-0001 Nguyễn Văn A")) is Exit.BUG
    (log,) = (tmp_path / "temporary").iterdir()
    said = capsys.readouterr().err
    assert str(log) in said.replace("\n", "")
    assert "Nguyễn" not in said + log.read_text()
    assert "H32" not in said + log.read_text()
