"""What the national portal publishes comes back number for number, and the portal is asked gently."""

from __future__ import annotations

import fcntl
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from contracts.configfile import read_csv
from contracts.errors import ConfigError, SourceDrift, SourceError, SourceUnreachable, UsageError
from contracts.periods import parse_period
from contracts.published import Group, PublishedFigure, PublishedSettings, calendar_of, read_published
from sources.interfaces import http, portal
from sources.interfaces.portal import Fetched, fetch
from tests.servers.http import Act, answer, as_json, broken_off, usual
from tests.servers.portal import (
    LAM_THAO,
    OFFICIAL,
    PROVINCE,
    ROOT_ID,
    SATISFACTION,
    TRANSPARENCY,
    PortalServer,
    portal_server,
)

__all__ = ["portal_server"]

PERIOD = parse_period("2026Q3")


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been waited."""
    waited: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=waited.append))
    monkeypatch.setattr(http, "sleep", waited.append)
    return waited


def fetched(server: PortalServer, home: Path, *, period: str = "2026Q3", pause: float = 0) -> Fetched:
    settings = PublishedSettings(
        address=f"{server.url}/evaluation", root_department_id=ROOT_ID, pause_seconds=pause, timeout_seconds=5
    )
    return fetch(settings, period=parse_period(period), root_agency="H44", home=home)


def by_key(found: Fetched) -> dict[tuple[str, str], PublishedFigure]:
    return {(f.agency_code, f.indicator): f for f in found.figures}


def numbers(figure: PublishedFigure) -> tuple[float | None, ...]:
    return figure.numerator, figure.denominator, figure.score


def test_the_progress_of_every_agency_comes_back(portal_server: PortalServer, tmp_path: Path) -> None:
    found = by_key(fetched(portal_server, tmp_path))
    rows = [row for _, row in read_csv(OFFICIAL / "progress_2026q3.csv", ("agency_code",))]
    assert len(rows) == 163
    for row in rows:
        figure = found.pop((row["agency_code"], "PROGRESS_ON_TIME"))
        official = int(row["on_time_or_in_time"]), int(row["dossiers"]), float(row["official_score"])
        assert numbers(figure) == official, row["agency_code"]
        assert (figure.level, figure.max_score) == ("COMMUNE" if row["level"] == "commune" else "PROVINCE", 20)
    assert numbers(found[("H44", "PROGRESS_ON_TIME")]) == (403016, 464494, 17.35)


def test_the_payment_of_twelve_agencies_comes_back(portal_server: PortalServer, tmp_path: Path) -> None:
    found = by_key(fetched(portal_server, tmp_path))
    columns = {
        "PAYMENT_DOSSIERS": ("paid_online", "financial_obligation"),
        "PAYMENT_PROCEDURES_PAID": ("procedures_paid_online", "fee_bearing_procedures"),
        "PAYMENT_PROCEDURES_FEE": ("procedures_fee_online", "fee_bearing_procedures"),
    }
    for _, row in read_csv(OFFICIAL / "payment_2026q3.csv", ("agency_code",)):
        for indicator, counts in columns.items():
            assert numbers(found[(row["agency_code"], indicator)]) == (*(int(row[c]) for c in counts), None)
        whole = found[(row["agency_code"], "PAYMENT")]
        assert (whole.score, whole.max_score, whole.numerator) == (float(row["official_score"]), 10, None)
    assert sum(f.group_id is Group.PAYMENT for f in found.values()) == 12 * 4


@pytest.mark.parametrize("metric", [*TRANSPARENCY, *SATISFACTION])
def test_the_provinces_metrics_come_back(portal_server: PortalServer, tmp_path: Path, metric: tuple[Any, ...]) -> None:
    figure = by_key(fetched(portal_server, tmp_path))[("H44", metric[0])]
    assert (metric[0], *numbers(figure), figure.max_score) == (*metric[:3], *metric[4:])
    flag = "TEMP_NATIONAL_REPORT_DENOMINATOR" if metric[0] == "DOSSIER_SYNC" else None
    assert figure.quality_flag == flag


def test_null_stays_null_and_nought_stays_nought(portal_server: PortalServer, tmp_path: Path) -> None:
    found = by_key(fetched(portal_server, tmp_path))
    copies, synced = found[("H44", "ELECTRONIC_CERTIFIED_COPY")], found[("H44", "SYNCED_WITH_DVCQG_PERSONAL_STORAGE")]
    assert (copies.numerator, copies.denominator, copies.ratio, copies.score) == (None, None, 0.5, None)
    assert (synced.numerator, synced.ratio, synced.score) == (0, 0.0, 0)


def test_services_are_read_where_they_stand(portal_server: PortalServer, tmp_path: Path) -> None:
    found = by_key(fetched(portal_server, tmp_path))
    assert numbers(found[("H44", "ONLINE_PROVISION")]) == (1200, 1500, None)
    assert numbers(found[("H44", "ONLINE_USED")]) == (600, 1200, None)
    assert numbers(found[("H44", "ONLINE_SUBMISSION")]) == (300000, 464494, None)
    assert not [key for key in found if key[0] == "H44.116" and found[key].group_id is Group.ONLINE]


def test_a_count_that_cannot_be_of_services_is_left_out(portal_server: PortalServer, tmp_path: Path) -> None:
    portal_server.data["provide-online-tree"]["parent"]["onlineDossierCount"] = 300000
    assert numbers(by_key(fetched(portal_server, tmp_path))[("H44", "ONLINE_USED")]) == (None, 1200, None)


def test_the_overview_is_the_province(portal_server: PortalServer, tmp_path: Path) -> None:
    data = portal_server.data["transparency"]
    data["overview"] = {"metrics": data["evaluation"].pop()["metrics"], "score": 7.96, "maxScore": 18}
    data["evaluation"].append({**LAM_THAO, "metrics": []})
    found = by_key(fetched(portal_server, tmp_path))
    assert numbers(found[("H44", "PUBLIC_CONTENT_FULL")]) == (87, 89, 1.96)
    assert found[("H44", "TRANSPARENCY")].score == 7.96


ASKED = {
    "2026Q3": ({"timeType": "quarter", "year": 2026, "quarter": 3}, ("2026-07-01", "2026-09-30")),
    "2026M07": ({"timeType": "month", "year": 2026, "month": 7}, ("2026-07-01", "2026-07-31")),
    "2026Y": ({"timeType": "year", "year": 2026}, ("2026-01-01", "2026-12-31")),
}


@pytest.mark.parametrize(("period", "said"), ASKED.items())
def test_six_questions_are_asked_as_the_portal_wants_them(
    portal_server: PortalServer, tmp_path: Path, period: str, said: tuple[dict[str, Any], tuple[str, str]]
) -> None:
    by_type, (first, last) = said
    fetched(portal_server, tmp_path, period=period)
    asked = {one.path.removeprefix("/evaluation/"): json.loads(one.body) for one in portal_server.asked}
    assert len(portal_server.asked) == len(asked) == 6
    for path, body in asked.items():
        size = 100 if path in {"dvc-progress-tree", "formality-online-payment-tree"} else 200
        days = {"fromDate": first, "toDate": last} if path == "handling-satisfaction" else by_type
        assert body == {**days, "rootDepartmentId": ROOT_ID, "currentPage": 1, "pageSize": size}, path
    assert portal_server.most_at_once == 1


def test_there_is_a_pause_between_two_questions(
    portal_server: PortalServer, tmp_path: Path, waits: list[float]
) -> None:
    fetched(portal_server, tmp_path, pause=3)
    assert waits == [pytest.approx(3, abs=1)] * 5


def test_further_pages_are_asked_for_while_there_are_some(portal_server: PortalServer, tmp_path: Path) -> None:
    whole = portal_server.data["dvc-progress-tree"]
    children = whole["children"]
    parts = [{**whole, "children": part, "totalPages": 2} for part in (children[:100], children[100:])]
    portal_server.data["dvc-progress-tree"], portal_server.more["dvc-progress-tree"] = parts[0], parts[1:]
    found = by_key(fetched(portal_server, tmp_path))
    assert sum(indicator == "PROGRESS_ON_TIME" for _, indicator in found) == 164
    asked = [json.loads(one.body)["currentPage"] for one in portal_server.asked if "progress" in one.path]
    assert asked == [1, 2]


def test_every_answer_is_kept_as_it_came(portal_server: PortalServer, tmp_path: Path) -> None:
    found = fetched(portal_server, tmp_path)
    manifest = json.loads((found.folder / portal.MANIFEST).read_text(encoding="utf-8"))
    assert found.folder.parent == tmp_path / "2026Q3"
    assert manifest["complete"] is True
    assert len(manifest["files"]) == 6
    for file in manifest["files"]:
        content = (found.folder / file["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        group = file["url"].rpartition("/")[2]
        assert json.loads(content)["data"] == portal_server.data[group]
    assert {p.name for p in found.folder.iterdir()} == {portal.MANIFEST, *(f["name"] for f in manifest["files"])}


@pytest.mark.parametrize("status", [403, 429])
def test_a_portal_that_says_stop_is_left_alone(
    portal_server: PortalServer, tmp_path: Path, waits: list[float], status: int
) -> None:
    portal_server.then(usual, usual, answer(b"", status, Retry_After="1"))
    with pytest.raises(SourceError, match=f"HTTP {status}") as told:
        fetched(portal_server, tmp_path)
    assert not isinstance(told.value, SourceUnreachable), "worth a retry would mean asking again at once"
    assert "ngừng hỏi Cổng" in told.value.advice
    assert len(portal_server.asked) == 3
    assert not waits
    [folder] = [p for p in (tmp_path / "2026Q3").iterdir() if p.is_dir()]
    manifest = json.loads((folder / portal.MANIFEST).read_text(encoding="utf-8"))
    assert (manifest["complete"], len(manifest["files"])) == (False, 2)


def test_an_answer_that_broke_off_is_asked_for_again(
    portal_server: PortalServer, tmp_path: Path, waits: list[float]
) -> None:
    portal_server.then(broken_off, answer(b"", 503))
    assert len(by_key(fetched(portal_server, tmp_path))) > 163
    assert len(waits) == 2


def _changed(path: str, *keys: str | int, to: Any) -> Act:
    """The usual answer with another value at that place of its data."""

    def act(server: Any, asked: Any) -> Any:
        if not asked.path.endswith(path):
            return None
        said = json.loads(server._usual(asked).content)
        place = said["data"]
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = to
        return as_json(said, 201)

    return act


NODE = ("transparency", "evaluation", 0)
WRONG: dict[str, tuple[Act, str]] = {
    "a page": (answer(b"<html>", 200), "không phải là JSON"),
    "not OK": (answer(b'{"code": "ERROR", "data": {}}', 201), "không trả lời «OK»"),
    "no data": (answer(b'{"code": "OK", "data": null}', 201), "không có «data»"),
    "no agencies": (_changed("transparency", "evaluation", to=[]), "không có số liệu của cơ quan nào"),
    "no list": (_changed("transparency", "evaluation", to=None), "«evaluation» không phải là danh sách"),
    "no code": (_changed(*NODE, "departmentCode", to=None), "không có «departmentCode»"),
    "text for a number": (_changed(*NODE, "metrics", 0, "numerator", to="54"), "«numerator» không phải là số"),
    "half a dossier": (_changed(*NODE, "metrics", 0, "numerator", to=0.5), "«numerator» không phải là số nguyên"),
    "yes for a number": (_changed(*NODE, "metrics", 0, "score", to=True), "«score» không phải là số"),
    "not a number": (_changed(*NODE, "metrics", 0, "score", to=float("nan")), "«score» không phải là số"),
    "two figures": (
        _changed("transparency", "overview", to={**PROVINCE, "metrics": [{"code": "DOSSIER_SYNC", "numerator": 1}]}),
        "hai số khác nhau cho DOSSIER_SYNC",
    ),
    "pages without end": (_changed("transparency", "totalPages", to=10**9), "hơn 50 trang"),
    "the address moved": (answer(b"", 404), "HTTP 404"),
}


@pytest.mark.parametrize(("act", "said"), WRONG.values(), ids=WRONG)
def test_an_answer_of_another_shape_is_told(portal_server: PortalServer, tmp_path: Path, act: Act, said: str) -> None:
    portal_server.more["transparency"] = [portal_server.data["transparency"]] * 60
    portal_server.then(*[act] * 60)
    with pytest.raises(SourceDrift, match=said) as told:
        fetched(portal_server, tmp_path)
    assert "Công khai, minh bạch" in told.value.cause


def test_two_do_not_ask_at_once(portal_server: PortalServer, tmp_path: Path) -> None:
    with (tmp_path / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="một lượt khác đang lấy"):
            fetched(portal_server, tmp_path)
    assert portal_server.asked == []


@pytest.mark.parametrize("period", ["2026H1", "2026T9", "2026-07-01..2026-07-31"])
def test_a_period_that_the_portal_has_not_is_refused(period: str) -> None:
    with pytest.raises(UsageError, match="không công bố kỳ"):
        calendar_of(parse_period(period))


REFUSED = {
    'root_department_id = ""': "chưa có «root_department_id»",
    "": "chưa có «root_department_id»",
    'root_department_id = "phu-tho"': "UUID",
    f'root_department_id = "{ROOT_ID}"\naddress = "http://dichvucong.gov.vn/api"': "phải là địa chỉ https",
    f'root_department_id = "{ROOT_ID}"\npause_seconds = -1': "pause_seconds",
    f'root_department_id = "{ROOT_ID}"\npause = 1': "không có trong cấu hình",
}


@pytest.mark.parametrize(("text", "said"), REFUSED.items())
def test_a_configuration_that_cannot_be_right_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "published.toml").write_text(text)
    with pytest.raises(ConfigError, match=said):
        read_published(tmp_path)


def test_phu_tho_asks_for_its_uuid_first() -> None:
    with pytest.raises(ConfigError, match="root_department_id"):
        read_published(OFFICIAL.parent)


def test_figures_are_values(portal_server: PortalServer, tmp_path: Path) -> None:
    found = fetched(portal_server, tmp_path).figures
    assert replace(found[0]) == found[0]
    assert len(set(found)) == len(found)
