"""From the portal to the warehouse and the screen: what was published, number for number, and beside it what is odd."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli.main import main
from contracts.errors import SourceError, UsageError
from contracts.settings import Settings
from flows.place import find_place
from flows.published import fetch_published
from tests.servers.http import answer, usual
from tests.servers.portal import LAM_THAO, OFFICIAL, ROOT_ID, PortalServer, portal_server
from warehouse import published

__all__ = ["portal_server"]


@pytest.fixture(autouse=True)
def phu_tho(portal_server: PortalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The province, with an address that answers."""
    folder = tmp_path / "phu-tho"
    shutil.copytree(OFFICIAL.parent, folder)
    text = f'address = "{portal_server.url}/evaluation"\nroot_department_id = "{ROOT_ID}"\npause_seconds = 0\n'
    (folder / "published.toml").write_text(text)
    monkeypatch.setenv("CCHC_PROVINCE", str(folder))
    monkeypatch.setenv("CCHC_NOW", "2026-09-26T09:00:00+07:00")
    return folder


def command(typed: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["cchc", *typed.split()])
    with pytest.raises(SystemExit) as left:
        main()
    return int(str(left.value.code))


def test_what_was_published_is_stored_and_nothing_is_odd() -> None:
    result = fetch_published("2026Q3")
    engine = find_place("2026Q3").open_warehouse()
    stored = published.newest(engine, "2026Q3").set_index(["agency_code", "indicator"])
    assert len(stored) == len(result.fetched.figures)
    for figure in result.fetched.figures:
        row = stored.loc[(figure.agency_code, figure.indicator)]
        for name in ("numerator", "denominator", "score", "ratio"):
            value = getattr(figure, name)
            assert row[name] == value if value is not None else row.isna()[name], figure
    assert stored.loc[("H44", "PROGRESS_ON_TIME"), "denominator"] == 464494
    assert result.remarks == ()
    assert result.fetched.folder.is_relative_to(Settings().province_home("phu-tho") / "published" / "2026Q3")


def test_a_fetch_that_was_cut_off_stores_nothing(portal_server: PortalServer) -> None:
    portal_server.then(usual, usual, usual, usual, usual, answer(b"", 403))
    with pytest.raises(SourceError):
        fetch_published("2026Q3")
    assert published.newest(find_place("2026Q3").open_warehouse(), "2026Q3").empty


def test_what_is_odd_is_told_and_kept(portal_server: PortalServer) -> None:
    children = portal_server.data["dvc-progress-tree"]["children"]
    children[-1] |= {"departmentCode": "H44.999", "departmentName": "UBND xã Không Có"}
    children[0]["totalReceived"] += 1
    remarks = fetch_published("2026Q3").remarks
    assert [r.split(":")[0] for r in remarks] == [
        "Cổng công bố 1 cơ quan không có trong agencies.csv",
        "Cổng không công bố 1 cơ quan có trong agencies.csv",
        "tiến độ giải quyết",
    ]
    assert "H44.999 (UBND xã Không Có)" in remarks[0]
    assert "toàn tỉnh 464494 hồ sơ, cộng các cơ quan được 464495 hồ sơ" in remarks[2]
    stored = published.newest(find_place("2026Q3").open_warehouse(), "2026Q3")
    assert "H44.999" in set(stored["agency_code"])


def test_a_period_still_to_come_is_refused_before_the_portal_is_asked(portal_server: PortalServer) -> None:
    with pytest.raises(UsageError, match="chưa bắt đầu"):
        fetch_published("2026Q4")
    assert portal_server.asked == []


def test_the_commands_fetch_and_show(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("published list 2026Q3", monkeypatch) == 2
    assert "cchc published fetch 2026Q3" in capsys.readouterr().err
    assert command("published fetch 2026Q3", monkeypatch) == 0
    assert "của 164 cơ quan, kỳ 2026Q3" in capsys.readouterr().out
    assert command("published list 2026Q3", monkeypatch) == 0
    shown = capsys.readouterr().out
    assert "403.016" in shown
    assert "464.494" in shown
    assert "17,35" in shown
    assert "* DOSSIER_SYNC: TEMP_NATIONAL_REPORT_DENOMINATOR" in shown
    assert command("published list 2026Q3 --agency H44.000", monkeypatch) == 2


def test_for_machines_null_is_null(
    portal_server: PortalServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = {"code": "ELECTRONIC_CERTIFIED_COPY", "numerator": None, "denominator": None, "ratio": 1, "score": 2}
    portal_server.data["dossier-digitized"]["evaluation"].append({**LAM_THAO, "metrics": [copies]})
    assert command("published fetch 2026Q3", monkeypatch) == 0
    capsys.readouterr()
    assert command("published list 2026Q3 --json", monkeypatch) == 0
    everything = json.loads(capsys.readouterr().out)
    [row] = [r for r in everything if r["agency_code"] == "H44.116" and r["indicator"] == copies["code"]]
    assert (row["numerator"], row["denominator"], row["ratio"], row["score"]) == (None, None, 1.0, 2.0)
    assert row["fetched_at"] == "2026-09-26T09:00:00+07:00"
    assert len({r["agency_code"] for r in everything}) == 164
