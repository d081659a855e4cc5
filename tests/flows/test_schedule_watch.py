"""What is told of Prefect's server, and what of prefect.yaml it is given: as answers of the server say it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.client.schemas.objects import DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule

from contracts.settings import REPOSITORY
from flows.deployed import fitting, paused
from flows.feedback import folder_for_day
from flows.overdue import Kind
from flows.place import find_place
from flows.schedule_watch import Deployments, findings, scheduled_names

NOW = datetime(2026, 9, 16, 1, tzinfo=UTC)
WANTED = ["quarter", "retry", "feedback"]


def deployment(name: str, *, active: bool = True, is_paused: bool = False, hours: float = 9) -> dict[str, Any]:
    """hours: since it was entered."""
    updated = (NOW - timedelta(hours=hours)).isoformat()
    return {"id": name, "paused": is_paused, "schedules": [{"active": active}], "updated": updated}


def waiting(name: str, *, hours: float = 5) -> dict[str, Any]:
    """hours: until its time."""
    return {"deployment_id": name, "expected_start_time": (NOW + timedelta(hours=hours)).isoformat()}


def ended(name: str, state: str, message: str) -> dict[str, Any]:
    at = (NOW - timedelta(hours=1)).isoformat()
    said = {"state_type": state, "state": {"message": message}, "end_time": at, "expected_start_time": at}
    return {"deployment_id": name, **said}


def told(
    known: dict[str, Any], runs: list[dict[str, Any]], *over: dict[str, Any], at_work: str = ""
) -> list[tuple[Kind, str]]:
    found = findings(Deployments(known, tuple(runs), over), WANTED, NOW, at_work=at_work)
    return [(one.kind, one.said) for one in found]


def everything(**other: dict[str, Any]) -> dict[str, Any]:
    return {name: deployment(name) for name in WANTED} | other


def test_a_server_that_plans_everything_is_as_it_should_be() -> None:
    late_by_little = waiting("quarter", hours=-0.9)
    assert told(everything(), [late_by_little, *map(waiting, WANTED)]) == []


def test_a_server_that_creates_no_run_is_told() -> None:
    """As Prefect 3.8 with SQLAlchemy 2.1: everything is there, and nothing will ever run."""
    [(kind, said)] = told(everything(), [])
    assert kind is Kind.NO_SCHEDULE
    assert said == "máy chủ Prefect không có lượt chạy sắp tới của: «quarter», «retry», «feedback»"
    assert told({name: deployment(name, hours=0.1) for name in WANTED}, []) == [], "it was entered just now"


def test_a_deployment_that_is_not_there_is_told() -> None:
    known = everything()
    del known["retry"]
    [(kind, said)] = told(known, [*map(waiting, WANTED)])
    assert kind is Kind.NO_SCHEDULE and said.endswith("sắp tới của: «retry»")


@pytest.mark.parametrize("how", [{"active": False}, {"is_paused": True}])
def test_a_pause_is_told_as_one(how: dict[str, bool]) -> None:
    [(kind, said)] = told(everything(quarter=deployment("quarter", **how)), [waiting("retry"), waiting("feedback")])
    assert kind is Kind.PAUSED and "«quarter»" in said


def test_a_run_that_nobody_takes_is_told() -> None:
    [(kind, said)] = told(everything(), [waiting("retry", hours=-1.1), *map(waiting, WANTED)])
    assert kind is Kind.NO_SCHEDULE
    assert said == "đến giờ mà chưa tiến trình nào nhận: «retry», từ 06:54 ngày 16/09/2026"


def test_nobody_is_told_to_restart_under_a_run() -> None:
    """The worker does one thing at a time; and what takes too long is told by itself."""
    late = [waiting("retry", hours=-1.1), *map(waiting, WANTED)]
    assert told(everything(), late, at_work="2026Q3") == []
    [(_, said)] = told(everything(), [], at_work="2026Q3")
    assert said.endswith("(đang chạy kỳ 2026Q3: chờ xong rồi mới khởi động lại)")


def test_the_command_of_a_side_run_makes_it_again() -> None:
    for name in ("preview", "feedback"):
        known = Deployments({name: deployment(name)}, (waiting(name),), (ended(name, "FAILED", "…"),))
        [one] = findings(known, [name], NOW)
        assert one.command == f"cchc schedule run {name}"


def test_returns_that_were_not_made_are_told_until_they_are() -> None:
    runs = [*map(waiting, WANTED)]
    failed = ended("feedback", "FAILED", "Flow run encountered an exception: UsageError: kỳ 2026Q3 chưa có số liệu nào")
    [(kind, said)] = told(everything(), runs, failed)
    assert kind is Kind.SIDE_RUN_FAILED
    assert said.endswith("không xong lúc 07:00 ngày 16/09/2026: kỳ 2026Q3 chưa có số liệu nào")
    assert told(everything(), runs, ended("feedback", "COMPLETED", ""), failed) == []
    assert told(everything(), runs, ended("retry", "FAILED", "…")) == [], "the warehouse tells of it"


def test_what_is_entered_has_the_provinces_days_and_no_paused_schedule() -> None:
    document = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text(encoding="utf-8"))
    assert fitting(document, rule="nd09", paused=()) == document
    fitted = fitting(document, rule="calendar", paused={"preview"})
    schedules = {one["name"]: one["schedules"][0] for one in fitted["deployments"] if one.get("schedules")}
    assert set(schedules) == set(scheduled_names())
    assert schedules["quarter"]["cron"] == "0 6 1 1,4,7,10 *"
    assert schedules["feedback"]["cron"] == "0 7 2 1,4,7,10 *"
    assert [name for name, one in schedules.items() if not one["active"]] == ["preview"]


def test_a_deployment_with_any_paused_schedule_is_paused() -> None:
    def known(name: str, *, active: bool, is_paused: bool) -> DeploymentResponse:
        schedule = DeploymentSchedule(schedule=CronSchedule(cron="0 6 * * *"), active=active)
        return DeploymentResponse(name=name, flow_id=NOBODY, paused=is_paused, schedules=[schedule])

    ones = [known("a", active=True, is_paused=False), known("b", active=False, is_paused=False)]
    assert paused([*ones, known("c", active=True, is_paused=True)]) == {"b", "c"}


NOBODY = "00000000-0000-0000-0000-000000000000"


def test_returns_go_into_a_folder_that_is_not_there_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_HOME", str(tmp_path))
    place = find_place("2024Q4", province=str(REPOSITORY / "provinces/khanh-hoa"))
    names = []
    for _ in range(3):
        folder = folder_for_day(place, date(2024, 12, 16))
        assert folder.parent == tmp_path / "khanh-hoa" / "feedback" / "2024Q4"
        folder.mkdir(parents=True)
        names.append(folder.name)
    assert names == ["2024-12-16", "2024-12-16-2", "2024-12-16-3"]
