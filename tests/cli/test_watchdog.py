"""cchc watchdog, as a timer or a person calls it, on warehouses in which quarters were run for real."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from cli.up import port_of_prefect
from tests.quarter.command import REPOSITORY, Office
from tests.servers.process import free_port


def test_a_quarter_in_order_is_told_in_a_line(khanh_hoa: Office) -> None:
    told = khanh_hoa.cchc("watchdog").stdout
    assert "Quý IV năm 2024 (chốt 14/12/2024, hạn nộp 20/12/2024)" in told
    assert "đủ số liệu 10/10 nguồn" in told and "Các kỳ đều đúng hạn." in told
    assert "Chưa xem lịch của cchc up" in told, "it says what was not looked at"
    assert khanh_hoa.cchc("watchdog", "--quiet").stdout == ""
    assert "CẦN XỬ LÝ" not in khanh_hoa.cchc("status").stdout


def test_a_quarter_that_never_ran_is_told_with_the_command(khanh_hoa: Office) -> None:
    """Also by the line of cchc status, whichever period is looked at."""
    office = replace(khanh_hoa, now="2025-03-15T07:30:00+07:00")
    said = "CẦN XỬ LÝ: Quý I năm 2025 đáng lẽ đã chạy sáng 15/03/2025 nhưng chưa chạy."
    told = office.cchc("watchdog", "--quiet", expect=3).stdout
    assert f"{said}\n  Làm gì tiếp: cchc run 2025Q1\n" in told
    assert f"{said} → cchc run 2025Q1\n" in office.cchc("status", "2024Q4").stdout


def test_a_source_that_is_missing_on_the_due_day_is_told(khanh_hoa_lacking: Office) -> None:
    assert json.loads(khanh_hoa_lacking.cchc("watchdog", "--json").stdout) == []
    office = replace(khanh_hoa_lacking, now="2024-12-20T07:00:00+07:00")
    [one] = json.loads(office.cchc("watchdog", "--json", expect=3).stdout)
    assert (one["kind"], one["period_id"], one["source_id"]) == ("source_missing", "2024Q4", "cam-lam")
    assert one["command"] == "cchc rerun 2024Q4 --source cam-lam"


def test_a_server_that_does_not_answer_is_told(khanh_hoa: Office) -> None:
    told = khanh_hoa.cchc("watchdog", "--prefect-port", str(free_port()), expect=3).stdout
    assert "không việc nào tự chạy theo lịch." in told and "systemctl restart cchc" in told


def test_one_setting_says_the_port_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_PREFECT_PORT", "4711")
    assert (port_of_prefect(None), port_of_prefect(4200)) == (4711, 4200)
    monkeypatch.delenv("CCHC_PREFECT_PORT")
    assert port_of_prefect(None) == 4200


def test_it_needs_no_prefect(khanh_hoa: Office) -> None:
    script = (
        "import sys; sys.modules['prefect'] = None; sys.argv = ['cchc', 'watchdog'];from cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=REPOSITORY,
        env=khanh_hoa.environment | {"CCHC_PREFECT_PORT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "không việc nào tự chạy theo lịch" in done.stdout
