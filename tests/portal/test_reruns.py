"""A source is read again from the portal: what will be done is shown, one process does it, and the page tells what
changed; one that dies is known again."""

from __future__ import annotations

import html
import json
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

import demo
from contracts.settings import Settings
from portal.house import House
from tests.homes import copy_of
from tests.portal.conftest import SignIn, token_of
from tests.quarter.command import Office
from tests.quarter.moved import province
from tests.warehouse.processes import python, said
from warehouse import approvals, register, requests
from warehouse.approval_rule import Officer
from warehouse.audit import Deed
from warehouse.locks import run_lock
from warehouse.requests import Request

Q4, AGAIN = "2024Q4", "/ky/2024Q4/chay-lai"
DEADLINE_SECONDS = 600.0
LATER = "2024-12-16T08:02:00+07:00"


@pytest.fixture
def settings(khanh_hoa_lacking: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A machine of its own on which Cam Lâm's system was down when 2024Q4 was read again, and is up now. Of the reports
    the province's alone is printed."""
    home = tmp_path / "home"
    copy_of(khanh_hoa_lacking.home, home)
    systems = Path(shutil.copytree(khanh_hoa_lacking.systems, tmp_path / "systems"))
    demo.mend_source("khanh-hoa", "cam-lam", systems=systems)
    monkeypatch.setenv("CCHC_HOME", str(home))
    monkeypatch.setenv("CCHC_PORTAL_URL", "http://testserver")
    monkeypatch.setenv("CCHC_NOW", khanh_hoa_lacking.now)
    monkeypatch.setenv("CCHC_PROVINCE", str(province(tmp_path / "configured", unit_reports=False)))
    monkeypatch.setenv("CCHC_SYSTEMS", str(systems))
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    return Settings()


def text_of(page: str) -> str:
    main = re.sub(r"<[^>]+>", " ", page.split("<main", 1)[-1].split("</main>", maxsplit=1)[0])
    return " ".join(html.unescape(main).split())


def ended(house: House, number: int) -> Request:
    """The request once its process has ended it."""
    until = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < until:
        found = requests.request(house.engine, number)
        assert found is not None
        if not found.is_unfinished:
            return found
        time.sleep(0.2)
    log = house.settings.province_home("khanh-hoa") / "logs" / f"rerun-{number}.log"
    pytest.fail(f"not ended: {log.read_text(encoding='utf-8')}")


def newest(house: House) -> register.ReportVersion:
    found = register.newest(house.engine, Q4, "province", "56")
    assert found is not None
    return found


def test_what_failed_is_read_again_once_and_the_page_tells_what_changed(house: House, sign_in: SignIn) -> None:
    client = sign_in("truc")
    shown = text_of(client.get(AGAIN, params={"loi": "1"}).text)
    assert "Sẽ đọc (lần trước lỗi): Hệ thống một cửa điện tử huyện Cam Lâm." in shown
    assert "Tỉnh Khánh Hòa: đang là bản 2" in shown
    assert newest(house).version == 2

    numbers = [a.headers["location"] for a in both_at_once(client, {"loi": "1", "nguon": "cam-lam"})]
    assert numbers == ["/chay-lai/1"], "two who press at once begin one run"
    assert client.get("/chay-lai/1").status_code == 200
    done = ended(house, 1)

    assert (done.state, done.exit_code, done.asked_by) == ("done", 0, "truc")
    assert newest(house).version == 3
    told = text_of(client.get("/chay-lai/1").text)
    assert "Đã xong: mọi nguồn của kỳ đều có số liệu; 1 báo cáo có bản mới." in told
    assert re.search(r"huyện Cam Lâm Trước: lỗi Sau: đã nhận Dòng đã đọc: – → 5.542 Chấp nhận: – → 5.540 ", told)
    assert re.search(r"Tỉnh Khánh Hòa: bản 3 dự thảo \d+ số liệu khác bản 2", told)
    assert re.search(r"Nhận giải quyết – cột \(3\) Trước: 62\.659 Sau: 67\.853 Tăng, giảm: \+5\.194", told)
    assert "truc bấm chạy lại" in text_of(client.get("/ky/2024Q4/nguon/cam-lam").text)
    assert "Mọi nguồn của kỳ đã có số liệu" in text_of(client.get(AGAIN, params={"loi": "1"}).text)
    log = house.settings.province_home("khanh-hoa") / "logs" / "rerun-1.log"
    assert log.stat().st_mode & 0o027 == 0
    assert not re.search(r"-\d{6}-\d{4}|Traceback", log.read_text(encoding="utf-8"))


def publish(house: House, version: register.ReportVersion) -> None:
    """Without the two who check and approve: what is tested is what stands published."""
    approvals.publish(
        house.engine,
        version,
        Officer("Trần Thị Lan, Chánh Văn phòng", machine_user="vanphong"),
        note="x",
        without_approval="bản thử",
    )


def both_at_once(client: TestClient, form: dict[str, str]) -> list[httpx.Response]:
    """Those of two that were not refused."""
    form |= token_of(client)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: client.post(AGAIN, data=form), range(2)))
    assert sorted(a.status_code for a in answers) == [303, 409]
    return [a for a in answers if a.status_code == 303]


def asked(house: House, *sources: str) -> Request:
    deed = Deed("rerun", who="truc", role="operator", period_id=Q4, about={"sources": sources})
    return requests.ask(house.engine, Q4, sources=sources or ("cam-lam",), fresh=False, deed=deed)


DOES_IT = """
import sys
from flows.place import find_place
from flows.requested import _beating
from flows.requests import stand_of
from warehouse import requests
from warehouse.locks import run_lock
place = find_place("2024Q4")
engine = place.open_warehouse()
assert requests.begin(engine, int(sys.argv[1]), before=stand_of(engine, "2024Q4").to_json())
with _beating(engine, int(sys.argv[1])), run_lock(engine, "2024Q4"):
    print("running", flush=True)
    sys.stdin.readline()
"""


def test_one_that_is_killed_is_known_again_and_makes_room(
    house: House, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, number = sign_in("truc"), asked(house).id
    with python(DOES_IT, str(number)) as process:
        assert said(process) == "running"
        monkeypatch.setenv("CCHC_NOW", LATER)
        page = client.get(f"/chay-lai/{number}").text
        assert "Đang chạy:" in page, "it holds the lock, however long it is silent"
        assert '<noscript><meta http-equiv="refresh"' in page
        refused = client.post(AGAIN, data={"nguon": "nha-trang"} | token_of(client))
        assert refused.status_code == 409
        assert f"Yêu cầu chạy lại số {number} của truc đang làm" in html.unescape(refused.text)
        process.kill()
        process.wait()
    page = client.get(f"/chay-lai/{number}").text
    assert "Dừng giữa chừng" in page
    assert 'action="/ky/2024Q4/chay-lai"' in page
    assert "http-equiv" not in page
    assert "Sẽ đọc" in client.get(AGAIN, params={"nguon": "cam-lam"}).text


def test_a_run_by_a_command_is_in_the_way_too(house: House, sign_in: SignIn) -> None:
    client = sign_in("truc")
    with run_lock(house.engine, Q4):
        assert "đang được một lượt chạy khác xử lý" in html.unescape(client.get(AGAIN, params={"loi": "1"}).text)
        assert client.post(AGAIN, data={"nguon": "cam-lam"} | token_of(client)).status_code == 409
        assert "số liệu dưới đây có thể sắp thay đổi" in client.get(f"/ky/{Q4}").text
    assert "có thể sắp thay đổi" not in client.get(f"/ky/{Q4}").text
    assert requests.recent(house.engine, at_most=1) == []


def test_who_asked_stands_in_the_audit_trail_with_the_row_and_where_nothing_can_start_that_is_said(
    house: House, sign_in: SignIn
) -> None:
    logs = house.settings.province_home("khanh-hoa") / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    logs.write_text("no folder")
    client = sign_in("truc")
    answer = client.post(AGAIN, data={"nguon": ["cam-lam", "nha-trang"]} | token_of(client))
    (row,) = requests.recent(house.engine, at_most=2)
    assert answer.status_code == 503, "the machine refuses"
    assert (row.state, row.sources) == ("stopped", ("cam-lam", "nha-trang"))
    assert row.said.startswith("Không khởi động được tiến trình chạy lại")
    with house.engine.connect() as connection:
        query = "SELECT who, period_id, about FROM audit_entry WHERE action = 'rerun'"
        ((who, period, about),) = connection.execute(text(query)).all()
    assert (who, period, json.loads(about)["sources"]) == ("truc", Q4, ["cam-lam", "nha-trang"])


def test_what_a_new_draft_would_stand_beside_is_said_before(house: House, sign_in: SignIn) -> None:
    publish(house, newest(house))
    shown = text_of(sign_in("truc").get(AGAIN, params={"nguon": "cam-lam"}).text)
    assert "Có báo cáo đã duyệt hoặc đã công bố." in shown
    assert "Tỉnh Khánh Hòa: đang là bản 2; bản 2 đã công bố sẽ giữ nguyên, bản mới là dự thảo đứng cạnh" in shown
    assert "Huyện Cam Lâm: đang là bản 2" in shown
    assert "Nha Trang" not in shown, "its report does not hold what Cam Lâm's system counts"


def test_published_figures_that_moved_are_told_loudly(house: House, sign_in: SignIn) -> None:
    """Between the versions that are there: as if a request had printed the second, after the first was published."""
    first, second = (v for v in register.versions(house.engine, Q4) if v.key == ("province", "56"))
    publish(house, first)
    number = asked(house).id
    stand = '{"sources": {}, "reports": [["province", "56", %d]]}'
    requests.begin(house.engine, number, before=stand % first.version)
    requests.end(house.engine, number, exit_code=3, said="Thiếu.", after=stand % second.version)
    told = text_of(sign_in("lan").get(f"/chay-lai/{number}").text)
    assert re.search(r"SỐ LIỆU ĐÃ CÔNG BỐ THAY ĐỔI: Tỉnh Khánh Hòa, bản 2 khác bản 1 đã công bố ở \d+ số liệu", told)


def test_recent_reruns_say_who_and_what_came_of_it(house: House, sign_in: SignIn) -> None:
    number = asked(house).id
    requests.begin(house.engine, number, before='{"sources": {}, "reports": []}')
    requests.end(house.engine, number, exit_code=3, said="Còn thiếu: Cam Lâm.", after=None)
    for path in ("/chay-lai", "/chay-lai?ky=2024Q4"):
        said_there = text_of(sign_in("lan").get(path).text)
        assert f"Số {number} , kỳ 2024Q4 truc, 08:00 16/12/2024" in said_there
        assert "Hệ thống một cửa điện tử huyện Cam Lâm xong, còn thiếu Còn thiếu: Cam Lâm." in said_there
    assert "Chưa có yêu cầu nào." in text_of(sign_in("lan").get("/chay-lai?ky=2024Q3").text)


def test_a_source_that_is_not_there_is_refused_and_nothing_is_entered(house: House, sign_in: SignIn) -> None:
    client = sign_in("truc")
    for source in ("khong-co", "../cam-lam", ""):
        assert client.post(AGAIN, data={"nguon": source} | token_of(client)).status_code == 409
    assert requests.recent(house.engine, at_most=1) == []
