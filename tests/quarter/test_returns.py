"""cchc returns as an operator uses it, and the report that follows from it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from contracts.return_form import CoverRow
from tests.quarter.command import Office
from tests.reporting.pdf import sheets
from tests.returns.filling import fill


def test_from_the_form_to_the_report(two_already_run_alone: Office, tmp_path: Path) -> None:
    run = two_already_run_alone
    run.cchc("returns", "template", "2024Q4", "--unit", "H32.37", "--unit", "H32.38", "--out", str(tmp_path / "phieu"))
    first, second = sorted((tmp_path / "phieu" / "2024Q4").iterdir())
    made = {CoverRow.PREPARED_ON: datetime(2024, 12, 16)}
    fill(first, {"staff_quota_before": 2108, "staff_quota": 2076}, cover=made)
    fill(second, {"staff_quota": "2.076"}, cover=made)
    done = run.cchc("returns", "add", str(first.parent), expect=4)
    assert "NHẬN" in done.stdout and "TRẢ LẠI" in done.stdout and "4. Chế độ công vụ!G7" in done.stdout

    listed = {row["unit"]: row for row in json.loads(run.cchc("returns", "list", "2024Q4", "--json").stdout)}
    assert (listed["H32.37"]["filled"], listed["H32.38"]["received_at"]) == (2, None)
    shown = json.loads(run.cchc("returns", "show", "2024Q4", "--unit", "H32.37", "--json").stdout)
    assert {a["indicator"]: a["numerator"] for a in shown["answers"] if a["state"] == "given"} == {
        "staff_quota_before": 2108,
        "staff_quota": 2076,
    }

    before = run.report("2024Q4")
    run.cchc("report", "2024Q4")
    with_returns = run.report("2024Q4")
    assert with_returns["version"] == before["version"] + 1, "a return makes a new version of the report"
    assert "giảm 32" in text_of(with_returns["path"])

    fill(first, {"staff_quota": 2070})
    run.cchc("returns", "add", str(first))
    (change,) = json.loads(run.cchc("returns", "changes", "2024Q4", "--json").stdout)
    assert (change["indicator"], change["old"], change["new"], change["number"]) == ("staff_quota", "2.076", "2.070", 2)
    run.cchc("report", "2024Q4")
    assert run.report("2024Q4")["version"] == with_returns["version"] + 1
    assert "giảm 38" in text_of(run.report("2024Q4")["path"])


def text_of(path: str) -> str:
    return " ".join(sheet.text for sheet in sheets(Path(path)))
