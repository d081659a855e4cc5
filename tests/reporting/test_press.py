"""Printing processes that end before they have answered. Of a whole run: tests/chaos."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import MachineError
from reporting import press
from reporting.context import build_context
from reporting.sheet import Sheet
from tests.reporting import sample


def test_a_sheet_whose_press_is_killed_twice_is_told_as_the_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen

    def killed_at_once(*words: Any, **settings: Any) -> subprocess.Popen[bytes]:
        begun.append(begin(*words, **settings))
        begun[-1].kill()
        return begun[-1]

    sheet = Sheet(build_context(sample.report_input(), unit=None), tmp_path / "a.pdf")
    monkeypatch.setattr("os.cpu_count", lambda: 2)  # with one core a sheet is set without a press
    monkeypatch.setattr("subprocess.Popen", killed_at_once)
    with pytest.raises(MachineError) as told:
        list(press.print_all([sheet]))
    assert told.value.cause == "tiến trình in báo cáo bị hệ điều hành dừng (tín hiệu 9), thường vì thiếu bộ nhớ"
    assert told.value.advice == "giải phóng bộ nhớ rồi chạy lại, phần đã làm không mất"
    assert len(begun) == press.TRIES
    assert all(one.returncode == -9 for one in begun), "a process is left behind"
