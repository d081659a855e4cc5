"""A host that may not be read when the schedule comes is told before a quarter lacks its source."""

from __future__ import annotations

import shutil
from datetime import time
from pathlib import Path

import pytest

from cli.doctor.reading_hours import reading_hours
from contracts.fitness import Fit
from contracts.settings import REPOSITORY
from flows.reading_times import QUARTER, RETRY, reading_times

HOST = "10.20.0.5"


@pytest.fixture
def asked(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A province of which one source lies on that host."""
    folder = tmp_path / "khanh-hoa"
    shutil.copytree(REPOSITORY / "provinces" / "khanh-hoa", folder)
    source = folder / "sources" / "truong-sa" / "source.toml"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("{systems}/truong-sa/", f"sftp://{HOST}/mot-cua/"), encoding="utf-8")
    monkeypatch.setenv("CCHC_PROVINCE", str(folder))
    return folder


def bounded(folder: Path, hours: str) -> None:
    file = folder / "province.toml"
    file.write_text(f'{file.read_text(encoding="utf-8")}\n[hosts."{HOST}"]\nhours = {hours}\n', encoding="utf-8")


@pytest.mark.parametrize(
    "hours, fit",
    [
        ('["18:00-06:00"]', Fit.WARNING),
        ('["18:00-06:00", "11:30-13:00"]', Fit.WARNING),
        ('["18:00-06:01"]', Fit.GOOD),
        ('["11:30-13:30"]', Fit.GOOD),
        ("[]", Fit.GOOD),
    ],
)
def test_hours_at_which_the_schedule_never_comes_are_told(asked: Path, hours: str, fit: Fit) -> None:
    """It comes at 6:00 and 13:00; the last minute of the hours is not among them."""
    bounded(asked, hours)
    found = reading_hours()
    assert found.state is fit, found
    if fit is Fit.WARNING:
        assert f"máy chủ {HOST}" in found.said and "06:00, 13:00" in found.said and "nguồn truong-sa" in found.said


def test_where_nothing_is_tried_again_the_quarters_own_hour_counts_alone(asked: Path) -> None:
    """Nobody has said until when: `retry` then does nothing."""
    bounded(asked, '["11:30-13:30"]')
    file = asked / "province.toml"
    head, _, rest = file.read_text(encoding="utf-8").partition('[[due]]\nlevels = ["province"]')
    file.write_text(head + rest[rest.index("\n[") :], encoding="utf-8")
    found = reading_hours()
    assert found.state is Fit.WARNING and "lịch đọc lúc 06:00:" in found.said


def test_a_province_without_such_hosts_is_fit(home: Path) -> None:
    assert reading_hours().state is Fit.GOOD


@pytest.mark.parametrize(
    "crons, times",
    [
        (["0 6 15 3,6,9,12 *", "0 13 * * *"], [time(6), time(13)]),
        (["30 18 15 3,6,9,12 *", "0 5,13 * * *"], [time(5), time(13), time(18, 30)]),
        (["0 6 15 3,6,9,12 *", "0 */2 * * *"], []),
    ],
)
def test_the_times_are_those_of_the_file(crons: list[str], times: list[time], tmp_path: Path) -> None:
    quarter, retry = crons
    file = tmp_path / "prefect.yaml"
    file.write_text(
        f"""deployments:
  - name: quarter
    schedules: [{{cron: "{quarter}"}}]
  - name: partition
    schedules: []
  - name: preview
    schedules: [{{cron: "0 1 * * 1"}}]
  - name: retry
    schedules: [{{cron: "{retry}"}}]
""",
        encoding="utf-8",
    )
    assert reading_times(file, {QUARTER, RETRY}) == times
