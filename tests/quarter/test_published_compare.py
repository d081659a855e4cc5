"""Phú Thọ's 163 agencies beside what the portal published of them, and what it says where the two differ."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.quarter.command import Office
from tests.servers.portal import OFFICIAL, ROOT_ID, PortalServer, portal_server
from warehouse import comparisons
from warehouse.database import open_warehouse

__all__ = ["portal_server"]
OVERSTATED = "H44.116"


@pytest.fixture
def office(phu_tho: Office, portal_server: PortalServer, tmp_path: Path) -> Office:
    """The warehouse as of 26/9/2026, on a machine of its own whose portal answers."""
    shutil.copytree(OFFICIAL.parent, tmp_path / "province")
    text = f'address = "{portal_server.url}/evaluation"\nroot_department_id = "{ROOT_ID}"\npause_seconds = 0\n'
    (tmp_path / "province" / "published.toml").write_text(text)
    (tmp_path / "phu-tho").mkdir()
    shutil.copy(phu_tho.home / "phu-tho" / "warehouse.sqlite", tmp_path / "phu-tho")
    return replace(phu_tho, home=tmp_path, province=str(tmp_path / "province"), now="2026-09-26T21:00:00+07:00")


def compared(office: Office) -> tuple[pd.DataFrame, dict[str, Any]]:
    office.cchc("published", "fetch", "2026Q3")
    document = json.loads(office.cchc("published", "compare", "2026Q3", "--json").stdout)
    return pd.DataFrame(document["rows"]).set_index(["indicator", "agency_code"]), document


def test_all_163_agencies_and_the_province_agree_with_both_bases(office: Office) -> None:
    rows, document = compared(office)
    progress = rows.loc["PROGRESS_ON_TIME"]
    assert len(progress) == 164
    handled = progress["our_denominator"] > 0
    assert (progress["difference"][handled] == 0).all()
    assert progress["difference"][~handled].isna().all()
    assert (progress["our_denominator"] == progress["published_denominator"]).all()
    assert progress.loc["H44", ["our_numerator", "published_denominator"]].tolist() == [403016, 464494]
    assert (document["as_of"], document["fetched_at"]) == ("2026-09-26", "2026-09-26T21:00:00+07:00")
    assert document["broken"] == []
    assert len(document["remarks"]) == 1, "only that some are published alone"


def test_every_score_of_ours_is_the_published_one(office: Office, tmp_path: Path) -> None:
    """Estimated from single dossiers, published from the same: 163 agencies and the province, of as many points."""
    office.cchc("published", "fetch", "2026Q3")
    path = tmp_path / "diem.csv"
    office.cchc("score", "766", "--period", "2026Q3", "--out", str(path))
    card = pd.read_csv(path)
    progress = card[card["indicator"] == "PROGRESS_ON_TIME"]
    assert len(progress) == 164
    assert (progress["our_score"] == progress["published_score"]).all()
    assert (progress["difference"] == 0).all()
    groups = card[card["indicator"].isna()].set_index(["agency_code", "group_id"])
    assert groups.loc[("H44", "progress"), "published_score"] == 17.35
    assert pd.isna(groups.loc[("H44", "total"), "our_score"]), "two of 21 items are no total"


def test_what_differs_is_shown_with_both_bases_and_stored(office: Office, portal_server: PortalServer) -> None:
    children = portal_server.data["dvc-progress-tree"]["children"]
    changed = next(child for child in children if child["departmentCode"] == OVERSTATED)
    changed["totalReceived"] += changed["totalReceived"]
    office.cchc("published", "fetch", "2026Q3")
    said = office.cchc("published", "compare", "2026Q3", "--agency", OVERSTATED).stdout
    assert "khác" in said and "quá mức 1" in said
    assert f"{changed['totalReceived']:,}".replace(",", ".") in said
    assert "Tỷ lệ công bố không bằng tử số chia mẫu số" in said
    stored = comparisons.deviations(
        open_warehouse(f"sqlite:///{office.home}/phu-tho/warehouse.sqlite"), "2026Q3"
    ).set_index(["rule_id", "agency_code"])
    row = stored.loc[("published.differs", OVERSTATED)]
    assert row["measure"] == "PROGRESS_ON_TIME"
    assert row["now_value"] == pytest.approx(2 * row["was_value"])
    assert row[["was", "now"]].isna().all()


def test_compared_again_with_nothing_different_nothing_stays_stored(
    office: Office, portal_server: PortalServer
) -> None:
    parent = portal_server.data["dvc-progress-tree"]["parent"]
    received = parent["totalReceived"]
    parent["totalReceived"] = 2 * received
    compared(office)
    parent["totalReceived"] = received
    compared(replace(office, now="2026-09-26T22:00:00+07:00"))
    engine = open_warehouse(f"sqlite:///{office.home}/phu-tho/warehouse.sqlite")
    stored = comparisons.deviations(engine, "2026Q3")
    assert set(stored["measure"][stored["rule_id"] == "published.differs"]) <= {"ONLINE_SUBMISSION"}


def test_more_online_than_received_is_not_printed_beside_ours(office: Office, portal_server: PortalServer) -> None:
    parent = portal_server.data["provide-online-tree"]["parent"]
    parent["channelOnlineSum"] = 999_999
    rows, _ = compared(office)
    row = rows.loc[("ONLINE_SUBMISSION", "H44")]
    assert "không cùng phạm vi" in row["refused"]
    assert row[["our_numerator", "published_numerator", "our_denominator", "difference"]].isna().all()
    said = office.cchc("published", "compare", "2026Q3", "--agency", "H44").stdout
    assert "KHÔNG IN H44 ONLINE_SUBMISSION" in said
    assert "999.999" not in said


def test_null_stays_null(office: Office, portal_server: PortalServer) -> None:
    parent = portal_server.data["dvc-progress-tree"]["parent"]
    parent |= {"totalReceived": None, "totalOnTime": None, "ratio": None}
    row = compared(office)[0].loc[("PROGRESS_ON_TIME", "H44")]
    assert row[["published_numerator", "published_denominator", "published_value", "difference"]].isna().all()
    assert row["our_denominator"] == 464494
    assert not row["differs"]


def test_a_day_later_the_moments_are_told_apart(office: Office) -> None:
    _, document = compared(replace(office, now="2026-09-28T08:00:00+07:00"))
    said = "số của tỉnh tính đến hết ngày 26/09/2026, số công bố lấy ngày 28/09/2026"
    assert any(remark.startswith(said) for remark in document["remarks"])


def test_the_whole_table_goes_into_a_file(office: Office, tmp_path: Path) -> None:
    office.cchc("published", "fetch", "2026Q3")
    path = tmp_path / "doi-chieu.csv"
    office.cchc("published", "compare", "2026Q3", "--out", str(path))
    frame = pd.read_csv(path, dtype="str")
    assert (frame["indicator"] == "PROGRESS_ON_TIME").sum() == 164
    assert set(frame["as_of"]) == {"2026-09-26"}


def test_without_figures_of_both_sides_there_is_nothing_to_compare(office: Office) -> None:
    assert "cchc published fetch 2026Q3" in office.cchc("published", "compare", "2026Q3", expect=2).stderr
    assert "không công bố kỳ" in office.cchc("published", "compare", "2026T9", expect=2).stderr
    office.cchc("published", "fetch", "2026M07")
    assert "cchc run 2026M07" in office.cchc("published", "compare", "2026M07", expect=2).stderr
    office.cchc("published", "fetch", "2026Q3")
    assert "H44.000" in office.cchc("published", "compare", "2026Q3", "--agency", "H44.000", expect=2).stderr
