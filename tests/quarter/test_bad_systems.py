"""Systems as they should not be: each gives one clear message, its exit code, and leaves the others alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.quarter.command import Office

pytestmark = pytest.mark.xdist_group("khanh-hoa")


def not_a_database(systems: Path) -> None:
    (systems / "cam-lam.sqlite").write_bytes(b"this is no database" * 100)


def renamed_sheet(systems: Path) -> None:
    path = systems / "truong-sa" / "2024Q4.xlsx"
    book = openpyxl.load_workbook(path)
    book["Hồ sơ"].title = "Danh sách"
    book.save(path)


def workbook_not_sent(systems: Path) -> None:
    (systems / "truong-sa" / "2024Q4.xlsx").unlink()


def no_rights(systems: Path) -> None:
    path = systems / "cam-lam.sqlite"
    path.unlink()
    path.mkdir()  # refuses every reader, root too


@pytest.mark.parametrize(
    ("defect", "source", "state", "said"),
    [
        (not_a_database, "cam-lam", "failed", "không phải"),
        (no_rights, "cam-lam", "failed", "không mở được"),
        (renamed_sheet, "truong-sa", "failed", "Danh sách"),
        (workbook_not_sent, "truong-sa", "not_received", "chưa nhận được"),
    ],
)
def test_a_bad_system_is_told_and_the_others_go_on(
    copied: Office, defect: Callable[[Path], None], source: str, state: str, said: str
) -> None:
    defect(copied.systems / "khanh-hoa")
    done = copied.cchc("run", "2024Q4", expect=3)
    states = {s["id"]: s for s in copied.status("2024Q4")["sources"]}
    assert states[source]["state"] == state
    assert said in states[source]["error"]
    assert states[source]["error"].splitlines()[0] in done.stdout.replace("\n", " ") or source in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert {s["state"] for key, s in states.items() if key != source} == {"loaded"}
